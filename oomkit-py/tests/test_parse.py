"""parse() and parse_file(): every kind of input gives the same events; only options and unreadable files raise."""

import array
import ctypes
import gzip
import mmap
import os
import random
import signal
import threading
from pathlib import Path

import pytest

import oomkit


def test_three_kills_are_three_events(log):
    events = oomkit.parse(log)
    assert [event.victims[0].pid for event in events] == [4240, 4241, 4242]
    first = events[0]
    assert first.host == "web1" and first.outcome == "killed"
    assert first.victims[0].anon_rss_bytes == 900 * 1024
    assert first.source.name == "-" and first.source.first_line == 4
    assert log[first.source.first_byte :].startswith(b"Mar 30 12:00:00 web1 kernel:")


def test_every_kind_of_data_gives_the_same_events(log, tmp_path):
    expected = oomkit.parse(log)
    assert len(expected) == 3
    file = tmp_path / "messages"
    file.write_bytes(log)
    padded = log + b"\n" * (-len(log) % 8)
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        for data in [
            log.decode(),
            bytearray(log),
            memoryview(log),
            memoryview(bytearray(b"x" + log))[1:],
            mapped,
            array.array("B", log),
            (ctypes.c_ubyte * len(log)).from_buffer_copy(log),
            # elements that are not bytes
            array.array("Q", padded),
            memoryview(padded).cast("B", (len(padded) // 8, 8)),
            (ctypes.c_uint64 * (len(padded) // 8)).from_buffer_copy(padded),
        ]:
            assert oomkit.parse(data) == expected, type(data)


def test_subclasses_of_bytes_and_str_are_read_as_such(log):
    bytes_like, text_like = type("Bytes", (bytes,), {}), type("Text", (str,), {})
    assert oomkit.parse(bytes_like(log)) == oomkit.parse(text_like(log.decode())) == oomkit.parse(log)


def test_numpy_arrays_are_buffers(log):
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    assert oomkit.parse(numpy.frombuffer(log, dtype=numpy.uint8)) == oomkit.parse(log)


def test_a_large_mutable_buffer_is_read_whole(log):
    # larger than the pieces that are copied at once, with a kill across the border
    noise = b"x" * 79 + b"\n"
    before = noise * ((8 << 20) // len(noise))
    data = before + b"\n" * (8 * 2**20 - len(before) - 300) + log + noise * 20000
    assert oomkit.parse(bytearray(data)) == oomkit.parse(data)
    assert len(oomkit.parse(data)) == 3


def test_names_that_are_not_utf8_come_through_str_unchanged(log):
    bad = log.replace(b"(java)", b"(j\xff\xfeva)")
    text = bad.decode("utf-8", errors="surrogateescape")
    event = oomkit.parse(bad)[0]
    assert oomkit.parse(text) == oomkit.parse(bad)
    assert event.victims[0].comm == "j\ufffd\ufffdva"
    assert bytes.fromhex(event.victims[0].comm_raw) == b"j\xff\xfeva"


def test_surrogates_that_stand_for_no_byte_do_not_raise(log):
    assert len(oomkit.parse(log.decode().replace("(java)", "(j\ud800va)"))) == 3


@pytest.mark.parametrize("data", [b"", "", bytearray(), memoryview(b""), array.array("I")])
def test_nothing_gives_nothing(data):
    assert oomkit.parse(data) == []


def test_content_never_raises(log):
    dice = random.Random(1)
    for size in [1, 2, 100, 5000]:
        for _ in range(50):
            oomkit.parse(dice.randbytes(size))
    for _ in range(200):
        damaged = bytearray(log)
        for _ in range(20):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        oomkit.parse(damaged)
    oomkit.parse(gzip.compress(log))


@pytest.mark.parametrize("data", [None, 5, 5.0, [b"x"], {}, Path("x"), object(), iter([b""])])
def test_other_objects_are_a_type_error_that_names_the_right_function(data):
    with pytest.raises(TypeError, match=r"takes bytes, str or a buffer, not \w+; .*parse_file\(\), iter_events\(\)"):
        oomkit.parse(data)


def test_buffers_with_gaps_are_a_type_error(log):
    with pytest.raises(TypeError, match="C-contiguous"):
        oomkit.parse(memoryview(log)[::2])


def test_options_complete_what_the_log_does_not_say(log):
    event = oomkit.parse(log, source="x/messages", year=2024, timezone="+02:00")[0]
    assert event.source.name == "x/messages"
    assert event.time.wall.isoformat() == "2024-03-30T12:00:00+02:00"
    assert oomkit.parse(log, timezone="UTC", year=2024)[0].time.wall.isoformat() == "2024-03-30T12:00:00+00:00"
    assert oomkit.parse(log, format="bare", year=None, timezone=None, include_user=False) is not None


def test_lines_of_user_processes_count_only_when_asked_for(log):
    user = (
        b'{"_TRANSPORT":"syslog","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"kernel",'
        b'"__REALTIME_TIMESTAMP":"1711792800000000","MESSAGE":"Out of memory: Killed process 1 (init) total-vm:1kB, anon-rss:1kB, file-rss:0kB"}\n'
    )
    assert oomkit.parse(user) == []
    assert [event.source.origin for event in oomkit.parse(user, include_user=True)] == ["user"]


@pytest.mark.parametrize("call", [oomkit.parse, oomkit.parse_file, oomkit.iter_events])
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"year": 1969}, "year"),
        ({"year": 10**30}, "year"),
        ({"year": -1}, "year"),
        ({"timezone": "Mars/Olympus"}, "timezone.*UTC"),
        ({"timezone": ""}, "timezone"),
        ({"format": "xml"}, "format.*auto"),
    ],
)
def test_bad_options_raise(call, options, text, log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)
    with pytest.raises(oomkit.OomkitError, match=text):
        call(log if call is oomkit.parse else file, **options)


@pytest.mark.parametrize("call", [oomkit.parse, oomkit.parse_file, oomkit.iter_events])
def test_options_are_keywords_and_typed(call):
    for wrong in [{"year": "2024"}, {"timezone": 2}, {"source": b"x"}, {"include_user": "yes"}, {"colour": 1}]:
        with pytest.raises(TypeError):
            call(os.devnull if call is not oomkit.parse else b"", **wrong)
    with pytest.raises(TypeError):
        call(b"", "name")


def test_the_error_is_a_value_error():
    assert issubclass(oomkit.OomkitError, ValueError)
    assert oomkit.OomkitError.__module__ == "oomkit"


def test_a_file_gives_what_its_bytes_give(log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(log)
    expected = oomkit.parse(log, source=str(file))
    assert oomkit.parse_file(file) == oomkit.parse_file(str(file)) == expected
    assert oomkit.parse_file(file)[0].source.name == str(file)
    assert oomkit.parse_file(file, source="x")[0].source.name == "x"
    assert oomkit.parse_file(file, source="-") == oomkit.parse(log)


@pytest.mark.parametrize("threads", [0, 1, 2, 8])
def test_any_number_of_threads_gives_the_same_events(threads, log, tmp_path):
    # long enough for a second thread to begin
    filler = b"Mar 30 12:00:00 web1 app[7]: nothing to see here\n" * 20_000
    path = tmp_path / "messages"
    path.write_bytes(log + filler + log.replace(b"web1", b"web2") + filler)
    events = oomkit.parse_file(path, threads=threads)
    assert events == oomkit.parse(path.read_bytes(), source=str(path))
    assert len(events) == 6


def test_threads_are_counted(log, tmp_path):
    path = tmp_path / "messages"
    path.write_bytes(log)
    with pytest.raises(OverflowError):
        oomkit.parse_file(path, threads=-1)


def test_gzip_is_recognised_by_content_and_read_to_its_last_member(log, tmp_path):
    file = tmp_path / "messages.txt"
    members = [log[:100], b"", log[100:1000], log[1000:]]
    file.write_bytes(b"".join(map(gzip.compress, members)))
    assert oomkit.parse_file(file, source="-") == oomkit.parse(log)
    assert list(oomkit.iter_events(file, source="-")) == oomkit.parse(log)
    plain = tmp_path / "plain.gz"
    plain.write_bytes(log)
    assert oomkit.parse_file(plain, source="-") == oomkit.parse(log)


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-20], lambda data: data[:-8] + bytes(8), lambda data: data[:40] + b"\0" * 40],
    ids=["cut", "wrong checksum", "overwritten"],
)
def test_damaged_gzip_raises_with_the_file_name(damage, log, tmp_path):
    file = tmp_path / "messages.gz"
    file.write_bytes(damage(gzip.compress(log)))
    with pytest.raises(oomkit.OomkitError, match=r"messages\.gz: "):
        oomkit.parse_file(file)
    with pytest.raises(oomkit.OomkitError, match=r"messages\.gz: "):
        list(oomkit.iter_events(file))


