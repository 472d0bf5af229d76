"""Events of people and of the platform, as rules and tickets hear of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import member
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import CODE
from tests.unit.services.telling.telling_made import Desk, desk, flaws

from vigie.model.severity import Severity
from vigie.ports.notifiers import Matter
from vigie.services.recording import events
from vigie.services.telling import rules, telltale
from vigie.stores.relational.tables.findings import FINDINGS


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path)


def happens(at: Desk, kind: str, subject: tuple[str, str], document: dict[str, Any]) -> None:
    caller = member(at.tenant)
    with at.platform.database.begin(caller.scope) as work:
        events.emit(work, kind, subject, document, at.clock(), severity=Severity.HIGH)


def test_findings_that_a_document_names_are_read(at: Desk) -> None:
    at.record(*flaws(3))
    ids = [row["id"] for row in at.rows("findings")]
    at.rule(at.channel(), {"events": ["finding.triaged"], "statuses": ["open"]})
    happens(at, "finding.triaged", ("finding", ""), {"count": 2, "findings": ids[:2]})
    at.deliver()
    [message] = at.ear.heard
    assert (str(message.title), message.total) == (
        "findings were decided on in registry.example/shop:1.0 (2)", 2)  # fmt: skip


def test_an_event_about_one_finding_shows_it(at: Desk) -> None:
    at.record(*flaws(1))
    [finding] = at.rows("findings")
    at.rule(at.channel(), {"events": ["finding.commented"]})
    happens(at, "finding.commented", ("finding", finding["id"]), {"by": "Ada"})
    at.deliver()
    [message] = at.ear.heard
    assert message.items[0].url == f"https://vigie.example/findings/{finding['id']}"


def test_an_event_that_changed_no_finding_is_not_told(at: Desk) -> None:
    at.rule(at.channel())
    happens(at, "finding.revoked", ("suppression", ""), {"count": 0, "findings": []})
    assert at.rows("deliveries") == []


def test_another_tenants_finding_is_none(store: Store, at: Desk, tmp_path: Path) -> None:
    other = desk(store, tmp_path, "other")
    at.record(*flaws(1))
    [finding] = at.rows("findings")
    other.rule(other.channel())
    happens(other, "finding.triaged", ("finding", ""), {"findings": [finding["id"]]})
    assert other.rows("deliveries") == []


def test_an_alert_ends_when_its_finding_is_set_aside(at: Desk) -> None:
    at.record(*flaws(2), asset=CODE)
    first, second = (row["id"] for row in at.rows("findings"))
    wanted = ["finding.triaged"]
    at.rule(at.channel(name="one"), {"events": wanted, "group": "finding"})
    at.rule(at.channel(name="two"), {"events": wanted, "group": "asset"})
    for finding, expected in ((first, Matter.CHANGED), (second, Matter.RESOLVED)):
        with at.platform.database.begin(at.admin.scope) as work:
            work.run(sa.update(FINDINGS).where(work.mine(FINDINGS), FINDINGS.c.id == finding)
                     .values(counts=False, status="suppressed"))  # fmt: skip
        at.ear.heard.clear()
        happens(at, "finding.triaged", ("finding", finding), {"findings": [finding]})
        at.deliver()
        matters = {m.key.partition("/")[0]: m.matter for m in at.ear.heard}
        assert matters == {"finding": Matter.RESOLVED, "asset": expected}


def test_facts_of_an_event_are_few_and_short(at: Desk) -> None:
    event = {"id": "e", "kind": "scan.failed", "at": at.clock(), "subject_kind": "scan",
             "subject_id": "1", "severity": "",
             "document": {"error": "x" * 9000, "many": [1] * 1000,
                          **{f"n{n}": n for n in range(100)}}}  # fmt: skip
    with at.platform.database.read(at.admin.scope) as work:
        happened = telltale.happened(work, event, ())
    assert len(str(happened.told)) < 1000
    assert [fact.event for fact in happened.facts] == ["scan.failed"]


def test_a_stored_rule_that_cannot_be_read_stops_no_import(at: Desk) -> None:
    rule = at.rule(at.channel())
    table = rules.RULE.table
    with at.platform.database.begin(at.admin.scope) as work:
        work.run(sa.update(table).where(work.mine(table), table.c.id == rule)
                 .values(conditions={"severity": "nonsense"}))  # fmt: skip
    at.record(*flaws(1))
    assert len(at.rows("findings")) == 1
    assert at.rows("deliveries") == []
