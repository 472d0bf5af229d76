"""FIRST EPSS scores, in their CSV form, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.feeds import EpssEntry

_DATE = re.compile(r"score_date:([0-9T:.+Z-]+)")
_MOST_ROWS = 5_000_000
_LONGEST = 10_000


def read_epss(path: Path) -> tuple[Mapping[str, EpssEntry], str]:
    """Entries by CVE and the scores' date. Raises UserError for any other file."""
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        opened = gzip.open if zipped else open
        with opened(path, "rt", encoding="utf-8", newline="") as file:
            return _read(_lines(file), path)
    except OSError as error:
        raise UserError(
            T("{name} cannot be read: {error}", name=str(path), error=error.strerror or str(error))
        ) from None
    except (UnicodeDecodeError, EOFError, zlib.error, csv.Error) as error:
        raise _refused(path, str(error)) from None


def _lines(file: TextIO) -> Iterator[str]:
    """Line by line: one without an end, deflated a thousandfold, would fill the memory."""
    while line := file.readline(_LONGEST):
        if len(line) == _LONGEST:
            raise csv.Error("a line is too long")
        yield line


def _read(lines: Iterable[str], path: Path) -> tuple[Mapping[str, EpssEntry], str]:
    source = iter(lines)
    first = next(source, "")
    found = _DATE.search(first)
    header = next(source, "") if first.startswith("#") else first
    if header.strip().split(",")[:2] != ["cve", "epss"]:
        raise _refused(path, "the header is not cve,epss,percentile")
    entries: dict[str, EpssEntry] = {}
    for number, row in enumerate(csv.reader(source)):
        if number > _MOST_ROWS:
            raise _refused(path, "it has too many rows")
        entry = _entry(row)
        if entry is None:
            raise _refused(path, f"row {number + 3} is not cve,epss,percentile")
        entries[entry.cve] = entry
    return entries, found[1] if found else "unknown"


def _entry(row: list[str]) -> EpssEntry | None:
    try:
        score = float(row[1])
        percentile = float(row[2]) if len(row) > 2 and row[2] else None
    except (ValueError, IndexError):
        return None
    if not 0 <= score <= 1 or (percentile is not None and not 0 <= percentile <= 1):
        return None
    return EpssEntry(row[0].upper(), score, percentile)


def _refused(path: Path, why: str) -> UserError:
    return UserError(
        T("{name} is not an EPSS file: {error}", name=str(path), error=why),
        T("It is epss_scores-YYYY-MM-DD.csv or .csv.gz, as FIRST publishes it."),
    )
