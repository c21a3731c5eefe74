"""The stubs say what the module has."""

import ast
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import oomkit

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "python" / "oomkit"
STUB = FOLDER / "__init__.pyi"
MODULES = [(oomkit, STUB), (oomkit.resources, FOLDER / "resources.pyi")]


def members(names: dict[str, ast.stmt], kind: str) -> dict[str, ast.stmt]:
    """Those of a class of a stub, and of the one it derives from."""
    bases = {"_Part": declared(ast.parse(STUB.read_text(encoding="utf-8")).body)["_Part"]}
    inherited = [declared(bases[base.id].body) for base in names[kind].bases]
    return {name: node for methods in [*inherited, declared(names[kind].body)] for name, node in methods.items()}


def declared(body) -> dict[str, ast.stmt]:
    return {node.name: node for node in body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}


def test_the_stubs_are_those_the_classes_would_give():
    run = subprocess.run([sys.executable, ROOT / "stubs.py"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(("module", "stub"), MODULES)
def test_every_public_name_is_declared_and_exported(module, stub):
    names = declared(ast.parse(stub.read_text(encoding="utf-8")).body)
    public = {name for name in names if not name.startswith("_")}
    others = {"__version__", "resources"} if module is oomkit else set()
    assert public | others == set(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize(("module", "stub"), MODULES)
def test_every_attribute_is_declared_with_its_type(module, stub):
    names = declared(ast.parse(stub.read_text(encoding="utf-8")).body)
    for kind in vars(module).values():
        if not hasattr(kind, "__match_args__"):
            continue
        methods = members(names, kind.__name__)
        properties = {
            name: ast.unparse(node.returns)
            for name, node in methods.items()
            if [ast.unparse(decorator) for decorator in node.decorator_list] == ["property"]
        }
        assert properties == kind.__annotations__
        attributes = {name for name in dir(kind) if not name.startswith("_")}
        assert attributes == {name for name in methods if not name.startswith("_")}


def mypy(cache, *arguments):
    if find_spec("mypy") is None:
        pytest.skip("mypy is not installed: pip install -r oomkit-py/tests/requirements.txt")
    command = [sys.executable, "-m", *arguments]
    environment = os.environ | {"MYPY_CACHE_DIR": str(cache)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stdout + run.stderr


def test_stubtest_finds_no_difference(tmp_path):
    mypy(tmp_path, "mypy.stubtest", "oomkit")


def test_typical_use_passes_strict_type_checking(tmp_path):
    (tmp_path / "use.py").write_text(USE, encoding="utf-8")
    mypy(tmp_path / "cache", "mypy", "--strict", str(tmp_path / "use.py"))


USE = """
import datetime
import io
import mmap
from pathlib import Path
import oomkit

events: list[oomkit.Event] = oomkit.parse(b"") + oomkit.parse("") + oomkit.parse(bytearray()) + oomkit.parse(mmap.mmap(-1, 1))
events += oomkit.parse_file(Path("x"), year=2024, timezone="UTC", include_user=True)
for source in oomkit.iter_events("x"), oomkit.iter_events(io.BytesIO()), oomkit.iter_events([b"", bytearray()]):
    with source as found:
        events.extend(found)
both: list[oomkit.Event | oomkit.Companion] = oomkit.parse(b"", companions=True, dedupe=True, reference_time=datetime.datetime.now(datetime.UTC))
for item in oomkit.iter_events("x", companions=True):
    if isinstance(item, oomkit.Companion):
        actor: str = item.actor
    else:
        events.append(item)
pods: dict[str, object] = {"kind": "Pod"}
over: oomkit.resources.Overcommit = oomkit.resources.overcommit(pods=[pods, Path("x")], by="workload", threshold="2.9G")
worst: list[tuple[str | None, int]] = [(row.pod, row.overcommit_bytes) for row in over.rows]
wasted: int = oomkit.resources.waste(pods="pods.json", usage=[b"{}", "top.json"], statistic="p95", top=None).totals.waste_bytes
room: oomkit.resources.Headroom = oomkit.resources.headroom(pods=Path("all.json"))
share: float | None = room.cluster.used_ratio
lost: str | None = room.cluster.n_plus_1.lost_node if room.cluster.n_plus_1 else None
events += oomkit.parse(b"", pods=pods, nodes="nodes.json")
oomkit.summarize(events, pods=pods)
hazard: float | None = oomkit.resources.risk(pods=pods, events=events, basis="rss").rows[0].peak_ratio
advice: oomkit.resources.Recommend = oomkit.resources.recommend(csv="table.csv", events="kills.jsonl", floor="32Mi")
report: oomkit.resources.LintReport = oomkit.resources.lint(["deploy/", pods, b"kind: Pod"], select=["OM00"], min_memory="8Mi", events=events)
wrong: list[tuple[str, int, str | None]] = [(finding.id, finding.line, finding.container) for finding in report.findings]
oomkit.resources.lint(Path("a.yaml"), baseline=report, pod_templates={"Widget": "spec.template"}, strict=False).ignored[0].reason
oomkit.resources.lint(profile="strict")  # type: ignore[arg-type]
oomkit.resources.overcommit(by="pods")  # type: ignore[arg-type]
for event in events:
    wall: datetime.datetime | None = event.time.wall
    total: int = sum(task.rss_bytes or 0 for task in event.tasks)
    if event.memcg and event.memcg.memory:
        usage: int = event.memcg.memory.usage_bytes
    match event:
        case oomkit.Event(victims=(oomkit.Victim(pid, comm), *_)):
            reveal: int = pid
            name: str | None = comm
    event.host = "x"  # type: ignore[misc]
"""
