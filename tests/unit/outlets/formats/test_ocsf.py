from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.plugs.sample_result import empty, english, rich

from vigie.model.results import Result
from vigie.model.runs import Outcome
from vigie.outlets.formats.ocsf import OUTLET


def events(result: Result) -> list[dict[str, Any]]:
    (part,) = OUTLET.render(result, english())
    found: list[dict[str, Any]] = json.loads(b"".join(part.chunks))
    return found


def by_rule() -> dict[str, dict[str, Any]]:
    return {event["finding_info"]["analytic"]["uid"]: event for event in events(rich())}


def test_kinds_have_their_classes() -> None:
    classes = {name: event["class_uid"] for name, event in by_rule().items()}
    assert classes["CVE-2021-44228"] == 2002
    assert classes["DL3008"] == classes["CIS-1.1"] == 2003
    assert classes["B602"] == classes["generic-api-key"] == classes["GPL-3.0-only"] == 2004


def test_new_known_and_settled_are_other_activities() -> None:
    found = by_rule()
    activities = [found[name]["activity_id"] for name in ("CVE-2023-5678", "CVE-2021-44228",
                                                          "CVE-2022-0004")]  # fmt: skip
    assert activities == [1, 2, 3]
    assert found["CVE-2022-0004"]["status"] == "Suppressed"
    assert found["CVE-2022-0003"]["status"] == "Resolved"


def test_unknown_stays_unknown() -> None:
    event = by_rule()["CVE-2099-0001"]
    assert (event["severity_id"], event["severity"]) == (0, "Unknown")
    flaw = event["vulnerabilities"][0]
    assert "epss" not in flaw["cve"]
    assert "is_exploit_available" not in flaw
    assert "score" not in event["unmapped"]


def test_an_advisory_stands_in_where_there_is_no_cve() -> None:
    first = rich().findings[0]
    plain = replace(first, rule=replace(first.rule, id="TEMP-1", aliases=()))
    (event,) = events(replace(rich(), findings=(plain,)))
    assert event["vulnerabilities"][0]["advisory"] == {"uid": "TEMP-1"}
    assert "cve" not in event["vulnerabilities"][0]


def test_an_empty_stream_of_a_failed_scan_is_no_silence() -> None:
    assert events(empty()) == []
    failed = replace(empty(), runs=(replace(empty().runs[0], outcome=Outcome.FAILED),))
    (event,) = events(failed)
    assert (event["class_uid"], event["activity_id"], event["type_uid"]) == (6007, 6, 600706)
    assert event["message"].startswith("bandit failed")
    assert all(e["unmapped"]["scan_complete"] is False for e in events(rich()))
