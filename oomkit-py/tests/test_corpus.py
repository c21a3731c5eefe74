"""The corpus of the repository through Python: all ways agree, and with the command line."""

import os
import subprocess
from itertools import takewhile
from pathlib import Path

import pytest

import oomkit

CORPUS = Path(__file__).parents[2] / "tests" / "corpus"
EXPECTED = {".json", ".jsonl", ".toml", ".md", ".snap", ".txt"}


def is_log(path: Path) -> bool:
    return path.is_file() and not path.name.startswith((".", "expected", "truth", "README"))


LOGS = sorted(filter(is_log, CORPUS.rglob("*")))


def opened(path: Path) -> bytes:
    import gzip

    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
