"""explain(): the story of an event, its evidence, and the questions."""

import copy
import json
import pickle
import typing

import pytest

import oomkit
from conftest import parts_of
from test_corpus import CORPUS
from test_event import assert_same, assert_type

FULL = {
    "event_id": "01",
    "sentences": [
        {
            "topic": "limit",
            "text": "The limit was 25.0 MiB.",
            "fields": ["memcg.memory.limit_bytes"],
            "numbers": [{"text": "25.0 MiB", "value": 26214400, "unit": "bytes", "formula": "memcg.memory.limit_bytes"}],
        }
    ],
    "shortages": ["memory_limit"],
    "verdict": {"kind": "unknown", "confidence": "possible", "evidence": [{"fact": "because", "line": 1}]},
    "holders": {
        "processes": 1,
        "rss_bytes": 4096,
        "by_command": [
            {
                "comm": "a\ufffd",
                "processes": 1,
                "rss_bytes": 4096,
                "comm_raw": "61ff",
                "swap_bytes": 1,
                "page_tables_bytes": 2,
            }
        ],
        "by_user": [{"uid": 1, "processes": 1, "rss_bytes": 4096, "swap_bytes": 1}],
        "swap_bytes": 1,
        "page_tables_bytes": 2,
    },
    "uses": {
        "total_bytes": 9,
        "parts": [{"kind": "anonymous", "size_bytes": 8, "in_tasks": True}],
        "unaccounted_bytes": 1,
    },
    "choice": {
        "agreement": "follows",
        "candidates": [
            {"row": 1, "pid": 2, "comm": "a\ufffd", "points": 3, "oom_score_adj": 4, "victim": True, "comm_raw": "61ff"}
        ],
        "total_pages": 5,
        "total_pages_most": 6,
        "reason": "so",
        "next": {"row": 1, "pid": 2, "comm": "b", "points": 3, "oom_score_adj": 4, "victim": False},
    },
    "what_if": [
        {
            "question": "a:adj=1",
            "rows": 1,
            "victim": {"row": 1, "pid": 2, "comm": "b", "points": 3, "oom_score_adj": 4, "victim": True},
            "changed": True,
        }
    ],
    "requests": [
        {
            "oom_score_adj": 998,
            "field": "trigger.oom_score_adj",
            "node_bytes": 1,
            "request_at_least_bytes": 2,
            "request_below_bytes": 3,
            "given_request_bytes": 4,
            "node_above_bytes": 5,
            "node_at_most_bytes": 6,
        }
    ],
}


@pytest.fixture(scope="module")
def seed() -> oomkit.Event:
    (event,) = oomkit.parse_file(CORPUS / "seed/messages.log")
    return event


@pytest.fixture(scope="module")
def kill() -> oomkit.Event:
    return oomkit.parse_file(CORPUS / "qemu/6.1.0-47-transport/rs-iso.log.gz")[0]


def test_attributes_say_what_the_json_says(kill):
    full = oomkit.Explanation.from_json(json.dumps(FULL))
    assert full.to_dict() == FULL
    assert_same(full, FULL)
    told = oomkit.explain(kill, what_if="gunicorn:adj=5")
    assert_same(told, told.to_dict())
    for part in [*parts_of(full), *parts_of(told)]:
        for field, hint in typing.get_type_hints(type(part)).items():
            assert_type(getattr(part, field), hint, f"{type(part).__name__}.{field}")


def test_explanations_are_values(kill):
    told = oomkit.explain(kill)
    assert told == oomkit.explain(kill) and hash(told) == hash(oomkit.explain(kill))
    assert pickle.loads(pickle.dumps(told)) == told
    assert copy.deepcopy(told) is told
    with pytest.raises(AttributeError):
        told.event_id = "x"


def test_the_seeds_request_tells_the_nodes_memory(seed):
    (request,) = oomkit.explain(seed, request="80Mi").requests
    assert (request.oom_score_adj, request.node_above_bytes, request.node_at_most_bytes) == (998, 27962026666, 41943040000)
    (sentence,) = [s for s in oomkit.explain(seed, request="80Mi").sentences if s.topic == "request"]
    assert "between 26.0 GiB and 39.1 GiB" in sentence.text
    assert sentence.fields == ("trigger.oom_score_adj",)


def test_the_kernels_choice_is_found_again(kill):
    choice = oomkit.explain(kill).choice
    assert choice.agreement == "follows"
    assert choice.candidates[0].pid == kill.victims[0].pid and choice.candidates[0].victim
    task = next(task for task in kill.tasks if task.pid == choice.candidates[0].pid)
    pages = (task.rss_bytes + task.swap_bytes + task.page_tables_bytes) // kill.page_size_bytes
    total = kill.memcg.memory.limit_bytes // kill.page_size_bytes
    assert choice.candidates[0].points == pages + task.oom_score_adj * (total // 1000)
    assert choice.total_pages == total


def test_questions_one_or_several(kill):
    one = oomkit.explain(kill, what_if=f"pid={kill.victims[0].pid}:adj=-1000").what_if
    assert [answer.changed for answer in one] == [True]
    assert one[0].victim.pid != kill.victims[0].pid
    many = oomkit.explain(kill, what_if=iter(["gunicorn:adj=-1000", "nobody:adj=0"])).what_if
    assert [(answer.rows, answer.changed) for answer in many] == [(1, False), (0, None)]


@pytest.mark.parametrize("wrong", [{"what_if": "java"}, {"what_if": ["java:adj=x"]}, {"request": "80MB"}, {"request": "0"}])
def test_what_cannot_be_read_is_refused(kill, wrong):
    with pytest.raises(oomkit.OomkitError, match="is not"):
        oomkit.explain(kill, **wrong)


def test_other_types_are_type_errors(kill):
    with pytest.raises(TypeError):
        oomkit.explain("event")
    with pytest.raises(TypeError):
        oomkit.explain(kill, what_if=[1])
