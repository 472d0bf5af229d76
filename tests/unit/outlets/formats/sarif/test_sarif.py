"""GitHub's limits, categories and what it follows findings by."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.plugs.sample_result import IMAGE, empty, english, many, rich

from vigie.model.findings import Finding, Instance
from vigie.model.observations import Kind, Location, Rule, Score
from vigie.model.results import Result
from vigie.model.runs import Coverage, Outcome, Run
from vigie.model.severity import Severity
from vigie.outlets.formats import sarif
from vigie.outlets.formats.sarif.rules import security_severity


def logs(result: Result) -> list[dict[str, Any]]:
    parts = sarif.OUTLET.render(result, english())
    return [json.loads(b"".join(part.chunks)) for part in parts]


def runs(result: Result) -> list[dict[str, Any]]:
    return [run for log in logs(result) for run in log["runs"]]


def categories(result: Result) -> list[str]:
    return [run["automationDetails"]["id"] for run in runs(result)]


def test_each_kind_is_a_category_of_its_own() -> None:
    assert categories(rich()) == [f"vigie/{kind.value}/" for kind in Kind]


def test_results_beyond_a_run_continue_in_another_category(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS_IN_A_RUN", 10)
    found = runs(many(25))
    assert [len(run["results"]) for run in found] == [10, 10, 5]
    assert [run["automationDetails"]["id"] for run in found] == [
        "vigie/vulnerability/", "vigie/vulnerability-2/", "vigie/vulnerability-3/"
    ]  # fmt: skip


@pytest.mark.parametrize("limit", ["runs", "results"])
def test_runs_beyond_a_file_continue_in_another_part(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "RESULTS_IN_A_RUN", 10)
    monkeypatch.setattr(sarif, "RUNS_IN_A_FILE", 2 if limit == "runs" else 20)
    monkeypatch.setattr(sarif, "RESULTS_IN_A_FILE", 20 if limit == "results" else 10_000)
    parts = list(sarif.OUTLET.render(many(45), english()))
    sizes = [len(json.loads(b"".join(part.chunks))["runs"]) for part in parts]
    assert sizes == [2, 2, 1]
    assert [part.name for part in parts] == ["", "2", "3"]


def test_limits_are_github_s() -> None:
    assert (sarif.RUNS_IN_A_FILE, sarif.RESULTS_IN_A_RUN) == (20, 5_000)


def test_a_new_finding_does_not_move_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "RESULTS_IN_A_RUN", 10)

    def places(result: Result) -> dict[str, str]:
        return {
            entry["partialFingerprints"]["vigie/v1"]: run["automationDetails"]["id"]
            for run in runs(result)
            for entry in run["results"]
        }

    more = many(46)
    before = places(many(45))
    after = places(replace(more, findings=tuple(reversed(more.findings))))
    moved = [name for name, place in before.items() if after[name] != place]
    assert len(moved) <= 4, "one at each border between runs, at most"


def _result(*outcomes: Outcome) -> Result:
    looked = Coverage(frozenset({Kind.SECRET}))
    made = tuple(Run("gitleaks", "gitleaks", outcome, coverage=looked) for outcome in outcomes)
    return replace(empty(), runs=made)


def test_a_kind_that_was_looked_for_is_there_without_results() -> None:
    assert categories(_result(Outcome.COMPLETE)) == ["vigie/secret/"]


def test_a_kind_that_was_not_looked_at_in_full_closes_no_alert() -> None:
    assert categories(_result(Outcome.COMPLETE, Outcome.FAILED)) == ["vigie/"]
    (run,) = runs(_result(Outcome.FAILED))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["results"] == []


def test_every_result_has_a_place_a_line_and_a_fingerprint() -> None:
    for run in runs(rich()):
        for entry in run["results"]:
            assert entry["partialFingerprints"]["primaryLocationLineHash"]
            assert entry["locations"]
            for place in entry["locations"]:
                physical = place["physicalLocation"]
                assert "://" not in physical["artifactLocation"]["uri"]
                assert not physical["artifactLocation"]["uri"].startswith("/")
                assert physical["region"]["startLine"] >= 1


def test_a_line_nobody_knows_is_marked_as_such() -> None:
    found = {e["ruleId"]: e for run in runs(rich()) for e in run["results"]}
    unknown = found["CVE-2023-5678"]["locations"][0]["physicalLocation"]["region"]
    assert unknown == {"startLine": 1, "properties": {"lineKnown": False}}
    known = found["B602"]["locations"][0]["physicalLocation"]["region"]
    assert (known["startLine"], known["endLine"], known["startColumn"]) == (12, 14, 5)


def test_at_most_a_hundred_places_are_named() -> None:
    first = rich().findings[0]
    places = tuple(Instance("x", location=Location(path=f"{n}.jar")) for n in range(300))
    (run,) = runs(replace(rich(), findings=(replace(first, instances=places),), runs=()))
    assert len(run["results"][0]["locations"]) == 100


def test_rules_are_indexed_and_hold_what_github_shows() -> None:
    for run in runs(rich()):
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        for entry in run["results"]:
            assert rules[entry["ruleIndex"]]["id"] == entry["ruleId"]
        for rule in rules:
            assert len(rule["shortDescription"]["text"]) <= 1024
            assert len(rule["properties"]["tags"]) <= 10
            assert "<b>" not in rule["help"]["markdown"]


def _rated(severity: Severity, *values: float) -> Finding:
    scores = tuple(Score("nvd", "3.1", "", value) for value in values)
    return Finding("f", Kind.VULNERABILITY, Rule("CVE-1"), IMAGE, severity=severity, scores=scores)


@pytest.mark.parametrize(
    ("severity", "values", "expected"),
    [
        (Severity.CRITICAL, (9.8, 7.5), "9.8"),
        (Severity.LOW, (9.8,), "2.0"),  # a score that contradicts the merge is not shown
        (Severity.HIGH, (), "8.0"),
        (Severity.UNKNOWN, (9.8,), ""),
        (Severity.NONE, (0.0,), "0.0"),
    ],
)
def test_security_severity_says_what_the_merge_says(
    severity: Severity, values: tuple[float, ...], expected: str
) -> None:
    assert security_severity(_rated(severity, *values)) == expected


def test_square_brackets_make_no_link() -> None:
    finding = replace(rich().findings[0], rule=Rule("X", title="see [here](javascript:x)"))
    (run,) = runs(replace(rich(), findings=(finding,)))
    assert "\\[here\\](javascript:x)" in run["results"][0]["message"]["text"]


def test_suppressions_say_why_and_are_empty_where_nobody_suppressed() -> None:
    found = {e["ruleId"]: e["suppressions"] for run in runs(rich()) for e in run["results"]}
    assert found["CVE-2021-44228"] == []
    assert found["CVE-2022-0001"] == [], "under investigation still counts"
    (one,) = found["CVE-2022-0004"]
    assert one["justification"].startswith("false_positive <accepted>")
