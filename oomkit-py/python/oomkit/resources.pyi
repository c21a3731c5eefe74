"""Declared and used memory of Kubernetes: quantities, overcommit, waste, headroom."""

# Made by stubs.py from the native classes; do not edit.

import builtins
from collections.abc import Sequence
from os import PathLike
from typing import Any, Literal, Self, final

_Text = str | builtins.bytes | PathLike[str]
_Metrics = _Text | Sequence[_Text]
_Objects = _Text | dict[str, Any] | Sequence[_Text | dict[str, Any]]
_By = Literal["container", "pod", "workload", "namespace", "node"]
_Basis = Literal["working_set", "rss", "usage", "usage_minus_cache"]
_Names = str | Sequence[str]

def overcommit(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Metrics | None = None,
    by: _By = "pod",
    top: int | None = 10,
    threshold: int | str | None = None,
    profile: Literal["default", "seed"] = "default",
    view: Literal["steady", "scheduled"] = "steady",
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Overcommit:
    """By how much memory limits exceed requests, the worst first: `oomkit overcommit`.

    `pods` and `nodes` are what `kubectl get pods,nodes -A -o json` prints: a path (compressed files are recognised), JSON
    as `str` or `bytes`, a `dict`, or a list of any of them. `metrics` is the text of metrics of kube-state-metrics, as a
    path, `str` or `bytes`. Objects outrank metrics.
    `by` is what a row stands for: "container", "pod", "workload", "namespace" or "node".
    `top` is the number of rows, the largest first, ties by name; `None` gives all.
    `threshold` leaves out rows below so many bytes: an `int`, or a quantity such as "2.9G".
    `profile` "seed" repeats the query the project started from on `metrics`, with its errors.
    `view` is "steady" (containers that run for good) or "scheduled" (what the scheduler books).
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
    metrics: _Metrics | None = None,
    usage: _Objects | None = None,
    basis: _Basis = "working_set",
    statistic: str = "peak",
    by: _By = "pod",
    top: int | None = 10,
    threshold: int | str | None = None,
    profile: Literal["default", "seed"] = "default",
    namespace: _Names | None = None,
    exclude_namespace: _Names | None = None,
) -> Waste:
    """What is requested and not used, the worst first: `oomkit waste`.

    `usage` is the JSON of metrics.k8s.io (`kubectl get --raw /apis/metrics.k8s.io/v1beta1/pods`) or of a kubelet's
    `/stats/summary`; each source is a point in time. Usage may also stand in `metrics` (cAdvisor, the kubelet).
    `basis` is what is called usage: "working_set", "rss", "usage" or "usage_minus_cache".
    `statistic` is which measurement of a container counts: "peak", "latest", or a percentile such as "p95".
    The other options, and what is raised, are those of `overcommit()`.
    """

def headroom(
    *,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
    metrics: _Metrics | None = None,
    usage: _Objects | None = None,
    top: int | None = None,
) -> Headroom:
    """How much memory is free, three ways, and whether a node may be lost: `oomkit headroom`.

    `top` is how many nodes are listed, the fullest first; `None` gives all. The sources are those of `waste()`; there must
    be nodes among them.
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
class ClusterHeadroom:
    """Headroom of all nodes together. A ratio is the free share, 0 to 1; negative when over."""

    __match_args__ = (
        "used_ratio",
        "booked_ratio",
        "ceiling_ratio",
        "allocatable_bytes",
        "request_bytes",
        "largest_pod_bytes",
        "n_plus_1",
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
        """What pods may request, in bytes."""

    @property
    def request_bytes(self) -> int:
        """What they request, in bytes, as the scheduler books it; pods bound to no node included."""

    @property
    def largest_pod_bytes(self) -> int:
        """The largest pod that still fits on a node, in bytes."""

    @property
    def n_plus_1(self) -> NodeLoss | None:
        """Whether a node may be lost; `None` with fewer than two."""

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
class Headroom:
    """How much memory is free, three ways, and whether a node may be lost."""

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
        """"headroom"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def cluster(self) -> ClusterHeadroom:
        """All nodes together."""

    @property
    def nodes(self) -> tuple[NodeHeadroom, ...]:
        """Each node, the fullest first."""

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
class NodeHeadroom:
    """Headroom of one node. A ratio is the free share, 0 to 1; negative when over."""

    __match_args__ = (
        "node",
        "used_ratio",
        "booked_ratio",
        "ceiling_ratio",
        "capacity_bytes",
        "allocatable_bytes",
        "request_bytes",
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
        """All its memory, in bytes."""

    @property
    def allocatable_bytes(self) -> int | None:
        """What pods may request, in bytes."""

    @property
    def request_bytes(self) -> int:
        """What its pods request, in bytes."""

    @property
    def unschedulable(self) -> bool:
        """Whether it takes no new pods."""

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
class NodeLoss:
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
class Overcommit:
    """By how much memory limits exceed requests: what the kernel allows beyond what the scheduler counts on."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "notes",
        "rows",
        "totals",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """"overcommit"."""

    @property
    def by(self) -> str:
        """What a row stands for: "container", "pod", "workload", "namespace" or "node"."""

    @property
    def profile(self) -> str:
        """How it was reckoned: "default" or "seed"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[OvercommitRow, ...]:
        """The largest first."""

    @property
    def totals(self) -> OvercommitRow:
        """Everything together, not only the rows shown."""

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
class OvercommitRow:
    """Overcommit of one container, pod, workload, namespace or node. Names that not all its pods share are `None`."""

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
        "capacity_bytes",
        "allocatable_bytes",
        "beyond_capacity_bytes",
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
        """What they request, in bytes."""

    @property
    def limit_bytes(self) -> int | None:
        """Their limits together, in bytes; `None` when a container has none."""

    @property
    def known_limit_bytes(self) -> int | None:
        """The limits there are, in bytes, when a container has none."""

    @property
    def unbounded_containers(self) -> int:
        """How many containers have no limit."""

    @property
    def overcommit_bytes(self) -> int:
        """By how many bytes limits exceed requests, of containers with a limit."""

    @property
    def overcommit_ratio(self) -> float | None:
        """Limits to requests, of containers with a limit; `None` where nothing is requested."""

    @property
    def capacity_bytes(self) -> int | None:
        """Of a node: all its memory, in bytes."""

    @property
    def allocatable_bytes(self) -> int | None:
        """Of a node: what pods may request, in bytes."""

    @property
    def beyond_capacity_bytes(self) -> int | None:
        """Of a node: what its pods may use within their limits beyond its memory, in bytes."""

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
class Waste:
    """What is requested and not used, each container by itself; what others use beyond their requests stands apart."""

    __match_args__ = (
        "schema_version",
        "measure",
        "by",
        "profile",
        "notes",
        "rows",
        "totals",
    )

    @property
    def schema_version(self) -> int:
        """Version of the JSON: 1."""

    @property
    def measure(self) -> str:
        """"waste"."""

    @property
    def by(self) -> str:
        """What a row stands for: "container", "pod", "workload", "namespace" or "node"."""

    @property
    def profile(self) -> str:
        """How it was reckoned: "default" or "seed"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know."""

    @property
    def rows(self) -> tuple[WasteRow, ...]:
        """The largest first."""

    @property
    def totals(self) -> WasteRow:
        """Everything together, not only the rows shown."""

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
class WasteRow:
    """Waste of one container, pod, workload, namespace or node. Containers that were not measured are in none of its sums."""

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
        """What the containers measured request, in bytes."""

    @property
    def usage_bytes(self) -> int:
        """What they used, in bytes: the statistic of each, together."""

    @property
    def basis(self) -> str:
        """What is called usage: "working_set", "rss", "usage" or "usage_minus_cache"."""

    @property
    def window_seconds(self) -> int | None:
        """Seconds from the first to the last measurement; `None` where the sources do not tell their time."""

    @property
    def points(self) -> int:
        """Fewest measurements of any container."""

    @property
    def waste_bytes(self) -> int:
        """What is requested beyond what is used, in bytes."""

    @property
    def deficit_bytes(self) -> int:
        """What is used beyond what is requested, in bytes."""

    @property
    def waste_ratio(self) -> float | None:
        """Share of the requests that is wasted, 0 to 1; `None` where nothing is requested."""

    @property
    def unmeasured_containers(self) -> int:
        """How many containers were not measured."""

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

__all__ = [
    "ClusterHeadroom",
    "Headroom",
    "NodeHeadroom",
    "NodeLoss",
    "Overcommit",
    "OvercommitRow",
    "Waste",
    "WasteRow",
    "headroom",
    "overcommit",
    "parse_quantity",
    "waste",
]
