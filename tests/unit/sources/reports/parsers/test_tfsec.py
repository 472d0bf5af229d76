from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import Observation, Verdict
from vigie.model.severity import Severity
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.tfsec import PARSER
from vigie.sources.reports.reading import read_document


def observe(**fields: Any) -> Observation:
    result = {"rule_id": "AVD-AWS-0001", "location": {"filename": "/a.tf"}, **fields}
    (report,) = read_document(
        PARSER, document_from_bytes(json.dumps({"results": [result]}).encode())
    )
    return report.observations[0]


@pytest.mark.parametrize(
    ("status", "verdict", "claimed"),
    [
        ("failed", Verdict.FAIL, False), (0, Verdict.FAIL, False), (None, Verdict.FAIL, False),
        ("passed", Verdict.PASS, False), (1, Verdict.PASS, False),
        ("ignored", Verdict.FAIL, True), (2, Verdict.FAIL, True),
    ],
)  # fmt: skip
def test_status_in_words_and_numbers(status: Any, verdict: Verdict, claimed: bool) -> None:
    seen = observe(status=status)
    assert (seen.verdict, seen.claim is not None) == (verdict, claimed)


def test_every_name_of_the_rule_is_an_alias() -> None:
    rule = observe(long_id="aws-s3-x", legacy_rule_id="AWS001").rule
    assert (rule.id, rule.aliases) == ("AVD-AWS-0001", ("aws-s3-x", "AWS001"))


def test_resource_out_of_its_own_field_or_the_description() -> None:
    said = "Resource 'module.a:aws_x.y[0]' is open."
    assert observe(description=said).locations[0].resource == "module.a:aws_x.y[0]"
    assert observe(description=said, resource="aws_x.z").locations[0].resource == "aws_x.z"
    assert observe(description="It is open.").locations[0].resource == ""


def test_severities_of_before_0_39() -> None:
    assert observe(severity="ERROR").severity is Severity.HIGH
    assert observe(severity="WARNING").severity is Severity.MEDIUM
    assert observe(severity="").severity is Severity.UNKNOWN


def test_null_results_are_an_empty_report() -> None:
    document = document_from_bytes(b'{"results": null}')
    assert PARSER.recognises(document.sketch)
    assert not PARSER.recognises(document_from_bytes(b'{"results": []}').sketch)
    (report,) = read_document(PARSER, document)
    assert report.records == 0
