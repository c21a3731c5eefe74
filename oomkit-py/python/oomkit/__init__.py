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

from ._oomkit import *
from . import _oomkit, resources

__all__ = sorted({*_oomkit.__all__, "resources"} - {"_Part", "_resources"})
