"""Who a token is of, found with one question to the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.access_made import PASSWORD
from tests.store_fixtures import Store
from tests.unit.services.access.door_made import Home, home

from vigie.model.access import NotAllowed, NotSignedIn, Role
from vigie.services.access import authentication, signing_in
from vigie.services.access.api_keys import new_key
from vigie.services.access.sessions import SignedIn
from vigie.services.access.visits import Visit
from vigie.stores.relational.ids import new_id

VISIT = Visit("127.0.0.1")


def signed_in(here: Home, role: Role, **values: Any) -> SignedIn:
    email = here.row(here.person(role, **values))["email"]
    done = signing_in.with_password(here.place, email, PASSWORD, VISIT)
    assert isinstance(done, SignedIn)
    return done


def test_one_question_tells_who_it_is(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    token = signed_in(here, Role.ANALYST).access_token
    authentication.by_token(here.place, token, "", VISIT)
    asked: list[str] = []

    def listen(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT SESSIONS", "INSERT", "UPDATE", "DELETE")):
            asked.append(statement)

    sa.event.listen(store.database.engine, "before_cursor_execute", listen)
    known = authentication.by_token(here.place, token, "", VISIT)
    sa.event.remove(store.database.engine, "before_cursor_execute", listen)
    assert (known.principal.role, known.principal.tenant) == (Role.ANALYST, here.tenant)
    assert len(asked) == 1


def test_the_role_is_that_of_the_tenant_asked_for(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    owner, boss = signed_in(here, Role.OWNER), signed_in(here, Role.SUPER_ADMIN)
    with pytest.raises(NotAllowed):
        authentication.by_token(here.place, owner.access_token, here.other, VISIT)
    entered = authentication.by_token(here.place, boss.access_token, "other", VISIT)
    assert (entered.principal.tenant, entered.principal.role) == (here.other, Role.SUPER_ADMIN)
    assert here.actions(here.other) == ["tenant.enter"]


def test_a_key_that_nobody_made_is_refused_like_a_wrong_one(store: Store, tmp_path: Path) -> None:
    here = home(store, tmp_path)
    said = set()
    for tenant in (here.tenant, new_id()):
        key = new_key(UUID(tenant), UUID(new_id())).text
        with pytest.raises(NotSignedIn) as refused:
            authentication.by_key(here.place, key, "", VISIT)
        said.add(str(refused.value))
    assert len(said) == 1
