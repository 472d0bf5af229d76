"""People change what is theirs, and show who they are before they change what guards the door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import home

from vigie.model.access import PrincipalKind
from vigie.model.errors import UserError
from vigie.services.access import own, own_passkeys
from vigie.services.access.visits import Visit
from vigie.services.failures import Conflict, NotFound, Outdated, TooMany


def test_a_key_is_nobody(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    person = here.caller()
    key = replace(person, principal=replace(person.principal, kind=PrincipalKind.KEY))
    with pytest.raises(Conflict):
        own.profile(here.place, key)
    with pytest.raises(Conflict):
        own.sign_out(here.place, key)


def test_an_old_revision_changes_nothing(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    caller = here.caller()
    after = own.change_profile(here.place, caller, {"name": "New"}, 1)
    assert (after["name"], after["revision"]) == ("New", 2)
    with pytest.raises(Outdated):
        own.change_profile(here.place, caller, {"name": "Newer"}, 1)


def test_a_time_zone_is_one_that_is_known(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    caller = here.caller()
    assert own.profile(here.place, caller)[0]["time_zone"] == ""
    after = own.change_profile(here.place, caller, {"time_zone": "Pacific/Auckland"}, None)
    assert (after["time_zone"], after["language"]) == ("Pacific/Auckland", "en")
    for wrong in ("Europe/Nowhere", "../../etc/passwd", "Europe"):
        with pytest.raises(UserError, match="no time zone"):
            own.change_profile(here.place, caller, {"time_zone": wrong}, None)
    assert own.profile(here.place, caller)[0]["time_zone"] == "Pacific/Auckland"
    assert own.change_profile(here.place, caller, {"time_zone": ""}, None)["time_zone"] == ""


def test_a_stolen_session_does_not_guess_the_password(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    caller = here.caller()
    for _ in range(5):
        with pytest.raises(UserError, match="not right"):
            own.confirm(here.place, caller, "wrong", Visit("127.0.0.1"))
    with pytest.raises(TooMany):
        own.confirm(here.place, caller, "wrong", Visit("127.0.0.1"))
    assert here.actions() == ["user.confirm"] * 5


def test_nobody_ends_anothers_session_or_takes_anothers_passkey(
    store: Store, tmp_path: Path
) -> None:
    here = home(store, tmp_path)
    caller = here.caller()
    with pytest.raises(NotFound):
        own.end_own_session(here.place, caller, here.tenant, "x")
    with pytest.raises(NotFound):
        own_passkeys.remove(here.place, caller, "x")
