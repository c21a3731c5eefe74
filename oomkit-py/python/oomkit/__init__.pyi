"""The toolkit for Linux OOM kills: every kill in any log, as data."""

# Made by stubs.py from the native classes; do not edit.

import builtins
import datetime
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from types import GenericAlias, TracebackType
from typing import Any, Literal, Protocol, Self, TypeVar, final, overload, type_check_only

from typing_extensions import Buffer, disjoint_base

from . import resources as resources

_Objects = str | builtins.bytes | PathLike[str] | dict[str, Any] | Sequence[str | builtins.bytes | PathLike[str] | dict[str, Any]]

@type_check_only
class _BinaryFile(Protocol):
    def read(self, size: int, /) -> Buffer: ...

_Item = TypeVar("_Item", covariant=True)

__version__: str

class OomkitError(ValueError):
    """An option that cannot be used, or a source that cannot be read: a damaged or unsupported container.

    The content of a log never raises it: damage is data, and stands in `Event.diagnostics`. A file that cannot be
    opened raises the usual `OSError` (`FileNotFoundError`, `PermissionError` …).
    """

@overload
def parse(
    data: Buffer | str,
    /,
    *,
    source: str = "-",
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: Literal[False] = False,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
) -> list[Event]:
    """Every OOM kill in a log held in memory, in the order of their first lines.

    `data` is the text of a log in any format: `bytes`, `str`, or any C-contiguous buffer (`bytearray`, `memoryview`,
    `mmap`, a `uint8` array). Lines may be cut and formats mixed. A log without a kill gives an empty list; damaged
    dumps give events whose `completeness` and `diagnostics` say what is missing. Compressed bytes are not decompressed.

    `source` is the name that `Event.source.name` shall carry.
    `format` is "auto" (line by line, from the text itself) or "bare" (every line is kernel text without a prefix).
    `year` completes timestamps that carry none (syslog's `Mar 30 12:00:01`).
    `timezone` is the UTC offset of timestamps that carry none: "UTC", "+02:00".
    `include_user` also gives events whose lines a user process wrote; their `source.origin` is "user".
    `reference_time` is a time that no timestamp is after (an aware `datetime`, or RFC 3339 text): timestamps without a
    year are put in the latest one that keeps to it. `year` outranks it.
    `companions` also gives what other programs logged about a kill, as `Companion` objects among the events, in the
    order of their lines; `Companion.event_id` is the `Event.id` each belongs to.
    `dedupe` gives each event id once, for logs that hold a dump twice.
    `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints (a path, JSON, a `dict`, or a list of them): what
    they say of the pod a kill hit is in `Event.cluster`.

    The global interpreter lock is not held while parsing. Raises `OomkitError` for an option that cannot be used.
    """

@overload
def parse(
    data: Buffer | str,
    /,
    *,
    source: str = "-",
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: bool,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
) -> list[Event | Companion]: ...

@overload
def parse_file(
    path: str | PathLike[str],
    /,
    *,
    source: str | None = None,
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: Literal[False] = False,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    threads: int = 0,
) -> list[Event]:
    """Every OOM kill in a file, in the order of their first lines.

    `path` is a `str` or `os.PathLike`. Gzip, xz, zstd, bzip2 and tar are recognised by content and not by name, and
    decompressed or walked; the events of an archive's files carry names such as `bundle.tar.gz:var/log/messages`.
    `source` is the path as given unless stated. `threads` may work on the file, 0 for as many as there are processors; the
    events are the same with any number. The other options are those of `parse()`.

    The global interpreter lock is not held while reading and parsing. All events are held in memory: for very large
    files see `iter_events()`. Raises `OSError` (`FileNotFoundError` …) when the file cannot be read, `OomkitError` for
    damaged or unsupported containers and for an option that cannot be used. `iter_events()` gives what can be read of
    such a file before it raises.
    """

@overload
def parse_file(
    path: str | PathLike[str],
    /,
    *,
    source: str | None = None,
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: bool,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    threads: int = 0,
) -> list[Event | Companion]: ...

@overload
def iter_events(
    log: str | PathLike[str] | _BinaryFile | Iterable[Buffer],
    /,
    *,
    source: str | None = None,
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: Literal[False] = False,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
) -> EventIterator[Event]:
    """Iterates over the OOM kills of a stream, each as soon as it is complete.

    `log` is one of: a path (`str` or `os.PathLike`; compressed files and archives as in `parse_file()`), a binary file
    object (anything with `.read(n)`: an open file, a pipe, a socket's file, `gzip.open()`), or an iterable of chunks
    (`bytes` or other buffers, cut anywhere); the last two are not decompressed. The options are those of `parse()`;
    `source` is the path as given, "-" for anything else.

    Memory stays flat whatever the length of the stream. Only as much is read as the next event needs. A file opened
    here is closed at the end, by `close()`, or by leaving a `with` block; a file object stays open. What `.read()` or
    the iterable raises is raised here unchanged, after the events that were complete (or can be closed) before it.
    Damage in a file opened here is raised at the very end: an archive's other files are read first.
    The global interpreter lock is not held while parsing.
    """

@overload
def iter_events(
    log: str | PathLike[str] | _BinaryFile | Iterable[Buffer],
    /,
    *,
    source: str | None = None,
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: bool,
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
) -> EventIterator[Event | Companion]: ...

def cgroup(path: str | bytes, /) -> Identity | None:
    """Who a cgroup path belongs to: container, pod, systemd unit, batch job. `None` when the path does not tell.

    `path` is `str` or `bytes`, from the root of the cgroup tree: as the kernel prints it in a dump. Nothing is looked
    up: the answer is what the path itself says. `None` for the root, for `(null)` and for a path in which nothing is
    recognised (`/myapp`).

    >>> oomkit.cgroup("/system.slice/nginx.service").unit
    'nginx.service'
    """

def parse_quantity(text: str, /) -> int:
    """The number of bytes of a Kubernetes quantity, exactly.

    `text` is what stands in a manifest under `memory`: a number with a binary suffix (`Ki` `Mi` `Gi` `Ti` `Pi` `Ei`), a
    decimal one (`n` `u` `m` `k` `M` `G` `T` `P` `E`), an exponent (`e6`, `E6`) or none. Nothing is rounded.

    Raises `OomkitError`, a `ValueError`, with the reason when `text` is no quantity, or no number of bytes: negative, not
    whole (`128m` is a thousandth of 128 bytes, `1.1Gi` has a fraction), or more than 64 bits hold.

    >>> oomkit.parse_quantity("1.5Gi")
    1610612736
    """

def explain(event: Event, /, *, what_if: str | Iterable[str] | None = None, request: str | None = None) -> Explanation:
    """The story of one event in plain words: who asked and why the kernel could not give it, who held the memory, what no
    process explains, whether the kernel's choice follows from its own scores, and what to do about it.

    `what_if` asks who would have been killed had one thing been different: "java:adj=-500", "pid=42:adj=0",
    "java:rss=1Gi,swap=0"; one question or several.
    `request` is the memory request of the victim's container, a Kubernetes quantity such as "80Mi": with the container's
    `oom_score_adj` it tells how much memory the node has.

    Each sentence lists the fields of the event that back it, and each number how it follows from them. Raises
    `OomkitError` for a question or quantity that cannot be read.
    """

