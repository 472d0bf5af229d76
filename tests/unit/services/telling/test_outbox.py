"""What an import writes into the outbox: once, with it, and no more than a rule asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import CODE, SHOP, flaw, reading, secret
from tests.unit.services.telling.telling_made import Desk, desk, flaws

from vigie.model.severity import Severity
from vigie.ports.notifiers import Matter
from vigie.services.platform import system_caller
from vigie.services.recording import events, record
from vigie.services.telling.digests import release_digests
from vigie.stores.relational.ids import new_id


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    return desk(store, tmp_path)


@pytest.mark.slow
def test_four_thousand_findings_of_one_import_are_one_message(at: Desk) -> None:
    at.rule(at.channel())
    said = [*flaws(3999), flaw("grype", "CVE-2026-99999", severity=Severity.CRITICAL)]
    at.record(*said, import_id=new_id())
    at.deliver()
    [message] = [m for m in at.ear.heard if m.matter is Matter.OPENED]
    assert message.total == 4000
    assert dict(message.counts) == {Severity.CRITICAL: 1, Severity.HIGH: 3999}
    assert message.severity is Severity.CRITICAL
    assert len(message.items) == 10
    assert message.items[0].title.startswith("CVE-2026-99999")
    [asset] = at.rows("assets")
    assert message.url == f"https://vigie.example/findings?asset_id={asset['id']}"
    assert len(at.ear.heard) == 1


def test_an_import_over_several_assets_is_one_message_once_it_is_whole(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["finding.new"]})
    readings = [reading("grype", *flaws(2), asset=SHOP), reading("grype", *flaws(3), asset=CODE)]
    record(at.platform, at.admin, readings, import_id=new_id())
    at.deliver()
    assert at.ear.titles == ["5 new findings in 2 assets"]


def test_an_import_that_is_never_finished_is_told_of_all_the_same(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["finding.new"]})
    with pytest.raises(RuntimeError, match="killed"):
        record(
            at.platform, at.admin, [reading("grype", *flaws(2))], import_id=new_id(),
            finish=_killed,
        )  # fmt: skip
    at.deliver()
    assert at.ear.heard == []
    at.clock.move(minutes=16)
    at.deliver()
    assert at.ear.titles == ["2 new findings in registry.example/shop:1.0"]


def _killed(*_: object) -> None:
    raise RuntimeError("killed")


def test_an_import_that_is_undone_tells_nobody(at: Desk) -> None:
    at.rule(at.channel())
    with pytest.raises(RuntimeError), at.platform.database.begin(at.admin.scope) as work:
        events.emit(work, "scan.failed", ("scan", "1"), {}, at.clock())
        raise RuntimeError("undone")
    assert at.rows("deliveries") == at.rows("events") == []


def test_only_what_a_rule_asks_for_is_told(at: Desk) -> None:
    only = {"events": ["finding.new"], "severity": "critical", "kinds": ["vulnerability"]}
    at.rule(at.channel(), only)
    at.record(flaw("grype", "CVE-1"), flaw("grype", "CVE-2", severity=Severity.CRITICAL),
              secret("grype", "a.py", 1))  # fmt: skip
    at.deliver()
    [message] = at.ear.heard
    assert (message.total, [i.title for i in message.items]) == (1, ["CVE-2: A flaw in left-pad"])


def test_labels_and_assets_choose(at: Desk) -> None:
    at.rule(at.channel(), {"labels": {"team": ["shop", "pay"]}, "events": ["finding.new"]})
    at.record(*flaws(1), labels={"team": "other"})
    at.record(*flaws(2), asset=CODE, labels={"team": "pay"})
    at.deliver()
    assert at.ear.titles == ["2 new findings in git.example/shop"]


def test_an_alert_of_an_asset_opens_and_resolves_by_one_key(at: Desk) -> None:
    at.rule(at.channel(), {"group": "asset", "severity": "high",
                           "events": ["finding.new", "finding.closed"]})  # fmt: skip
    at.record(*flaws(3), flaw("grype", "CVE-low", severity=Severity.LOW))
    at.record(*flaws(1), flaw("grype", "CVE-low", severity=Severity.LOW))
    at.record(flaw("grype", "CVE-low", severity=Severity.LOW))
    at.deliver()
    assert [m.matter for m in at.ear.heard] == [Matter.OPENED, Matter.CHANGED, Matter.RESOLVED]
    assert len({m.key for m in at.ear.heard}) == 1


def test_each_finding_may_have_its_own_alert(at: Desk) -> None:
    at.rule(at.channel(), {"group": "finding", "events": ["finding.new", "finding.closed"]})
    at.record(*flaws(2), import_id=new_id())
    at.record(import_id=new_id())
    at.deliver()
    opened = {m.key for m in at.ear.heard if m.matter is Matter.OPENED}
    resolved = {m.key for m in at.ear.heard if m.matter is Matter.RESOLVED}
    assert opened == resolved == {f"finding/{row['id']}" for row in at.rows("findings")}


def test_a_digest_gathers_until_its_time(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["finding.new"]}, mode="digest", digest_cron="0 8 * * *",
            time_zone="Europe/Paris", name="daily")  # fmt: skip
    at.record(*flaws(2), import_id=new_id())
    at.record(*flaws(3), asset=CODE)
    assert (release_digests(at.platform), at.rows("deliveries")) == (0, [])
    at.clock.move(hours=18, minutes=59)  # 07:59 in Paris
    assert release_digests(at.platform) == 0
    at.clock.move(minutes=1)
    assert (release_digests(at.platform), release_digests(at.platform)) == (1, 0)
    at.deliver()
    [message] = at.ear.heard
    assert (message.matter, str(message.title)) == (
        Matter.DIGEST, "daily: 5 new findings in 2 assets")  # fmt: skip
    assert at.rows("gathered") == []


QUIET = {"hours": [{"from": "11:00", "until": "14:00"}], "below": "critical"}


def test_quiet_hours_hold_back_what_is_not_severe(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["finding.new"]}, quiet=QUIET)
    at.record(*flaws(2), import_id=new_id())
    at.record(*flaws(2, severity=Severity.MEDIUM), asset=CODE, import_id=new_id())
    at.deliver()
    assert (at.ear.heard, release_digests(at.platform)) == ([], 0)
    at.clock.move(hours=2)
    release_digests(at.platform)
    at.deliver()
    assert [m.matter for m in at.ear.heard] == [Matter.DIGEST]
    assert at.ear.heard[0].total == 4


def test_quiet_hours_let_the_severe_through(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["finding.new"]}, quiet=QUIET)
    at.record(*flaws(1), flaw("grype", "CVE-9", severity=Severity.CRITICAL), import_id=new_id())
    at.deliver()
    assert at.ear.titles == ["2 new findings in registry.example/shop:1.0"]


def test_an_alert_with_a_key_waits_whole_for_the_end_of_quiet_hours(at: Desk) -> None:
    at.rule(at.channel(), {"group": "asset"}, quiet=QUIET)
    at.record(*flaws(2))
    at.record()
    at.deliver()
    assert at.ear.heard == []
    at.clock.move(hours=2)
    at.deliver()
    asset = [m.matter for m in at.ear.heard if m.key.startswith("asset/")]
    assert asset == [Matter.OPENED, Matter.RESOLVED]


def test_a_rule_that_is_off_or_asleep_tells_nothing(at: Desk) -> None:
    at.rule(at.channel(), enabled=False)
    at.rule(at.channel(name="second"), {"hours": [{"from": "01:00", "until": "02:00"}]})
    at.record(*flaws(2))
    assert at.rows("deliveries") == at.rows("gathered") == []


def test_other_events_are_told_by_what_they_say(at: Desk) -> None:
    at.rule(at.channel(), {"events": ["scan.failed"]})
    caller = system_caller("worker", at.tenant)
    with at.platform.database.begin(caller.scope) as work:
        events.emit(work, "scan.failed", ("scan", "1"), {"error": "no such image", "x": [1]},
                    at.clock(), severity=Severity.HIGH)  # fmt: skip
    at.deliver()
    [message] = at.ear.heard
    assert (str(message.title), message.matter) == ("a scan failed", Matter.CHANGED)
    assert [(str(k), v) for k, v in message.items[0].facts] == [("Error", "no such image")]


def test_no_tenant_hears_of_another(store: Store, tmp_path: Path) -> None:
    one = desk(store, tmp_path)
    two = desk(store, tmp_path, "other")
    two.rule(two.channel())
    one.record(*flaws(2))
    assert two.rows("deliveries") == []
    one.rule(one.channel())
    one.record(*flaws(2), asset=CODE, import_id=new_id())
    assert len(one.rows("deliveries")) == 1
    assert two.rows("deliveries") == []
