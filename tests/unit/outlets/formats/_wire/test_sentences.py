from __future__ import annotations

from dataclasses import replace

from tests.plugs.sample_result import empty, french, rich

from vigie.model.components import Component
from vigie.model.findings import Finding, MergedFix, Status, Suppression
from vigie.model.observations import FixState, Kind, Rule
from vigie.model.results import Result
from vigie.model.text import ENGLISH
from vigie.outlets.formats._wire.sentences import (
    left_out,
    remedy,
    set_aside,
    shortfalls,
    subject,
    title,
)

FLAW = Finding("f" * 32, Kind.VULNERABILITY, Rule("CVE-2024-1"), "shop")


def test_a_title_is_one_line_of_the_best_there_is() -> None:
    assert title(FLAW) == "CVE-2024-1"
    described = replace(FLAW, rule=Rule("CVE-2024-1", description="A\n flaw."))
    assert title(described) == "A flaw."
    assert title(replace(described, message="Seen here")) == "Seen here"


def test_a_subject_names_the_package_or_says_what_it_is() -> None:
    part = Component("openssl", "3.0")
    assert subject(replace(FLAW, component=part)) == "CVE-2024-1 (openssl 3.0)"
    assert subject(replace(FLAW, message="Bad key")) == "CVE-2024-1: Bad key"
    assert subject(FLAW) == "CVE-2024-1"


def test_a_remedy_is_an_upgrade_or_the_reason_why_there_is_none() -> None:
    part = Component("openssl", "3.0")
    fixed = replace(FLAW, component=part, fix=MergedFix(FixState.FIXED, ("3.1", "2.9")))
    assert remedy(fixed, ENGLISH) == "Upgrade openssl to version 3.1 / 2.9."
    assert remedy(fixed, french().words) == "Mettez openssl à niveau vers la version 3.1 / 2.9."
    refused = replace(FLAW, fix=MergedFix(FixState.WILL_NOT_FIX, advice="Remove it."))
    assert remedy(refused, ENGLISH) == "The maintainers will not fix it. Remove it."
    assert remedy(FLAW, ENGLISH) == "", "unknown stays unknown"


def test_what_was_set_aside_says_why_by_whom_and_how_long() -> None:
    why = Suppression(Status.SUPPRESSED, "accepted", "file", "Board", "2030-01-01", "For a while.")
    aside = replace(FLAW, status=Status.SUPPRESSED, suppression=why)
    assert set_aside(aside, ENGLISH).splitlines() == [
        "accepted", "For a while.", "Decided by Board.", "Expires on 2030-01-01."
    ]  # fmt: skip
    assert set_aside(FLAW, ENGLISH) == ""


def test_shortfalls_are_the_runs_that_may_have_seen_the_kind() -> None:
    assert shortfalls(empty(), ENGLISH) == []
    everything = shortfalls(rich(), ENGLISH)
    assert [(one.tool, one.failed) for one in everything] == [("grype", False), ("semgrep", True)]
    assert everything[0].text.startswith("grype did not look at everything: the database is 428")
    # Grype looks for vulnerabilities only; of Semgrep nothing is known here.
    secrets = shortfalls(rich(), ENGLISH, frozenset({Kind.SECRET}))
    assert [one.tool for one in secrets] == ["semgrep"]


def test_a_result_without_runs_has_looked_at_nothing() -> None:
    (one,) = shortfalls(Result("shop", "2025-01-01T00:00:00Z"), ENGLISH)
    assert one.failed
    assert one.text == "Nothing was looked at."


def test_what_a_format_has_no_place_for_can_be_counted() -> None:
    others = left_out(rich(), frozenset({Kind.VULNERABILITY}))
    assert {finding.kind for finding in others} == set(Kind) - {Kind.VULNERABILITY}
