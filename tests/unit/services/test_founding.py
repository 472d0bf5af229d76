"""The first tenant and administrator, made once; a new password for who lost theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.platforms import Clock
from tests.store_fixtures import Store
from tests.unit.services.jobs_made import working

from vigie.model.errors import UserError
from vigie.services.access.passwords import Passwords
from vigie.services.founding import (
    Credentials,
    first_tenant,
    found,
    is_founded,
    reset_password,
)
from vigie.services.platform import Platform
from vigie.stores.relational.ids import new_id
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import MEMBERSHIPS, SESSIONS, TENANTS, USERS
from vigie.stores.relational.tables.governance import AUDIT


@pytest.fixture
def platform(store: Store, tmp_path: Path) -> Platform:
    return working(store.database, tmp_path, Clock())


def rows(platform: Platform, table: sa.Table) -> list[Any]:
    with platform.database.read(SYSTEM) as work:
        return list(work.run(sa.select(table)).all())


def founded(platform: Platform) -> Credentials:
    made = found(platform, "Ada@Example.ORG", "Home", "fr")
    assert made is not None
    return made


def test_the_first_administrator_owns_the_first_tenant(platform: Platform) -> None:
    assert not is_founded(platform)
    assert first_tenant(platform) == ""
    made = founded(platform)
    (user,), (tenant,), (member,) = (rows(platform, t) for t in (USERS, TENANTS, MEMBERSHIPS))
    assert (user.email, user.super_admin, user.language) == ("ada@example.org", True, "")
    assert Passwords().check(user.password_hash, made.password).holds
    assert (tenant.id, tenant.name) == (made.tenant, "Home")
    assert (member.tenant_id, member.user_id, member.role) == (tenant.id, user.id, "owner")
    assert first_tenant(platform) == tenant.id
    assert made.password not in repr(made)
    actions = [row.action for row in rows(platform, AUDIT)]
    assert actions == ["tenant.create", "user.create"]


def test_it_is_done_once(platform: Platform) -> None:
    founded(platform)
    assert is_founded(platform)
    assert found(platform, "eve@example.org", "Other", "en") is None
    assert len(rows(platform, USERS)) == 1


def test_a_new_password_ends_the_sessions(platform: Platform) -> None:
    old = founded(platform)
    user = rows(platform, USERS)[0]
    now = platform.clock()
    with platform.database.begin(SYSTEM) as work:
        session = {
            "id": new_id(), "tenant_id": old.tenant, "user_id": user.id, "created_at": now,
            "last_used_at": now, "expires_at": now,
        }  # fmt: skip
        work.run(sa.insert(SESSIONS), [session])
        work.run(sa.update(USERS).values(totp_secret="sealed"))
    new = reset_password(platform, "ADA@example.org")
    user = rows(platform, USERS)[0]
    assert Passwords().check(user.password_hash, new.password).holds
    assert not Passwords().check(user.password_hash, old.password).holds
    assert user.totp_secret == "sealed"
    assert rows(platform, SESSIONS)[0].revoked_at == now
    assert "user.reset-password" in [row.action for row in rows(platform, AUDIT)]


def test_the_second_factor_goes_when_that_is_asked(platform: Platform) -> None:
    founded(platform)
    with platform.database.begin(SYSTEM) as work:
        work.run(sa.update(USERS).values(totp_secret="sealed", recovery_codes=["x"], totp_step=7))
    reset_password(platform, "ada@example.org", second_factor=True)
    user = rows(platform, USERS)[0]
    assert (user.totp_secret, user.totp_step, user.recovery_codes) == ("", 0, None)


def test_nobody_gets_a_password_who_is_not_there(platform: Platform) -> None:
    with pytest.raises(UserError, match="nobody has the address"):
        reset_password(platform, "ada@example.org")


@pytest.mark.parametrize("email", ["", "ada", "@x", "x@", "a b@c", "a@b\n", "x" * 250 + "@e.org"])
def test_what_is_no_address_is_refused(platform: Platform, email: str) -> None:
    with pytest.raises(UserError, match="no e-mail address"):
        found(platform, email.replace("\n", "\u0007"), "Home", "en")