@final
class EventIterator(Iterator[_Item]):
    """Iterator over the events of a stream, and its companions where asked for; see `iter_events()`. Threads may share one:
    each object goes to one of them.
    """

    def __iter__(self) -> Self: ...

    def __next__(self) -> _Item: ...

    @classmethod
    def __class_getitem__(cls, item: Any) -> GenericAlias: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

    def close(self) -> None:
        """Ends the iteration: closes a file that was opened here and drops what was read but not yet given."""

@final
class Summary:
    """Counts of OOM kills: by pod, container, unit, command, host and hour, how many were silent, which belong together.

    Takes events with `add()`, and other summaries with `merge()`: any order and grouping of merges gives the same
    answers, so that partitions of a Spark job or the logs of many nodes can be counted apart. Keeps a few hundred bytes of
    each event. Picklable, comparable, and safe to share between threads.
    """

    @property
    def events(self) -> int:
        """Events taken so far, copies of one dump among them."""

    def __new__(cls) -> Self: ...

    def add(self, event: Event, /) -> None:
        """Takes an event."""

    def merge(self, other: Summary, /) -> None:
        """Takes all that another summary has seen; that one stays as it is."""

    def to_dict(
        self,
        *,
        by: Sequence[str] | None = None,
        top: int = 10,
        gap: int = 300,
        dedupe: bool = False,
    ) -> dict[str, Any]:
        """The answers as plain dicts, lists, strings and numbers: what `oomkit summary --format json` prints.

        `by` names the tables to make ("pod", "container", "unit", "command", "host", "constraint", "scope", "verdict",
        "limit", "hour", and of events joined to a cluster "namespace", "workload", "visibility"); all without it. `top` is the number of rows of each. Kills of one cause that are no more than
        `gap` seconds apart belong together. `dedupe` counts each dump once, though several logs hold it.
        """

    def to_json(
        self,
        *,
        by: Sequence[str] | None = None,
        top: int = 10,
        gap: int = 300,
        dedupe: bool = False,
    ) -> str:
        """The same as one line of JSON."""

    def state(self) -> bytes:
        """Everything it has seen, to be merged elsewhere; see `from_state()`."""

    @classmethod
    def from_state(cls, state: bytes, /) -> Self:
        """Reads back what `state()` gave. Raises `OomkitError` when it is not that, or of another version."""

    def __eq__(self, other: object, /) -> bool: ...

    def __copy__(self) -> Self: ...

    def __deepcopy__(self, memo: object, /) -> Self: ...

    def __reduce__(self) -> tuple[Any, tuple[bytes]]: ...

def summarize(events: Iterable[Event], /, *, pods: _Objects | None = None, nodes: _Objects | None = None) -> Summary:
    """A summary of events: of a list, or of an iterator such as `iter_events()`.

    `pods` and `nodes` join each event to the cluster first, as in `parse()`: then pods are counted under their names, and
    by namespace, workload and visibility.

    >>> log = b"[   71.1] Out of memory: Killed process 42 (java) total-vm:1kB, anon-rss:1kB, file-rss:0kB"
    >>> oomkit.summarize(oomkit.parse(log)).to_dict()["totals"]["victims"]
    1
    """

@disjoint_base
class _Part:
    """What all events and parts have in common: immutable, hashable, comparable, and picklable. Sizes are integers in bytes.
    What is absent, or null, in the JSON is `None`, or an empty tuple or dict. Parts of parts are made when first read.
    """

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers: exactly the JSON, so absent fields have no key and times are
        text.
        """

    def to_json(self) -> str:
        """One line of JSON without its newline: for an `Event` byte for byte what `oomkit parse --format jsonl`
        prints.
        """

    @classmethod
    def from_json(cls, json: str | builtins.bytes, /) -> Self:
        """Reads back what `to_json()` or the command line wrote. Fields of a newer version are passed over.

        Raises `OomkitError` when `json` is not that.
        """

    def __eq__(self, other: object, /) -> bool: ...

    def __hash__(self) -> int: ...

    def __copy__(self) -> Self: ...

    def __deepcopy__(self, memo: object, /) -> Self: ...

    def __reduce__(self) -> tuple[Any, tuple[str]]: ...

@final
class Event(_Part):
    """One run of the kernel's OOM killer, as far as the log shows it.

    Fields carry the names of the JSON that `oomkit parse --format jsonl` prints. Sizes are in bytes and end in `_bytes`,
    times in seconds end in `_seconds`, counts end in nothing. What was not in the log is absent or empty: nothing is
    filled in. Words such as `outcome` are open sets; expect new ones.
    """

    __match_args__ = (
        "schema_version",
        "id",
        "constraint",
        "outcome",
        "scope",
        "completeness",
        "host",
        "constraint_text",
        "page_size_bytes",
        "page_size_source",
        "time",
        "source",
        "victims",
        "verdict",
        "diagnostics",
        "kernel",
        "trigger",
        "call_trace",
        "memcg",
        "memory",
        "tasks",
        "group_kill",
        "container",
        "limit_owner",
        "oom_kill_allocating_task",
        "cluster",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON schema: 1."""

    @property
    def id(self) -> str:
        """Hash of the kernel's own facts: the same dump has the same id in every log it was copied to."""

    @property
    def constraint(self) -> str:
        """What really constrained the allocation: "none" (the node was full), "memcg", "cpuset", "memory_policy"
        or "unknown".
        """

    @property
    def outcome(self) -> str:
        """How it ended: "killed", "no_killable_process", "panic", "deadlock", "not_printed" or "unknown"."""

    @property
    def scope(self) -> str:
        """Whose memory ran out: "container", "pod", "node_allocatable", "cgroup", "node", "cpuset",
        "memory_policy", "manual" (a person, through sysrq) or "unknown".
        """

    @property
    def completeness(self) -> str:
        """How much of the dump the log holds: "complete", "head_missing", "tail_missing", "middle_missing",
        "kill_line_only" or "fragment".
        """

    @property
    def host(self) -> str | None:
        """Host name in the log."""

    @property
    def constraint_text(self) -> str | None:
        """The constraint as printed: `CONSTRAINT_MEMCG`."""

    @property
    def page_size_bytes(self) -> int | None:
        """Base page size the page counts were read with."""

    @property
    def page_size_source(self) -> str | None:
        """Whether the dump shows the page size ("measured") or not ("assumed": 4096)."""

    @property
    def time(self) -> Time:
        """When its first line was written."""

    @property
    def source(self) -> Source:
        """Where in the log."""

    @property
    def victims(self) -> tuple[Victim, ...]:
        """Every process the kernel says it killed, in order, each once."""

    @property
    def verdict(self) -> Verdict:
        """Whether Kubernetes could see it."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What a reader should know before trusting the event."""

    @property
    def kernel(self) -> Kernel | None:
        """The kernel that wrote the dump."""

    @property
    def trigger(self) -> Trigger | None:
        """Who asked for memory."""

    @property
    def call_trace(self) -> tuple[Frame, ...]:
        """The kernel's call trace, innermost frame first."""

    @property
    def memcg(self) -> Memcg | None:
        """The memory-cgroup block."""

    @property
    def memory(self) -> Memory | None:
        """The `Mem-Info` block."""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The task table."""

    @property
    def group_kill(self) -> GroupKill | None:
        """`memory.oom.group` notice: the whole cgroup was killed."""

    @property
    def container(self) -> Identity | None:
        """Identity of the victim's cgroup; absent unless the dump prints its path."""

    @property
    def limit_owner(self) -> LimitOwner | None:
        """Identity of the cgroup whose limit was hit."""

    @property
    def oom_kill_allocating_task(self) -> bool | None:
        """True when the kernel says that `vm.oom_kill_allocating_task` made it kill who asked, whatever the scores."""

    @property
    def cluster(self) -> Cluster | None:
        """The pod, container and node it hit, where the cluster's objects were given (`oomkit parse --pods`)."""

