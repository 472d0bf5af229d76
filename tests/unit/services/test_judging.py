"""A saved result is judged as it would have been judged when it was made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.plugs.sample_result import rich

from vigie.model.errors import UserError
from vigie.model.policy import Condition, GateRule, Policy, PriorityPolicy, Requirements, Weights
from vigie.model.results import GateOutcome
from vigie.services.judging import judge_result

LENIENT = Requirements(complete=False)
NEW = Policy("new", (GateRule("new", Condition(new=True)),), LENIENT)


def test_the_verdict_is_in_the_result() -> None:
    judged = judge_result(rich(), Policy("open", require=LENIENT), "2025-03-04")
    assert judged.gate is not None
    assert judged.gate.policy == "open"
    marks = {f.fingerprint: f.priority is not None for f in judged.findings}
    assert marks == {f.fingerprint: True for f in rich().findings}


def test_a_baseline_decides_what_is_new() -> None:
    result = replace(rich(), findings=tuple(replace(f, new=None) for f in rich().findings))
    alone = judge_result(result, NEW, "2025-03-04")
    assert alone.gate is not None
    assert alone.gate.outcome is GateOutcome.INCOMPLETE
    beside = judge_result(result, NEW, "2025-03-04", baseline=result)
    assert beside.gate is not None
    assert beside.gate.outcome is GateOutcome.PASS
    fresh = judge_result(result, NEW, "2025-03-04", baseline=replace(result, findings=()))
    assert fresh.gate is not None
    assert fresh.gate.outcome is GateOutcome.FAIL


def test_the_policys_own_weights_rank_what_is_judged() -> None:
    impact = PriorityPolicy(Weights(0, 100, 0, 0, 0, 0))
    judged = judge_result(rich(), Policy("x", require=LENIENT, priority=impact), "2025-03-04")
    scores = {f.fingerprint: f.priority.score for f in judged.findings if f.priority}
    before = {f.fingerprint: f.priority.score for f in rich().findings if f.priority}
    assert scores.keys() >= before.keys()
    assert scores != before
    assert len(judged.findings) == len(rich().findings)


def test_a_list_that_was_cut_short_is_refused() -> None:
    with pytest.raises(UserError, match="was changed"):
        judge_result(replace(rich(), findings=()), Policy("open", require=LENIENT), "2025-03-04")


def test_decisions_of_another_policy_do_not_count() -> None:
    touched = tuple(replace(f, priority=None) for f in rich().findings)
    judged = judge_result(replace(rich(), findings=touched), Policy("open"), "2025-03-04")
    assert all(f.priority is not None for f in judged.findings)


def test_a_finding_of_no_asset_is_judged_all_the_same() -> None:
    judged = judge_result(replace(rich(), assets=()), Policy("open"), "2025-03-04")
    assert len(judged.findings) == len(rich().findings)
