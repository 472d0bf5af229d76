from __future__ import annotations

import json
from typing import Any

import pytest

from vigie.model.observations import Kind, Stance, Verdict
from vigie.ports.reports import Report
from vigie.sources.reports.document import document_from_bytes
from vigie.sources.reports.parsers.contrast import PARSER
from vigie.sources.reports.reading import read_document

TRACE = {"uuid": "AA-1", "rule_name": "sql-injection", "severity": "HIGH"}


def read(value: Any) -> Report:
    document = document_from_bytes(json.dumps(value).encode())
    assert PARSER.recognises(document.sketch)
    (report,) = read_document(PARSER, document)
    return report


def library(**fields: Any) -> Report:
    return read({"libraries": [{"file_name": "core-1.0.jar", "version": "1.0", "vulns": [],
                                **fields}]})  # fmt: skip


@pytest.mark.parametrize(
    ("status", "stance"),
    [("Reported", None), ("Confirmed", None), ("Suspicious", None), ("", None),
     ("Not a Problem", Stance.SUPPRESSED), ("NotAProblem", Stance.SUPPRESSED),
     ("Remediated - Auto-Verified", Stance.FIXED), ("Fixed", Stance.FIXED)],
)  # fmt: skip
def test_status_is_a_claim_only_when_somebody_decided(status: str, stance: Stance | None) -> None:
    (seen,) = read({"traces": [{**TRACE, "status": status}]}).observations
    assert (seen.claim.stance if seen.claim else None) is stance


def test_data_of_the_application_is_not_kept() -> None:
    request = {"uri": "/item?q=hunter2", "body": "hunter2", "queryString": "hunter2"}
    report = read([{**TRACE, "evidence": "hunter2", "request": request}])
    assert report.observations[0].locations[0].url == "/item"
    assert "hunter2" not in repr(report)


def test_vulnerability_is_known_by_contrasts_id() -> None:
    one, two = read([TRACE, {**TRACE, "uuid": "AA-2"}]).observations
    assert one.locations[0].anchor != two.locations[0].anchor


def test_empty_answer_is_recognised() -> None:
    assert read({"success": True, "messages": [], "traces": []}).records == 0


def test_library_without_flaws_is_inventory_and_each_flaw_is_a_record() -> None:
    (sound,) = library().observations
    assert (sound.kind, sound.verdict) == (Kind.LICENCE, Verdict.NOT_APPLICABLE)
    flawed = library(vulns=[{"name": "CVE-2024-1"}, {"name": "CVE-2024-2"}])
    assert flawed.records == 2
    assert {o.kind for o in flawed.observations} == {Kind.VULNERABILITY}


def test_library_is_named_by_its_ecosystem() -> None:
    (seen,) = library(group="org.demo", app_language="Java").observations
    assert seen.component is not None
    assert (seen.component.name, seen.component.version) == ("org.demo:core", "1.0")


def test_reach_is_known_only_when_classes_were_counted() -> None:
    def reach(**fields: Any) -> bool | None:
        return library(vulns=[{"name": "CVE-2024-1"}], **fields).observations[0].signals.reachable

    assert reach() is None
    assert reach(class_count=0, classes_used=0) is None
    assert reach(class_count=9, classes_used=0) is False
    assert reach(class_count=9, classes_used=1) is True