@final
class Allocation(_Part):
    """One allocation site."""

    __match_args__ = (
        "size_bytes",
        "calls",
        "site",
        "function",
        "module",
    )

    @property
    def size_bytes(self) -> int:
        """Memory held; rounded by the kernel from 6.12 on."""

    @property
    def calls(self) -> int:
        """Allocations held."""

    @property
    def site(self) -> str:
        """`mm/slub.c:2190`."""

    @property
    def function(self) -> str:
        """Function."""

    @property
    def module(self) -> str | None:
        """Kernel module."""

@final
class Buddy(_Part):
    """Free blocks of one zone."""

    __match_args__ = (
        "zone",
        "node",
        "total_bytes",
        "orders",
    )

    @property
    def zone(self) -> str:
        """Zone name."""

    @property
    def node(self) -> int | None:
        """Node number; absent on kernels built without NUMA."""

    @property
    def total_bytes(self) -> int | None:
        """The kernel's own sum."""

    @property
    def orders(self) -> tuple[BuddyOrder, ...]:
        """From the base page upwards."""

@final
class BuddyOrder(_Part):
    """Free blocks of one size."""

    __match_args__ = (
        "size_bytes",
        "count",
        "types",
    )

    @property
    def size_bytes(self) -> int:
        """Size of one block."""

    @property
    def count(self) -> int:
        """How many are free."""

    @property
    def types(self) -> str | None:
        """Migrate types with free blocks: `U` unmovable, `M` movable, `E` reclaimable, `H` high atomic, `C` CMA,
        `I` isolated, `R` reserve (3.x).
        """

