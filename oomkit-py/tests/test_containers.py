"""Compressed files and archives, opened by path."""

import bz2
import gzip
import io
import lzma
import tarfile

import pytest

import oomkit

# `zstd -19` of one kill line with its line break
ZSTD = bytes.fromhex(
    "28b52ffd0468c50200f244121880ab0300709990150d3194b13c8c34323ba26f021a2b801340732fcff0b9a2fdcb143dae0e"
    "46a394225a4309eef4a9c242cb04bad862facf894b471586f01dda22e9cdadce753e4804003249635e008d8ac1a6198f239c"
    "f6"
)
SKIPPED = b"\x50\x2a\x4d\x18\x03\0\0\0abc"


def zstd(data: bytes) -> bytes:
    """A frame of one block that is stored as it is; the standard library gets an encoder in Python 3.14."""
    return b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little") + (len(data) << 3 | 1).to_bytes(3, "little") + data


COMPRESS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstd}


def tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sources(events) -> list[str]:
    return [event.source.name for event in events]


@pytest.mark.parametrize("name", COMPRESS)
def test_a_compression_is_recognised_by_content_and_read_to_its_last_member(name, log, tmp_path):
    file = tmp_path / "messages.txt"
    file.write_bytes(b"".join(map(COMPRESS[name], [log[:100], b"", log[100:1000], log[1000:]])))
    assert oomkit.parse_file(file, source="-") == oomkit.parse(log)
    assert list(oomkit.iter_events(file, source="-")) == oomkit.parse(log)


def test_zstd_frames_are_read_and_skippable_ones_skipped(log, tmp_path):
    file = tmp_path / "messages.txt"
    file.write_bytes(SKIPPED + ZSTD + SKIPPED + zstd(log))
    events = oomkit.parse_file(file)
    assert [event.victims[0].pid for event in events] == [4242, 4240, 4241, 4242]
    file.write_bytes(ZSTD[:-5])
    with pytest.raises(oomkit.OomkitError, match=r"messages\.txt: the zstd data is cut short"):
        oomkit.parse_file(file)


@pytest.mark.parametrize("name", COMPRESS)
def test_what_was_read_before_the_damage_is_given_before_it_is_raised(name, log, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(COMPRESS[name](log) + COMPRESS[name](log)[:-6])
    with pytest.raises(oomkit.OomkitError, match=f"messages: the {name} data is cut short"):
        oomkit.parse_file(file)
    events = oomkit.iter_events(file)
    assert [next(events).victims[0].pid for _ in range(3)] == [4240, 4241, 4242]
    with pytest.raises(oomkit.OomkitError, match=f"messages: the {name} data is cut short"):
        list(events)
    assert list(events) == []


@pytest.mark.parametrize("pack", [bytes, *COMPRESS.values()])
def test_an_archive_gives_the_events_of_its_files_in_order(pack, log, tmp_path):
    file = tmp_path / "bundle"
    file.write_bytes(pack(tar({"var/log/messages": log, "empty": b"", "b/old.xz": lzma.compress(log), "c": b"x"})))
    whole = [f"{file}:var/log/messages"] * 3 + [f"{file}:b/old.xz"] * 3
    assert sources(oomkit.parse_file(file)) == sources(oomkit.iter_events(file)) == whole
    assert sources(oomkit.parse_file(file, source="x")) == ["x:var/log/messages"] * 3 + ["x:b/old.xz"] * 3
    assert [e.source.first_line for e in oomkit.parse_file(file)] == [e.source.first_line for e in oomkit.parse(log)] * 2


def test_the_other_files_of_an_archive_are_read_before_damage_is_raised(log, tmp_path):
    file = tmp_path / "bundle"
    file.write_bytes(tar({"a": log, "bad.gz": gzip.compress(log)[:-20], "x.journal": b"LPKSHHRH" + bytes(9), "b": log}))
    events = oomkit.iter_events(file, source="x")
    seen = []
    with pytest.raises(oomkit.OomkitError, match=r"bundle:bad\.gz: the gzip data is cut short"):
        seen.extend(event.source.name for event in events)
    assert seen[:3] + seen[-3:] == ["x:a"] * 3 + ["x:b"] * 3
    with pytest.raises(oomkit.OomkitError, match=r"bundle:bad\.gz: "):
        oomkit.parse_file(file)


def test_a_cut_archive_raises_with_the_name_of_the_member(log, tmp_path):
    file = tmp_path / "bundle"
    file.write_bytes(tar({"a": log, "b": log})[: 1024 + len(log) // 512 * 512 + 512 + 300])
    with pytest.raises(oomkit.OomkitError, match="bundle:b: the tar archive is cut short"):
        oomkit.parse_file(file)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("lz4", b"\x04\x22\x4d\x18"),
        ("compress", b"\x1f\x9d\x90"),
        ("systemd journal", b"LPKSHHRH\0\0"),
    ],
)
def test_other_containers_are_named(name, head, tmp_path):
    file = tmp_path / "messages"
    file.write_bytes(head)
    for call in oomkit.parse_file, oomkit.iter_events:
        with pytest.raises(oomkit.OomkitError, match=f"messages: {name} files cannot be read directly; unpack first"):
            call(file)
