"""Declared and used memory of Kubernetes: quantities, overcommit, waste, headroom, risk, recommendations, lint."""

# Made by stubs.py from the native classes; do not edit.

import builtins
import datetime
from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, Self, final

from . import Event, _Part

_Text = str | builtins.bytes | PathLike[str]
_Lines = _Text | Sequence[_Text]
_Objects = _Text | dict[str, Any] | Sequence[_Text | dict[str, Any]]
_Events = _Text | Event | dict[str, Any] | Sequence[_Text | Event | dict[str, Any]]
_By = Literal["container", "pod", "workload", "namespace", "node"]
_Basis = Literal["working_set", "rss", "usage", "usage_minus_cache", "anon_shmem"]
_Names = str | Sequence[str]

def overcommit(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    events: _Events | None = None,
    by: _By = "pod",
    top: int | None = 10,
    threshold: int | str | None = None,
    profile: Literal["default", "seed", "lain"] = "default",
    view: Literal["steady", "scheduled"] = "steady",
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Overcommit:
    """By how much memory limits exceed requests, the worst first: `oomkit overcommit`.

    `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints: a path (compressed files are recognised), JSON
    as `str` or `bytes`, a `dict`, or a list of any of them. `metrics` is the text of metrics of kube-state-metrics, as a
    path, `str` or `bytes`. Objects outrank metrics. `csv` is oomkit's own table, `usage` as in `waste()`.
    `by` is what a row stands for: "container", "pod", "workload", "namespace" or "node".
    `top` is the number of rows, the largest first, ties by name; `None` gives all.
    `threshold` leaves out rows below so many bytes: an `int`, or a quantity such as "2.9G".
    `profile` "seed" repeats the query the project started from on `metrics`, with its errors; "lain" tells the band of each
    container by what was used.
    `view` is "steady" (containers that run for good) or "scheduled" (what the scheduler books).
    `events` are kills: a path or JSON of `oomkit parse -f jsonl`, or a list of `Event`.
    `namespace` and `exclude_namespace` are a name or several; nodes are always counted in full.

    The global interpreter lock is not held while reading. Raises `OSError` for a file that cannot be opened, `OomkitError`
    for content that is not what it should be (naming file, line, column, field) and for options that cannot be used.

    >>> pod = {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web"}, "spec": {"containers": [
    ...     {"name": "app", "resources": {"requests": {"memory": "1Gi"}, "limits": {"memory": "4Gi"}}}]}}
    >>> oomkit.resources.overcommit(pods=pod).totals.overcommit_bytes
    3221225472
    """

def waste(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    events: _Events | None = None,
    basis: _Basis = "working_set",
    statistic: str | None = None,
    rank_by: Literal["bytes", "byte-hours", "blame"] = "bytes",
    by: _By = "pod",
    top: int | None = 10,
    threshold: int | str | None = None,
    profile: Literal["default", "seed", "lain"] = "default",
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Waste:
    """What is requested and not used, the worst first: `oomkit waste`.

    `usage` is the JSON of metrics.k8s.io (`kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`) or of a kubelet's
    `/stats/summary`; each source is a point in time. Usage may also stand in `metrics` (cAdvisor, the kubelet) and `csv`.
    `basis` is what is called usage: "working_set", "rss", "usage", "usage_minus_cache" or "anon_shmem".
    `statistic` is which measurement of a container counts: "peak" (the default), "latest", or a percentile such as "p95"
    (the default of profile "lain").
    `rank_by` is "bytes", "byte-hours", or "blame": what was wasted on a node when somebody was killed there (`events`).
    The other options, and what is raised, are those of `overcommit()`.
    """

def headroom(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    top: int | None = None,
    lose: int = ...,
    least: float = ...,
) -> Headroom:
    """How much memory is free, three ways, and whether nodes may be lost: `oomkit headroom`.

    `top` is how many nodes are listed, the fullest first; `None` gives all. `lose` is how many nodes the cluster must be
    able to lose, one unless stated, `least` the free share there should be, 0 to 1, 30% unless stated. The sources are
    those of `waste()`; there must be nodes among them.
    """

def risk(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    events: _Events | None = None,
    basis: _Basis | None = None,
    eviction_hard: int | str | None = None,
    by: _By = "container",
    top: int | None = 10,
    threshold: int | str | None = None,
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Risk:
    """What may run out of memory next: how near containers are to their limits and nodes to running out, whom the kernel would
    kill and whom the kubelet would evict: `oomkit risk`.

    `basis` is what is called usage; without it what is nearest to what the kernel cannot give back.
    `eviction_hard` is what the kubelet keeps free by evicting: bytes or a quantity.
    The other options, and what is raised, are those of `waste()`.
    """

def recommend(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    events: _Events | None = None,
    profile: Literal["strict", "burst"] = "strict",
    basis: _Basis = "working_set",
    floor: int | str | None = None,
    ratio_cap: float = ...,
    min_points: int = ...,
    min_hours: int = ...,
    by: _By = "workload",
    top: int | None = 10,
    threshold: int | str | None = None,
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Recommend:
    """What to request and to limit, what it rests on, and what lain, KRR and VPA would say beside it: `oomkit recommend`.

    `profile` is "strict" (the limit is the request) or "burst" (the limit is at most `ratio_cap` requests).
    `floor` is the least request, in bytes or as a quantity. A request is lowered only by at least `min_points`
    measurements over at least `min_hours` hours. What is not stated is as for `oomkit recommend`.
    The other options, and what is raised, are those of `waste()`.
    """

def lint(
    manifests: _Objects | None = None,
    *,
    name: str | None = None,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Lines | None = None,
    usage: _Objects | None = None,
    csv: _Lines | None = None,
    events: _Events | None = None,
    profile: Literal["prod", "dev", "lain"] = "prod",
    select: _Names | None = None,
    ignore: _Names | None = None,
    baseline: LintReport | _Text | dict[str, Any] | None = None,
    strict: bool = True,
    max_ratio: float = ...,
    min_memory: int | str | None = None,
    max_memory: int | str | None = None,
    node_memory: int | str | None = None,
    heap_share: float = ...,
    max_waste: int | str | None = None,
    headroom: float = ...,
    pod_templates: dict[str, str] | None = None,
) -> LintReport:
    """What is wrong with the memory that manifests and Compose files declare: `oomkit lint`.

    `manifests` are YAML or JSON: a path, `str` (with a line break, or beginning with `{` or `[`) or `bytes`, a `dict`, or a list
    of any of them. Of a directory all .yaml, .yml and .json below are read; compressed files and archives are recognised.
    Without it the `pods` are checked. All are checked together: a LimitRange speaks for its namespace.
    `name` is what text and plain objects are called in findings (else "manifests", in a list "manifests[0]"); lines and columns
    of a `dict` are those of `json.dumps(manifest, indent=2)`.
    `pods`, `nodes`, `metrics`, `usage`, `csv` and `events` are those of `overcommit()` and `waste()`: with them manifests are
    also compared with what was used and killed.
    `profile` is how bad each finding is: "prod", "dev" or "lain". `select` and `ignore` are ids of rules or their beginnings:
    "OM001,OM02", or a list.
    `baseline` leaves out what was known: an earlier `LintReport`, or what `--write-baseline` wrote, as a path, JSON or `dict`.
    `strict` raises `OomkitError` for a manifest that cannot be read; without it `LintReport.errors` tells, and the rest is
    checked.
    `max_ratio` (OM005) is the largest limit ∕ request. Bytes, or a quantity such as "4Mi": `min_memory` (OM006, 4Mi) is the
    least memory a container can mean, `max_memory` (OM011, 1Ti) the most where no node is known, `node_memory` the largest
    node's, `max_waste` (OM020, 290M) how much of a request may stay unused. `heap_share` (OM013) is how much of its limit a heap
    may take, `headroom` (OM041) the share of the nodes that must stay free, 0 to 1.
    `pod_templates` are further kinds that make pods, and the way to their template: {"Widget": "spec.template"}; `*` is every
    entry.

    The global interpreter lock is not held while reading. Raises `OSError` for a file that cannot be opened, `OomkitError`
    for content that is not what it should be (naming file, line, column, field) and for options that cannot be used.

    >>> pod = {"kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [
    ...     {"name": "app", "resources": {"limits": {"memory": "128m"}}}]}}
    >>> report = oomkit.resources.lint(pod, select="OM006")
    >>> [(found.id, found.severity, found.line, found.container, found.field) for found in report.findings]
    [('OM006', 'error', 12, 'app', 'limits.memory')]
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

@final
class Beside(_Part):
    """Other tools' answers; `None` where they would have none."""

    __match_args__ = (
        "lain",
        "krr",
        "vpa",
    )

    @property
    def lain(self) -> LainAdvice | None:
        """The bands of `lain lint`."""

    @property
    def krr(self) -> Krr:
        """Robusta KRR, strategy `simple_limit` with `--use-oomkill-data`."""

    @property
    def vpa(self) -> Vpa | None:
        """The Vertical Pod Autoscaler."""

@final
class Candidate(_Part):
    """A container the kernel may kill."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "oom_score_adj",
        "usage_bytes",
        "request_bytes",
        "points",
        "stand_in",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def oom_score_adj(self) -> int:
        """What the kubelet sets for it."""

    @property
    def usage_bytes(self) -> int:
        """What it uses."""

    @property
    def request_bytes(self) -> int:
        """What it requests."""

    @property
    def points(self) -> int:
        """The kernel's score in pages of 4 KiB: use + `oom_score_adj` · (RAM + swap) ∕ 1000."""

    @property
    def stand_in(self) -> str:
        """Always `container`: all its use stands for its largest process, which is not known."""

@final
class Checked(_Part):
    """How much was looked at."""

    __match_args__ = (
        "objects",
        "containers",
        "files",
    )

    @property
    def objects(self) -> int:
        """Objects that declare memory."""

    @property
    def containers(self) -> int:
        """Their containers."""

    @property
    def files(self) -> int:
        """Files that held any."""

@final
class ClusterHeadroom(_Part):
    """All nodes together. A ratio is the free share, 0 to 1; negative when over."""

    __match_args__ = (
        "used_ratio",
        "booked_ratio",
        "ceiling_ratio",
        "allocatable_bytes",
        "request_bytes",
        "largest_pod_bytes",
        "largest_pod_node",
        "n_plus_1",
        "n_plus_k",
        "zones",
        "gate",
    )

    @property
    def used_ratio(self) -> float | None:
        """Of memory in use; `None` unless every node was measured."""

    @property
    def booked_ratio(self) -> float | None:
        """Of what pods may request."""

    @property
    def ceiling_ratio(self) -> float | None:
        """Of memory, if every pod used all its limit allows."""

    @property
    def allocatable_bytes(self) -> int:
        """What pods may request."""

    @property
    def request_bytes(self) -> int:
        """What they request, as the scheduler books it; pods bound to no node included."""

    @property
    def largest_pod_bytes(self) -> int:
        """The largest pod that still fits on a node."""

    @property
    def largest_pod_node(self) -> str | None:
        """That node; `None` where none takes pods."""

    @property
    def n_plus_1(self) -> NodeLoss | None:
        """Whether a node may be lost; `None` with fewer than two."""

    @property
    def n_plus_k(self) -> NodesLoss | None:
        """Whether several nodes may be lost at once, where it was asked."""

    @property
    def zones(self) -> tuple[ZoneLoss, ...]:
        """Whether a zone may be lost, each of them; empty with fewer than two."""

    @property
    def gate(self) -> Gate:
        """Whether there is as much headroom as there should be."""

@final
class Eviction(_Part):
    """A pod the kubelet may evict."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "exceeds_request",
        "priority",
        "above_request_bytes",
        "usage_bytes",
        "request_bytes",
        "evictable",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def exceeds_request(self) -> bool:
        """Whether it uses more than it requests: those go first."""

    @property
    def priority(self) -> int:
        """Then those of lower priority."""

    @property
    def above_request_bytes(self) -> int:
        """Then those that are further above their requests; negative below."""

    @property
    def usage_bytes(self) -> int:
        """What it uses."""

    @property
    def request_bytes(self) -> int:
        """What it requests."""

    @property
    def evictable(self) -> bool:
        """Static pods and those of the system's priority classes are not evicted."""

@final
class Finding(_Part):
    """Something to change."""

    __match_args__ = (
        "id",
        "severity",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "kind",
        "namespace",
        "name",
        "container",
        "field",
        "message",
        "fingerprint",
    )

    @property
    def id(self) -> str:
        """The rule: `OM005`."""

    @property
    def severity(self) -> str:
        """How bad it is: `error`, `warn` or `note`."""

    @property
    def file(self) -> str:
        """The path, or the name that was given."""

    @property
    def line(self) -> int:
        """From 1."""

    @property
    def column(self) -> int:
        """In code points, from 1."""

    @property
    def end_line(self) -> int:
        """Line of the place's end."""

    @property
    def end_column(self) -> int:
        """The first column behind it."""

    @property
    def kind(self) -> str:
        """`Deployment`."""

    @property
    def namespace(self) -> str | None:
        """Namespace of the object; `None` where it names none."""

    @property
    def name(self) -> str | None:
        """Name of the object."""

    @property
    def container(self) -> str | None:
        """The container, where it is about one."""

    @property
    def field(self) -> str:
        """What it is about: `limits.memory`, `volumes/cache`."""

    @property
    def message(self) -> str:
        """The sentence."""

    @property
    def fingerprint(self) -> str:
        """The same wherever in its file the finding stands: hash of id, kind, namespace, name, container and field."""

@final
class Gate(_Part):
    """Headroom that should be there: of memory in use on each node that takes pods, and of what is booked in the cluster. The
    mean over a cluster would hide its fullest node.
    """

    __match_args__ = (
        "least_ratio",
        "holds",
        "worst_node",
        "worst_used_ratio",
        "booked_ratio",
    )

    @property
    def least_ratio(self) -> float:
        """The free share that should be there."""

    @property
    def holds(self) -> bool | None:
        """Whether it is; `None` where nothing is known."""

    @property
    def worst_node(self) -> str | None:
        """The node with the least used headroom."""

    @property
    def worst_used_ratio(self) -> float | None:
        """Its used headroom."""

    @property
    def booked_ratio(self) -> float | None:
        """Booked headroom of the cluster."""

@final
class Headroom(_Part):
    """Headroom of a cluster and its nodes, in the JSON that `oomkit headroom --format json` prints."""

    __match_args__ = (
        "schema_version",
        "measure",
        "notes",
        "cluster",
        "nodes",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """`headroom`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def cluster(self) -> ClusterHeadroom:
        """All nodes together."""

    @property
    def nodes(self) -> tuple[NodeHeadroom, ...]:
        """Each node, the fullest first."""

@final
class Hurt(_Part):
    """Somebody was killed for want of memory on a node where this was wasted."""

    __match_args__ = (
        "kills",
        "wasted_bytes",
    )

    @property
    def kills(self) -> int:
        """How often."""

    @property
    def wasted_bytes(self) -> int:
        """How much was wasted then, all times together."""

@final
class Idle(_Part):
    """Memory of the nodes that is not used, in two parts. Allocated is the larger of request and use, each container by itself."""

    __match_args__ = (
        "capacity_bytes",
        "unallocated_bytes",
        "allocated_unused_bytes",
        "unused_bytes",
    )

    @property
    def capacity_bytes(self) -> int:
        """All memory of the nodes."""

    @property
    def unallocated_bytes(self) -> int:
        """Of it, allocated to no container."""

    @property
    def allocated_unused_bytes(self) -> int:
        """Of it, allocated to containers and not used by them."""

    @property
    def unused_bytes(self) -> int:
        """Of it, not used by any container."""

@final
class IgnoredFinding(_Part):
    """A finding that does not count."""

    __match_args__ = (
        "id",
        "severity",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "kind",
        "namespace",
        "name",
        "container",
        "field",
        "message",
        "fingerprint",
        "by",
        "reason",
    )

    @property
    def id(self) -> str:
        """The rule: `OM005`."""

    @property
    def severity(self) -> str:
        """How bad it is: `error`, `warn` or `note`."""

    @property
    def file(self) -> str:
        """The path, or the name that was given."""

    @property
    def line(self) -> int:
        """From 1."""

    @property
    def column(self) -> int:
        """In code points, from 1."""

    @property
    def end_line(self) -> int:
        """Line of the place's end."""

    @property
    def end_column(self) -> int:
        """The first column behind it."""

    @property
    def kind(self) -> str:
        """`Deployment`."""

    @property
    def namespace(self) -> str | None:
        """Namespace of the object; `None` where it names none."""

    @property
    def name(self) -> str | None:
        """Name of the object."""

    @property
    def container(self) -> str | None:
        """The container, where it is about one."""

    @property
    def field(self) -> str:
        """What it is about: `limits.memory`, `volumes/cache`."""

    @property
    def message(self) -> str:
        """The sentence."""

    @property
    def fingerprint(self) -> str:
        """The same wherever in its file the finding stands: hash of id, kind, namespace, name, container and field."""

    @property
    def by(self) -> str:
        """By what: `annotation`, `baseline`."""

    @property
    def reason(self) -> str | None:
        """As the annotation gives it."""

@final
class KillSummary(_Part):
    """What the kernel says about a row."""

    __match_args__ = (
        "events",
        "processes",
        "silent",
        "container_limit",
        "pod_limit",
        "node",
        "last",
        "limit_at_kill_bytes",
        "usage_at_kill_bytes",
        "sampled_peak_bytes",
        "missed_bytes",
    )

    @property
    def events(self) -> int:
        """Runs of the OOM killer."""

    @property
    def processes(self) -> int:
        """Processes killed."""

    @property
    def silent(self) -> int:
        """Events that nothing outside the container could see."""

    @property
    def container_limit(self) -> int:
        """At the container's own limit."""

    @property
    def pod_limit(self) -> int:
        """At the pod's limit."""

    @property
    def node(self) -> int:
        """Because the node, or all that pods may have of it, was used up."""

    @property
    def last(self) -> datetime.datetime | None:
        """When the last was, where its time is exact."""

    @property
    def limit_at_kill_bytes(self) -> int | None:
        """The highest limit of a container that was hit."""

    @property
    def usage_at_kill_bytes(self) -> int | None:
        """The most that was charged to a container when it was killed."""

    @property
    def sampled_peak_bytes(self) -> int | None:
        """The highest sample in the hour before that kill."""

    @property
    def missed_bytes(self) -> int | None:
        """What of it sampling had missed, at most, at any kill."""

@final
class Krr(_Part):
    """KRR's answer."""

    __match_args__ = (
        "request_bytes",
        "limit_bytes",
        "severity",
    )

    @property
    def request_bytes(self) -> int | None:
        """1.15 times the peak, or 1.25 times today's limit where the status shows an OOM kill; at least 100Mi. `None` with
        fewer than 100 measurements.
        """

    @property
    def limit_bytes(self) -> int | None:
        """The same."""

    @property
    def severity(self) -> str | None:
        """How far what is declared is from it; `None` without an answer."""

@final
class LainAdvice(_Part):
    """What `lain lint` suggests, and how the container stands to it."""

    __match_args__ = (
        "request_bytes",
        "limit_bytes",
        "band",
    )

    @property
    def request_bytes(self) -> int:
        """p95, rounded up to Mi."""

    @property
    def limit_bytes(self) -> int:
        """2.5 times p95."""

    @property
    def band(self) -> LainBand:
        """How it stands to that."""

@final
class LainBand(_Part):
    """Where a container stands, and where it should."""

    __match_args__ = (
        "top_bytes",
        "request",
        "request_low_bytes",
        "request_high_bytes",
        "suggested_request_bytes",
        "limit",
        "limit_target_bytes",
    )

    @property
    def top_bytes(self) -> int:
        """T: what it used, the quantile of it, at least 4Mi."""

    @property
    def request(self) -> str:
        """How the request stands."""

    @property
    def request_low_bytes(self) -> int:
        """The smallest request inside the band."""

    @property
    def request_high_bytes(self) -> int:
        """The largest."""

    @property
    def suggested_request_bytes(self) -> int:
        """T, rounded up to Mi."""

    @property
    def limit(self) -> str:
        """How the limit stands."""

    @property
    def limit_target_bytes(self) -> int:
        """2.5 T."""

@final
class LimitHazard(_Part):
    """One row: a container, or the worst one of many."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "containers",
        "request_bytes",
        "limit_bytes",
        "peak_bytes",
        "peak_from_kill",
        "peak_ratio",
        "basis",
        "window_seconds",
        "points",
        "quality",
        "time_to_limit_seconds",
        "limit_hits_per_hour",
        "swap_bytes",
        "last_oom_killed",
        "rank",
        "worst",
        "trend",
        "kills",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def containers(self) -> int:
        """How many containers with a limit the row stands for."""

    @property
    def request_bytes(self) -> int:
        """What it requests."""

    @property
    def limit_bytes(self) -> int:
        """Its limit, or its pod's."""

    @property
    def peak_bytes(self) -> int | None:
        """The most it used: sampled, or charged to it when it was killed; `None` where nothing is known."""

    @property
    def peak_from_kill(self) -> bool:
        """Whether a kill tells the peak, which sampling had missed."""

    @property
    def peak_ratio(self) -> float | None:
        """Peak to limit."""

    @property
    def basis(self) -> str:
        """What is called usage."""

    @property
    def window_seconds(self) -> int | None:
        """From the first to the last measurement."""

    @property
    def points(self) -> int:
        """How many measurements."""

    @property
    def quality(self) -> str:
        """What they are good for."""

    @property
    def time_to_limit_seconds(self) -> int | None:
        """When the limit is met if that goes on."""

    @property
    def limit_hits_per_hour(self) -> float | None:
        """How often the limit was hit, each hour; the kernel could take memory back each time."""

    @property
    def swap_bytes(self) -> int | None:
        """Swap in use, which is no part of any other figure: with swap the limit is not where memory ends."""

    @property
    def last_oom_killed(self) -> bool:
        """Whether its status shows that it was last ended by the OOM killer."""

    @property
    def rank(self) -> int:
        """0 to 100, for sorting only: the largest of peak to limit, a day to the time left where growth is beyond noise, and
        100 where it was killed at this limit or a higher one.
        """

    @property
    def worst(self) -> Names:
        """The worst of them, whose figures these are."""

    @property
    def trend(self) -> Trend | None:
        """How use grows; `None` where it does not."""

    @property
    def kills(self) -> KillSummary | None:
        """Kills of the row, where they were given."""

@final
class LintReport(_Part):
    """All findings, and what was looked at."""

    __match_args__ = (
        "schema_version",
        "notes",
        "findings",
        "checked",
        "ignored",
        "errors",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In order of files and places."""

    @property
    def checked(self) -> Checked:
        """What was looked at."""

    @property
    def ignored(self) -> tuple[IgnoredFinding, ...]:
        """Findings that do not count, each with the reason."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What could not be read."""

@final
class Names(_Part):
    """Who a row is about: names that all its pods share; the others are `None`."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

@final
class NodeHazard(_Part):
    """One node."""

    __match_args__ = (
        "node",
        "capacity_bytes",
        "working_set_bytes",
        "working_set_source",
        "eviction_hard_bytes",
        "room_bytes",
        "growth_bytes",
        "stress_ratio",
        "over_request_bytes",
        "over_request_containers",
        "unbounded_containers",
        "unmeasured_containers",
        "memory_pressure",
        "rank",
        "kills",
        "victim_order",
        "eviction_order",
    )

    @property
    def node(self) -> str:
        """Its name."""

    @property
    def capacity_bytes(self) -> int | None:
        """All its memory."""

    @property
    def working_set_bytes(self) -> int | None:
        """What is in use; what its containers use where the node itself was not measured."""

    @property
    def working_set_source(self) -> str | None:
        """`node` or `containers`: without what runs outside pods, a lower bound."""

    @property
    def eviction_hard_bytes(self) -> int:
        """What the kubelet keeps free by evicting."""

    @property
    def room_bytes(self) -> int | None:
        """Room before it evicts; negative when it should already."""

    @property
    def growth_bytes(self) -> int | None:
        """How much its measured pods may still grow within their limits, each to at most the whole node."""

    @property
    def stress_ratio(self) -> float | None:
        """Growth to room: above 1 the pods can use up the node, every container inside its limit. `None` without room."""

    @property
    def over_request_bytes(self) -> int:
        """What is used beyond requests, each container by itself."""

    @property
    def over_request_containers(self) -> int:
        """By how many containers."""

    @property
    def unbounded_containers(self) -> int:
        """Containers of it without a limit."""

    @property
    def unmeasured_containers(self) -> int:
        """Containers of it that were not measured."""

    @property
    def memory_pressure(self) -> bool:
        """Whether the kubelet says that it is short of memory."""

    @property
    def rank(self) -> int:
        """0 to 100, for sorting only: growth ∕ (growth + room); 100 without room, and under memory pressure."""

    @property
    def kills(self) -> KillSummary | None:
        """Kills on it for want of the node's memory, where kills were given."""

    @property
    def victim_order(self) -> tuple[Candidate, ...]:
        """Whom the kernel would kill if the node ran out now, the first first."""

    @property
    def eviction_order(self) -> tuple[Eviction, ...]:
        """Whom the kubelet would evict, the first first."""

@final
class NodeHeadroom(_Part):
    """One node. A ratio is the free share, 0 to 1; negative when over."""

    __match_args__ = (
        "node",
        "used_ratio",
        "booked_ratio",
        "ceiling_ratio",
        "capacity_bytes",
        "allocatable_bytes",
        "request_bytes",
        "free_bytes",
        "unschedulable",
    )

    @property
    def node(self) -> str:
        """Its name."""

    @property
    def used_ratio(self) -> float | None:
        """Of memory in use; `None` where it was not measured."""

    @property
    def booked_ratio(self) -> float | None:
        """Of what pods may request."""

    @property
    def ceiling_ratio(self) -> float | None:
        """Of memory, if every pod used all its limit allows, each at most the whole node."""

    @property
    def capacity_bytes(self) -> int | None:
        """All its memory."""

    @property
    def allocatable_bytes(self) -> int | None:
        """What pods may request."""

    @property
    def request_bytes(self) -> int:
        """What its pods request."""

    @property
    def free_bytes(self) -> int:
        """The largest pod that still fits."""

    @property
    def unschedulable(self) -> bool:
        """Whether it takes no new pods."""

@final
class NodeKill(_Part):
    """A kill for want of the node's memory, and its neighbours."""

    __match_args__ = (
        "event_id",
        "time",
        "node",
        "scope",
        "victim_bytes",
        "over_request_bytes",
        "wasted_bytes",
        "unmeasured_containers",
        "victim",
        "over_request",
        "wasted",
    )

    @property
    def event_id(self) -> str:
        """The event's id."""

    @property
    def time(self) -> datetime.datetime | None:
        """When, where the log's clock is exact."""

    @property
    def node(self) -> str | None:
        """The node."""

    @property
    def scope(self) -> str:
        """`node` or `node_allocatable`."""

    @property
    def victim_bytes(self) -> int:
        """What the killed processes held."""

    @property
    def over_request_bytes(self) -> int:
        """What pods of the node used beyond their requests then."""

    @property
    def wasted_bytes(self) -> int:
        """What other pods of the node had requested and did not use then."""

    @property
    def unmeasured_containers(self) -> int:
        """Containers of the node of which nothing was measured at that time."""

    @property
    def victim(self) -> Names:
        """Who was hit."""

    @property
    def over_request(self) -> tuple[Share, ...]:
        """Who was above their requests, the most first."""

    @property
    def wasted(self) -> tuple[Share, ...]:
        """Who else had more than they used, the most first."""

@final
class NodeLoss(_Part):
    """What the loss of a node would mean."""

    __match_args__ = (
        "sum_fits",
        "packing_fits",
        "lost_node",
    )

    @property
    def sum_fits(self) -> bool:
        """Whether all requests fit on the other nodes in sum."""

    @property
    def packing_fits(self) -> bool:
        """Whether the node's pods fit into the gaps of the others, the largest first. Only memory is looked at."""

    @property
    def lost_node(self) -> str:
        """The node whose loss is worst."""

@final
class NodesLoss(_Part):
    """What the loss of several nodes at once would mean."""

    __match_args__ = (
        "nodes",
        "sum_fits",
        "packing_fits",
        "lost_nodes",
        "exhaustive",
    )

    @property
    def nodes(self) -> int:
        """How many."""

    @property
    def sum_fits(self) -> bool:
        """Whether all requests fit on the other nodes in sum."""

    @property
    def packing_fits(self) -> bool:
        """Whether the nodes' pods fit into the gaps of the others, the largest first."""

    @property
    def lost_nodes(self) -> tuple[str, ...]:
        """The nodes whose loss is worst."""

    @property
    def exhaustive(self) -> bool:
        """Whether every set of so many nodes was tried; else the largest nodes, the fullest, and those of the largest pods."""

@final
class Overcommit(_Part):
    """The measure and its rows, in the JSON that `oomkit overcommit --format json` prints."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "notes",
        "rows",
        "totals",
        "node_kills",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """`overcommit`."""

    @property
    def by(self) -> str:
        """What a row stands for."""

    @property
    def profile(self) -> str:
        """How it was reckoned: `default`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[OvercommitRow, ...]:
        """The largest first."""

    @property
    def totals(self) -> OvercommitRow:
        """Everything together, not only the rows."""

    @property
    def node_kills(self) -> tuple[NodeKill, ...]:
        """Kills for want of a node's memory, where kills were given."""

@final
class OvercommitRow(_Part):
    """One row."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "pods",
        "request_bytes",
        "limit_bytes",
        "known_limit_bytes",
        "unbounded_containers",
        "overcommit_bytes",
        "overcommit_ratio",
        "capped_overcommit_bytes",
        "hugepages_bytes",
        "capacity_bytes",
        "allocatable_bytes",
        "beyond_capacity_bytes",
        "limit_commitment_ratio",
        "request_commitment_ratio",
        "lain",
        "kills",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def pods(self) -> int:
        """How many pods."""

    @property
    def request_bytes(self) -> int:
        """What they request."""

    @property
    def limit_bytes(self) -> int | None:
        """Their limits together; `None` when a container has none."""

    @property
    def known_limit_bytes(self) -> int | None:
        """The limits there are, when a container has none."""

    @property
    def unbounded_containers(self) -> int:
        """How many containers have no limit."""

    @property
    def overcommit_bytes(self) -> int:
        """By how much limits exceed requests, of containers with a limit."""

    @property
    def overcommit_ratio(self) -> float | None:
        """Limits to requests, of containers with a limit; `None` where nothing is requested."""

    @property
    def capped_overcommit_bytes(self) -> int | None:
        """The same with the node's memory as the limit of what has none; absent where a node is not known."""

    @property
    def hugepages_bytes(self) -> int:
        """Huge pages requested. They are no part of the node's memory and in no other sum."""

    @property
    def capacity_bytes(self) -> int | None:
        """Of a node: all its memory."""

    @property
    def allocatable_bytes(self) -> int | None:
        """Of a node: what pods may request."""

    @property
    def beyond_capacity_bytes(self) -> int | None:
        """Of a node: what its pods may use within their limits, each at most the whole node, beyond what it has. Above 0 it
        can run out of memory with every container inside its limit.
        """

    @property
    def limit_commitment_ratio(self) -> float | None:
        """Of a node: limits of its pods to what it has for them; a lower bound where a container has none."""

    @property
    def request_commitment_ratio(self) -> float | None:
        """Of a node: requests of its pods to what it has for them."""

    @property
    def lain(self) -> LainBand | None:
        """Of a container, in the profile `lain`: the band it should be in."""

    @property
    def kills(self) -> KillSummary | None:
        """Kills, where they were given."""

@final
class Problem(_Part):
    """Something that could not be read, and what was expected there."""

    __match_args__ = (
        "file",
        "line",
        "column",
        "field",
        "message",
    )

    @property
    def file(self) -> str:
        """The path, or the name that was given."""

    @property
    def line(self) -> int:
        """From 1."""

    @property
    def column(self) -> int:
        """In code points, from 1."""

    @property
    def field(self) -> str:
        """`spec.template.spec.containers`; empty for the text as a whole."""

    @property
    def message(self) -> str:
        """What is wrong there."""

@final
class Recommend(_Part):
    """The measure and its rows, in the JSON that `oomkit recommend --format json` prints."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "krr_score",
        "notes",
        "rows",
        "totals",
        "node_kills",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """`recommend`."""

    @property
    def by(self) -> str:
        """What a row stands for."""

    @property
    def profile(self) -> str:
        """`strict` or `burst`."""

    @property
    def krr_score(self) -> int | None:
        """KRR's score of what is declared, 0 to 100, over what KRR has an answer for."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[Recommendation, ...]:
        """The largest change first."""

    @property
    def totals(self) -> Recommendation:
        """Everything together, not only the rows."""

    @property
    def node_kills(self) -> tuple[NodeKill, ...]:
        """Kills for want of a node's memory, where kills were given."""

@final
class Recommendation(_Part):
    """One row: a container of a workload, of one pod, or all containers of a pod, namespace or node."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "pods",
        "request_bytes",
        "limit_bytes",
        "recommended_request_bytes",
        "recommended_limit_bytes",
        "change_bytes",
        "peak_bytes",
        "basis",
        "window_seconds",
        "points",
        "quality",
        "held_back",
        "unknown_containers",
        "reasons",
        "forbids",
        "limit_change",
        "kills",
        "beside",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def pods(self) -> int:
        """How many pods."""

    @property
    def request_bytes(self) -> int:
        """What each of them requests; of a sum, all together."""

    @property
    def limit_bytes(self) -> int | None:
        """The limit of each; of a sum, all together. `None` without one."""

    @property
    def recommended_request_bytes(self) -> int | None:
        """What each should request; `None` where nothing is known to go by."""

    @property
    def recommended_limit_bytes(self) -> int | None:
        """What the limit of each should be."""

    @property
    def change_bytes(self) -> int:
        """By how much all requests together would change."""

    @property
    def peak_bytes(self) -> int | None:
        """The most any of them used, or was charged with when it was killed."""

    @property
    def basis(self) -> str:
        """What is called usage."""

    @property
    def window_seconds(self) -> int | None:
        """From the first to the last measurement."""

    @property
    def points(self) -> int:
        """How many measurements."""

    @property
    def quality(self) -> str | None:
        """What they are good for; `None` for a sum."""

    @property
    def held_back(self) -> bool:
        """Whether less would do by what was measured, and the measurements are not enough to say so."""

    @property
    def unknown_containers(self) -> int:
        """Of a sum: containers for which nothing is recommended; they count as they are."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """What it rests on, in sentences."""

    @property
    def forbids(self) -> tuple[str, ...]:
        """What the measurements do not allow, in sentences."""

    @property
    def limit_change(self) -> str | None:
        """How the limit that was last hit has changed since: `same`, `raised`, `lowered`, `removed`: "same", "raised",
        "lowered" or "removed".
        """

    @property
    def kills(self) -> KillSummary | None:
        """Kills, where they were given."""

    @property
    def beside(self) -> Beside | None:
        """What others would say; `None` for a sum."""

@final
class Risk(_Part):
    """The measure and its hazards, in the JSON that `oomkit risk --format json` prints."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "notes",
        "rows",
        "nodes",
        "totals",
        "node_kills",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """`risk`."""

    @property
    def by(self) -> str:
        """What a row stands for."""

    @property
    def profile(self) -> str:
        """How it was reckoned: `default`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[LimitHazard, ...]:
        """How near containers are to their own limits, the nearest first."""

    @property
    def nodes(self) -> tuple[NodeHazard, ...]:
        """How near nodes are to running out, and who would go, the nearest first."""

    @property
    def totals(self) -> RiskTotals:
        """Everything together, not only the rows."""

    @property
    def node_kills(self) -> tuple[NodeKill, ...]:
        """Kills for want of a node's memory, where kills were given."""

@final
class RiskTotals(_Part):
    """Everything together."""

    __match_args__ = (
        "containers",
        "unbounded_containers",
        "unmeasured_containers",
        "unlimited_memory_volumes",
        "kills",
    )

    @property
    def containers(self) -> int:
        """Running containers."""

    @property
    def unbounded_containers(self) -> int:
        """Those without a limit: their only hazard is the node's."""

    @property
    def unmeasured_containers(self) -> int:
        """Those that were not measured."""

    @property
    def unlimited_memory_volumes(self) -> int:
        """Volumes in memory without a size limit: what is written to them is charged to containers."""

    @property
    def kills(self) -> KillSummary | None:
        """Kills, where they were given."""

@final
class Share(_Part):
    """One pod's part."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "request_bytes",
        "usage_bytes",
        "bytes",
        "priority",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def request_bytes(self) -> int:
        """What it requests."""

    @property
    def usage_bytes(self) -> int:
        """What it used at that time."""

    @property
    def bytes(self) -> int:
        """Above or below the request, each container by itself."""

    @property
    def priority(self) -> int:
        """Scheduling priority."""

@final
class Trend(_Part):
    """How use grows."""

    __match_args__ = (
        "bytes_per_hour",
        "residual_bytes",
    )

    @property
    def bytes_per_hour(self) -> float:
        """By so much each hour."""

    @property
    def residual_bytes(self) -> float:
        """Half of the measurements are nearer than this to the line."""

@final
class Vpa(_Part):
    """VPA's answer."""

    __match_args__ = (
        "request_bytes",
        "lower_bytes",
        "upper_bytes",
        "limit_bytes",
    )

    @property
    def request_bytes(self) -> int:
        """Target: p90 of the peaks and 15%, at least the container's share of 250Mi."""

    @property
    def lower_bytes(self) -> int:
        """Lower bound, from p50."""

    @property
    def upper_bytes(self) -> int | None:
        """Upper bound, from p95; `None` where there is no time to judge by."""

    @property
    def limit_bytes(self) -> int | None:
        """Today's limit, in the proportion of the new request to the old one; `None` without both."""

@final
class Waste(_Part):
    """The measure and its rows, in the JSON that `oomkit waste --format json` prints."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "notes",
        "rows",
        "totals",
        "idle",
        "node_kills",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """`waste`."""

    @property
    def by(self) -> str:
        """What a row stands for."""

    @property
    def profile(self) -> str:
        """How it was reckoned: `default`."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[WasteRow, ...]:
        """The largest first."""

    @property
    def totals(self) -> WasteRow:
        """Everything together, not only the rows."""

    @property
    def idle(self) -> Idle | None:
        """Where the memory of the nodes goes that is not used; absent where a node's is not known."""

    @property
    def node_kills(self) -> tuple[NodeKill, ...]:
        """Kills for want of a node's memory, where kills were given."""

@final
class WasteRow(_Part):
    """One row. Containers that were not measured are in none of its sums."""

    __match_args__ = (
        "cluster",
        "namespace",
        "pod",
        "container",
        "workload",
        "node",
        "request_bytes",
        "usage_bytes",
        "basis",
        "window_seconds",
        "points",
        "waste_bytes",
        "deficit_bytes",
        "waste_ratio",
        "unmeasured_containers",
        "net_bytes",
        "waste_byte_hours",
        "quality",
        "lain",
        "kills",
        "hurt",
    )

    @property
    def cluster(self) -> str | None:
        """The cluster, where several are told apart."""

    @property
    def namespace(self) -> str | None:
        """Namespace."""

    @property
    def pod(self) -> str | None:
        """Pod."""

    @property
    def container(self) -> str | None:
        """Container."""

    @property
    def workload(self) -> str | None:
        """Who the pod belongs to: `Deployment/web`."""

    @property
    def node(self) -> str | None:
        """Node."""

    @property
    def request_bytes(self) -> int:
        """What the containers measured request."""

    @property
    def usage_bytes(self) -> int:
        """What they used: the statistic of each, together."""

    @property
    def basis(self) -> str:
        """What is called usage."""

    @property
    def window_seconds(self) -> int | None:
        """From the first to the last measurement; `None` where the sources do not tell their time."""

    @property
    def points(self) -> int:
        """Fewest measurements of any container."""

    @property
    def waste_bytes(self) -> int:
        """What is requested beyond what is used, each container by itself."""

    @property
    def deficit_bytes(self) -> int:
        """What is used beyond what is requested, each container by itself."""

    @property
    def waste_ratio(self) -> float | None:
        """Share of the requests that is wasted; `None` where nothing is requested."""

    @property
    def unmeasured_containers(self) -> int:
        """How many containers were not measured."""

    @property
    def net_bytes(self) -> int:
        """Requests less use, of all together: one container's deficit is set against another's waste. Often called efficiency."""

    @property
    def waste_byte_hours(self) -> float | None:
        """Waste times how long it lasted; each measurement counts until the next. Absent without two points in time."""

    @property
    def quality(self) -> str | None:
        """What the measurements are good for, at the worst container."""

    @property
    def lain(self) -> LainBand | None:
        """Of a container, in the profile `lain`: the band it should be in."""

    @property
    def kills(self) -> KillSummary | None:
        """Kills, where they were given."""

    @property
    def hurt(self) -> Hurt | None:
        """Kills of others that this waste had a part in."""

@final
class ZoneLoss(_Part):
    """What the loss of a zone would mean."""

    __match_args__ = (
        "zone",
        "nodes",
        "sum_fits",
        "packing_fits",
    )

    @property
    def zone(self) -> str:
        """`topology.kubernetes.io/zone`."""

    @property
    def nodes(self) -> int:
        """How many nodes it has."""

    @property
    def sum_fits(self) -> bool:
        """Whether all requests fit on the other zones' nodes in sum."""

    @property
    def packing_fits(self) -> bool:
        """Whether its pods fit into the gaps there."""

__all__ = [
    "Beside",
    "Candidate",
    "Checked",
    "ClusterHeadroom",
    "Eviction",
    "Finding",
    "Gate",
    "Headroom",
    "Hurt",
    "Idle",
    "IgnoredFinding",
    "KillSummary",
    "Krr",
    "LainAdvice",
    "LainBand",
    "LimitHazard",
    "LintReport",
    "Names",
    "NodeHazard",
    "NodeHeadroom",
    "NodeKill",
    "NodeLoss",
    "NodesLoss",
    "Overcommit",
    "OvercommitRow",
    "Problem",
    "Recommend",
    "Recommendation",
    "Risk",
    "RiskTotals",
    "Share",
    "Trend",
    "Vpa",
    "Waste",
    "WasteRow",
    "ZoneLoss",
    "headroom",
    "lint",
    "overcommit",
    "parse_quantity",
    "recommend",
    "risk",
    "waste",
]
