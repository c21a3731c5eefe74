"""Events and logs that several test files share."""

import json
from pathlib import Path

import pytest

import oomkit

HERE = Path(__file__).parent

KILL = (
    "Mar 30 12:00:{second:02} web1 kernel: [   {uptime}.146532] Out of memory: Killed process {pid} (java) "
    "total-vm:1000kB, anon-rss:900kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:60kB oom_score_adj:0\n"
)
NOISE = "Mar 30 11:59:59 web1 sshd[77]: Accepted publickey for root from 10.0.0.1 port 22\n"


def full_dict() -> dict:
    """An event with a value in every field."""
    return json.loads((HERE / "full_event.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def full() -> oomkit.Event:
    return oomkit.Event.from_json(json.dumps(full_dict()))


@pytest.fixture(scope="session")
def log() -> bytes:
    """Three kills with noise around them."""
    kills = [KILL.format(second=n, uptime=70 + n, pid=4240 + n) for n in range(3)]
    return (NOISE * 3).join(["", *kills, ""]).encode()


def parts_of(value):
    """The value and everything below it that is an event or part."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts_of(item)
    elif type(value).__module__ == "oomkit":
        yield value
        for field in value.__match_args__:
            yield from parts_of(getattr(value, field))
