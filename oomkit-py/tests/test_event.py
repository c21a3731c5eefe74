"""Event and its parts: the same as the JSON, and immutable."""

import copy
import datetime
import json
import pickle
import typing

import pytest

import oomkit
from conftest import full_dict, parts_of

MINIMAL = {
    "schema_version": 1,
    "id": "00",
    "time": {"assumed": []},
    "source": {
        "name": "-",
        "first_line": 1,
        "last_line": 1,
        "first_byte": 0,
        "last_byte": 9,
        "transport": "bare",
        "origin": "unknown",
    },
    "constraint": "unknown",
    "outcome": "unknown",
    "scope": "unknown",
    "victims": [],
    "verdict": {"kind": "unknown", "confidence": "possible", "evidence": []},
    "completeness": "fragment",
    "diagnostics": [],
}


def event(**changes) -> oomkit.Event:
    return oomkit.Event.from_json(json.dumps(MINIMAL | changes))


def classes() -> set[type]:
    """Event and its parts: what an annotation of one of them names."""
    found, new = set(), {oomkit.Event}
    while new:
        found |= new
        hints = [hint for kind in new for hint in typing.get_type_hints(kind).values()]
        named = {arg for hint in hints for arg in (hint, *typing.get_args(hint))}
        new = {kind for kind in named if hasattr(kind, "__match_args__")} - found
    return found


def assert_same(value, written, path="event"):
    """Attributes against to_dict(), all the way down, in both directions."""
    if hasattr(value, "__match_args__"):
        fields = set(value.__match_args__)
        assert set(written) <= fields, f"{path}: JSON has {set(written) - fields}"
        for field in fields:
            assert_same(getattr(value, field), written.get(field), f"{path}.{field}")
    elif isinstance(value, tuple):
        written = written or []
        assert len(value) == len(written), path
        for index, (item, expected) in enumerate(zip(value, written, strict=True)):
            assert_same(item, expected, f"{path}[{index}]")
    elif isinstance(value, datetime.datetime):
        assert value.tzinfo is not None, path
        assert value == datetime.datetime.fromisoformat(written), path
    elif isinstance(value, dict):
        assert value == (written or {}), path
    else:
        assert (type(value), value) == (type(written), written), path


def test_attributes_say_what_the_json_says(full):
    assert_same(full, full.to_dict())
    assert_same(event(), event().to_dict())


def test_the_full_event_has_a_value_in_every_field_of_every_class(full):
    seen = {}
    for part in parts_of(full):
        known = seen.setdefault(type(part), set())
        known |= {field for field in part.__match_args__ if getattr(part, field) not in (None, (), {})}
    assert seen.keys() == classes()
    empty = {f"{kind.__name__}.{field}" for kind in seen for field in set(kind.__match_args__) - seen[kind]}
    assert empty == set()


def test_nothing_is_lost_between_json_and_json(full):
    assert full.to_dict() == full_dict()
    assert json.loads(full.to_json()) == full_dict()
    assert event().to_dict() == MINIMAL
    assert oomkit.Event.from_json(full.to_json()).to_json() == full.to_json()
    assert oomkit.Event.from_json(full.to_json().encode()) == full
    assert "\n" not in full.to_json()


def test_fields_of_a_newer_version_are_passed_over():
    assert event(colour="red") == event()


def test_values_have_the_annotated_types(full):
    for part in parts_of(full):
        hints = typing.get_type_hints(type(part))
        assert list(hints) == list(part.__match_args__)
        for field, hint in hints.items():
            assert_type(getattr(part, field), hint, f"{type(part).__name__}.{field}")


def assert_type(value, hint, path):
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        assert type(value) is tuple, path
        for item in value:
            assert_type(item, args[0], path)
    elif origin is dict:
        assert type(value) is dict, path
        for key, item in value.items():
            assert type(key) is str and type(item) is args[1], path
    elif args:
        assert any(type(value) is arg for arg in args), path
    else:
        assert type(value) is hint, path


def test_absent_is_none_or_empty():
    nothing = event()
    assert nothing.host is None and nothing.trigger is None and nothing.memory is None and nothing.container is None
    assert nothing.tasks == () and nothing.victims == () and nothing.call_trace == ()
    assert nothing.time.wall is None and nothing.time.monotonic_seconds is None and nothing.time.assumed == ()
    assert event(memcg={}).memcg.stats == {}


def test_wall_is_an_aware_datetime(full):
    two_hours = datetime.timezone(datetime.timedelta(hours=2))
    assert full.time.wall == datetime.datetime(2026, 10, 2, 3, 4, 5, 678901, two_hours)
    assert full.time.wall.utcoffset() == datetime.timedelta(hours=2)
    assert full.to_dict()["time"]["wall"] == "2026-10-02T03:04:05.678901+02:00"


