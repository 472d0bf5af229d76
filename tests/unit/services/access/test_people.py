"""Addresses of people, and who may be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import NotAllowed, Role
from vigie.model.errors import UserError
from vigie.services.access import people, sessions_of_others, tenancy
from vigie.services.access.people import NewPerson, checked_email
from vigie.services.failures import Conflict, NotFound
from vigie.stores.relational.ids import new_id


@pytest.mark.parametrize(
    "text", ["", "x", "@", "a@", "@b", "a b@c", "a@b@c", "a@b\n", "x" * 300 + "@example.org"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    if text == "a@b\n":  # a line's end is cut off like any blank
        assert checked_email(text) == "a@b"
        return
    with pytest.raises(UserError):
        checked_email(text)


def test_nothing_of_a_refused_creation_stays(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    caller = here.caller(Role.ADMIN)
    wanted = NewPerson("bea@example.org", Role.VIEWER, password="password1234")
    with pytest.raises(UserError), store.database.begin(caller.scope) as work:
        people.create(work, here.place, caller, wanted)
    with store.database.begin(caller.scope) as work:
        people.create(work, here.place, caller, NewPerson("bea@example.org", Role.VIEWER))
        with pytest.raises(Conflict):
            people.create(work, here.place, caller, NewPerson("bea@example.org", Role.VIEWER))
        with pytest.raises(NotAllowed):
            people.create(work, here.place, caller, NewPerson("bo@example.org", Role.OWNER))
    assert here.actions() == ["user.create"], "what was refused inside left no entry"


def test_another_tenants_people_are_not_there(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    theirs, caller = here.person(Role.VIEWER, here.other), here.caller()
    for user in (theirs, new_id(), "x"):
        with pytest.raises(NotFound):
            people.read(here.place, caller, user)
        with pytest.raises(NotFound):
            people.remove(here.place, caller, user, None)
    with pytest.raises(NotFound):
        sessions_of_others.revoke(here.place, caller, new_id())


def test_the_last_super_admin_stays(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    boss = here.caller(Role.SUPER_ADMIN)
    with pytest.raises(Conflict):
        tenancy.set_super_admin(here.place, boss, boss.principal.id, allowed=False)
    ada = here.person(Role.VIEWER)
    tenancy.set_super_admin(here.place, boss, ada, allowed=True)
    tenancy.set_super_admin(here.place, boss, boss.principal.id, allowed=False)
    assert (here.row(ada)["super_admin"], here.row(boss.principal.id)["super_admin"]) == (
        True,
        False,
    )
    sso = here.person(Role.VIEWER, password_hash="")
    with pytest.raises(Conflict):
        tenancy.set_super_admin(here.place, here.caller(Role.SUPER_ADMIN), sso, allowed=True)
