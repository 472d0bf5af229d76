"""What a tenant sets is checked, kept, logged, and never written over unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import START, member, platform, plugged
from tests.store_fixtures import Store
from tests.unit.services.telling.telling_made import Desk, Ear, desk, flaws

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.model.text import Language
from vigie.ports.queues import WorkItem
from vigie.services import files, jobs, reporting, schedules, tenant_settings
from vigie.services.access import people
from vigie.services.access.people import NewPerson
from vigie.services.access.security_policy import SecurityPolicy
from vigie.services.failures import Conflict, Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.progress import Progress
from vigie.services.telling import channels, tickets
from vigie.services.telling.digests import release_digests
from vigie.services.tenant_settings import TenantSettings
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.governance import AUDIT
from vigie.stores.relational.tables.telling import CHANNELS, NOTIFICATION_RULES


@pytest.fixture
def house(store: Store, tmp_path: Path) -> tuple[Platform, Caller]:
    made = platform(store.database, tmp_path / "data", policy=SecurityPolicy())
    return made, member(store.tenant("Ours"), Role.OWNER)


def write(
    house: tuple[Platform, Caller], settings: TenantSettings, expected: int | None = None
) -> int:
    running, caller = house
    with running.database.begin(caller.scope) as work:
        return tenant_settings.write(work, running, caller, settings, expected)


def read(house: tuple[Platform, Caller]) -> tuple[TenantSettings, int]:
    running, caller = house
    with running.database.read(caller.scope) as work:
        return tenant_settings.read(work), tenant_settings.revision(work)


def test_before_anything_is_set_the_tenant_is_as_it_was_made(
    house: tuple[Platform, Caller],
) -> None:
    with house[0].database.begin(SYSTEM) as work:
        work.run(sa.update(TENANTS).values(language="fr"))
    assert read(house) == (TenantSettings(language="fr"), 0)


def test_they_are_kept_and_the_log_says_what_changed(house: tuple[Platform, Caller]) -> None:
    first = TenantSettings(language="fr", time_zone="Europe/Paris", retention={"events": 30})
    assert write(house, first, 0) == 1
    assert write(house, replace_zone(first), 1) == 2
    assert read(house) == (replace_zone(first), 2)
    running, caller = house
    with running.database.read(caller.scope) as work:
        rows = work.run(sa.select(AUDIT.c.detail).where(work.mine(AUDIT)).order_by(AUDIT.c.seq))
        assert [row.detail for row in rows][1] == {"time_zone": "UTC"}


def replace_zone(settings: TenantSettings) -> TenantSettings:
    return TenantSettings(settings.language, "UTC", settings.retention)


@pytest.mark.parametrize("expected", [0, 2])
def test_who_read_another_revision_is_refused(
    house: tuple[Platform, Caller], expected: int
) -> None:
    write(house, TenantSettings())
    with pytest.raises(Outdated):
        write(house, TenantSettings(time_zone="Europe/Paris"), expected)
    assert read(house)[0].time_zone == "UTC"


@pytest.mark.parametrize(
    "wrong",
    [
        TenantSettings(language="de"),  # type: ignore[arg-type]
        TenantSettings(time_zone="Mars/Olympus"),
        TenantSettings(time_zone="../../etc/passwd"),
        TenantSettings(retention={"events": 3650}),
        TenantSettings(notify_channel="general"),
        TenantSettings(ticket_channel=new_id()),
    ],
)
def test_what_cannot_be_is_refused(house: tuple[Platform, Caller], wrong: TenantSettings) -> None:
    with pytest.raises(UserError):
        write(house, wrong)
    assert read(house)[1] == 0


def test_a_channel_is_one_s_own(house: tuple[Platform, Caller], store: Store) -> None:
    running, caller = house
    channel = new_id()
    with running.database.begin(caller.scope) as work:
        row = {"id": channel, "name": "ops", "kind": "slack", "created_at": START}
        work.insert(CHANNELS, [row])
    wanted = TenantSettings(notify_channel=channel)
    assert write(house, wanted) == 1
    other = (running, replace(member(store.tenant("Theirs"), Role.OWNER)))
    with pytest.raises(UserError):
        write(other, wanted)


@pytest.fixture
def at(store: Store, tmp_path: Path) -> Desk:
    trackers = {"tracker": Ear("tracker")}
    notifiers = {"ear": (ear := Ear())}
    made = desk(store, tmp_path, plugs=plugged(notifiers=notifiers, trackers=trackers))
    made.ear = ear
    return made


def choose(at: Desk, **settings: Any) -> None:
    with at.platform.database.begin(at.admin.scope) as work:
        tenant_settings.write(work, at.platform, at.admin, TenantSettings(**settings))


@pytest.mark.parametrize(("asked", "expected"), [(None, "fr"), ("en", "en")])
def test_what_is_made_speaks_the_tenant_s_language(
    at: Desk, asked: Language | None, expected: str
) -> None:
    choose(at, language="fr")
    channel: dict[str, Any] = {
        "name": "c",
        "kind": "ear",
        "settings": {},
        "language": asked,
        "enabled": True,
    }
    person = NewPerson("ada@example.org", Role.VIEWER, language=asked or "")
    with at.platform.database.begin(at.admin.scope) as work:
        assert channels.create(work, at.platform, at.admin, channel)["language"] == expected
        assert people.create(work, at.platform, at.admin, person).row["language"] == expected
        report = reporting.create(
            work, at.platform, at.admin, title="t", report_format="csv", language=asked, filters={}
        )
        assert report["language"] == expected
        payload = {"format": "csv", **({"language": asked} if asked else {})}
        schedules.start_report(at.platform, work, at.admin, payload, new_id())
    assert [row["language"] for row in at.rows("reports")] == [expected] * 2


def test_schedules_run_by_the_tenant_s_clock(at: Desk) -> None:
    choose(at, time_zone="Asia/Tokyo")
    asked = {"name": "nightly", "kind": "scan", "payload": {"target": "shop:1"},
             "cron": "0 2 * * *", "time_zone": ""}  # fmt: skip
    with at.platform.database.begin(at.admin.scope) as work:
        row = schedules.create(work, at.platform, at.admin, asked)
        other = {**asked, "name": "other", "time_zone": "UTC"}
        told = schedules.create(work, at.platform, at.admin, other)
    assert (row["time_zone"], row["next_at"].hour) == ("Asia/Tokyo", 17)  # 02:00 in Tokyo
    assert (told["time_zone"], told["next_at"].hour) == ("UTC", 2)


def test_quiet_hours_are_the_tenant_s(at: Desk) -> None:
    choose(at, time_zone="Asia/Tokyo")  # the clock stands at 12:00 UTC, 21:00 there
    quiet = {"hours": [{"from": "20:00", "until": "07:00"}]}
    at.rule(at.channel(), time_zone="", quiet=quiet)
    at.record(*flaws(1))
    assert at.deliver() == 0
    at.clock.move(hours=10, minutes=1)  # 07:01
    release_digests(at.platform)
    assert at.deliver() == 1


def test_a_rule_that_names_no_channel_tells_the_tenant_s(at: Desk) -> None:
    with pytest.raises(UserError, match="no channel is named"):
        at.rule("")
    channel = at.channel()
    choose(at, notify_channel=channel)
    at.rule("")
    [row] = at.rows("notification_rules")
    assert row["channel_id"] == channel
    with at.platform.database.begin(at.admin.scope) as work:
        work.run(sa.delete(NOTIFICATION_RULES).where(work.mine(NOTIFICATION_RULES)))
        with pytest.raises(Conflict, match="settings name this channel"):
            channels.remove(work, at.admin, channel, None)


def test_a_ticket_that_names_no_channel_is_opened_where_the_tenant_says(at: Desk) -> None:
    at.record(*flaws(1))
    [finding] = at.rows("findings")
    asked = {"channel_id": "", "finding_id": finding["id"]}
    channel = at.channel("tracker")
    for chosen in ("", channel):
        choose(at, ticket_channel=chosen)
        with at.platform.database.begin(at.admin.scope) as work:
            if not chosen:
                with pytest.raises(UserError, match="no channel is named"):
                    tickets.open_ticket(work, at.platform, at.admin, asked)
                continue
            ticket, new = tickets.open_ticket(work, at.platform, at.admin, asked)
            assert (ticket["channel_id"], new) == (channel, True)


def test_messages_and_reports_tell_the_tenant_s_time(at: Desk) -> None:
    choose(at, time_zone="Asia/Tokyo")
    at.rule(at.channel())
    at.record(*flaws(1))
    at.deliver()
    assert {message.sent for message in at.ear.heard} == {"2026-03-01T21:00:00+09:00"}
    with at.platform.database.begin(at.admin.scope) as work:
        row = reporting.create(
            work, at.platform, at.admin, title="t", report_format="markdown", language="en",
            filters={},
        )  # fmt: skip
    job = jobs.claim(at.platform, WorkItem("report", at.tenant, row["job_id"]))
    assert job is not None
    reporting.run_report(at.platform, job, Progress())
    with at.platform.database.read(at.admin.scope) as work:
        stored = reporting.file_of(work, row["id"])
    body = b"".join(files.pieces_of(at.platform, at.admin.scope, stored)).decode()
    assert "2026-03-01 21:00 UTC+09:00" in body
