"""iter_events(): lazy, over paths, binary files and chunks; errors come through unchanged."""

import gc
import gzip
import io
import mmap
import os
import subprocess
import sys
import weakref

import pytest

import oomkit
from conftest import KILL, NOISE


def test_every_kind_of_source_gives_the_same_events(log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)
    expected = oomkit.parse(log)
    assert list(oomkit.iter_events(file)) == list(oomkit.iter_events(str(file))) == oomkit.parse_file(file)
    assert list(oomkit.iter_events(io.BytesIO(log))) == expected
    assert list(oomkit.iter_events([log])) == expected
    assert list(oomkit.iter_events(bytes([byte]) for byte in log)) == expected
    assert list(oomkit.iter_events(log[at : at + 7] for at in range(0, len(log), 7))) == expected
    assert list(oomkit.iter_events([bytearray(log[:99]), b"", memoryview(log)[99:]])) == expected
    with file.open("rb") as opened:
        assert list(oomkit.iter_events(opened)) == expected
        assert not opened.closed
    with file.open("rb", buffering=0) as opened:
        assert list(oomkit.iter_events(opened)) == expected
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert list(oomkit.iter_events(mapped)) == expected
    with gzip.open(io.BytesIO(gzip.compress(log))) as opened:
        assert list(oomkit.iter_events(opened)) == expected


def test_a_file_object_needs_only_read(log):
    class Socket:
        def __init__(self):
            self.sizes = []
            self.file = io.BytesIO(log)

        def read(self, size):
            self.sizes.append(size)
            return bytearray(self.file.read(min(size, 100)))

    socket = Socket()
    assert list(oomkit.iter_events(socket)) == oomkit.parse(log)
    assert len(socket.sizes) > len(log) // 100


def test_the_source_name_is_the_path_or_a_dash(log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)
    assert next(oomkit.iter_events(file)).source.name == str(file)
    assert next(oomkit.iter_events(io.BytesIO(log))).source.name == "-"
    assert next(oomkit.iter_events([log], source="x")).source.name == "x"


def test_only_as_much_is_read_as_the_next_event_needs():
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield KILL.format(second=taken % 60, uptime=70, pid=taken).encode() + NOISE.encode() * 50

    events = oomkit.iter_events(endless())
    assert taken == 0
    assert next(events).victims[0].pid == 1
    # a dump may wait for more lines of its own, within the parser's limits
    assert taken < 1000
    for pid in range(2, 500):
        assert next(events).victims[0].pid == pid
    assert taken < 1500


def test_events_of_a_live_pipe_come_before_it_ends():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb", buffering=0) as log:
        for n in range(30):
            log.write(KILL.format(second=n, uptime=10 + n, pid=100 + n).encode())
        events = oomkit.iter_events(pipe)
        assert next(events).victims[0].pid == 100


def test_the_iterator_is_an_iterator(log):
    events = oomkit.iter_events([log])
    assert iter(events) is events and type(events) is oomkit.EventIterator
    assert len(list(events)) == 3
    assert list(events) == []
    with pytest.raises(StopIteration):
        next(events)
    with pytest.raises(TypeError):
        oomkit.EventIterator()


def test_nothing_gives_nothing():
    assert list(oomkit.iter_events([])) == list(oomkit.iter_events(io.BytesIO())) == list(oomkit.iter_events(os.devnull)) == []


def test_errors_of_the_source_come_through_after_the_events_before_them(log):
    class Torn(Exception):
        pass

    torn = Torn("the cable")

    def chunks():
        yield log
        raise torn

    events = oomkit.iter_events(chunks())
    assert [next(events).victims[0].pid for _ in range(3)] == [4240, 4241, 4242]
    with pytest.raises(Torn) as caught:
        next(events)
    assert caught.value is torn
    assert list(events) == []

    class File:
        def read(self, size):
            raise torn

    with pytest.raises(Torn):
        next(oomkit.iter_events(File()))


def test_an_interrupt_does_not_wait_behind_events(log):
    def chunks():
        yield log[: len(log) // 2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(oomkit.iter_events(chunks()))


def test_text_is_a_type_error_that_says_what_to_do(log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)
    with file.open() as text, pytest.raises(TypeError, match='binary mode \\("rb"\\)'):
        oomkit.iter_events(text)

    class Text:
        def read(self, size):
            return "text"

    with pytest.raises(TypeError, match="binary mode"):
        next(oomkit.iter_events(Text()))
    with pytest.raises(TypeError, match="a chunk is str.*encode text, pass a path by itself"):
        next(oomkit.iter_events(["a.log", "b.log"]))
    with pytest.raises(TypeError, match="a chunk is int"):
        next(oomkit.iter_events([5]))
    for data in log, bytearray(log), memoryview(log):
        with pytest.raises(TypeError, match=r"for the \w+ itself see parse\(\)"):
            oomkit.iter_events(data)
    for wrong in None, 5, object():
        with pytest.raises(TypeError, match="a path, a binary file or an iterable of chunks, not"):
            oomkit.iter_events(wrong)


def test_a_file_without_data_now_is_a_blocking_io_error():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with os.fdopen(reading, "rb", buffering=0) as pipe, os.fdopen(writing, "wb"), pytest.raises(BlockingIOError):
        next(oomkit.iter_events(pipe))


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_files_opened_here_are_closed(log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)

    def is_open():
        links = (f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd"))
        return str(file) in [os.readlink(link) for link in links if os.path.lexists(link)]

    events = oomkit.iter_events(file)
    assert is_open()
    assert len(list(events)) == 3
    assert not is_open(), "at the end"
    with oomkit.iter_events(file) as events:
        next(events)
    assert not is_open(), "after with"
    assert list(events) == []
    events = oomkit.iter_events(file)
    events.close()
    events.close()
    assert not is_open(), "after close()"
    events = oomkit.iter_events(file)
    del events
    assert not is_open(), "when dropped"


def test_a_source_that_asks_its_own_reader_is_refused(log):
    def chunks():
        yield log[:10]
        next(events)

    events = oomkit.iter_events(chunks())
    with pytest.raises(ValueError, match="already executing"):
        list(events)


def test_cycles_through_the_source_are_collected():
    class Source:
        def __iter__(self):
            return self

        def __next__(self):
            return b""

    source = Source()
    source.events = oomkit.iter_events(source)
    gone = weakref.ref(source)
    del source
    gc.collect()
    assert gone() is None


FLAT = """
import resource, oomkit
chunk = b"Mar 30 11:59:59 web1 sshd[77]: Accepted publickey for root from 10.0.0.1 port 22\\n" * 10_000
def peak(chunks):
    assert list(oomkit.iter_events(chunk for _ in range(chunks))) == []
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak(20)
print(peak(120) - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only on Linux")
def test_memory_stays_flat():
    run = subprocess.run([sys.executable, "-c", FLAT], capture_output=True, text=True, check=True)
    # 80 MB more were read
    assert int(run.stdout) < 8_000
