"""The terminal: what is said first, that it fits, and that nothing hostile reaches the screen."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from tests.plugs.sample_result import empty, english, french, many, rich

from vigie.model.findings import Decision
from vigie.model.observations import Rule
from vigie.model.results import GateOutcome, GateResult, Result
from vigie.model.runs import Outcome
from vigie.outlets.documents.table import MOST_ROWS, OUTLET
from vigie.ports.outlets import View

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def shown(result: Result, view: View | None = None) -> str:
    (part,) = OUTLET.render(result, view or replace(english(), width=80))
    return b"".join(part.chunks).decode("utf-8")


def flat(result: Result, view: View | None = None) -> str:
    """The same as one line, for sentences that wrap."""
    return " ".join(shown(result, view).split())


def test_the_sentence_stands_on_top() -> None:
    assert shown(rich()).splitlines()[0] == (
        "⚠ 4 findings need you today, and not everything was looked at."
    )
    assert shown(rich(), french()).splitlines()[0].startswith("⚠ 4 constats demandent")
    assert shown(empty()).splitlines()[:2] == [
        "No findings.",
        "Everything that was asked for was looked at.",
    ]


def test_nothing_looked_at_is_not_calm() -> None:
    nothing = replace(empty(), runs=())
    assert shown(nothing).startswith("⚠ Nothing was looked at.")
    assert "this is not safe: it is unknown" in shown(nothing)


@pytest.mark.parametrize("width", [80, 100, 160])
@pytest.mark.parametrize("language", [english(), french()], ids=["en", "fr"])
def test_no_line_is_wider_than_the_terminal(width: int, language: View) -> None:
    for result in (rich(), many(60)):
        for line in shown(result, replace(language, width=width)).splitlines():
            assert cell_len(line) <= width


def test_a_partial_run_is_said_with_its_reason_before_the_findings() -> None:
    page = shown(rich())
    assert (
        page.index("What was not looked at is unknown")
        < page.index("semgrep")
        < page.index("ACT NOW")
    )
    assert re.search(r"semgrep +failed +it took longer than 600 s", page)
    assert re.search(r"grype 0.87.0 +partial +the database is 428 days old — Run grype", page)
    assert "record could not be read: has no id (matches[2])" in page
    assert "unknown" not in shown(empty())


def test_a_run_that_failed_did_not_look() -> None:
    page = flat(rich())
    assert "Looked at by:" in page
    assert "semgrep" not in page[page.index("Looked at by:") :]
    failed = replace(rich(), runs=tuple(replace(r, outcome=Outcome.FAILED) for r in rich().runs))
    assert "Looked at by:" not in shown(failed)


def test_the_gate_says_what_blocks_and_what_would_mend_it() -> None:
    page = flat(rich())
    assert "? The gate cannot say yes: the result is incomplete. (policy balanced)" in page
    assert "CVE-2021-44228 must be dealt with now (no-act-now) — Upgrade to 2.17.1." in page
    assert "1 has a waiver" in page
    passed = replace(empty(), gate=GateResult(GateOutcome.PASS, "strict"))
    assert "✓ The gate says yes. (policy strict)" in shown(passed)
    assert "gate" not in shown(empty())


def test_findings_stand_under_their_decision_the_most_urgent_first() -> None:
    page = shown(rich())
    heads = ["ACT NOW · 4", "PLAN · 3", "UNDECIDED · 1", "WATCH · 3", "ACCEPT · 2"]
    assert [line for line in page.splitlines() if line in heads] == heads
    assert page.index("CVE-2021-44228: Log4Shell") < page.index("generic-api-key")


@pytest.mark.parametrize("width", [80, 160])
def test_a_finding_has_score_severity_component_fix_place_and_witnesses(width: int) -> None:
    page = flat(rich(), replace(english(), width=width))
    said = ["99.5", "◆ critical", "2.17.1", "app/a b.jar and 2 more", "2 of 2"]
    said += ["requirements.txt:3", "will not be fixed", "why: known to be exploited"]
    assert [words for words in said if words not in page] == []
    assert "libssl3 1:3.0.11-1~deb12u2" in page


def test_what_is_unknown_is_a_question_mark_and_not_zero() -> None:
    row = next(line for line in shown(rich()).splitlines() if "CVE-2099-0001" in line)
    assert row.split()[:3] == ["?", "?", "unknown"]


def test_settled_findings_are_counted_and_not_listed() -> None:
    page = shown(rich())
    assert "3 are set aside" in page
    assert "CVE-2022-0003" not in page


def test_a_long_list_is_cut_and_says_so() -> None:
    page = shown(many(MOST_ROWS + 312))
    assert page.count("A flaw") == MOST_ROWS
    assert "… and 312 more findings; --format html=report.html shows them all." in flat(
        many(MOST_ROWS + 312)
    )
    assert "more finding" not in shown(many(MOST_ROWS))


def test_the_plan_the_baseline_and_what_was_not_assessed_are_told() -> None:
    page = flat(rich())
    assert "UPGRADES 1. Upgrade org.apache.logging.log4j:log4j-core" in page
    assert "clears 1 finding, minor release" in page
    assert "1 is new since the baseline." in page
    assert "1 check could not be decided: unknown, not passed." in page


def test_colour_is_only_there_when_asked_for_and_changes_no_word() -> None:
    plain, coloured = shown(rich()), shown(rich(), View(width=80, colour=True))
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in ANSI.sub("", coloured).splitlines()] == plain.splitlines()


def test_nothing_in_a_report_steers_the_terminal() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \x9b31m [bold red]markup[/]"
    finding = replace(rich().findings[0], rule=Rule("CVE-\x1b[1m1", title=hostile))
    for width in (80, 160):
        page = shown(replace(rich(), target=hostile, findings=(finding,)),
                     replace(english(), width=width))  # fmt: skip
        assert not set(page) & {"\x1b", "\x07", "\x9b", "\u202e"}
        assert "[bold red]markup[/]" in " ".join(page.split())


@pytest.mark.parametrize("colour", [False, True])
def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, colour: bool) -> None:
    view = View(width=80, colour=colour)
    before = shown(rich(), view)
    ours = {"COLUMNS": "40", "LINES": "9", "TERM": "dumb", "FORCE_COLOR": "1", "NO_COLOR": "1",
            "COLORTERM": "truecolor", "TTY_COMPATIBLE": "0", "JPY_PARENT_PID": "1"}  # fmt: skip
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    assert shown(rich(), view) == before


def test_nothing_urgent_is_said_calmly() -> None:
    calm = tuple(
        f for f in rich().findings if f.priority and f.priority.decision is not Decision.ACT
    )
    lines = shown(replace(rich(), findings=calm, runs=empty().runs)).splitlines()
    assert lines[0] == "Nothing needs you today."
    assert lines[1].startswith("3 findings belong in the next cycle.")


def test_a_long_title_fills_two_lines_and_ends_with_a_whole_word() -> None:
    finding = rich().findings[0]
    title = " ".join(["flaws"] * 60)
    long = replace(finding, rule=Rule("X-1", title=title))
    page = shown(replace(rich(), findings=(long,)), replace(english(), width=100))
    lines = [line for line in page.splitlines() if "flaws" in line]
    assert len(lines) == 2
    assert "flaws…" in lines[1]
    assert len(lines[1].split()) > 6
