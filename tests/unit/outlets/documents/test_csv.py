"""CSV: one row for each finding, stable columns, no formulas, nothing lost."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from tests.plugs.sample_result import FORMULA, NASTY, empty, english, french, many, rich

from vigie.model.observations import Rule
from vigie.model.results import Result
from vigie.outlets.documents.csv import COLUMNS, OUTLET
from vigie.ports.outlets import View


def written(result: Result, view: View | None = None) -> bytes:
    (part,) = OUTLET.render(result, view or english())
    return b"".join(part.chunks)


def all_rows(result: Result, view: View | None = None) -> list[dict[str, str]]:
    page = written(result, view).decode("utf-8")
    return list(csv.DictReader(io.StringIO(page, newline="")))


def rows(result: Result, view: View | None = None) -> list[dict[str, str]]:
    """Those of findings."""
    return [row for row in all_rows(result, view) if row["kind"] != "run"]


def test_a_run_that_is_not_complete_comes_first_and_looks_like_no_finding() -> None:
    grype, semgrep, *findings = all_rows(rich())
    assert (grype["kind"], grype["rule_id"], grype["status"]) == ("run", "grype", "partial")
    assert "the database is 428 days old" in grype["reasons"]
    assert (semgrep["status"], semgrep["fingerprint"]) == ("failed", "")
    assert len(findings) == len(rich().findings)
    (nothing,) = all_rows(replace(empty(), runs=()))
    assert (nothing["kind"], nothing["status"]) == ("run", "missing")


def test_one_row_for_each_finding_suppressed_ones_too() -> None:
    found = rows(rich())
    assert [row["fingerprint"] for row in found] == [f.fingerprint for f in rich().findings]
    assert len(rows(many(1201))) == 1201
    assert rows(empty()) == []
    assert {row["status"] for row in found} >= {"open", "suppressed", "not_affected"}


def test_the_columns_are_english_whatever_the_reader_speaks() -> None:
    assert list(rows(rich(), french())[0]) == list(COLUMNS)
    assert list(COLUMNS)[:4] == ["fingerprint", "kind", "rule_id", "aliases"]


def test_it_starts_with_the_first_column_and_ends_its_lines_as_rfc_4180_asks() -> None:
    page = written(empty())
    assert page.startswith(b"fingerprint,")
    assert page.endswith(b"\r\n")
    assert page.count(b"\n") == 1


def test_what_is_in_a_row() -> None:
    row = rows(rich())[0]
    assert row["decision"] == "act now"
    assert (row["score"], row["score_low"], row["score_high"]) == ("99.5", "89.5", "100")
    assert (row["epss"], row["kev"], row["new"]) == ("0.97", "true", "false")
    assert row["places"] == "app/a b.jar; app/é.jar!/lib/log4j.jar; opt/x.jar"
    assert row["instances"] == "3"
    assert row["fix_versions"] == "2.17.1; 2.12.4"
    assert rows(rich())[1]["could_not_know"] == "grype"


def test_unknown_is_empty_and_never_zero() -> None:
    row = next(row for row in rows(rich()) if row["rule_id"] == "CVE-2099-0001")
    unknown = ("score", "cvss", "epss", "kev", "new", "component_version", "places", "decision")
    assert [row[name] for name in unknown] == [""] * len(unknown)


@pytest.mark.parametrize(
    "hostile",
    [FORMULA, "+1", "-1+1", "@SUM(A1)", "  =1+1", "\t=1", "x\n=2+5", "\r\n=1", "\uff1d1", "\x00=1"],
)
def test_no_cell_is_a_formula(hostile: str) -> None:
    finding = replace(many(1).findings[0], rule=Rule(hostile, title=hostile), message=hostile)
    for row in rows(replace(empty(), findings=(finding,))):
        for cell in row.values():
            for line in cell.splitlines():
                assert not line.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))


def test_text_that_breaks_careless_writers_stays_in_its_cell() -> None:
    row = next(row for row in rows(rich()) if row["rule_id"] == "B602")
    finding = replace(many(1).findings[0], rule=Rule("x", title=NASTY))
    assert rows(replace(empty(), findings=(finding,)))[0]["title"] == NASTY
    assert row["places"] == "src/app é.py:12"
