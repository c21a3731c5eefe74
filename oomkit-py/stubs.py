"""The typed stubs, made from the native classes, whose names, types and docstrings come from the core's structs.

`python stubs.py --write` rewrites `python/oomkit/*.pyi`; a test compares them with `generated()` and `generated_resources()`.
Only signatures of functions are written here; they are checked against the module by `mypy.stubtest`.
"""

import inspect
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import oomkit
from oomkit import resources

FOLDER = Path(__file__).parent / "python" / "oomkit"

HEAD = '''\
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
'''

OPTIONS = '''\
    *,
    source: str{source},
    format: str = "auto",
    year: int | None = None,
    timezone: str | None = None,
    include_user: bool = False,
    reference_time: datetime.datetime | str | None = None,
    companions: {companions},
    dedupe: bool = False,
    pods: _Objects | None = None,
    nodes: _Objects | None = None,
'''

# after the options
MORE = {"parse_file": "    threads: int = 0,\n"}

FUNCTIONS = {
    "parse": ("data: Buffer | str", ' = "-"', "list[{items}]"),
    "parse_file": ("path: str | PathLike[str]", " | None = None", "list[{items}]"),
    "iter_events": ("log: str | PathLike[str] | _BinaryFile | Iterable[Buffer]", " | None = None", "EventIterator[{items}]"),
}

ITERATOR = {
    "__iter__": "(self) -> Self",
    "__next__": "(self) -> _Item",
    "__class_getitem__": "(cls, item: Any) -> GenericAlias",
    "__enter__": "(self) -> Self",
    "__exit__": (
        "(\n    self,\n    exception_type: type[BaseException] | None,\n    exception: BaseException | None,\n"
        "    traceback: TracebackType | None,\n    /,\n) -> None"
    ),
    "close": "(self) -> None",
}

METHODS = {
    "to_dict": "(self) -> dict[str, Any]",
    "to_json": "(self) -> str",
    "from_json": "(cls, json: str | builtins.bytes, /) -> Self",
    "__eq__": "(self, other: object, /) -> bool",
    "__hash__": "(self) -> int",
    "__copy__": "(self) -> Self",
    "__deepcopy__": "(self, memo: object, /) -> Self",
    "__reduce__": "(self) -> tuple[Any, tuple[str]]",
}

REPORT = "(\n    self,\n    *,\n    by: Sequence[str] | None = None,\n    top: int = 10,\n    gap: int = 300,\n    dedupe: bool = False,\n)"

SUMMARY = {
    "__new__": "(cls) -> Self",
    "add": "(self, event: Event, /) -> None",
    "merge": "(self, other: Summary, /) -> None",
    "to_dict": f"{REPORT} -> dict[str, Any]",
    "to_json": f"{REPORT} -> str",
    "state": "(self) -> bytes",
    "from_state": "(cls, state: bytes, /) -> Self",
    "__eq__": "(self, other: object, /) -> bool",
    "__copy__": "(self) -> Self",
    "__deepcopy__": "(self, memo: object, /) -> Self",
    "__reduce__": "(self) -> tuple[Any, tuple[bytes]]",
}


RESOURCES = '''\
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
'''

SOURCES = """\
pods: _Objects | None = None,
nodes: _Objects | None = None,
metrics: _Lines | None = None,
usage: _Objects | None = None,
csv: _Lines | None = None,
"""

EVENTS = "events: _Events | None = None,\n"


def rows(by: str, *between: str) -> str:
    """Options that choose rows, with those of one measure among them."""
    before = f'by: _By = "{by}",\ntop: int | None = 10,\nthreshold: int | str | None = None,\n'
    after = "namespace: _Names | None = None,\nexclude_namespace: _Names | None = None,\n"
    return before + "".join(f"{option},\n" for option in between) + after


PROFILE = 'profile: Literal["default", "seed", "lain"] = "default"'
VIEW = 'view: Literal["steady", "scheduled"] = "steady"'
# `...` is a default of the core
BASIS = 'basis: _Basis = "working_set",\n'
STATISTIC = 'statistic: str | None = None,\nrank_by: Literal["bytes", "byte-hours", "blame"] = "bytes",\n'
HAZARD = "basis: _Basis | None = None,\neviction_hard: int | str | None = None,\n"
ADVICE = 'profile: Literal["strict", "burst"] = "strict",\n'
NEED = "floor: int | str | None = None,\nratio_cap: float = ...,\nmin_points: int = ...,\nmin_hours: int = ...,\n"

MEASURES = {
    "overcommit": (SOURCES + EVENTS + rows("pod", PROFILE, VIEW), "Overcommit"),
    "waste": (SOURCES + EVENTS + BASIS + STATISTIC + rows("pod", PROFILE), "Waste"),
    "headroom": (SOURCES + "top: int | None = None,\nlose: int = ...,\nleast: float = ...,\n", "Headroom"),
    "risk": (SOURCES + EVENTS + HAZARD + rows("container"), "Risk"),
    "recommend": (SOURCES + EVENTS + ADVICE + BASIS + NEED + rows("workload"), "Recommend"),
}

LINT = f"""\
manifests: _Objects | None = None,
*,
name: str | None = None,
{SOURCES}{EVENTS}profile: Literal["prod", "dev", "lain"] = "prod",
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
"""


def parts(module: ModuleType = oomkit) -> list[type]:
    """Event first, then its parts by name."""
    classes = [value for value in vars(module).values() if hasattr(value, "__match_args__")]
    return sorted(classes, key=lambda part: (part is not oomkit.Event, part.__name__))


