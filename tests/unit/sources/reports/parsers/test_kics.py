from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import Observation, Verdict
from vigie.model.runs import ProblemCode
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.kics import PARSER
from vigie.sources.reports.reading import read_document


def read(**fields: Any) -> Report:
    text = json.dumps({"queries_total": 1, "queries": [], **fields})
    (report,) = read_document(PARSER, document_from_bytes(text.encode()))
    return report


def observe(query: dict[str, Any], **file: Any) -> Observation:
    files = [{"file_name": "a.tf", "similarity_id": "s1", **file}]
    return read(queries=[{"query_id": "q", **query, "files": files}]).observations[0]


def test_identity_survives_lines_shifted_by_ten() -> None:
    for query in ({"query_name": "Open bucket"}, {"query_name": "Passwords And Secrets - X"}):
        # A secret's similarity id hashes its line, so it changes with it.
        similarity = "s1" if "Open" in query["query_name"] else "s2"
        here = observe(query, line=5, search_key="a.b")
        there = observe(query, line=15, search_key="a.b", similarity_id=similarity)
        assert here.locations[0].anchor == there.locations[0].anchor != ""
        assert (here.locations[0].start_line, there.locations[0].start_line) == (5, 15)


def test_secret_text_is_not_kept() -> None:
    query = {"query_name": "Passwords And Secrets - Generic Password"}
    keys = ("search_key", "search_value", "expected_value", "actual_value", "value")
    seen = observe(query, **dict.fromkeys(keys, "hunter2"))
    assert "hunter2" not in repr(seen)


@pytest.mark.parametrize(
    ("platform", "file", "resource"),
    [
        ("Terraform", {"search_key": "aws_s3_bucket[logs].policy"}, "aws_s3_bucket.logs"),
        ("Terraform", {"resource_type": "aws_vpc", "resource_name": "main"}, "aws_vpc.main"),
        ("Kubernetes", {"resource_type": "Pod", "resource_name": "web"}, "Pod/web"),
        ("Ansible", {"resource_type": "n/a", "resource_name": "n/a", "search_key": "k"}, "k"),
    ],
)
def test_resource_is_named(platform: str, file: dict[str, str], resource: str) -> None:
    assert observe({"platform": platform}, **file).locations[0].resource == resource


def test_failed_queries_and_files_make_the_run_partial() -> None:
    report = read(queries_failed_to_execute=2, files_failed_to_scan=1)
    assert [p.code for p in report.problems] == [ProblemCode.REPORT] * 2
    assert str(report.problems[0].message) == "KICS could not run 2 queries"


def test_file_of_no_kind_that_is_read_is_only_a_note() -> None:
    (problem,) = read(files_scanned=3, files_parsed=2).problems
    assert problem.code is ProblemCode.NOTE
    assert read(files_scanned=3).problems == ()


def test_bill_of_materials_is_an_inventory() -> None:
    report = read(bill_of_materials=[{"query_id": "q", "files": [{"file_name": "a.tf"}]}])
    assert report.observations[0].verdict is Verdict.NOT_APPLICABLE
