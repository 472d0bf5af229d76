"""A push and an upload of the same reports are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import (
    CODE,
    SHOP,
    flaw,
    package,
    reading,
    secret,
    weakness,
)
from tests.unit.services.recording.world import SEEN_AGAIN, world

from vigie.model.findings import Finding, Join
from vigie.model.observations import Kind, Rule, Verdict
from vigie.model.results import Result
from vigie.model.runs import Outcome
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.intake import Reading
from vigie.services.recording.returned import readings_of
from vigie.triage.claims import SuppressionRule

CREATED = "2026-03-01T12:00:00+00:00"


def told() -> list[Reading]:
    unsure = replace(weakness("kube-bench", "1.1.1", "", 0), verdict=Verdict.UNKNOWN)
    system = {"type": "deb", "source_name": "openssl", "source_version": "3.0"}
    return [
        reading("trivy", flaw("trivy", "CVE-2024-0001", fixed="1.1"),
                package("trivy", "libssl3", **system), package("trivy", "idle")),
        reading("grype", flaw("grype", "GHSA-aaaa-bbbb-cccc", aliases=("CVE-2024-0001",))),
        reading("bandit", weakness("bandit", "B1", "a.py", 3), asset=CODE),
        reading("gitleaks", secret("gitleaks", ".env", 3, value_hash="ab" * 20),
                secret("gitleaks", "b", 1), asset=CODE),
        reading("kube-bench", unsure),
        reading("osv", outcome=Outcome.PARTIAL),
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["upload", "push"])
def test_a_push_after_an_upload_changes_nothing_and_the_other_way_round(
    store: Store, tmp_path: Path, first: str
) -> None:
    acme = world(store, tmp_path)
    ways = {
        "upload": told(),
        "push": readings_of(conclude(told(), ConcludeOptions(created=CREATED))),
    }
    second = "push" if first == "upload" else "upload"
    acme.record(*ways[first])
    before = acme.all({*SEEN_AGAIN, "document"})
    recorded = acme.record(*ways[second])
    assert [recorded.total(n) for n in ("new", "closed", "changed", "reopened")] == [0, 0, 0, 0]
    assert acme.all({*SEEN_AGAIN, "document"}) == before


def test_fingerprints_are_those_of_the_result(store: Store, tmp_path: Path) -> None:
    acme = world(store, tmp_path)
    acme.record(*told())
    result = conclude(told(), ConcludeOptions(created=CREATED))
    assert {row["fingerprint"] for row in acme.rows("findings")} == {
        finding.fingerprint for finding in result.findings
    }


def test_runs_come_back_with_all_that_they_said() -> None:
    result = conclude(told(), ConcludeOptions(created=CREATED))
    back = readings_of(result)
    assert [one.run for one in back] == list(result.runs)
    assert {o.rule.id for one in back if one.report for o in one.report.observations
            if o.verdict is Verdict.FAIL} == {
        "CVE-2024-0001", "GHSA-aaaa-bbbb-cccc", "B1", "generic-api-key",
    }  # fmt: skip


def test_what_was_set_aside_where_it_was_made_stays_set_aside(store: Store, tmp_path: Path) -> None:
    acme = world(store, tmp_path)
    rule = SuppressionRule("s1", "agreed with Bob", "Ada", "2030-01-01", rule="B1")
    options = ConcludeOptions(created=CREATED, suppressions=[rule])
    acme.record(*readings_of(conclude(told(), options)))
    finding = acme.finding("B1")
    assert (finding["status"], finding["counts"]) == ("suppressed", False)
    assert finding["document"]["suppression"]["reason"] == "agreed with Bob"
    acme.record(*readings_of(conclude(told(), ConcludeOptions(created=CREATED))))
    assert acme.finding("B1")["status"] == "open"


@pytest.mark.parametrize("record", ["", "x", "7:r", "99999999999999:r", "-1:r", "²:r"])
def test_a_result_that_was_changed_by_hand_is_read_as_far_as_it_makes_sense(record: str) -> None:
    said = weakness("bandit", "B1", "a.py", 3)
    run = reading("bandit").run
    finding = Finding(
        "f", Kind.WEAKNESS, Rule("B1"), "nowhere", evidence=(said,), joins=(Join(record, "x"),)  # type: ignore[arg-type]
    )  # fmt: skip
    [back] = readings_of(Result("t", CREATED, runs=(run,), findings=(finding,)))
    assert back.report is not None
    assert [o.rule.id for o in back.report.observations] == ["B1"]
    [back] = readings_of(Result("t", CREATED, runs=(replace(run, tool="x"),), findings=(finding,)))
    assert back.report is not None
    assert back.report.observations == ()
    assert SHOP.name
