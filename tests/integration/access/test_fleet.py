"""The fleet shows whoever asks the tenants that they may enter, and no other."""

from __future__ import annotations

from tests.access_made import Door
from tests.platforms import worker
from tests.store_fixtures import NOW
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.model.access import Role
from vigie.model.severity import Severity
from vigie.services.recording import record
from vigie.stores.relational import people
from vigie.stores.relational.scopes import SYSTEM, of_tenant
from vigie.stores.relational.tables.access import TENANTS


def names(door: Door, user: str, tenant: str = "") -> list[str]:
    got = door.ask("GET", "/fleet", user, tenant=tenant or door.tenant)
    assert got.status_code == 200, got.text
    assert got.json()["total"] == len(got.json()["tenants"])
    return [one["id"] for one in got.json()["tenants"]]


def join(door: Door, user: str, tenant: str, role: Role) -> None:
    with door.store.database.begin(SYSTEM) as work, work.within(of_tenant(tenant)):
        assert people.add_membership(work, tenant, user, role, NOW)


def test_each_sees_the_tenants_that_they_may_enter(door: Door) -> None:
    both = {door.tenant, door.other}
    viewer = door.person(Role.VIEWER)
    assert names(door, viewer) == [door.tenant]
    join(door, viewer, door.other, Role.ANALYST)
    assert set(names(door, viewer)) == both
    assert set(names(door, door.person(Role.SUPER_ADMIN))) == both


def test_who_reads_no_findings_sees_no_fleet(door: Door) -> None:
    agent = door.person(Role.AGENT)
    assert door.ask("GET", "/fleet", agent, tenant=door.tenant).status_code == 403
    # Somebody who reads here, and only reports there, sees nothing of there.
    viewer = door.person(Role.VIEWER)
    join(door, viewer, door.other, Role.AGENT)
    assert names(door, viewer) == [door.tenant]
    assert door.ask("GET", "/fleet").status_code == 401


def test_a_disabled_tenant_is_left_out(door: Door) -> None:
    both = door.person(Role.VIEWER)
    join(door, both, door.other, Role.VIEWER)
    with door.store.database.begin(SYSTEM) as work:
        closed = TENANTS.update().where(TENANTS.c.id == door.other)
        work.run(closed.values(disabled_at=NOW))
    assert names(door, both) == [door.tenant]
    assert names(door, door.person(Role.SUPER_ADMIN)) == [door.tenant]


def test_a_tenant_at_a_glance(door: Door) -> None:
    owner = door.person(Role.OWNER)
    found = reading("grype", flaw("grype", "CVE-2024-1", severity=Severity.HIGH))
    record(door.place, worker(door.tenant), [found])
    join(door, owner, door.other, Role.VIEWER)
    got = door.ask("GET", "/fleet", owner, tenant=door.tenant).json()["tenants"]
    shown = {one["id"]: one for one in got}
    ours, theirs = shown[door.tenant], shown[door.other]
    assert (ours["total"], ours["by_severity"], ours["assets"]) == (1, {"high": 1}, 1)
    assert (ours["assessed"], ours["role"]) == (1, "owner")
    assert ours["looked_at"] is not None
    assert (theirs["total"], theirs["by_severity"], theirs["assets"]) == (0, {}, 0)
    assert (theirs["looked_at"], theirs["role"]) == (None, "viewer")
