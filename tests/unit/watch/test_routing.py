"""Whom an event concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.findings import Decision
from vigie.model.observations import Kind
from vigie.model.severity import Severity
from vigie.watch.hours import window_of
from vigie.watch.routing import Conditions, Fact, Quiet, concerns, listens, quiet_until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACT = Fact("finding.new", "f", Severity.HIGH, "vulnerability", "act now", "open", "a", "image",
            {"team": "shop"})  # fmt: skip

facts = st.builds(
    Fact,
    st.sampled_from(["finding.new", "finding.closed", "scan.failed"]),
    st.sampled_from(["", "f"]),
    st.none() | st.sampled_from(Severity),
    st.sampled_from([k.value for k in Kind]),
    st.sampled_from([d.value for d in Decision]),
    st.sampled_from(["open", "fixed"]),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["image", "host"]),
    st.dictionaries(st.sampled_from(["team", "env"]), st.sampled_from(["x", "y"])),
)


def some(*words: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words), max_size=2)


conditions = st.builds(
    Conditions,
    some("finding.new", "finding.closed", "scan.failed"),
    st.none() | st.sampled_from(Severity),
    st.booleans(),
    some(*(k.value for k in Kind)),
    some(*(d.value for d in Decision)),
    some("open", "fixed"),
    some("a", "b"),
    some("image", "host"),
    st.dictionaries(st.sampled_from(["team", "env"]), some("x", "y")),
)


@given(facts)
def test_no_conditions_ask_nothing(fact: Fact) -> None:
    assert concerns(Conditions(), fact)


@given(conditions, facts)
def test_taking_a_condition_away_never_makes_a_rule_narrower(rule: Conditions, fact: Fact) -> None:
    if not concerns(rule, fact):
        return
    for name in ("events", "kinds", "decisions", "statuses", "assets", "asset_kinds"):
        wider: dict[str, Any] = {name: frozenset()}
        assert concerns(replace(rule, **wider), fact)
    assert concerns(replace(rule, severity=None), fact)
    assert concerns(replace(rule, labels={}), fact)


@given(conditions, facts, st.sampled_from(Severity))
def test_a_worse_finding_is_never_told_less(rule: Conditions, fact: Fact, worse: Severity) -> None:
    known = fact.severity not in (None, Severity.UNKNOWN)
    if known and fact.severity is not None and worse.rank >= fact.severity.rank:
        assert not concerns(rule, fact) or concerns(rule, replace(fact, severity=worse))


@pytest.mark.parametrize(
    "change",
    [
        {"events": frozenset({"finding.closed"})},
        {"severity": Severity.CRITICAL},
        {"kinds": frozenset({"secret"})},
        {"decisions": frozenset({"watch"})},
        {"statuses": frozenset({"fixed"})},
        {"assets": frozenset({"b"})},
        {"asset_kinds": frozenset({"host"})},
        {"labels": {"team": frozenset({"other"})}},
        {"labels": {"env": frozenset({"shop"})}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_condition_by_itself_keeps_a_finding_out(change: dict[str, object]) -> None:
    assert concerns(Conditions(), FACT)
    assert not concerns(Conditions(**change), FACT)  # type: ignore[arg-type]


@pytest.mark.parametrize("severity", [None, Severity.UNKNOWN])
def test_an_unknown_severity_is_told_unless_it_is_not_wanted(severity: Severity | None) -> None:
    fact = replace(FACT, severity=severity)
    assert concerns(Conditions(severity=Severity.HIGH), fact)
    assert not concerns(Conditions(severity=Severity.HIGH, unknown=False), fact)


def test_what_is_not_about_findings_is_not_asked_for_its_kind() -> None:
    rule = Conditions(kinds=frozenset({"secret"}), severity=Severity.CRITICAL)
    assert concerns(rule, Fact("scan.failed"))


def test_hours_of_a_rule() -> None:
    rule = Conditions(hours=(window_of("09:00", "17:00"),))
    assert listens(rule, "x.y", NOON, UTC)
    assert not listens(rule, "x.y", NOON + timedelta(hours=5), UTC)
    assert not listens(Conditions(events=frozenset({"a.b"})), "x.y", NOON, UTC)


@given(st.sampled_from(Severity), st.sampled_from(Severity), st.integers(0, 23))
def test_quiet_hours_hold_exactly_what_is_less_severe(
    severity: Severity, below: Severity, hour: int
) -> None:
    quiet = Quiet((window_of("22:00", "06:00"),), below)
    until = quiet_until(quiet, severity, NOON.replace(hour=hour), UTC)
    night = hour >= 22 or hour < 6
    assert (until is not None) == (night and severity.rank < below.rank)
    if until is not None:
        assert (until.hour, until.minute) == (6, 0)


def test_hours_that_never_end_hold_nothing_back() -> None:
    quiet = Quiet((window_of("00:00", "00:00"),), Severity.CRITICAL)
    assert quiet_until(quiet, Severity.LOW, NOON, UTC) is None
