"""Decisions of people: what they hold for, for how long, and what takes them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import START, member
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import SHOP, flaw, reading, weakness
from tests.unit.services.recording.world import World, world

from vigie.model.access import NotAllowed, Role
from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.model.severity import Severity
from vigie.services import triage
from vigie.services.failures import NotFound, Outdated
from vigie.services.triage import Verdict
from vigie.stores.relational.bulk import PORTION
from vigie.stores.relational.ids import new_id

WAIVED = Verdict(Status.SUPPRESSED, "agreed until the next release")
OTHER = Asset(AssetKind.IMAGE, "registry.example/other:1.0")


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    made = world(store, tmp_path)
    scan(made)
    return made


def scan(made: World, *more: Any, asset: Asset = SHOP) -> None:
    said = (flaw("trivy", "CVE-2024-0001"), flaw("trivy", "CVE-2024-0001", "right-pad"), *more)
    made.record(reading("trivy", *said, asset=asset))


def of(made: World, package: str, asset: Asset = SHOP) -> dict[str, Any]:
    """The finding in this package of this asset."""
    components = {row["id"]: row["name"] for row in made.rows("components")}
    assets = {row["id"]: row["name"] for row in made.rows("assets")}
    [row] = [
        row
        for row in made.rows("findings")
        if components[row["component_id"]] == package and assets[row["asset_id"]] == asset.name
    ]
    return row


def decide(made: World, row: dict[str, Any], verdict: Verdict = WAIVED) -> triage.Decided:
    return triage.decide(made.platform, made.person, [row["id"]], verdict)


def test_a_decision_changes_the_status_and_says_so_everywhere(acme: World) -> None:
    finding = of(acme, "left-pad")
    decided = decide(acme, finding)
    after = of(acme, "left-pad")
    assert (after["status"], after["counts"]) == ("suppressed", False)
    assert (after["suppression_id"], after["revision"]) == (decided.suppressions[0], 2)
    assert (decided.findings, decided.changed) == (1, 1)
    assert of(acme, "right-pad")["status"] == "open"
    [told] = [row for row in acme.rows("finding_history") if row["what"] == "triaged"]
    assert told["document"]["status"] == {"from": "open", "to": "suppressed"}
    assert (told["document"]["reason"], told["actor"]) == (WAIVED.reason, "Ada")
    [event] = acme.events("finding.triaged")
    assert event["document"]["findings"] == [finding["id"]]
    [entry] = [row for row in acme.rows("audit") if row["action"] == "finding.triage"]
    assert entry["detail"]["reason"] == WAIVED.reason
    assert sorted((r["status"], r["count"]) for r in acme.rows("tallies")) == [
        ("open", 1), ("suppressed", 1),
    ]  # fmt: skip


def test_it_survives_a_scan_a_new_tag_and_a_changed_severity(acme: World) -> None:
    decide(acme, of(acme, "left-pad"))
    tagged = Asset(AssetKind.IMAGE, "registry.example/shop:2.0")
    scan(acme, asset=tagged)
    assert of(acme, "left-pad", tagged)["status"] == "suppressed"
    worse = flaw("trivy", "CVE-2024-0001", severity=Severity.CRITICAL)
    acme.record(reading("trivy", worse, asset=tagged))
    finding = of(acme, "left-pad", tagged)
    assert (finding["status"], finding["severity"]) == ("suppressed", Severity.CRITICAL)


def test_it_holds_when_the_finding_was_fixed_and_comes_back(acme: World) -> None:
    decide(acme, of(acme, "left-pad"))
    acme.record(reading("trivy"))
    assert of(acme, "left-pad")["status"] == "fixed"
    scan(acme)
    finding = of(acme, "left-pad")
    assert (finding["status"], finding["counts"], finding["reopened"]) == ("suppressed", False, 1)
    assert of(acme, "right-pad")["status"] == "open"


@pytest.mark.parametrize(
    ("scope", "here", "there"),
    [("asset", "open", "open"), ("component", "open", "suppressed"),
     ("tenant", "suppressed", "suppressed")],
)  # fmt: skip
def test_a_scope_says_what_else_it_holds_for(
    acme: World, scope: Any, here: str, there: str
) -> None:
    scan(acme, asset=OTHER)
    decide(acme, of(acme, "left-pad"), replace(WAIVED, scope=scope))
    assert of(acme, "left-pad")["status"] == "suppressed"
    assert of(acme, "right-pad")["status"] == here
    assert of(acme, "left-pad", OTHER)["status"] == there
    third = Asset(AssetKind.IMAGE, "registry.example/third:1.0")
    scan(acme, asset=third)
    assert of(acme, "left-pad", third)["status"] == there
    assert of(acme, "right-pad", third)["status"] == here


def test_it_knows_a_rule_by_its_aliases(acme: World) -> None:
    decide(acme, of(acme, "left-pad"), replace(WAIVED, scope="tenant"))
    named = flaw("osv", "GHSA-aaaa-bbbb-cccc", aliases=("CVE-2024-0001",))
    acme.record(reading("osv", named, asset=OTHER))
    assert of(acme, "left-pad", OTHER)["status"] == "suppressed"


def test_the_narrower_decision_holds_and_of_two_the_newer(acme: World) -> None:
    finding = of(acme, "left-pad")
    decide(acme, finding, Verdict(Status.UNDER_INVESTIGATION))
    acme.clock.move(hours=1)
    decide(acme, finding, replace(WAIVED, scope="tenant"))
    assert of(acme, "left-pad")["status"] == "under_investigation"
    assert of(acme, "right-pad")["status"] == "suppressed"
    acme.clock.move(hours=1)
    decide(acme, finding, Verdict(Status.OPEN, "it matters here"))
    assert of(acme, "left-pad")["status"] == "open"
    scan(acme)
    assert of(acme, "left-pad")["status"] == "open"


def test_taking_it_back_gives_the_status_from_before(acme: World) -> None:
    finding = of(acme, "left-pad")
    first = decide(acme, finding, Verdict(Status.UNDER_INVESTIGATION))
    acme.clock.move(hours=1)
    second = decide(acme, finding)
    triage.revoke(acme.platform, acme.person, second.suppressions)
    assert of(acme, "left-pad")["status"] == "under_investigation"
    triage.revoke(acme.platform, acme.person, first.suppressions)
    after = of(acme, "left-pad")
    assert (after["status"], after["suppression_id"], after["counts"]) == ("open", None, True)
    what = [r["what"] for r in acme.rows("finding_history") if r["finding_id"] == finding["id"]]
    assert what.count("revoked") == 2
    assert len(acme.events("finding.revoked")) == 2
    scan(acme)
    assert of(acme, "left-pad")["status"] == "open"


@pytest.mark.parametrize("scope", ["asset", "component", "tenant"])
def test_a_decision_ends_when_its_time_is_over(acme: World, scope: Any) -> None:
    until = acme.clock.now + timedelta(days=30)
    decide(acme, of(acme, "left-pad"), replace(WAIVED, scope=scope, expires_at=until))
    acme.clock.now = until - timedelta(seconds=1)
    assert triage.expire(acme.platform, acme.caller) == 0
    assert of(acme, "left-pad")["status"] == "suppressed"
    acme.clock.now = until
    assert triage.expire(acme.platform, acme.caller) == 1
    assert of(acme, "left-pad")["status"] == "open"
    [event] = acme.events("waiver.expired")
    assert of(acme, "left-pad")["id"] in event["document"]["findings"]
    assert triage.expire(acme.platform, acme.caller) == 0
    assert len(acme.events("waiver.expired")) == 1


def test_an_import_after_the_time_does_not_wait_for_the_job(acme: World) -> None:
    until = acme.clock.now + timedelta(hours=2)
    decide(acme, of(acme, "left-pad"), replace(WAIVED, expires_at=until))
    acme.clock.now = until
    scan(acme)
    assert of(acme, "left-pad")["status"] == "open"


@pytest.mark.parametrize(
    "count", [2 * PORTION + 1, pytest.param(3000, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_thousands_are_decided_at_once_or_none(acme: World, count: int) -> None:
    many = [weakness("bandit", f"B{n}", "a.py", n + 1) for n in range(count)]
    acme.record(reading("bandit", *many))
    ids = [row["id"] for row in acme.rows("findings") if row["kind"] == "weakness"]
    with pytest.raises(NotFound):
        triage.decide(acme.platform, acme.person, [*ids, new_id()], WAIVED)
    assert {row["status"] for row in acme.rows("findings")} == {"open"}
    assert acme.rows("suppressions") == []
    decided = triage.decide(acme.platform, acme.person, ids, WAIVED)
    assert (decided.changed, len(decided.suppressions)) == (count, count)
    triage.revoke(acme.platform, acme.person, decided.suppressions)
    assert {row["status"] for row in acme.rows("findings")} == {"open"}


def test_who_read_an_older_state_does_not_decide(acme: World) -> None:
    finding = of(acme, "left-pad")
    seen = {finding["id"]: finding["revision"]}
    triage.decide(acme.platform, acme.person, seen, WAIVED, expected=seen)
    for call in (
        lambda: triage.decide(acme.platform, acme.person, seen, WAIVED, expected=seen),
        lambda: triage.assign(acme.platform, acme.person, seen, "Bob", expected=seen),
        lambda: triage.revoke(
            acme.platform, acme.person, [row["id"] for row in acme.rows("suppressions")],
            expected={row["id"]: 7 for row in acme.rows("suppressions")},
        ),
    ):  # fmt: skip
        with pytest.raises(Outdated):
            call()
    assert len(acme.rows("suppressions")) == 1


@pytest.mark.parametrize(
    ("verdict", "match"),
    [
        (Verdict(Status.SUPPRESSED), "takes a reason"),
        (Verdict(Status.SUPPRESSED, "  "), "takes a reason"),
        (Verdict(Status.NOT_AFFECTED), "takes a reason"),
        (Verdict(Status.FIXED, "x"), "a complete run"),
        (Verdict(Status.NOT_AFFECTED, justification="because"), "no justification because"),
        (Verdict(Status.OPEN, "x", "component_not_present"), "not affected"),
        (Verdict(Status.SUPPRESSED, "x" * 4001), "4,?000"),
        (Verdict(Status.SUPPRESSED, "x", expires_at=START - timedelta(days=1)), "expired already"),
        (Verdict(Status.SUPPRESSED, "x", scope="all"), "no scope all"),  # type: ignore[arg-type]
    ],
)
def test_a_verdict_that_nobody_could_stand_by_is_refused(
    acme: World, verdict: Verdict, match: str
) -> None:
    before = acme.all()
    with pytest.raises(UserError, match=match):
        decide(acme, of(acme, "left-pad"), verdict)
    assert acme.all() == before


def test_a_finding_without_a_component_has_no_component_to_decide_for(acme: World) -> None:
    acme.record(reading("bandit", weakness("bandit", "B1", "a.py", 1)))
    row = acme.finding("B1")
    with pytest.raises(UserError, match="B1 is about no component"):
        decide(acme, row, replace(WAIVED, scope="component"))
    assert acme.rows("suppressions") == []


def test_not_affected_carries_its_justification(acme: World) -> None:
    verdict = Verdict(Status.NOT_AFFECTED, justification="component_not_present")
    decide(acme, of(acme, "left-pad"), verdict)
    assert of(acme, "left-pad")["status"] == "not_affected"
    assert acme.rows("suppressions")[0]["justification"] == "component_not_present"


Call = Callable[[World, str], Any]
_CALLS: dict[str, Call] = {
    "decide": lambda w, i: triage.decide(w.platform, w.person, [i], WAIVED),
    "assign": lambda w, i: triage.assign(w.platform, w.person, [i], "Bob"),
    "comment": lambda w, i: triage.comment(w.platform, w.person, i, "hello"),
    "revoke": lambda w, i: triage.revoke(w.platform, w.person, [i]),
    "edit": lambda w, i: triage.edit_comment(w.platform, w.person, i, "mine now"),
    "remove": lambda w, i: triage.remove_comment(w.platform, w.person, i),
}


@pytest.mark.parametrize("name", sorted(_CALLS))
def test_nothing_of_another_tenant_can_be_reached(
    acme: World, store: Store, tmp_path: Path, name: str
) -> None:
    finding = of(acme, "left-pad")
    decided = decide(acme, finding)
    said = triage.comment(acme.platform, acme.person, finding["id"], "ours")
    before = acme.all()
    other = world(store, tmp_path / "other", "other")
    for number in (finding["id"], decided.suppressions[0], said["id"], new_id(), "", "' OR 1=1"):
        with pytest.raises(NotFound):
            _CALLS[name](other, number)
    assert acme.all() == before
    assert other.events("finding.triaged") == []


@pytest.mark.parametrize("name", sorted(_CALLS))
def test_who_may_only_read_changes_nothing(acme: World, name: str) -> None:
    finding = of(acme, "left-pad")
    viewer = replace(acme, person=member(acme.caller.tenant, Role.VIEWER))
    before = acme.all()
    with pytest.raises(NotAllowed):
        _CALLS[name](viewer, finding["id"])
    assert acme.all() == before


def test_a_wide_scope_takes_the_right_to_suppress(acme: World) -> None:
    allowed = acme.person.principal.permissions
    less = frozenset(p for p in allowed if p.value != "suppressions:write")
    person = member(acme.caller.tenant, permissions=less)
    finding = of(acme, "left-pad")
    for scope in ("component", "tenant"):
        with pytest.raises(NotAllowed):
            triage.decide(acme.platform, person, [finding["id"]], replace(WAIVED, scope=scope))
    triage.decide(acme.platform, person, [finding["id"]], WAIVED)


def test_comments_are_changed_and_removed_by_who_wrote_them(acme: World) -> None:
    finding = of(acme, "left-pad")
    said = triage.comment(acme.platform, acme.person, finding["id"], " seen  ")
    assert (said["body"], said["author"], said["revision"]) == ("seen", "Ada", 1)
    bob = member(acme.caller.tenant, name="Bob")
    for call in (
        lambda: triage.edit_comment(acme.platform, bob, said["id"], "not so"),
        lambda: triage.remove_comment(acme.platform, bob, said["id"]),
    ):
        with pytest.raises(NotAllowed):
            call()
    again = triage.edit_comment(acme.platform, acme.person, said["id"], "read", 1)
    assert (again["body"], again["revision"]) == ("read", 2)
    with pytest.raises(Outdated):
        triage.edit_comment(acme.platform, acme.person, said["id"], "late", 1)
    with pytest.raises(Outdated):
        triage.remove_comment(acme.platform, acme.person, said["id"], 1)
    triage.remove_comment(acme.platform, acme.person, said["id"], 2)
    assert acme.rows("comments") == []
    for body in ("", "  \n", "x" * 10_001):
        with pytest.raises(UserError):
            triage.comment(acme.platform, acme.person, finding["id"], body)


def test_whoever_takes_care_is_kept_through_a_scan(acme: World) -> None:
    ids = [row["id"] for row in acme.rows("findings")]
    before = triage.assign(acme.platform, acme.person, ids, "Bob")
    assert {name: sorted(those) for name, those in before.items()} == {"": ids}
    assert triage.assign(acme.platform, acme.person, ids, "Bob") == {}
    scan(acme)
    assert {row["assignee"] for row in acme.rows("findings")} == {"Bob"}
    assert [row["what"] for row in acme.rows("finding_history")].count("assigned") == 2
    assert triage.assign(acme.platform, acme.person, ids[:1], "") == {"Bob": ids[:1]}


def test_what_is_fixed_stays_fixed_when_it_is_decided_about(acme: World) -> None:
    acme.record(reading("trivy"))
    decided = decide(acme, of(acme, "left-pad"))
    after = of(acme, "left-pad")
    assert (after["status"], after["counts"], decided.changed) == ("fixed", False, 0)
    scan(acme)
    assert of(acme, "left-pad")["status"] == "suppressed"
