"""Measures: the numbers are the core's and the command's; here is what Python adds."""

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

CORPUS = Path(__file__).parent.parent.parent / "tests" / "corpus" / "resources"
TRAPS = CORPUS / "traps.prom"
NODES = CORPUS / "nodes.prom"
GI = 2**30


def pod(namespace, name, node, request, limit=None, **status):
    resources = {"requests": {"memory": request}} | ({"limits": {"memory": limit}} if limit else {})
    return {
        "kind": "Pod",
        "metadata": {"namespace": namespace, "name": name, "uid": f"{namespace}-{name}"},
        "spec": {"nodeName": node, "containers": [{"name": "app", "resources": resources}]},
        "status": {"phase": "Running"} | status,
    }


def node(name, memory):
    return {"kind": "Node", "metadata": {"name": name}, "status": {"capacity": {"memory": memory}, "allocatable": {"memory": memory}}}


PODS = [
    pod("shop", "web", "n1", "1Gi", "4Gi"),
    pod("shop", "db", "n2", "2Gi", "3Gi"),
    pod("ops", "free", "n2", "1Gi"),
    pod("ops", "done", "n2", "9Gi", "19Gi", phase="Succeeded"),
]
ALL = {"kind": "List", "items": [*PODS, node("n1", "8Gi"), node("n2", "8Gi")]}
USAGE = {
    "kind": "PodMetricsList",
    "items": [
        {"metadata": {"namespace": "shop", "name": "web"}, "containers": [{"name": "app", "usage": {"memory": "256Mi"}}]},
        {"metadata": {"namespace": "shop", "name": "db"}, "containers": [{"name": "app", "usage": {"memory": "3Gi"}}]},
    ],
}


def test_the_numbers_counted_by_hand():
    over = resources.overcommit(metrics=TRAPS)
    assert (over.totals.overcommit_bytes, over.totals.unbounded_containers, over.totals.limit_bytes) == (3_400_000_000, 1, None)
    assert [(row.namespace, row.pod, row.overcommit_bytes) for row in over.rows] == [("d", "web", 3_400_000_000), ("d", "free", 0)]
    wasted = resources.waste(metrics=str(TRAPS))
    assert (wasted.totals.waste_bytes, wasted.totals.deficit_bytes) == (2_300_000_000, 500_000_000)
    room = resources.headroom(metrics=[TRAPS, NODES])
    assert room.cluster.booked_ratio == pytest.approx(14.5 / 21)
    assert {node.node: node.ceiling_ratio for node in room.nodes} == pytest.approx({"n1": -6.9 / 16, "n2": 1})
    assert room.cluster.n_plus_1.sum_fits
    seed = resources.overcommit(metrics=TRAPS, profile="seed")
    assert [(row.pod, row.overcommit_bytes) for row in seed.rows] == [("web", 6_000_000_000), ("done", 4_000_000_000)]


def test_plain_objects_json_bytes_and_files_say_the_same(tmp_path):
    text = json.dumps(ALL)
    path = tmp_path / "all.json.gz"
    path.write_bytes(gzip.compress(text.encode()))
    expected = resources.overcommit(pods=ALL)
    assert expected.totals.overcommit_bytes == 4 * GI and expected.totals.pods == 3
    lists = ALL["items"][:4], ALL["items"][4:]
    for pods in (text, text.encode(), path, str(path), [path], [ALL], ALL["items"], [text, path], tuple(ALL["items"])):
        assert resources.overcommit(pods=pods) == expected
    assert resources.overcommit(pods=lists[0], nodes=lists[1]) == expected
    metrics = TRAPS.read_text()
    same = [resources.overcommit(metrics=given) for given in (TRAPS, metrics, metrics.encode(), [TRAPS, metrics])]
    assert all(measure == same[0] for measure in same)


def test_rows_are_chosen_as_on_the_command_line():
    def pods(**options):
        return [row.pod for row in resources.overcommit(pods=ALL, **options).rows]

    assert pods() == ["web", "db", "free"]
    assert pods(top=1) == ["web"]
    assert pods(threshold="3.2G") == ["web"] and pods(threshold=3 * GI + 1) == []
    assert pods(namespace="ops") == ["free"] == pods(exclude_namespace=["shop"])
    assert [row.node for row in resources.overcommit(pods=ALL, by="node").rows] == ["n1", "n2"]
    wasted = resources.waste(pods=ALL, usage=USAGE, statistic="p95", by="namespace")
    [shop] = wasted.rows
    assert (shop.namespace, shop.waste_bytes, shop.deficit_bytes, shop.basis) == ("shop", 768 * 2**20, GI, "working_set")
    room = resources.headroom(pods=ALL, top=1)
    assert [(row.node, row.booked_ratio) for row in room.nodes] == [("n2", 5 / 8)]
    assert room.cluster.largest_pod_bytes == 7 * GI


