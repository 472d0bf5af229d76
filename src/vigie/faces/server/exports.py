"""Rows of a list as a stream of bytes: JSON lines, or CSV (RFC 4180)."""

from __future__ import annotations

import csv as writing
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any

import msgspec

from vigie.model.queries import Query
from vigie.stores.relational.listings.findings import LISTING

_PORTION = 500  # rows in a chunk
# What a spreadsheet would run as a formula (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def jsonl(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """A JSON object a line."""
    encode = msgspec.json.Encoder(enc_hook=str).encode
    source = iter(rows)
    while some := list(islice(source, _PORTION)):
        yield b"".join(encode(row) + b"\n" for row in some)


def csv(rows: Iterable[Mapping[str, Any]], query: Query) -> Iterator[bytes]:
    """A header, then a row for each; what an object holds stands in columns `object.field`."""
    return table(rows, _columns(query))


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterator[bytes]:
    """The same with these columns; an object in a cell is JSON."""
    page = io.StringIO(newline="")
    writer = writing.writer(page, lineterminator="\r\n")
    writer.writerow(columns)
    source = iter(rows)
    while some := list(islice(source, _PORTION)):
        for row in some:
            writer.writerow([_cell(_value(row, column)) for column in columns])
        yield _taken(page)
    yield _taken(page)  # nothing but the header when there were no rows


def _columns(query: Query) -> list[str]:
    columns = []
    for name in dict.fromkeys(("id", *(query.fields or LISTING.shown))):
        joined = LISTING.joined.get(name)
        columns += [name] if joined is None else [f"{name}.{c}" for c in joined.columns]
    return columns


def _taken(page: io.StringIO) -> bytes:
    data = page.getvalue().encode("utf-8", "replace")
    page.seek(0)
    page.truncate()
    return data


def chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines in portions: a chunk of HTTP for each would cost more than the line."""
    source = iter(lines)
    while some := list(islice(source, _PORTION)):
        yield b"".join(some)


def _value(row: Mapping[str, Any], column: str) -> Any:
    name, _, inner = column.partition(".")
    value = row[name]
    return value[inner] if inner and value is not None else value


def _cell(value: Any) -> str:
    """Empty is unknown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        value = msgspec.json.encode(value, enc_hook=str).decode()
    if not isinstance(value, str):
        return str(value)
    # A line inside a cell may become a cell of its own when somebody pastes it.
    return "\n".join(_defused(line) for line in value.split("\n"))


def _defused(text: str) -> str:
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