def test_text_that_begins_like_a_signature_is_text(log, tmp_path):
    file = tmp_path / "messages"
    for head in [b"BZh9 is not bzip2\n", b"B", b"\x1f", b"\x1f\x8b\n", b""]:
        file.write_bytes(head)
        assert oomkit.parse_file(file) == []
    file.write_bytes(b"BZh9 is not bzip2\n" + log)
    assert len(oomkit.parse_file(file)) == 3


def test_a_missing_file_is_the_usual_error(tmp_path):
    for call in oomkit.parse_file, oomkit.iter_events:
        with pytest.raises(FileNotFoundError) as caught:
            call(tmp_path / "none")
        assert caught.value.filename == str(tmp_path / "none")
        assert caught.value.strerror == "No such file or directory"
    with pytest.raises(IsADirectoryError):
        oomkit.parse_file(tmp_path)
    with pytest.raises(ValueError):
        oomkit.parse_file("a\0b")
    for wrong in [None, 3, b"x", [b"x"]]:
        with pytest.raises(TypeError):
            oomkit.parse_file(wrong)


def test_a_path_that_is_not_utf8_is_opened(log, tmp_path):
    file = os.fsdecode(os.fsencode(tmp_path) + b"/m\xff")
    try:
        Path(file).write_bytes(log)
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")
    assert oomkit.parse_file(file)[0].source.name.endswith("/m\ufffd")


def test_a_fifo_is_read_to_its_end(log, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)

    def writing():
        # one byte first: detection must not need all of the head at once
        with fifo.open("wb", buffering=0) as pipe:
            pipe.write(log[:1])
            pipe.write(log[1:])

    writer = threading.Thread(target=writing)
    writer.start()
    assert oomkit.parse_file(fifo, source="-") == oomkit.parse(log)
    writer.join()


@pytest.mark.parametrize("read", [oomkit.parse_file, lambda path: next(oomkit.iter_events(path))])
def test_a_signal_interrupts_a_read_that_waits(read, log, tmp_path):
    class Alarm(Exception):
        pass

    def ring(signum, frame):
        raise Alarm

    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read_to_the_alarm = threading.Event()

    def writing():
        with fifo.open("wb", buffering=0) as pipe:
            pipe.write(log)
            # a timer that has not begun cannot ring before there is something to interrupt
            signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
            read_to_the_alarm.wait()

    before = signal.signal(signal.SIGALRM, ring)
    writer = threading.Thread(target=writing)
    writer.start()
    try:
        with pytest.raises(Alarm):
            read(fifo)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        read_to_the_alarm.set()
        writer.join()