def command(*arguments):
    binary = os.environ.get("OOMKIT_BIN")
    if not binary:
        pytest.skip("OOMKIT_BIN does not name the binary")
    run = subprocess.run([binary, *map(str, arguments), "-f", "json"], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_the_command_prints_the_same(tmp_path):
    pods, usage = tmp_path / "all.json", tmp_path / "usage.json"
    pods.write_text(json.dumps(ALL))
    usage.write_text(json.dumps(USAGE))
    for by in ["container", "pod", "workload", "namespace", "node"]:
        assert resources.overcommit(pods=pods, by=by).to_dict() == command("overcommit", "--pods", pods, "--by", by)
        options = "--pods", pods, "--usage", usage, "--by", by, "--top", 2, "--statistic", "latest"
        measured = resources.waste(pods=pods, usage=usage, by=by, top=2, statistic="latest")
        assert measured.to_dict() == command("waste", *options)
    scheduled = resources.overcommit(metrics=TRAPS, view="scheduled")
    assert scheduled.to_dict() == command("overcommit", "--metrics", TRAPS, "--view", "scheduled")
    assert resources.waste(metrics=TRAPS, profile="seed").to_dict() == command("waste", "--metrics", TRAPS, "--profile", "seed")
    assert resources.headroom(pods=pods, usage=usage).to_dict() == command("headroom", "--pods", pods, "--usage", usage)
    events = tmp_path / "kills.jsonl"
    kills = oomkit.parse(NODE_KILL)
    events.write_text("".join(kill.to_json() + "\n" for kill in kills))
    both = "--pods", pods, "--usage", usage, "--events", events
    for given in (kills, events, events.read_bytes(), [kill.to_dict() for kill in kills], kills[0]):
        assert resources.risk(pods=pods, usage=usage, events=given).to_dict() == command("risk", *both)
    advice = resources.recommend(pods=pods, usage=usage, events=kills, profile="burst", min_points=1, min_hours=0, floor="32Mi")
    options = "--profile", "burst", "--min-points", 1, "--min-hours", 0, "--floor", "32Mi"
    assert advice.to_dict() == command("recommend", *both, *options)
    band = resources.waste(pods=pods, usage=usage, profile="lain", by="container", rank_by="byte-hours")
    options = "--profile", "lain", "--by", "container", "--rank-by", "byte-hours"
    assert band.to_dict() == command("waste", "--pods", pods, "--usage", usage, *options)


def measures():
    everything = {"pods": ALL, "usage": USAGE, "events": oomkit.parse(NODE_KILL)}
    return [
        resources.overcommit(**everything, by="node"),
        resources.overcommit(pods=ALL, usage=USAGE, by="container", profile="lain"),
        resources.waste(**everything),
        resources.headroom(pods=ALL, lose=2),
        resources.risk(**everything),
        resources.recommend(**everything),
    ]


UID = "282bb4b9-acc8-4c6a-4bf0-7428e6f2162e"
LOG = (
    "2024-03-30T11:00:01+00:00 n1 kernel: oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,"
    f"global_oom,task_memcg=/kubepods/burstable/pod{UID}/95c60e745329b8086265b465c26af09a83399e9985e08c61d850bc027caa4d7c,"
    "task=java,pid=42,uid=0\n"
    "2024-03-30T11:00:01+00:00 n1 kernel: Out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB\n"
)
NODE_KILL = LOG


def parts_of(value):
    if isinstance(value, tuple):
        for item in value:
            yield from parts_of(item)
    elif type(value).__module__ == "oomkit.resources":
        yield value
        for field in value.__match_args__:
            yield from parts_of(getattr(value, field))


def test_measures_are_values():
    for measure in measures():
        for part in parts_of(measure):
            same = type(part).from_json(part.to_json())
            assert same == part and hash(same) == hash(part)
            assert pickle.loads(pickle.dumps(part)) == part
            assert copy.deepcopy(part) is part
            assert repr(part).startswith(f"<{type(part).__name__}")
            with pytest.raises(AttributeError):
                part.node = "x"
    assert len({type(part).__name__ for measure in measures() for part in parts_of(measure)}) >= 20


def test_every_field_of_the_json_is_an_attribute():
    for part in (part for measure in measures() for part in parts_of(measure)):
        assert set(part.to_dict()) <= set(part.__match_args__), type(part).__name__


def test_errors_name_file_line_and_field(tmp_path):
    wrong = json.dumps(ALL, indent=1).replace('"4Gi"', '"4gb"')
    path = tmp_path / "wrong.json"
    path.write_text(wrong)
    line = next(number for number, text in enumerate(wrong.splitlines(), 1) if "4gb" in text)
    field = "items[0].spec.containers[0].resources.limits.memory"
    for given, name in (path, str(path)), (wrong, "pods"), ([ALL, wrong.encode()], "pods[1]"):
        with pytest.raises(oomkit.OomkitError) as raised:
            resources.overcommit(pods=given)
        assert str(raised.value).startswith(f"{name}:{line}:") and f"{field}: " in str(raised.value)
    with pytest.raises(oomkit.OomkitError, match="^metrics:2:"):
        resources.overcommit(metrics="a 1\nb{ 1\n")
    with pytest.raises(FileNotFoundError):
        resources.overcommit(pods="no-such.json")
    with pytest.raises(TypeError, match="^pods is a path, JSON"):
        resources.overcommit(pods=7)
    with pytest.raises(TypeError, match=r"^metrics\[1\] is a path or text"):
        resources.overcommit(metrics=[TRAPS, {}])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: resources.overcommit(), "nothing to measure: give pods"),
        (lambda: resources.overcommit(pods=ALL, by="pods"), "is not one of container, pod"),
        (lambda: resources.overcommit(pods=ALL, view="all"), "is not steady or scheduled"),
        (lambda: resources.overcommit(pods=ALL, threshold="2.9GB"), "threshold: .*write G"),
        (lambda: resources.overcommit(pods=ALL, profile="seed"), "give metrics"),
        (lambda: resources.overcommit(metrics=TRAPS, profile="seed", by="node"), "by their names only"),
        (lambda: resources.overcommit(pods=ALL, profile="sed"), "is not one of default, seed, lain"),
        (lambda: resources.waste(pods=ALL), "nothing says what is used"),
        (lambda: resources.waste(pods=ALL, usage=USAGE, statistic="p101"), "a percentile such as p95"),
        (lambda: resources.waste(pods=ALL, usage=USAGE, basis="ws"), "is not one of working_set"),
        (lambda: resources.headroom(pods=PODS), "there are no nodes"),
        (lambda: resources.headroom(pods=ALL, least=30), "a share from 0 to 1"),
        (lambda: resources.waste(pods=ALL, usage=USAGE, rank_by="blame"), "give events"),
        (lambda: resources.recommend(pods=ALL), "nothing says what is used"),
        (lambda: resources.recommend(pods=ALL, usage=USAGE, profile="loose"), "is not strict or burst"),
        (lambda: resources.risk(pods=ALL, eviction_hard="100MB"), "eviction_hard: "),
    ],
)
def test_what_cannot_be_used_is_told_with_the_remedy(call, said):
    with pytest.raises(oomkit.OomkitError, match=said):
        call()


