"""Upgrades in words."""

from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import french, rich

from vigie.model.findings import Decision
from vigie.model.results import Choice, Counts, Move, Outlook, Plan, Remainder
from vigie.model.severity import Severity
from vigie.model.text import ENGLISH, T
from vigie.outlets.phrases.upgrades import (
    caveats_of,
    clears_line,
    jump_of,
    new_of,
    old_of,
    outlook_line,
    severities_of,
    step_line,
)

STEP = rich().plan.steps[1]


def test_a_step_of_an_older_result_is_said_without_its_action() -> None:
    assert step_line(STEP, ENGLISH) == "Upgrade requests 2.31.0 to 2.32.0"
    assert clears_line(STEP, french().words) == "résout 1 constat"
    assert (old_of(STEP), new_of(STEP)) == ("2.31.0", "2.32.0")
    assert jump_of(STEP, french().words) == "version mineure"
    assert jump_of(replace(STEP, jump=""), ENGLISH) == ""


def test_several_installed_versions_are_all_named() -> None:
    moves = (Move("1.25.0", "1.26.18"), Move("2.0.3", "2.0.7"), Move("2.0.4", "2.0.7"))
    step = replace(
        STEP, moves=moves, action=T("Upgrade {package}: {moves}", package="a", moves="b")
    )
    assert (old_of(step), new_of(step)) == ("1.25.0, 2.0.3, 2.0.4", "1.26.18, 2.0.7")
    assert step_line(step, ENGLISH) == "Upgrade a: b"


def test_what_a_step_does_not_do_is_said() -> None:
    assert caveats_of(STEP, ENGLISH) == []
    step = replace(
        STEP,
        stays=(Remainder("f", "no_fix", T("x")),),
        choices=(Choice("3.0", "major", 2), Choice("4", "", 1)),
        still_known=("CVE-1",),
        source="snyk",
    )
    assert caveats_of(step, ENGLISH) == [
        "1 finding of it stays",
        "3.0 (major release) would clear 2 findings",
        "4 (release) would clear 1 finding",
        "known of the new version: CVE-1",
        "advised by snyk",
    ]
    assert "conseillé par snyk" in caveats_of(step, french().words)


def test_the_outlook_names_what_is_left() -> None:
    after = Counts(3, {Severity.LOW: 2, Severity.HIGH: 1, Severity.NONE: 0}, {Decision.WATCH: 3})
    plan = Plan((STEP,), outlook=Outlook(Counts(40), after))
    assert outlook_line(plan, ENGLISH) == "After it 3 of 40 findings are left: 1 high, 2 low."
    assert outlook_line(replace(plan, steps=()), ENGLISH) == ""
    assert outlook_line(replace(plan, outlook=None), ENGLISH) == ""
    none_left = replace(plan, outlook=Outlook(Counts(4), Counts()))
    assert outlook_line(none_left, ENGLISH) == "After it 0 of 4 findings are left."
    assert severities_of(after, french().words) == "1 élevée, 2 faible"
