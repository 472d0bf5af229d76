"""VEX statements of others as decisions, and the tenant's own given out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.platforms import member
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import SHOP, flaw, reading
from tests.unit.services.recording.world import SEEN_AGAIN, World, world

from vigie.model.access import NotAllowed, Role
from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.findings import Status
from vigie.model.observations import Claim, Kind, Observation, Rule, Stance
from vigie.ports.outlets import View
from vigie.services import triage
from vigie.services.bodies import read_body
from vigie.services.failures import NotFound
from vigie.services.intake import Reading
from vigie.services.triage import Verdict
from vigie.services.triage.vex import (
    VexImported,
    export,
    import_statements,
    is_vex,
    revoke_statements,
)
from vigie.stores.relational.ids import new_id

LEFT = "pkg:npm/left-pad@1.0"


@pytest.fixture
def acme(store: Store, tmp_path: Path) -> World:
    made = world(store, tmp_path)
    made.record(reading("trivy", flaw("trivy", "CVE-2024-0001"), flaw("trivy", "CVE-2024-0002")))
    return made


def says(
    rule: str = "CVE-2024-0001",
    stance: Stance = Stance.NOT_AFFECTED,
    *products: str,
    when: str = "2026-02-01T00:00:00Z",
    **more: Any,
) -> Reading:
    claim = Claim(
        stance, justification=more.pop("justification", "component_not_present"),
        statement="not in our build", author=more.pop("author", "Bob"), timestamp=when,
        products=products or (LEFT,), **more,
    )  # fmt: skip
    said = Observation("openvex", Kind.VULNERABILITY, Rule(rule), f"s[{rule}]", claim=claim)
    return reading("openvex", said, asset=None)


def take(made: World, *readings: Reading) -> VexImported:
    made.clock.move(hours=1)
    return import_statements(made.platform, made.person, readings)


def test_a_statement_decides_what_is_there_and_what_comes(acme: World) -> None:
    assert take(acme, says()) == VexImported(new=1, assets=1)
    finding = acme.finding("CVE-2024-0001")
    [row] = acme.rows("suppressions")
    assert (finding["status"], finding["suppression_id"]) == ("not_affected", row["id"])
    assert (row["source"], row["owner"], row["justification"]) == (
        "vex", "Bob", "component_not_present",
    )  # fmt: skip
    assert acme.finding("CVE-2024-0002")["status"] == "open"
    assert acme.history("CVE-2024-0001") == ["found", "changed"]
    other = Asset(AssetKind.IMAGE, "other:1.0")
    acme.record(reading("trivy", flaw("trivy", "CVE-2024-0001"), asset=other))
    assert {r["status"] for r in acme.rows("findings") if r["id"] != finding["id"]} == {
        "not_affected", "open",
    }  # fmt: skip
    assert [r["action"] for r in acme.rows("audit")].count("suppression.import") == 1


def test_a_statement_about_one_version_does_not_speak_of_another(acme: World) -> None:
    take(acme, says("CVE-2024-0001", Stance.NOT_AFFECTED, "pkg:npm/left-pad@2.0"))
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    take(acme, says("CVE-2024-0001", Stance.NOT_AFFECTED, "pkg:npm/left-pad"))
    assert acme.finding("CVE-2024-0001")["status"] == "not_affected"


def test_a_statement_about_a_package_in_an_image_is_about_no_other_image(acme: World) -> None:
    take(acme, says("CVE-2024-0001", Stance.NOT_AFFECTED, SHOP.name, subcomponents=(LEFT,)))
    assert acme.finding("CVE-2024-0001")["status"] == "not_affected"
    other = Asset(AssetKind.IMAGE, "other:1.0")
    acme.record(reading("trivy", flaw("trivy", "CVE-2024-0001"), asset=other))
    statuses = sorted(row["status"] for row in acme.rows("findings"))
    assert statuses == ["not_affected", "open", "open"]


def test_the_same_document_again_changes_nothing(acme: World) -> None:
    take(acme, says(), says("CVE-2024-0002", Stance.FIXED))
    before = acme.all({*SEEN_AGAIN})
    for _ in range(3):
        imported = take(acme, says(), says("CVE-2024-0002", Stance.FIXED))
        assert (imported.new, imported.replaced, imported.known) == (0, 0, 2)
    assert acme.all({*SEEN_AGAIN}) == before


def test_the_same_author_later_takes_the_place_of_what_was_said_before(acme: World) -> None:
    take(acme, says())
    again = says("CVE-2024-0001", Stance.AFFECTED, when="2026-02-02T00:00:00Z")
    assert take(acme, again).replaced == 1
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    assert take(acme, says()).known == 1  # an older document, sent late
    assert acme.finding("CVE-2024-0001")["status"] == "open"


def test_a_persons_decision_stands_above_a_statement_and_leaves_it_when_revoked(
    acme: World,
) -> None:
    take(acme, says())
    finding = acme.finding("CVE-2024-0001")
    verdict = Verdict(Status.OPEN, "it is in our build")
    decided = triage.decide(acme.platform, acme.person, [finding["id"]], verdict)
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    acme.record(reading("trivy", flaw("trivy", "CVE-2024-0001"), flaw("trivy", "CVE-2024-0002")))
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    triage.revoke(acme.platform, acme.person, decided.suppressions)
    assert acme.finding("CVE-2024-0001")["status"] == "not_affected"


def test_taking_a_statement_back_reopens_what_it_cleared(acme: World) -> None:
    take(acme, says())
    [row] = acme.rows("suppressions")
    assert revoke_statements(acme.platform, acme.person, [row["id"]]) == 1
    assert acme.finding("CVE-2024-0001")["status"] == "open"
    with pytest.raises(NotFound):
        triage.revoke(acme.platform, acme.person, [row["id"]])


def test_what_was_decided_is_given_out_as_openvex(acme: World) -> None:
    finding = acme.finding("CVE-2024-0001")
    verdict = Verdict(Status.NOT_AFFECTED, justification="vulnerable_code_not_present")
    triage.decide(acme.platform, acme.person, [finding["id"]], verdict)
    document = json.loads(b"".join(export(acme.platform, acme.person, View())))
    [statement] = document["statements"]
    assert statement["vulnerability"]["name"] == "CVE-2024-0001"
    assert (statement["status"], statement["justification"]) == (
        "not_affected", "vulnerable_code_not_present",
    )  # fmt: skip


def test_what_is_given_out_can_be_taken_in_elsewhere(
    acme: World, store: Store, tmp_path: Path
) -> None:
    finding = acme.finding("CVE-2024-0001")
    verdict = Verdict(Status.NOT_AFFECTED, justification="vulnerable_code_not_present")
    triage.decide(acme.platform, acme.person, [finding["id"]], verdict)
    file = tmp_path / "ours.openvex.json"
    file.write_bytes(b"".join(export(acme.platform, acme.person, View())))

    other = world(store, tmp_path / "other", "other")
    other.record(reading("trivy", flaw("trivy", "CVE-2024-0001"), flaw("trivy", "CVE-2024-0002")))
    readings, kind = read_body(other.platform, file, "ours")
    assert (kind, is_vex(readings)) == ("openvex", True)
    take(other, *readings)
    assert other.finding("CVE-2024-0001")["status"] == "not_affected"
    assert other.finding("CVE-2024-0002")["status"] == "open"


def test_what_holds_no_statement_and_who_may_not_are_refused(
    acme: World, store: Store, tmp_path: Path
) -> None:
    plain = reading("trivy", flaw("trivy", "CVE-2024-0001"))
    assert not is_vex([plain])
    assert not is_vex([])
    assert not is_vex([plain, says()])
    with pytest.raises(UserError, match="no VEX statement"):
        take(acme, plain)
    viewer = member(acme.caller.tenant, Role.VIEWER)
    with pytest.raises(NotAllowed):
        import_statements(acme.platform, viewer, [says()])
    with pytest.raises(NotAllowed):
        revoke_statements(acme.platform, viewer, [new_id()])
    take(acme, says())
    [row] = acme.rows("suppressions")
    other = world(store, tmp_path / "other", "other")
    for number in (row["id"], new_id()):
        with pytest.raises(NotFound):
            revoke_statements(other.platform, other.person, [number])
    assert json.loads(b"".join(export(other.platform, other.person, View())))["statements"] == []
    assert acme.finding("CVE-2024-0001")["status"] == "not_affected"
