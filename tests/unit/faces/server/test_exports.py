"""Rows as JSON lines and as CSV that runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from vigie.faces.server import exports
from vigie.model.queries import Query
from vigie.model.severity import Severity

QUERY = Query(fields=("severity", "kev", "place", "sources", "first_seen", "asset"))
ROW: dict[str, Any] = {
    "id": "1", "severity": Severity.HIGH, "kev": None, "place": "a,\"b\"\r\nc",
    "sources": ["x", "y"], "first_seen": datetime(2026, 3, 1, tzinfo=UTC),
    "asset": {"id": "2", "kind": "image", "name": "shop", "owner": "", "criticality": "high",
              "exposure": "open"},
}  # fmt: skip


def written(*rows: dict[str, Any]) -> list[dict[str, str]]:
    text = b"".join(exports.csv(rows, QUERY)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_holds_what_the_row_holds() -> None:
    (row,) = written(ROW)
    assert row == {
        "id": "1", "severity": "high", "kev": "", "place": "a,\"b\"\r\nc", "sources": "x; y",
        "first_seen": "2026-03-01T00:00:00+00:00", "asset.id": "2", "asset.kind": "image",
        "asset.name": "shop", "asset.owner": "", "asset.criticality": "high",
        "asset.exposure": "open",
    }  # fmt: skip


def test_nothing_joined_is_empty_cells() -> None:
    (row,) = written({**ROW, "asset": None, "kev": False})
    assert row["asset.name"] == ""
    assert row["kev"] == "false"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\uff1d1", "x\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = written({**ROW, "place": cell})
    for line in row["place"].split("\n"):
        assert not line.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\uff1d"))


def test_header_without_rows() -> None:
    assert b"".join(exports.csv([], QUERY)).startswith(b"id,severity,kev")
    assert b"".join(exports.jsonl([])) == b""


def test_a_json_object_a_line_however_many() -> None:
    rows = [{"id": str(number), "text": "a\nb"} for number in range(1201)]
    chunks = list(exports.jsonl(rows))
    assert len(chunks) == 3
    assert [json.loads(line) for line in b"".join(chunks).splitlines()] == rows
