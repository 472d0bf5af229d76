"""What a tenant sets is checked, kept, logged, and never written over unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.platforms import START, member, platform
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.services import tenant_settings
from vigie.services.access.security_policy import SecurityPolicy
from vigie.services.failures import Outdated
from vigie.services.platform import Caller, Platform
from vigie.services.tenant_settings import TenantSettings
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import TENANTS
from vigie.stores.relational.tables.governance import AUDIT
from vigie.stores.relational.tables.telling import CHANNELS


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
