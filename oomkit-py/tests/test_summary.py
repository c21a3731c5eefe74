"""Summaries: the counts are the core's; here is what Python adds."""

import copy
import json
import pickle
import threading

import pytest

import oomkit

KILL = "Mar 30 12:00:0{} web1 kernel: Out of memory: Killed process 4{} ({}) total-vm:9kB, anon-rss:8kB, file-rss:0kB\n"
LOG = "".join(KILL.format(n, n, comm) for n, comm in enumerate(["java", "java", "sh"]))


@pytest.fixture
def events():
    return oomkit.parse(LOG, year=2026)


def rows(summary, by):
    [group] = summary.to_dict(by=[by])["groups"]
    return [(row["key"], row["events"]) for row in group["rows"]]


def test_counts(events):
    summary = oomkit.summarize(events)
    assert summary.events == 3 and repr(summary) == "Summary(events=3)"
    assert rows(summary, "command") == [("java", 2), ("sh", 1)]
    assert rows(summary, "hour") == [("2026-03-30T12:00:00Z", 3)]
    report = summary.to_dict()
    assert report["totals"]["victims"] == 3 and len(report["groups"]) == 10
    assert json.loads(summary.to_json()) == report
    assert summary.to_dict(top=1)["groups"][3]["more_rows"] == 1


def test_merging_in_any_order_is_the_same(events):
    whole = oomkit.summarize(events)
    parts = [oomkit.summarize([event]) for event in events]
    for order in parts, parts[::-1]:
        merged = oomkit.Summary()
        for part in order:
            merged.merge(part)
        assert merged == whole
    assert [part.events for part in parts] == [1, 1, 1]


def test_copies_of_a_dump_are_counted_once_when_asked(events):
    summary = oomkit.summarize(events + oomkit.parse(LOG, year=2026, source="copy"))
    assert summary.to_dict()["loss"]["copies"] == 3
    assert summary.to_dict(dedupe=True)["totals"]["events"] == 3


def test_pickle_copy_and_state(events):
    summary = oomkit.summarize(events)
    for other in pickle.loads(pickle.dumps(summary)), copy.deepcopy(summary), oomkit.Summary.from_state(summary.state()):
        assert other == summary
        other.add(events[0])
        assert other != summary
    with pytest.raises(oomkit.OomkitError, match="not the state of a summary"):
        oomkit.Summary.from_state(b"{}")


def test_threads_may_share_one(events):
    summary = oomkit.Summary()
    threads = [threading.Thread(target=lambda: [summary.add(event) for event in events * 100]) for _ in range(4)]
    for thread in threads:
        thread.start()
    summary.merge(summary)
    for thread in threads:
        thread.join()
    assert summary.events >= 1200


def test_wrong_use(events):
    with pytest.raises(oomkit.OomkitError, match="is not one of pod, container"):
        oomkit.Summary().to_dict(by=["colour"])
    with pytest.raises(TypeError):
        oomkit.summarize([1])
    with pytest.raises(TypeError):
        oomkit.Summary().add("x")