def test_others_run_while_files_are_read(tmp_path):
    fifo = tmp_path / "pods.json"
    os.mkfifo(fifo)
    # the reader waits for the writer, which needs the lock
    writer = threading.Thread(target=lambda: fifo.write_text(json.dumps(ALL)))
    writer.start()
    assert resources.overcommit(pods=fifo).totals.pods == 3
    writer.join()


def test_events_are_joined_to_pods_and_nodes(tmp_path):
    pods = pod("shop", "web", "n1", "1Gi", "4Gi")
    pods["metadata"]["uid"] = UID
    path = tmp_path / "log"
    path.write_text(LOG)
    options = {"pods": pods, "nodes": [node("n1", "32Gi")]}
    [alone] = oomkit.parse(LOG)
    assert alone.cluster is None
    joined = oomkit.parse(LOG, **options) + oomkit.parse_file(path, **options) + list(oomkit.iter_events(path, **options))
    joined += list(oomkit.iter_events([LOG.encode()], **options))
    assert len(joined) == 4
    for event in joined:
        cluster = event.cluster
        assert (cluster.namespace, cluster.pod, cluster.limit_bytes, cluster.node) == ("shop", "web", 4 * GI, "n1")
        assert cluster.node_capacity_bytes == 32 * GI
    by = ["namespace", "workload", "visibility"]
    for summary in oomkit.summarize(joined[:1]), oomkit.summarize([alone], **options):
        assert [group["rows"][0]["key"] for group in summary.to_dict(by=by)["groups"]][:2] == ["shop", "shop/Pod/web"]
    with pytest.raises(oomkit.OomkitError, match="^pods:1:1: expected JSON|^pods: "):
        oomkit.parse(LOG, pods=b"NAME READY")
