"""What options change: companions, copies, the time a log was copied."""

import datetime
import io
import zoneinfo

import pytest

import oomkit

KILL = (
    b"Dec 30 12:00:01 web1 kernel: Memory cgroup out of memory: Killed process 42 (java) total-vm:9kB, anon-rss:8kB, "
    b"file-rss:0kB, shmem-rss:0kB\n"
)
EXIT = b"Dec 30 12:00:02 web1 earlyoom[7]: process 42 exited after 0.1 seconds\n"


def kinds(items):
    return [type(item).__name__ for item in items]


def test_companions_come_only_when_asked_for():
    assert kinds(oomkit.parse(KILL + EXIT)) == ["Event"]
    event, companion = oomkit.parse(KILL + EXIT, companions=True)
    assert isinstance(companion, oomkit.Companion)
    assert (companion.type, companion.actor, companion.kind) == ("companion", "earlyoom", "process_exit")
    assert (companion.pid, companion.actor_pid, companion.event_id) == (42, 7, event.id)
    assert companion.source.first_line == 2
    assert companion.to_dict()["type"] == "companion"
    assert oomkit.Companion.from_json(companion.to_json()) == companion


def test_companions_of_files_and_streams(tmp_path):
    path = tmp_path / "messages"
    path.write_bytes(KILL + EXIT)
    expected = ["Event", "Companion"]
    assert kinds(oomkit.parse_file(path, companions=True)) == expected
    assert kinds(oomkit.iter_events(path, companions=True)) == expected
    assert kinds(oomkit.iter_events(io.BytesIO(KILL + EXIT), companions=True)) == expected
    assert kinds(oomkit.iter_events([KILL, EXIT], companions=True)) == expected


def test_an_iterator_can_be_annotated():
    assert oomkit.EventIterator[oomkit.Event].__origin__ is oomkit.EventIterator


def test_dedupe_gives_an_id_once(log):
    twice = log + log
    assert len(oomkit.parse(twice)) == 2 * len(oomkit.parse(log))
    assert oomkit.parse(twice, dedupe=True) == oomkit.parse(log)
    assert len(list(oomkit.iter_events([log, log], dedupe=True))) == len(oomkit.parse(log))


def test_dedupe_reaches_over_the_files_of_an_archive(tmp_path, log):
    import tarfile

    path = tmp_path / "bundle.tar"
    with tarfile.open(path, "w") as bundle:
        for name in "messages", "kern.log":
            info = tarfile.TarInfo(name)
            info.size = len(log)
            bundle.addfile(info, io.BytesIO(log))
    assert len(oomkit.parse_file(path)) == 2 * len(oomkit.parse(log))
    assert len(oomkit.parse_file(path, dedupe=True)) == len(oomkit.parse(log))


@pytest.mark.parametrize(
    "reference",
    [
        "2024-01-05T00:00:00Z",
        "2024-01-05T01:00:00+01:00",
        datetime.datetime(2024, 1, 5, tzinfo=datetime.UTC),
        datetime.datetime(2024, 1, 5, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
        datetime.datetime(2024, 1, 5, tzinfo=zoneinfo.ZoneInfo("UTC")),
    ],
)
def test_a_year_comes_from_the_reference_time(reference):
    (event,) = oomkit.parse(KILL, reference_time=reference)
    assert event.time.wall == datetime.datetime(2023, 12, 30, 12, 0, 1, tzinfo=datetime.UTC)
    assert event.time.assumed == ("year", "offset")


def test_the_year_outranks_the_reference_time():
    (event,) = oomkit.parse(KILL, reference_time="2024-01-05T00:00:00Z", year=2020)
    assert event.time.wall.year == 2020


@pytest.mark.parametrize("reference", ["yesterday", "2024-01-05", "", datetime.datetime(2024, 1, 5)])
def test_a_reference_time_that_is_none(reference):
    with pytest.raises(oomkit.OomkitError, match="reference_time"):
        oomkit.parse(b"", reference_time=reference)


@pytest.mark.parametrize("reference", [1704412800, datetime.date(2024, 1, 5), b"2024-01-05T00:00:00Z"])
def test_a_reference_time_of_another_type(reference):
    with pytest.raises(TypeError, match="reference_time"):
        oomkit.parse(b"", reference_time=reference)