@final
class Candidate(_Part):
    """One row with its score."""

    __match_args__ = (
        "row",
        "pid",
        "comm",
        "comm_raw",
        "points",
        "oom_score_adj",
        "victim",
    )

    @property
    def row(self) -> int:
        """Row of the table, from 0."""

    @property
    def pid(self) -> int:
        """Process id."""

    @property
    def comm(self) -> str:
        """Process name."""

    @property
    def comm_raw(self) -> str | None:
        """Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def points(self) -> int:
        """Badness in pages; on kernels before 3.5 in thousandths of memory."""

    @property
    def oom_score_adj(self) -> int:
        """Its `oom_score_adj`, −1000 … 1000."""

    @property
    def victim(self) -> bool:
        """Whether the kernel killed it in this event."""

@final
class CgroupStats(_Part):
    """Statistics of one cgroup in the limited subtree."""

    __match_args__ = (
        "path",
        "stats",
        "path_raw",
    )

    @property
    def path(self) -> str:
        """Path of the cgroup."""

    @property
    def stats(self) -> dict[str, int]:
        """Its own (not its descendants') memory, in bytes."""

    @property
    def path_raw(self) -> str | None:
        """Exact bytes of `path` when they are not UTF-8; in JSON as lower-case hex."""

@final
class Choice(_Part):
    """The kernel's choice, replayed from the task table."""

    __match_args__ = (
        "agreement",
        "total_pages",
        "total_pages_most",
        "reason",
        "candidates",
        "next",
    )

    @property
    def agreement(self) -> str:
        """Whether the choice follows from the scores: "follows", "possible", "differs", "allocating_task",
        "not_replayable" or "no_victim".
        """

    @property
    def total_pages(self) -> int | None:
        """Pages that 1000 points of `oom_score_adj` stand for: the limit, or RAM and swap."""

    @property
    def total_pages_most(self) -> int | None:
        """The same with all swap the cgroup may use, where the dump does not say how much the node has."""

    @property
    def reason(self) -> str | None:
        """Why the scores do not tell, or what may explain a difference."""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Rows that could be killed, highest score first; at most ten, and the victim."""

    @property
    def next(self) -> Candidate | None:
        """Who would have been killed had the victims not been there."""

@final
class Cluster(_Part):
    """The pod, container and node of a kill, from pods and nodes given beside the log. They say what is declared when
    they were listed, not when the kill happened.
    """

    __match_args__ = (
        "matched_by",
        "namespace",
        "pod",
        "workload",
        "phase",
        "qos_class",
        "container",
        "container_kind",
        "request_bytes",
        "limit_bytes",
        "pod_limit_bytes",
        "limit_at_kill_bytes",
        "limit_change",
        "restart_count",
        "running_since",
        "node",
        "node_capacity_bytes",
        "node_allocatable_bytes",
        "visibility",
        "agreement",
        "evidence",
        "last_state",
    )

    @property
    def matched_by(self) -> str | None:
        """What joins the pod to the dump: "container_id", "pod_uid", "static_pod_hash", or "trigger" where the dump
        tells only who asked for memory.
        """

    @property
    def namespace(self) -> str | None:
        """Namespace of the pod."""

    @property
    def pod(self) -> str | None:
        """Name of the pod."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`; a ReplicaSet's Deployment, a Job's CronJob."""

    @property
    def phase(self) -> str | None:
        """Phase of the pod: `Running`, `Failed` …"""

    @property
    def qos_class(self) -> str | None:
        """QoS class as the pod's status has it: "guaranteed", "burstable" or "best_effort"."""

    @property
    def container(self) -> str | None:
        """Name of the container."""

    @property
    def container_kind(self) -> str | None:
        """`regular`, `init`, `sidecar` or `ephemeral`."""

    @property
    def request_bytes(self) -> int | None:
        """Memory the container requests."""

    @property
    def limit_bytes(self) -> int | None:
        """The container's memory limit; absent where it has none."""

    @property
    def pod_limit_bytes(self) -> int | None:
        """Memory limit of the whole pod: its own, or its containers' where each has one."""

    @property
    def limit_at_kill_bytes(self) -> int | None:
        """The limit that was hit, when it was this container's or this pod's."""

    @property
    def limit_change(self) -> str | None:
        """How that limit has changed since: "same", "raised", "lowered" or "removed"."""

    @property
    def restart_count(self) -> int | None:
        """How often the container was started again."""

    @property
    def running_since(self) -> datetime.datetime | None:
        """Since when the container runs."""

    @property
    def node(self) -> str | None:
        """Name of the node."""

    @property
    def node_capacity_bytes(self) -> int | None:
        """All memory of the node."""

    @property
    def node_allocatable_bytes(self) -> int | None:
        """What of it pods may request."""

    @property
    def visibility(self) -> str | None:
        """Whether the pod's status shows this kill: "visible", "silent", "status_lost", "pod_missing" or "unknown"."""

    @property
    def agreement(self) -> str | None:
        """Whether that is what the verdict says: "agrees", "contradicts", "decides" or "undecided"."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """Why, in sentences."""

    @property
    def last_state(self) -> LastState | None:
        """How the container last ended."""

@final
class CommandShare(_Part):
    """The processes of one command."""

    __match_args__ = (
        "comm",
        "comm_raw",
        "processes",
        "rss_bytes",
        "swap_bytes",
        "page_tables_bytes",
    )

    @property
    def comm(self) -> str:
        """Process name."""

    @property
    def comm_raw(self) -> str | None:
        """Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def processes(self) -> int:
        """Rows."""

    @property
    def rss_bytes(self) -> int:
        """Resident memory."""

    @property
    def swap_bytes(self) -> int | None:
        """Swap."""

    @property
    def page_tables_bytes(self) -> int | None:
        """Page tables."""

@final
class Companion(_Part):
    """A line of another actor that bears on an OOM kill: the runtime, kubelet, systemd, a user-space OOM daemon.

    It is what that program said, no more. Whether the line is genuine is only as sure as its program tag.
    """

    __match_args__ = (
        "type",
        "schema_version",
        "actor",
        "kind",
        "message",
        "event_id",
        "host",
        "actor_pid",
        "pid",
        "comm",
        "uid",
        "signal",
        "container_id",
        "pod_uid",
        "pod",
        "unit",
        "cgroup",
        "exit_code",
        "reason",
        "count",
        "memory_used_bytes",
        "memory_total_bytes",
        "memory_available_bytes",
        "swap_used_bytes",
        "swap_total_bytes",
        "threshold_bytes",
        "rss_bytes",
        "memory_peak_bytes",
        "swap_peak_bytes",
        "memory_available_percent",
        "swap_free_percent",
        "pressure_percent",
        "pressure_limit_percent",
        "time",
        "source",
        "job",
    )

    @property
    def type(self) -> str:
        """Tells a companion from an event in one stream of JSON: "companion"."""

    @property
    def schema_version(self) -> int:
        """Version of the JSON schema: 1."""

    @property
    def actor(self) -> str:
        """Who spoke: "systemd-oomd", "systemd", "earlyoom", "nohang", "oomd", "kubelet" …"""

    @property
    def kind(self) -> str:
        """What it said: "killed", "marked", "signal", "process_exit", "low_memory", "oom_notice", "unit_result",
        "unit_exit", "unit_usage", "container_exit" or "eviction".
        """

    @property
    def message(self) -> str:
        """The text as logged, lossy, at most 4,096 bytes."""

    @property
    def event_id(self) -> str | None:
        """The event it belongs to: the same host, close in time, and the same pid, container, unit or job."""

    @property
    def host(self) -> str | None:
        """Host name in the log."""

    @property
    def actor_pid(self) -> int | None:
        """Pid of the actor itself."""

    @property
    def pid(self) -> int | None:
        """The process it speaks of."""

    @property
    def comm(self) -> str | None:
        """That process's name."""

    @property
    def uid(self) -> int | None:
        """That process's user."""

    @property
    def signal(self) -> str | None:
        """The signal sent, or died of: `SIGKILL`."""

    @property
    def container_id(self) -> str | None:
        """The container's id; some actors print only its first 12 or 20 digits."""

    @property
    def pod_uid(self) -> str | None:
        """The pod's uid."""

    @property
    def pod(self) -> str | None:
        """The pod, as `namespace/name` where both are printed."""

    @property
    def unit(self) -> str | None:
        """The systemd unit."""

    @property
    def cgroup(self) -> str | None:
        """The cgroup's path."""

    @property
    def exit_code(self) -> int | None:
        """Exit status; 137 is death by SIGKILL, whoever sent it."""

    @property
    def reason(self) -> str | None:
        """Why, in one word: `pressure`, `memory_and_swap` (systemd-oomd), systemd's result (`oom-kill`, `success`),
        Meta oomd's ruleset, the resource of an eviction.
        """

    @property
    def count(self) -> int | None:
        """How many processes or events the actor counts."""

    @property
    def memory_used_bytes(self) -> int | None:
        """Memory used: of the system, or of the cgroup that was killed."""

    @property
    def memory_total_bytes(self) -> int | None:
        """Memory there is."""

    @property
    def memory_available_bytes(self) -> int | None:
        """Memory that was available."""

    @property
    def swap_used_bytes(self) -> int | None:
        """Swap used."""

    @property
    def swap_total_bytes(self) -> int | None:
        """Swap there is."""

    @property
    def threshold_bytes(self) -> int | None:
        """The threshold that memory fell below."""

    @property
    def rss_bytes(self) -> int | None:
        """Resident memory of the process."""

    @property
    def memory_peak_bytes(self) -> int | None:
        """A unit's memory peak."""

    @property
    def swap_peak_bytes(self) -> int | None:
        """A unit's swap peak."""

    @property
    def memory_available_percent(self) -> float | None:
        """Share of memory that was available."""

    @property
    def swap_free_percent(self) -> float | None:
        """Share of swap that was free."""

    @property
    def pressure_percent(self) -> float | None:
        """Memory pressure, over the window that decided (Meta oomd: 10 seconds)."""

    @property
    def pressure_limit_percent(self) -> float | None:
        """The pressure that was too much."""

    @property
    def time(self) -> Time:
        """When."""

    @property
    def source(self) -> Source:
        """Where in the log."""

    @property
    def job(self) -> Job | None:
        """Batch job and step."""

@final
class Counter(_Part):
    """One page counter of a memory cgroup."""

    __match_args__ = (
        "usage_bytes",
        "failcnt",
        "limit_bytes",
    )

    @property
    def usage_bytes(self) -> int:
        """What was charged. May stand slightly below or above the limit."""

    @property
    def failcnt(self) -> int:
        """How often a charge failed, since the cgroup was made or the count reset."""

    @property
    def limit_bytes(self) -> int | None:
        """The limit; absent when there is none."""

@final
class Diagnostic(_Part):
    """Something a reader should know before trusting the event."""

    __match_args__ = (
        "kind",
        "message",
        "line",
        "byte",
    )

    @property
    def kind(self) -> str:
        """What kind of thing: "head_missing", "tail_missing", "block_missing", "truncated", "bytes_lost", "lines_lost" …"""

    @property
    def message(self) -> str:
        """A sentence."""

    @property
    def line(self) -> int | None:
        """The line it concerns, counted from 1."""

    @property
    def byte(self) -> int | None:
        """The byte it concerns, counted from 0."""

@final
class Evidence(_Part):
    """One fact a verdict rests on."""

    __match_args__ = (
        "fact",
        "line",
    )

    @property
    def fact(self) -> str:
        """A sentence."""

    @property
    def line(self) -> int | None:
        """The line it was read from, counted from 1."""

@final
class Explanation(_Part):
    """The story of one event in plain words, and the numbers it rests on. A pure function of the event and the
    questions asked.
    """

    __match_args__ = (
        "event_id",
        "shortages",
        "sentences",
        "verdict",
        "holders",
        "uses",
        "choice",
        "what_if",
        "requests",
    )

    @property
    def event_id(self) -> str:
        """The event explained."""

    @property
    def shortages(self) -> tuple[str, ...]:
        """Why the kernel could not give the memory: "memory_limit", "memory_swap_limit", "kmem_limit", "unknown_limit",
        "watermark", "fragmentation", "cpuset", "memory_policy", "no_swap", "swap_full", "unevictable" or "manual".
        """

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The story, in order. Sentences of one topic stand together."""

    @property
    def verdict(self) -> Verdict:
        """The verdict the story was told with; from a whole log it may know more than the event's own."""

    @property
    def holders(self) -> Holders | None:
        """Who held memory, from the task table."""

    @property
    def uses(self) -> Uses | None:
        """What memory was used for, with what no task explains."""

    @property
    def choice(self) -> Choice | None:
        """Whether the kernel's choice follows from its own scores."""

    @property
    def what_if(self) -> tuple[WhatIfAnswer, ...]:
        """The answer to each question, in order."""

    @property
    def requests(self) -> tuple[Request, ...]:
        """What `oom_score_adj` says about memory requests."""

@final
class Frame(_Part):
    """One frame of the kernel's call trace, innermost first."""

    __match_args__ = (
        "symbol",
        "reliable",
        "offset",
        "size",
        "module",
        "address",
        "context",
    )

    @property
    def symbol(self) -> str:
        """Function, or the bare address where the kernel had no symbol."""

    @property
    def reliable(self) -> bool:
        """False for frames the unwinder was not sure of (`? symbol`)."""

    @property
    def offset(self) -> int | None:
        """Offset in the function."""

    @property
    def size(self) -> int | None:
        """The function's size, in bytes."""

    @property
    def module(self) -> str | None:
        """Kernel module."""

    @property
    def address(self) -> str | None:
        """Address, where the kernel prints it."""

    @property
    def context(self) -> str | None:
        """Where it ran: `task`, `irq`, `softirq`, `nmi` …"""

@final
class GroupKill(_Part):
    """`memory.oom.group`: every task of the cgroup is killed."""

    __match_args__ = (
        "path",
        "path_raw",
    )

    @property
    def path(self) -> str:
        """The cgroup with `memory.oom.group` set."""

    @property
    def path_raw(self) -> str | None:
        """Exact bytes of `path` when they are not UTF-8; in JSON as lower-case hex."""

@final
class Holders(_Part):
    """The task table, added up. Resident memory counts shared pages once for each process that maps them."""

    __match_args__ = (
        "processes",
        "rss_bytes",
        "swap_bytes",
        "page_tables_bytes",
        "by_command",
        "by_user",
    )

    @property
    def processes(self) -> int:
        """Rows of the table."""

    @property
    def rss_bytes(self) -> int:
        """Resident memory of all rows."""

    @property
    def swap_bytes(self) -> int | None:
        """Swap of all rows, where the table has the column."""

    @property
    def page_tables_bytes(self) -> int | None:
        """Page tables of all rows, where the table has the column."""

    @property
    def by_command(self) -> tuple[CommandShare, ...]:
        """By command, most memory (resident and swapped) first; at most twenty."""

    @property
    def by_user(self) -> tuple[UserShare, ...]:
        """By user, most memory first; at most twenty."""

@final
class Hugepages(_Part):
    """One pool of huge pages."""

    __match_args__ = (
        "size_bytes",
        "total",
        "free",
        "surplus",
        "node",
    )

    @property
    def size_bytes(self) -> int:
        """Size of one page."""

    @property
    def total(self) -> int:
        """Pages in the pool."""

    @property
    def free(self) -> int:
        """Free pages."""

    @property
    def surplus(self) -> int:
        """Pages beyond the pool's configured size."""

    @property
    def node(self) -> int | None:
        """Node number."""

@final
class Identity(_Part):
    """Identity read from a cgroup path, or from the bare cgroup name that `cpuset=` prints."""

    __match_args__ = (
        "runtime",
        "id",
        "name",
        "namespace",
        "pod_uid",
        "qos_class",
        "unit",
        "slice",
        "machine",
        "user_uid",
        "job",
        "task",
        "nesting",
    )

    @property
    def runtime(self) -> str:
        """What made the cgroup: "containerd", "docker", "crio", "podman", "systemd", "slurm" …; "unknown" for a container
        whose runtime the path does not tell.
        """

    @property
    def id(self) -> str | None:
        """The container's id in its runtime: mostly 64 hex digits."""

    @property
    def name(self) -> str | None:
        """The container's name where the path carries one (LXC, Mesos frameworks, Nomad tasks)."""

    @property
    def namespace(self) -> str | None:
        """containerd's namespace, where the path shows it."""

    @property
    def pod_uid(self) -> str | None:
        """The pod's UID with dashes, as the API prints it; 32 hex digits for a static pod."""

    @property
    def qos_class(self) -> str | None:
        """Quality of service, from the path's QoS directory: "guaranteed" (where a pod has none), "burstable" or
        "best_effort".
        """

    @property
    def unit(self) -> str | None:
        """Deepest `.service` or `.scope` inside the innermost container, or of the path where there is none."""

    @property
    def slice(self) -> str | None:
        """Deepest `.slice` of the path."""

    @property
    def machine(self) -> str | None:
        """Machine name (nspawn, libvirt), `\\x2d` unescaped."""

    @property
    def user_uid(self) -> int | None:
        """User id of `user-1000.slice`, `uid_1000`."""

    @property
    def job(self) -> Job | None:
        """Batch job (Slurm, HTCondor, PBS, Nomad allocation)."""

    @property
    def task(self) -> TaskRef | None:
        """ECS task, Nomad task."""

    @property
    def nesting(self) -> tuple[Identity, ...]:
        """All identities of the path, outer to inner, when containers are nested; else empty."""

@final
class Job(_Part):
    """A batch system's job."""

    __match_args__ = (
        "id",
        "step",
        "task",
        "slot",
    )

    @property
    def id(self) -> str | None:
        """The job's id: `849633`, a Nomad allocation id, a Condor slot."""

    @property
    def step(self) -> str | None:
        """Slurm's step: a number, `batch`, `extern`, `interactive`."""

    @property
    def task(self) -> str | None:
        """Slurm's task within the step."""

    @property
    def slot(self) -> str | None:
        """Condor's slot."""

@final
class Kernel(_Part):
    """The kernel that wrote the dump."""

    __match_args__ = (
        "release",
        "hardware",
        "tainted",
        "cpu",
    )

    @property
    def release(self) -> str | None:
        """Its release: `6.1.0-47-cloud-amd64`."""

    @property
    def hardware(self) -> str | None:
        """What the firmware calls the machine: `Hardware name:`."""

    @property
    def tainted(self) -> str | None:
        """`Not tainted`, or the taint letters as printed."""

    @property
    def cpu(self) -> int | None:
        """The CPU the dump was written on."""

@final
class LastState(_Part):
    """How a container ended, as its status keeps it until the next end."""

    __match_args__ = (
        "reason",
        "exit_code",
        "started_at",
        "finished_at",
    )

    @property
    def reason(self) -> str | None:
        """`OOMKilled`, `Error`, `Completed` …"""

    @property
    def exit_code(self) -> int | None:
        """137 is death by SIGKILL, whoever sent it."""

    @property
    def started_at(self) -> datetime.datetime | None:
        """When it was started."""

    @property
    def finished_at(self) -> datetime.datetime | None:
        """When it ended."""

@final
class LimitOwner(_Part):
    """Identity of the cgroup whose limit was hit."""

    __match_args__ = (
        "level",
        "runtime",
        "id",
        "name",
        "namespace",
        "pod_uid",
        "qos_class",
        "unit",
        "slice",
        "machine",
        "user_uid",
        "job",
        "task",
        "nesting",
    )

    @property
    def level(self) -> str:
        """What kind of thing it is: "container", "pod", "qos_class", "node_allocatable", "slice", "unit", "user", "job" or
        "cgroup".
        """

    @property
    def runtime(self) -> str:
        """What made the cgroup: "containerd", "docker", "crio", "podman", "systemd", "slurm" …; "unknown" for a container
        whose runtime the path does not tell.
        """

    @property
    def id(self) -> str | None:
        """The container's id in its runtime: mostly 64 hex digits."""

    @property
    def name(self) -> str | None:
        """The container's name where the path carries one (LXC, Mesos frameworks, Nomad tasks)."""

    @property
    def namespace(self) -> str | None:
        """containerd's namespace, where the path shows it."""

    @property
    def pod_uid(self) -> str | None:
        """The pod's UID with dashes, as the API prints it; 32 hex digits for a static pod."""

    @property
    def qos_class(self) -> str | None:
        """Quality of service, from the path's QoS directory: "guaranteed" (where a pod has none), "burstable" or
        "best_effort".
        """

    @property
    def unit(self) -> str | None:
        """Deepest `.service` or `.scope` inside the innermost container, or of the path where there is none."""

    @property
    def slice(self) -> str | None:
        """Deepest `.slice` of the path."""

    @property
    def machine(self) -> str | None:
        """Machine name (nspawn, libvirt), `\\x2d` unescaped."""

    @property
    def user_uid(self) -> int | None:
        """User id of `user-1000.slice`, `uid_1000`."""

    @property
    def job(self) -> Job | None:
        """Batch job (Slurm, HTCondor, PBS, Nomad allocation)."""

    @property
    def task(self) -> TaskRef | None:
        """ECS task, Nomad task."""

    @property
    def nesting(self) -> tuple[Identity, ...]:
        """All identities of the path, outer to inner, when containers are nested; else empty."""

@final
class Memcg(_Part):
    """What the kernel printed about the memory cgroup."""

    __match_args__ = (
        "oom_memcg",
        "oom_memcg_raw",
        "task_memcg",
        "task_memcg_raw",
        "min_protection_bytes",
        "low_protection_bytes",
        "stats",
        "memory",
        "memory_swap",
        "swap",
        "kmem",
        "per_cgroup_stats",
    )

    @property
    def oom_memcg(self) -> str | None:
        """Path of the cgroup whose limit was hit."""

    @property
    def oom_memcg_raw(self) -> str | None:
        """Exact bytes of `oom_memcg` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def task_memcg(self) -> str | None:
        """Path of the victim's cgroup."""

    @property
    def task_memcg_raw(self) -> str | None:
        """Exact bytes of `task_memcg` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def min_protection_bytes(self) -> int | None:
        """Effective `memory.min` of the cgroup (6.19+)."""

    @property
    def low_protection_bytes(self) -> int | None:
        """Effective `memory.low` of the cgroup (6.19+)."""

    @property
    def stats(self) -> dict[str, int]:
        """Statistics under the kernel's own keys: memory keys in bytes whatever the kernel printed, counters as
        counts. Before 5.3 these are the limited cgroup's own lines, from 5.3 they include its descendants.
        """

    @property
    def memory(self) -> Counter | None:
        """The `memory:` counter."""

    @property
    def memory_swap(self) -> Counter | None:
        """The `memory+swap:` counter, cgroup v1."""

    @property
    def swap(self) -> Counter | None:
        """The `swap:` counter, cgroup v2."""

    @property
    def kmem(self) -> Counter | None:
        """The `kmem:` counter, cgroup v1 (all before 5.3)."""

    @property
    def per_cgroup_stats(self) -> tuple[CgroupStats, ...]:
        """One line a cgroup of the subtree (before 5.3), values in bytes."""

@final
class Memory(_Part):
    """What the kernel printed about the node's memory."""

    __match_args__ = (
        "total_ram_bytes",
        "reserved_bytes",
        "free_bytes",
        "swap_total_bytes",
        "swap_free_bytes",
        "swap_cache_bytes",
        "pagecache_bytes",
        "highmem_bytes",
        "cma_reserved_bytes",
        "hwpoisoned_bytes",
        "counters",
        "nodes",
        "zones",
        "buddy",
        "hugepages",
        "unreclaimable_slab",
        "allocations",
    )

    @property
    def total_ram_bytes(self) -> int | None:
        """`N pages RAM`."""

    @property
    def reserved_bytes(self) -> int | None:
        """`N pages reserved`: never available to tasks."""

    @property
    def free_bytes(self) -> int | None:
        """`free:` of the global counters."""

    @property
    def swap_total_bytes(self) -> int | None:
        """`Total swap`."""

    @property
    def swap_free_bytes(self) -> int | None:
        """`Free swap`."""

    @property
    def swap_cache_bytes(self) -> int | None:
        """`N pages in swap cache`."""

    @property
    def pagecache_bytes(self) -> int | None:
        """`N total pagecache pages`."""

    @property
    def highmem_bytes(self) -> int | None:
        """`N pages HighMem/MovableOnly`."""

    @property
    def cma_reserved_bytes(self) -> int | None:
        """`N pages cma reserved`."""

    @property
    def hwpoisoned_bytes(self) -> int | None:
        """`N pages hwpoisoned`."""

    @property
    def counters(self) -> dict[str, int]:
        """The global counters under the kernel's own keys, in bytes."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Per NUMA node (4.8+)."""

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Per zone."""

    @property
    def buddy(self) -> tuple[Buddy, ...]:
        """Free blocks per zone and order."""

    @property
    def hugepages(self) -> tuple[Hugepages, ...]:
        """Huge page pools per node and size."""

    @property
    def unreclaimable_slab(self) -> tuple[Slab, ...]:
        """Slab caches that cannot be reclaimed (4.15+, when they outweigh everything else)."""

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """Largest allocation sites (6.10+ with memory allocation profiling)."""

@final
class Node(_Part):
    """One NUMA node."""

    __match_args__ = (
        "node",
        "values",
        "pages_scanned",
        "all_unreclaimable",
    )

    @property
    def node(self) -> int:
        """Node number."""

    @property
    def values(self) -> dict[str, int]:
        """Values under the kernel's own keys, in bytes."""

    @property
    def pages_scanned(self) -> int | None:
        """`pages_scanned` (4.8 – 4.10)."""

    @property
    def all_unreclaimable(self) -> bool | None:
        """`all_unreclaimable? yes`: reclaim has given up on the node."""

@final
class Number(_Part):
    """One number of a sentence."""

    __match_args__ = (
        "text",
        "value",
        "unit",
        "formula",
    )

    @property
    def text(self) -> str:
        """As it stands in the sentence."""

    @property
    def value(self) -> int:
        """Exactly."""

    @property
    def unit(self) -> str:
        """What the value counts: "bytes", "count", "percent" or "per_mille"."""

    @property
    def formula(self) -> str:
        """How it follows from the event: paths and integers with `+ - * /` (division drops the rest), `sum(path)`,
        `count(path)`, `max(a, b)` and `pow2(a)`.
        """

@final
class Reaped(_Part):
    """What remained of a victim after the OOM reaper had unmapped it."""

    __match_args__ = (
        "anon_rss_bytes",
        "file_rss_bytes",
        "shmem_rss_bytes",
    )

    @property
    def anon_rss_bytes(self) -> int | None:
        """Anonymous resident memory."""

    @property
    def file_rss_bytes(self) -> int | None:
        """File-backed resident memory."""

    @property
    def shmem_rss_bytes(self) -> int | None:
        """Shared resident memory."""

@final
class Request(_Part):
    """What kubelet's `oom_score_adj` of a burstable container says: `1000 − floor(1000 · request / node memory)`."""

    __match_args__ = (
        "oom_score_adj",
        "field",
        "node_bytes",
        "request_at_least_bytes",
        "request_below_bytes",
        "given_request_bytes",
        "node_above_bytes",
        "node_at_most_bytes",
    )

    @property
    def oom_score_adj(self) -> int:
        """The `oom_score_adj`."""

    @property
    def field(self) -> str:
        """The field it stands in."""

    @property
    def node_bytes(self) -> int | None:
        """The node's memory, where the dump tells it."""

    @property
    def request_at_least_bytes(self) -> int | None:
        """The request is at least this."""

    @property
    def request_below_bytes(self) -> int | None:
        """The request is less than this; absent where the scale ends."""

    @property
    def given_request_bytes(self) -> int | None:
        """The request that was given."""

    @property
    def node_above_bytes(self) -> int | None:
        """The node's memory is more than this."""

    @property
    def node_at_most_bytes(self) -> int | None:
        """The node's memory is at most this; absent where the scale ends."""

@final
class Sentence(_Part):
    """One sentence, the fields it rests on and the numbers in it."""

    __match_args__ = (
        "topic",
        "text",
        "fields",
        "numbers",
    )

    @property
    def topic(self) -> str:
        """What it is about: "asked", "limit", "node", "held", "unseen", "killed", "what_if", "request", "verdict",
        "advice" or "missing".
        """

    @property
    def text(self) -> str:
        """The sentence. Names in it stand as the log has them, control bytes included: escape before showing."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Paths into the event's JSON: `memcg.memory.limit_bytes`, `tasks[0-3,7].rss_bytes`,
        `memory.counters.free`.
        """

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers in the text, in order."""

@final
class Slab(_Part):
    """One slab cache."""

    __match_args__ = (
        "name",
        "used_bytes",
        "total_bytes",
    )

    @property
    def name(self) -> str:
        """Cache name."""

    @property
    def used_bytes(self) -> int:
        """In objects that are in use."""

    @property
    def total_bytes(self) -> int:
        """With free objects."""

@final
class Source(_Part):
    """Where in a log the dump stands. Bytes are those of the decompressed text."""

    __match_args__ = (
        "name",
        "first_line",
        "last_line",
        "first_byte",
        "last_byte",
        "transport",
        "origin",
    )

    @property
    def name(self) -> str:
        """File name as given, `-` for standard input."""

    @property
    def first_line(self) -> int:
        """First line, counted from 1."""

    @property
    def last_line(self) -> int:
        """Last line."""

    @property
    def first_byte(self) -> int:
        """First byte, counted from 0."""

    @property
    def last_byte(self) -> int:
        """Last byte, inclusive."""

    @property
    def transport(self) -> str:
        """The log format: "bare", "dmesg", "dmesg_wall", "dmesg_iso", "dmesg_json", "kmsg" …"""

    @property
    def origin(self) -> str:
        """Who wrote the lines: "kernel", "user", or "unknown" where the log format does not tell."""

@final
class Task(_Part):
    """One row of the task table. Numbers are those of the initial pid and user namespace, not the container's."""

    __match_args__ = (
        "pid",
        "comm",
        "comm_raw",
        "uid",
        "tgid",
        "total_vm_bytes",
        "rss_bytes",
        "rss_anon_bytes",
        "rss_file_bytes",
        "rss_shmem_bytes",
        "page_tables_bytes",
        "swap_bytes",
        "oom_adj",
        "oom_score_adj",
        "extra",
    )

    @property
    def pid(self) -> int:
        """Process (or, after its leader died, thread) id."""

    @property
    def comm(self) -> str:
        """Process name, at most 15 bytes."""

    @property
    def comm_raw(self) -> str | None:
        """Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def uid(self) -> int | None:
        """User id."""

    @property
    def tgid(self) -> int | None:
        """Thread group id."""

    @property
    def total_vm_bytes(self) -> int | None:
        """Virtual size."""

    @property
    def rss_bytes(self) -> int | None:
        """Resident memory. Sums over rows count shared pages repeatedly."""

    @property
    def rss_anon_bytes(self) -> int | None:
        """Anonymous resident memory (6.8+)."""

    @property
    def rss_file_bytes(self) -> int | None:
        """File-backed resident memory (6.8+)."""

    @property
    def rss_shmem_bytes(self) -> int | None:
        """Shared resident memory (6.8+)."""

    @property
    def page_tables_bytes(self) -> int | None:
        """Page tables."""

    @property
    def swap_bytes(self) -> int | None:
        """Swap entries."""

    @property
    def oom_adj(self) -> int | None:
        """Its `oom_adj`, −17 … 15, kernels before 3.6."""

    @property
    def oom_score_adj(self) -> int | None:
        """Its `oom_score_adj`, −1000 … 1000."""

    @property
    def extra(self) -> dict[str, int]:
        """Columns this version does not know, under their header names."""

@final
class TaskRef(_Part):
    """An orchestrator's task."""

    __match_args__ = (
        "id",
        "name",
    )

    @property
    def id(self) -> str | None:
        """ECS task id."""

    @property
    def name(self) -> str | None:
        """Nomad task name."""

@final
class Time(_Part):
    """When the first line of the dump was written."""

    __match_args__ = (
        "assumed",
        "text",
        "wall",
        "monotonic_seconds",
    )

    @property
    def assumed(self) -> tuple[str, ...]:
        """What had to be assumed for `wall`: `year` and `offset` where neither stamp nor option gave them, `boot` where
        it was reckoned from the kernel's clock and other lines of the host. Empty when nothing was.
        """

    @property
    def text(self) -> str | None:
        """Wall clock as written in the log, without its brackets."""

    @property
    def wall(self) -> datetime.datetime | None:
        """Absolute time, when known. JSON may hold nanoseconds, a Python `datetime` is cut to microseconds."""

    @property
    def monotonic_seconds(self) -> float | None:
        """The kernel's clock, in seconds since boot."""

@final
class Trigger(_Part):
    """The task that asked for memory when there was none: often not the one that died."""

    __match_args__ = (
        "comm",
        "comm_raw",
        "pid",
        "uid",
        "order",
        "oom_score_adj",
        "oom_adj",
        "gfp_mask",
        "gfp_flags",
        "gfp_flags_source",
        "nodemask",
        "cpuset",
        "cpuset_raw",
        "mems_allowed",
        "qos_class",
        "cause",
        "container",
    )

    @property
    def comm(self) -> str | None:
        """Its name, at most 15 bytes."""

    @property
    def comm_raw(self) -> str | None:
        """Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def pid(self) -> int | None:
        """Its thread id, from the `CPU:` line."""

    @property
    def uid(self) -> int | None:
        """Its user (6.11+)."""

    @property
    def order(self) -> int | None:
        """log2 of the pages asked for; −1 when a person asked through sysrq."""

    @property
    def oom_score_adj(self) -> int | None:
        """Its `oom_score_adj`, −1000 … 1000."""

    @property
    def oom_adj(self) -> int | None:
        """Its `oom_adj`, −17 … 15, kernels before 3.8."""

    @property
    def gfp_mask(self) -> str | None:
        """Allocation flags as printed, `0x…`. The number's meaning changes between kernels."""

    @property
    def gfp_flags(self) -> tuple[str, ...]:
        """The kernel's names for the mask (4.6+)."""

    @property
    def gfp_flags_source(self) -> str | None:
        """`printed`, or `decoded` when the names are ours."""

    @property
    def nodemask(self) -> str | None:
        """NUMA nodes the allocation was bound to, as printed."""

    @property
    def cpuset(self) -> str | None:
        """Name (not path) of its cpuset."""

    @property
    def cpuset_raw(self) -> str | None:
        """Exact bytes of `cpuset` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def mems_allowed(self) -> str | None:
        """NUMA nodes it may use, as printed."""

    @property
    def qos_class(self) -> str | None:
        """Quality of service its `oom_score_adj` implies: "guaranteed", "burstable" or "best_effort"."""

    @property
    def cause(self) -> str | None:
        """What the allocation was for: "allocation", "page_fault", "memcg_charge" or "sysrq"."""

    @property
    def container(self) -> Identity | None:
        """Container read from the `cpuset` name."""

@final
class Use(_Part):
    """One use of memory."""

    __match_args__ = (
        "kind",
        "size_bytes",
        "in_tasks",
    )

    @property
    def kind(self) -> str:
        """What for: "anonymous", "page_cache", "shmem", "mlocked", "unevictable", "slab" …"""

    @property
    def size_bytes(self) -> int:
        """How much."""

    @property
    def in_tasks(self) -> bool:
        """Whether processes own it. What they do not own no task table shows."""

@final
class UserShare(_Part):
    """The processes of one user."""

    __match_args__ = (
        "uid",
        "processes",
        "rss_bytes",
        "swap_bytes",
    )

    @property
    def uid(self) -> int:
        """User id."""

    @property
    def processes(self) -> int:
        """Rows."""

    @property
    def rss_bytes(self) -> int:
        """Resident memory."""

    @property
    def swap_bytes(self) -> int | None:
        """Swap."""

@final
class Uses(_Part):
    """What memory was used for. The parts do not overlap; what they leave is `unaccounted_bytes`."""

    __match_args__ = (
        "total_bytes",
        "unaccounted_bytes",
        "parts",
    )

    @property
    def total_bytes(self) -> int:
        """Of what: the cgroup's usage, or the node's memory without what the kernel reserved at boot."""

    @property
    def unaccounted_bytes(self) -> int | None:
        """What no part explains. Absent where the dump's statistics are cut or lost."""

    @property
    def parts(self) -> tuple[Use, ...]:
        """The parts that the dump names, largest first."""

@final
class Verdict(_Part):
    """Whether Kubernetes could see the kill, how sure that is, and why."""

    __match_args__ = (
        "kind",
        "confidence",
        "evidence",
    )

    @property
    def kind(self) -> str:
        """The answer: "container_killed" (Kubernetes can see it), "child_killed" (the silent OOM),
        "not_containerised" or "unknown".
        """

    @property
    def confidence(self) -> str:
        """How sure that is: "certain", "likely" or "possible"."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Sentences drawn from the dump."""

@final
class Victim(_Part):
    """A process the kernel says it killed."""

    __match_args__ = (
        "pid",
        "comm",
        "comm_raw",
        "uid",
        "score",
        "total_vm_bytes",
        "anon_rss_bytes",
        "file_rss_bytes",
        "shmem_rss_bytes",
        "page_tables_bytes",
        "oom_score_adj",
        "task_memcg",
        "task_memcg_raw",
        "selected_pid",
        "reaped",
    )

    @property
    def pid(self) -> int:
        """The pid of the kill line, else of the `oom-kill:` summary."""

    @property
    def comm(self) -> str | None:
        """Process name, at most 15 bytes."""

    @property
    def comm_raw(self) -> str | None:
        """Exact bytes of `comm` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def uid(self) -> int | None:
        """User id."""

    @property
    def score(self) -> int | None:
        """Badness the kernel printed (up to 5.1)."""

    @property
    def total_vm_bytes(self) -> int | None:
        """Virtual size."""

    @property
    def anon_rss_bytes(self) -> int | None:
        """Anonymous resident memory."""

    @property
    def file_rss_bytes(self) -> int | None:
        """File-backed resident memory."""

    @property
    def shmem_rss_bytes(self) -> int | None:
        """Shared resident memory."""

    @property
    def page_tables_bytes(self) -> int | None:
        """Page tables."""

    @property
    def oom_score_adj(self) -> int | None:
        """Its `oom_score_adj`, −1000 … 1000."""

    @property
    def task_memcg(self) -> str | None:
        """Path of the victim's memory cgroup."""

    @property
    def task_memcg_raw(self) -> str | None:
        """Exact bytes of `task_memcg` when they are not UTF-8; in JSON as lower-case hex."""

    @property
    def selected_pid(self) -> int | None:
        """The pid the kernel had chosen, when the one it killed is another: a child, or a thread of a dead leader."""

    @property
    def reaped(self) -> Reaped | None:
        """What the OOM reaper left, when it spoke."""

@final
class WhatIfAnswer(_Part):
    """What the kernel would have done had one thing been different."""

    __match_args__ = (
        "question",
        "rows",
        "changed",
        "victim",
    )

    @property
    def question(self) -> str:
        """The question, as asked: `java:adj=-500`."""

    @property
    def rows(self) -> int:
        """Rows it changes."""

    @property
    def changed(self) -> bool | None:
        """Whether that is another than the kernel's choice."""

    @property
    def victim(self) -> Candidate | None:
        """Who would have been killed; absent where nothing could be, or where the scores do not tell."""

@final
class Zone(_Part):
    """One zone. `free` below `min` means really out of memory there."""

    __match_args__ = (
        "zone",
        "node",
        "free_bytes",
        "min_bytes",
        "low_bytes",
        "high_bytes",
        "values",
        "lowmem_reserve_pages",
        "pages_scanned",
        "all_unreclaimable",
    )

    @property
    def zone(self) -> str:
        """Zone name: `DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`."""

    @property
    def node(self) -> int | None:
        """Node number; absent on kernels built without NUMA."""

    @property
    def free_bytes(self) -> int | None:
        """Free memory."""

    @property
    def min_bytes(self) -> int | None:
        """Watermark below which only the kernel's reserves are left."""

    @property
    def low_bytes(self) -> int | None:
        """Watermark that wakes kswapd."""

    @property
    def high_bytes(self) -> int | None:
        """Watermark at which kswapd rests."""

    @property
    def values(self) -> dict[str, int]:
        """The zone's other values under the kernel's own keys, in bytes."""

    @property
    def lowmem_reserve_pages(self) -> tuple[int, ...]:
        """Pages this zone keeps from allocations that could use a higher zone."""

    @property
    def pages_scanned(self) -> int | None:
        """`pages_scanned` (before 4.8)."""

    @property
    def all_unreclaimable(self) -> bool | None:
        """`all_unreclaimable?` (before 4.8)."""

__all__ = [
    "Allocation",
    "Buddy",
    "BuddyOrder",
    "Candidate",
    "CgroupStats",
    "Choice",
    "Cluster",
    "CommandShare",
    "Companion",
    "Counter",
    "Diagnostic",
    "Event",
    "EventIterator",
    "Evidence",
    "Explanation",
    "Frame",
    "GroupKill",
    "Holders",
    "Hugepages",
    "Identity",
    "Job",
    "Kernel",
    "LastState",
    "LimitOwner",
    "Memcg",
    "Memory",
    "Node",
    "Number",
    "OomkitError",
    "Reaped",
    "Request",
    "Sentence",
    "Slab",
    "Source",
    "Summary",
    "Task",
    "TaskRef",
    "Time",
    "Trigger",
    "Use",
    "UserShare",
    "Uses",
    "Verdict",
    "Victim",
    "WhatIfAnswer",
    "Zone",
    "__version__",
    "cgroup",
    "explain",
    "iter_events",
    "parse",
    "parse_file",
    "parse_quantity",
    "resources",
    "summarize",
]
