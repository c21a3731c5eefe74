"""The corpus of the repository through Python: all ways agree, and with the command line."""

import gzip
import io
import os
import subprocess
from pathlib import Path

import pytest

import oomkit
from conftest import parts_of
from test_event import assert_same

CORPUS = Path(__file__).parents[2] / "tests" / "corpus"
# what stands beside the logs: the truth about them, and words about the truth
BESIDE = {"truth.json", "README.md", "expected.jsonl"}

LOGS = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.name not in BESIDE)
OOMKIT = os.environ.get("OOMKIT_BIN")


def named(path: Path) -> str:
    return str(path.relative_to(CORPUS))


def text_of(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_the_corpus_is_there():
    if not CORPUS.is_dir():
        pytest.skip("no tests/corpus beside this package: not a checkout of the repository")
    assert LOGS


@pytest.mark.parametrize("path", LOGS, ids=named)
def test_all_ways_to_read_a_log_give_the_same_events(path):
    text = text_of(path)
    events = oomkit.parse(text, source=str(path))
    assert oomkit.parse_file(path) == events
    assert list(oomkit.iter_events(path)) == events
    options = {"source": str(path)}
    assert oomkit.parse(bytearray(text), **options) == events
    assert oomkit.parse(text.decode(errors="surrogateescape"), **options) == events
    assert list(oomkit.iter_events(io.BytesIO(text), **options)) == events
    pieces = (text[at : at + 997] for at in range(0, len(text), 997))
    assert list(oomkit.iter_events(pieces, **options)) == events


@pytest.mark.parametrize("path", LOGS, ids=named)
def test_attributes_json_and_pickle_of_real_events_agree(path):
    for event in oomkit.parse_file(path):
        assert_same(event, event.to_dict())
        again = oomkit.Event.from_json(event.to_json())
        assert again == event and hash(again) == hash(event) and again.to_json() == event.to_json()
        for part in parts_of(event):
            assert repr(part).isprintable()


def test_single_bytes_are_chunks_too():
    smallest = min(LOGS, key=lambda path: len(text_of(path)), default=None)
    if smallest is None:
        pytest.skip("no corpus")
    text = text_of(smallest)
    bytewise = oomkit.iter_events((bytes([byte]) for byte in text), source="x")
    assert list(bytewise) == oomkit.parse(text, source="x")


@pytest.mark.skipif(not OOMKIT, reason="OOMKIT_BIN is not set to the oomkit binary")
@pytest.mark.parametrize("path", LOGS, ids=named)
def test_to_json_is_the_line_that_the_command_prints(path):
    command = [OOMKIT, "parse", "--format", "jsonl", path]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert "".join(event.to_json() + "\n" for event in oomkit.parse_file(path)).encode() == printed
