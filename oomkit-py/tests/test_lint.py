"""Lint: places were counted by hand and the JSON is the command's; here is what Python adds."""

import copy
import gzip
import json
import os
import pickle
import subprocess
import threading
from pathlib import Path

import pytest

import oomkit
from oomkit import resources

CORPUS = Path(__file__).parent.parent.parent / "tests" / "corpus" / "manifests"
MANIFESTS = sorted(path for path in CORPUS.iterdir() if path.name[0].isdigit())

# the limit stands in line 8, columns 24 to 28
RATIO = """\
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: c
    resources:
      requests: {memory: 100Mi}
      limits: {memory: 300Mi}
"""
BROKEN = "kind: Pod\nspec:\n  containers: 5\n"
NOT_A_LIST = "3:15: spec.containers: expected a list of containers, found a single value"


def manifest(request="100Mi", limit="300Mi", **metadata):
    memory = {"requests": {"memory": request}, "limits": {"memory": limit}}
    spec = {"containers": [{"name": "c", "resources": memory}]}
    return {"kind": "Pod", "metadata": {"name": "a"} | metadata, "spec": spec}


def places(report):
    return [(found.id, found.line, found.column) for found in report.findings]


def ids(*arguments, **options):
    return [found.id for found in resources.lint(*arguments, **options).findings]


