"""Threads: the lock is released while parsing, and everything may be shared."""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import oomkit
from conftest import NOISE

THREADS = 8


def in_threads(work):
    """Runs `work(n)` in eight threads that start together."""
    barrier = threading.Barrier(THREADS)

    def run(number):
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_eight_threads_give_what_one_gives(log, tmp_path):
    data = log * 50
    file = tmp_path / "messages"
    file.write_bytes(data)
    expected = oomkit.parse(data, source="x")
    assert len(expected) == 150
    ways = [
        lambda: oomkit.parse(data, source="x"),
        lambda: oomkit.parse(bytearray(data), source="x"),
        lambda: oomkit.parse_file(file, source="x"),
        lambda: list(oomkit.iter_events(file, source="x")),
    ]
    for events in in_threads(lambda number: ways[number % len(ways)]()):
        assert events == expected


def test_threads_may_read_the_parts_of_one_event(full):
    again = oomkit.Event.from_json(full.to_json())
    seen = in_threads(lambda _: (again.victims, again.trigger, again.memory.zones, again.to_json()))
    assert all(found[0] is seen[0][0] and found[1] is seen[0][1] and found == seen[0] for found in seen)


def test_threads_may_share_one_iterator(log):
    data = log * 50
    pieces = (data[at : at + 64] for at in range(0, len(data), 64))
    events = oomkit.iter_events(pieces)
    shares = in_threads(lambda _: list(events))
    lines = sorted(event.source.first_line for share in shares for event in share)
    assert lines == [event.source.first_line for event in oomkit.parse(data)]


@pytest.fixture
def counted_while():
    """Runs work beside a thread that counts; how far the count got within it.

    No thread is ever made to give up the lock, so the count moves only when the work gives it up itself.
    """
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    count = 0
    running = threading.Event()
    done = threading.Event()

    def counting():
        nonlocal count
        while not done.is_set():
            count += 1
            running.set()
            time.sleep(0.0001)

    def counted(work):
        before = count
        work()
        return count - before

    counter = threading.Thread(target=counting)
    counter.start()
    running.wait()
    yield counted
    done.set()
    counter.join()
    sys.setswitchinterval(interval)


def test_the_lock_is_released_while_parsing(counted_while, tmp_path):
    data = NOISE.encode() * 400_000
    file = tmp_path / "messages"
    file.write_bytes(data)
    mutable = bytearray(data)
    for work in (
        lambda: oomkit.parse(data),
        lambda: oomkit.parse(mutable),
        lambda: oomkit.parse_file(file),
        lambda: next(oomkit.iter_events(file), None),
        lambda: next(oomkit.iter_events([data]), None),
    ):
        # a busy machine may not wake the counter in time
        assert any(counted_while(work) > 0 for _ in range(20))


@pytest.mark.skipif(not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="no lock in this build")
def test_the_count_above_stands_still_while_the_lock_is_held(counted_while):
    assert counted_while(lambda: sum(range(5_000_000))) == 0


def test_a_buffer_that_changes_meanwhile_does_no_harm(log):
    data = bytearray(log * 2000)
    done = threading.Event()

    def scribbling():
        while not done.is_set():
            for at in range(0, len(data), 997):
                data[at] ^= 1

    scribbler = threading.Thread(target=scribbling)
    scribbler.start()
    try:
        for _ in range(3):
            oomkit.parse(data)
    finally:
        done.set()
        scribbler.join()
