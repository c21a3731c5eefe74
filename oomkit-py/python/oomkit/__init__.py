"""The toolkit for Linux OOM kills: every kill in any log, as data.

>>> import oomkit
>>> log = b"[   71.146532] Out of memory: Killed process 4242 (java) total-vm:1000kB, anon-rss:900kB, file-rss:0kB"
>>> event, = oomkit.parse(log)
>>> event.victims[0].comm
'java'
>>> event.victims[0].anon_rss_bytes
921600
"""

import datetime  # noqa: F401  names in Event's annotations are looked up here

from ._oomkit import (
    Allocation,
    Buddy,
    BuddyOrder,
    CgroupStats,
    Companion,
    Counter,
    Diagnostic,
    Event,
    EventIterator,
    Evidence,
    Frame,
    GroupKill,
    Hugepages,
    Identity,
    Job,
    Kernel,
    LimitOwner,
    Memcg,
    Memory,
    Node,
    OomkitError,
    Reaped,
    Slab,
    Source,
    Task,
    TaskRef,
    Time,
    Trigger,
    Verdict,
    Victim,
    Zone,
    __version__,
    cgroup,
    iter_events,
    parse,
    parse_file,
    parse_quantity,
)

__all__ = [
    "Allocation",
    "Buddy",
    "BuddyOrder",
    "CgroupStats",
    "Companion",
    "Counter",
    "Diagnostic",
    "Event",
    "EventIterator",
    "Evidence",
    "Frame",
    "GroupKill",
    "Hugepages",
    "Identity",
    "Job",
    "Kernel",
    "LimitOwner",
    "Memcg",
    "Memory",
    "Node",
    "OomkitError",
    "Reaped",
    "Slab",
    "Source",
    "Task",
    "TaskRef",
    "Time",
    "Trigger",
    "Verdict",
    "Victim",
    "Zone",
    "__version__",
    "cgroup",
    "iter_events",
    "parse",
    "parse_file",
    "parse_quantity",
]