def test_twenty_manifests_have_the_findings_counted_by_hand():
    expected = [line for line in (CORPUS / "expected.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(MANIFESTS) == 20
    found = []
    for path in MANIFESTS:
        # each by itself: those of one namespace would change each other
        for given, name in (path, str(path)), (path.read_bytes(), path.name):
            report = resources.lint(given, name=path.name)
            assert {finding.file for finding in report.findings} <= {name}
        found += [
            f"{path.name} {finding.line}:{finding.column} {finding.id} {finding.container or '-'}"
            for finding in report.findings
        ]
    assert sorted(found) == sorted(expected)


def test_a_finding_has_what_the_contract_says():
    report = resources.lint(RATIO, name="a.yaml")
    [found] = report.findings
    assert (found.id, found.severity, found.file, found.line, found.column) == ("OM005", "warn", "a.yaml", 8, 24)
    assert (found.end_line, found.end_column) == (8, 29)
    assert (found.kind, found.namespace, found.name, found.container) == ("Pod", None, "a", "c")
    assert found.field == "limits.memory" and "300Mi" in found.message
    assert (report.checked.objects, report.checked.containers, report.checked.files) == (1, 1, 1)
    contract = {"id", "severity", "file", "line", "column", "kind", "namespace", "name", "container", "message"}
    assert contract <= set(found.to_dict()) and report.to_dict()["findings"] == [found.to_dict()]
    assert report.to_dict()["checked"] == {"objects": 1, "containers": 1, "files": 1}


def test_text_bytes_files_directories_and_objects_are_manifests(tmp_path):
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "a.yaml"
    path.write_text(RATIO)
    packed = tmp_path / "b.yaml.gz"
    packed.write_bytes(gzip.compress(RATIO.encode()))
    (tmp_path / "deep" / "notes.txt").write_text(RATIO)
    os.link(path, tmp_path / "deep" / "z.yml")
    expected = [("OM005", 8, 24)]
    for given in RATIO, RATIO.encode(), path, str(path), packed, tmp_path, str(tmp_path), [RATIO], (path,):
        assert places(resources.lint(given)) == expected, given
    assert [found.file for found in resources.lint(tmp_path).findings] == [str(path)]
    pod = manifest()
    text = json.dumps(pod, indent=2)
    [line] = [number for number, line in enumerate(text.splitlines(), 1) if '"300Mi"' in line]
    for given in pod, text, {"kind": "List", "items": [pod]}:
        assert ids(given) == ["OM005"], given
    assert places(resources.lint(pod)) == [("OM005", line, text.splitlines()[line - 1].index('"300Mi"') + 1)]
    several = resources.lint([pod, RATIO, path, pod])
    assert [found.file for found in several.findings] == ["manifests[0]", "manifests[1]", str(path), "manifests[3]"]
    assert [found.file for found in resources.lint([pod, RATIO], name="m").findings] == ["m[0]", "m[1]"]
    assert [found.file for found in resources.lint(pods=pod).findings] == ["pods"]
    assert resources.lint("").checked.objects == 0 == resources.lint({"kind": "ConfigMap"}).checked.objects


def test_objects_of_all_sources_are_checked_together():
    limits = {"kind": "LimitRange", "metadata": {"name": "r"}, "spec": {"limits": [{"type": "Container", "max": {"memory": "200Mi"}}]}}
    assert ids(manifest("100Mi", "250Mi")) == []
    assert ids([limits, manifest("100Mi", "250Mi")]) == ["OM040"]


def test_rules_profiles_and_thresholds_are_chosen():
    assert resources.lint(RATIO, profile="dev").findings[0].severity == "note"
    assert ids(RATIO, select="OM004") == ids(RATIO, ignore=["om005"]) == ids(RATIO, select="OM00", ignore="OM001, OM005") == []
    assert ids(RATIO, select=["OM00"]) == ids(RATIO, select="OM004,OM005") == ["OM005"]
    assert ids(RATIO, max_ratio=3) == []
    same = manifest("64Mi", "64Mi")
    assert ids(same) == []
    assert ids(same, min_memory="65Mi") == ["OM006"] * 2
    assert ids(same, max_memory=2**26 - 1) == ids(same, node_memory="63Mi") == ["OM011"] * 2
    assert ids(same, max_memory=2**26, node_memory="64Mi") == []
    widget = {"kind": "Widget", "metadata": {"name": "w"}, "spec": {"template": manifest()}}
    assert ids(widget) == [] and ids(widget, pod_templates={"Widget": "spec.template"}) == ["OM005"]


def test_what_was_used_and_killed_is_compared():
    kill = (
        "2024-03-30T11:00:01+00:00 n1 kernel: oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,"
        "global_oom,task_memcg=/kubepods/burstable/pod282bb4b9-acc8-4c6a-4bf0-7428e6f2162e/"
        "95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c,task=java,pid=42,uid=0\n"
        "2024-03-30T11:00:01+00:00 n1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB\n"
    )
    pod = manifest("1Gi", "1Gi", namespace="shop", uid="282bb4b9-acc8-4c6a-4bf0-7428e6f2162e")
    pod["spec"]["nodeName"] = "n1"
    used = {"timestamp": "2024-03-30T11:00:00Z", "window": "30s", "containers": [{"name": "c", "usage": {"memory": "2Gi"}}]}
    usage = {"kind": "PodMetricsList", "items": [{"metadata": {"namespace": "shop", "name": "a"}} | used]}
    assert ids(pod) == []
    # one point in time is no history
    assert ids(pod, pods=pod, usage=usage) == ["OM023"]
    events = oomkit.parse(kill)
    for given in events, [event.to_dict() for event in events], events[0].to_json():
        assert set(ids(pod, pods=pod, usage=usage, events=given)) == {"OM023", "OM032"}


def command(*arguments):
    binary = os.environ.get("OOMKIT_BIN")
    if not binary:
        pytest.skip("OOMKIT_BIN does not name the binary")
    line = [binary, "lint", "--fail-on", "never", "-f", "json", *map(str, arguments)]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    assert run.stdout, run.stderr
    return json.loads(run.stdout)


def test_the_command_prints_the_same(tmp_path):
    for path in MANIFESTS:
        assert resources.lint(path).to_dict() == command(path), path.name
    everything = resources.lint(CORPUS)
    assert everything.to_dict() == command(CORPUS) and everything.checked.files == 20
    assert everything.ignored and len({found.id for found in everything.findings}) > 15
    for profile in "dev", "lain":
        assert resources.lint(CORPUS, profile=profile).to_dict() == command("--profile", profile, CORPUS)
    chosen = resources.lint(CORPUS, select=["OM00", "OM011"], ignore="OM001", max_ratio=1.5, node_memory="2Gi", min_memory="8Mi")
    options = "--select", "OM00,OM011", "--ignore", "OM001", "--max-ratio", 1.5, "--node-memory", "2Gi", "--min-memory", "8Mi"
    assert chosen.to_dict() == command(*options, CORPUS)
    broken = tmp_path / "broken.yaml"
    broken.write_text(BROKEN + "---\n" + RATIO)
    report = resources.lint(broken, strict=False)
    assert report.to_dict() == command(broken) and places(report) == [("OM005", 12, 24)]
    pods, usage = tmp_path / "pods.json", tmp_path / "usage.json"
    pods.write_text(json.dumps(manifest(namespace="shop")))
    usage.write_text(json.dumps({"kind": "PodMetricsList", "items": [{"metadata": {"namespace": "shop", "name": "a"}, "containers": [{"name": "c", "usage": {"memory": "1Gi"}}]}]}))
    measured = resources.lint(pods=pods, usage=usage)
    assert measured.to_dict() == command("--pods", pods, "--usage", usage)
    assert "OM023" in {found.id for found in measured.findings}


def test_a_baseline_is_a_report_or_what_the_command_wrote(tmp_path):
    before = resources.lint(RATIO)
    moved = "# moved\n\n" + RATIO
    after = resources.lint(moved, baseline=before)
    assert after.findings == () and after.notes == ()
    [known] = after.ignored
    assert (known.id, known.line, known.by, known.reason) == ("OM005", 10, "baseline", None)
    assert ids(RATIO.replace("name: c", "name: other"), baseline=before) == ["OM005"]
    gone = resources.lint(RATIO, ignore="OM005", baseline=before)
    assert gone.notes == ("1 finding of the baseline are gone: write it anew",)
    path, written = tmp_path / "a.yaml", tmp_path / "known.json"
    path.write_text(moved)
    command("--write-baseline", written, path)
    for baseline in written, written.read_text(), json.loads(written.read_text()):
        assert resources.lint(path, baseline=baseline).to_dict() == command("--baseline", written, path)
    with pytest.raises(oomkit.OomkitError, match=r"^baseline:1:\d+: expected a baseline"):
        resources.lint(RATIO, baseline="{}")


def test_an_ignore_is_told_with_its_reason():
    report = resources.lint(RATIO.replace("{name: a}", '{name: a, annotations: {oomkit.io/ignore: "OM005=agreed, by X"}}'))
    [ignored] = report.ignored
    assert report.findings == () and (ignored.id, ignored.by, ignored.reason) == ("OM005", "annotation", "agreed, by X")


def test_reports_are_values():
    broken = resources.lint([BROKEN, RATIO, *MANIFESTS], strict=False)
    report = resources.lint(CORPUS)
    for part in broken, report, *broken.errors, *report.findings, *report.ignored, report.checked:
        same = type(part).from_json(part.to_json())
        assert same == part and hash(same) == hash(part)
        assert pickle.loads(pickle.dumps(part)) == part
        assert copy.deepcopy(part) is part
        assert repr(part).startswith(f"<{type(part).__name__}")
        assert set(part.to_dict()) == set(part.__match_args__)
        with pytest.raises(AttributeError):
            part.line = 1
    assert report.findings[0] is report.findings[0]


def test_errors_name_file_line_column_and_field(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    for given, name in (path, path), (BROKEN, "manifests"), ([RATIO, BROKEN], "manifests[1]"), (tmp_path, path):
        with pytest.raises(oomkit.OomkitError) as raised:
            resources.lint(given)
        assert str(raised.value) == f"{name}:{NOT_A_LIST}"
    with pytest.raises(oomkit.OomkitError, match=r"^x:3:15: .* \(and 1 more; strict=False tells all\)$"):
        resources.lint(BROKEN + "---\n" + BROKEN, name="x")
    report = resources.lint([path, RATIO], strict=False)
    assert places(report) == [("OM005", 8, 24)]
    [problem] = report.errors
    assert (problem.file, problem.line, problem.column, problem.field) == (str(path), 3, 15, "spec.containers")
    with pytest.raises(oomkit.OomkitError, match="^pods:1:1: expected JSON|^pods: "):
        resources.lint(RATIO, pods=b"NAME READY")
    with pytest.raises(FileNotFoundError):
        resources.lint("no-such.yaml")
    with pytest.raises(TypeError, match=r"^manifests\[1\] is a path, YAML or JSON"):
        resources.lint([RATIO, 7])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "nothing to check: give manifests"),
        ({"manifests": []}, "nothing to check"),
        ({"manifests": RATIO, "profile": "strict"}, "is not one of prod, dev, lain"),
        ({"manifests": RATIO, "select": "OM999"}, 'select: there is no rule "OM999"'),
        ({"manifests": RATIO, "ignore": ["OM005", ""]}, 'ignore: there is no rule ""'),
        ({"manifests": RATIO, "max_ratio": -1}, "max_ratio: expected a number that is not negative"),
        ({"manifests": RATIO, "headroom": float("nan")}, "headroom: expected a number"),
        ({"manifests": RATIO, "min_memory": "4MB"}, "min_memory: "),
    ],
)
def test_what_cannot_be_used_is_told_with_the_remedy(options, said):
    with pytest.raises(oomkit.OomkitError, match=said):
        resources.lint(**options)


def test_others_run_while_files_are_read(tmp_path):
    fifo = tmp_path / "a.yaml"
    os.mkfifo(fifo)
    # the reader waits for the writer, which needs the lock
    writer = threading.Thread(target=lambda: fifo.write_text(RATIO))
    writer.start()
    assert ids(fifo) == ["OM005"]
    writer.join()