def test_a_wall_that_datetime_cannot_hold_is_none():
    far = event(time={"assumed": [], "wall": "+12026-10-02T03:04:05Z"})
    assert far.time.wall is None
    assert far.to_dict()["time"]["wall"].startswith("+12026")


def test_parts_are_made_once(full):
    assert full.victims is full.victims
    assert full.trigger is full.trigger
    assert full.memory.zones[0] is full.memory.zones[0]


def test_parts_outlive_their_event(full):
    victim = oomkit.Event.from_json(full.to_json()).victims[0]
    assert victim.reaped.file_rss_bytes == 4096


def test_nothing_can_be_set_added_or_deleted(full):
    for part in parts_of(full):
        for field in part.__match_args__:
            with pytest.raises(AttributeError):
                setattr(part, field, None)
            with pytest.raises(AttributeError):
                delattr(part, field)
        with pytest.raises(AttributeError):
            part.colour = "red"


def test_a_dict_that_was_read_can_be_changed_without_changing_the_event(full):
    full.memcg.stats["anon"] = 0
    full.to_dict()["victims"].clear()
    assert full.memcg.stats["anon"] == 921600
    assert len(full.victims) == 2


@pytest.mark.parametrize("kind", sorted(classes(), key=lambda kind: kind.__name__))
def test_classes_are_final_and_made_only_by_the_parser(kind):
    with pytest.raises(TypeError):
        kind()
    with pytest.raises(TypeError):
        type("Mine", (kind,), {})
    assert kind.__module__ == "oomkit"
    assert kind.__doc__
    for field in kind.__match_args__:
        assert getattr(kind, field).__doc__, f"{kind.__name__}.{field} has no docstring"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_gives_back_an_equal_object(full, protocol):
    for part in parts_of(full):
        again = pickle.loads(pickle.dumps(part, protocol))
        assert type(again) is type(part) and again == part and hash(again) == hash(part)
        assert again.to_json() == part.to_json()


def test_a_copy_is_the_same_object(full):
    for part in parts_of(full):
        assert copy.copy(part) is part
        assert copy.deepcopy(part) is part
        assert copy.deepcopy([part])[0] is part


def test_equality_and_hash_follow_the_contents(full):
    same = oomkit.Event.from_json(full.to_json())
    assert same == full and hash(same) == hash(full) and len({same, full}) == 1
    other = oomkit.Event.from_json(json.dumps(full_dict() | {"host": "web2"}))
    assert other != full
    assert full != full.to_dict() and full != full.trigger and not full == 1
    assert full.memcg.swap != full.memcg.kmem
    with pytest.raises(TypeError):
        full < same  # noqa: B015


def test_repr_is_short_and_shows_who_died(full):
    assert repr(full) == (
        "<Event 9f3c6a10… killed pid=114 'gunicorn: worke' +1 scope=container at 2026-10-02T03:04:05.678901+02:00>"
    )
    assert repr(event()) == "<Event 00… unknown scope=unknown>"
    trigger = {"comm": "sh\x1b[2J", "pid": 7}
    nobody = event(outcome="no_killable_process", trigger=trigger, time={"assumed": [], "monotonic_seconds": 11.5})
    assert repr(nobody) == "<Event 00… no_killable_process trigger pid=7 'sh\\x1b[2J' scope=unknown at 11.500000s>"
    assert repr(full.victims[1]) == "<Victim pid=115>"
    assert repr(full.memory.zones[0]) == (
        "<Zone zone='Normal' node=0 free_bytes=45056 min_bytes=49152 low_bytes=61440 high_bytes=73728 values={1} "
        "lowmem_reserve_pages=(3) pages_scanned=1 all_unreclaimable=False>"
    )
    assert repr(full.memcg).endswith("memory_swap=<Counter> swap=<Counter> kmem=<Counter> per_cgroup_stats=(1)>")


def test_pattern_matching(full):
    match full:
        case oomkit.Event(outcome="killed", victims=(oomkit.Victim(114, comm), *_), scope="container"):
            assert comm == "gunicorn: worke"
        case _:
            pytest.fail("no match")
    match full.limit_owner:
        case oomkit.LimitOwner(level="pod", pod_uid=str(pod), job=oomkit.Job(step="batch")):
            assert pod.startswith("0e5f2d1a")
        case _:
            pytest.fail("no match")


def test_json_that_is_no_event_is_refused():
    for text in ["", "{}", "[]", "null", '{"schema_version":1', full_text() + "x", b"\xff"]:
        with pytest.raises(oomkit.OomkitError, match="not the JSON of one Event"):
            oomkit.Event.from_json(text)
    with pytest.raises(TypeError, match="not dict"):
        oomkit.Event.from_json({})


def full_text() -> str:
    return json.dumps(full_dict())