def quoted(doc: str) -> str:
    end = "\n" if "\n" in doc else ""
    return f'"""{doc}{end}"""'.replace("\\", "\\\\")


def wrapped(doc: str) -> str:
    return doc if all(len(line) <= 116 for line in doc.split("\n")) else textwrap.fill(doc, 112)


def method(name: str, signature: str, doc: str | None) -> str:
    decorator = "@classmethod\n" if signature.startswith("(cls") else ""
    body = f":\n{textwrap.indent(quoted(doc), '    ')}" if doc else ": ..."
    return f"{decorator}def {name}{signature}{body}\n"


def class_of(native: type, members: list[str], bases: str = "") -> str:
    body = "\n".join([quoted(inspect.getdoc(native) or ""), "", *members])
    return f"@final\nclass {native.__name__}{bases}:\n{textwrap.indent(body, '    ')}"


def base() -> str:
    """What all parts have in common."""
    members = []
    for name, signature in METHODS.items():
        doc = None if name.startswith("__") else inspect.getdoc(getattr(oomkit._Part, name))
        members.append(method(name, signature, doc))
    return "@disjoint_base\n" + class_of(oomkit._Part, members).removeprefix("@final\n")


def part(native: type) -> str:
    args = "".join(f'    "{field}",\n' for field in native.__match_args__)
    members = [f"__match_args__ = (\n{args})\n"]
    for field in native.__match_args__:
        doc = wrapped(inspect.getdoc(vars(native)[field]))
        members.append("@property\n" + method(field, f"(self) -> {native.__annotations__[field]}", doc))
    return class_of(native, members, "(_Part)")


def function(name: str) -> str:
    """Two overloads: companions come only where they are asked for."""
    first, source, result = FUNCTIONS[name]
    overloads = []
    for companions, items in ("Literal[False] = False", "Event"), ("bool", "Event | Companion"):
        options = OPTIONS.format(source=source, companions=companions) + MORE.get(name, "")
        signature = f"(\n    {first},\n    /,\n{options}) -> {result.format(items=items)}"
        overloads.append("@overload\n" + method(name, signature, None if overloads else inspect.getdoc(getattr(oomkit, name))))
    return "\n".join(overloads)


def summary() -> list[str]:
    members = ["@property\n" + method("events", "(self) -> int", inspect.getdoc(vars(oomkit.Summary)["events"]))]
    for name, signature in SUMMARY.items():
        doc = None if name.startswith("__") else inspect.getdoc(getattr(oomkit.Summary, name))
        stub = method(name, signature, doc)
        members.append(stub.removeprefix("@classmethod\n") if name == "__new__" else stub)
    return members


def generated() -> str:
    iterator = [
        method(name, signature, None if name.startswith("__") else inspect.getdoc(getattr(oomkit.EventIterator, name)))
        for name, signature in ITERATOR.items()
    ]
    error = f"class OomkitError(ValueError):\n{textwrap.indent(quoted(inspect.getdoc(oomkit.OomkitError)), '    ')}\n"
    blocks = [HEAD, error, *map(function, FUNCTIONS)]
    blocks.append(method("cgroup", "(path: str | bytes, /) -> Identity | None", inspect.getdoc(oomkit.cgroup)))
    blocks.append(method("parse_quantity", "(text: str, /) -> int", inspect.getdoc(oomkit.parse_quantity)))
    questions = "what_if: str | Iterable[str] | None = None, request: str | None = None"
    blocks.append(method("explain", f"(event: Event, /, *, {questions}) -> Explanation", inspect.getdoc(oomkit.explain)))
    blocks.append(class_of(oomkit.EventIterator, iterator, "(Iterator[_Item])"))
    blocks.append(class_of(oomkit.Summary, summary()))
    blocks.append(method("summarize", "(events: Iterable[Event], /, *, pods: _Objects | None = None, nodes: _Objects | None = None) -> Summary", inspect.getdoc(oomkit.summarize)))
    blocks.append(base())
    blocks += map(part, parts())
    return finished(blocks, oomkit)


def generated_resources() -> str:
    blocks = [RESOURCES]
    for name, (options, result) in MEASURES.items():
        signature = f"(\n    *,\n{textwrap.indent(options, '    ')}) -> {result}"
        blocks.append(method(name, signature, inspect.getdoc(getattr(resources, name))))
    signature = f"(\n{textwrap.indent(LINT, '    ')}) -> LintReport"
    blocks.append(method("lint", signature, inspect.getdoc(resources.lint)))
    blocks.append(method("parse_quantity", "(text: str, /) -> int", inspect.getdoc(oomkit.parse_quantity)))
    blocks += map(part, parts(resources))
    return finished(blocks, resources)


def finished(blocks: list[str], module: ModuleType) -> str:
    exported = "".join(f'    "{name}",\n' for name in module.__all__)
    text = "\n".join([*blocks, f"__all__ = [\n{exported}]\n"])
    return "\n".join(line.rstrip() for line in text.split("\n"))


if __name__ == "__main__":
    for stub, made in (FOLDER / "__init__.pyi", generated()), (FOLDER / "resources.pyi", generated_resources()):
        if sys.argv[1:] == ["--write"]:
            stub.write_text(made, encoding="utf-8")
        elif stub.read_text(encoding="utf-8") != made:
            sys.exit(f"{stub} differs from the module: run `python stubs.py --write`")
