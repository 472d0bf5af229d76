"""People sign in, go on and out again, in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.access_made import Door, headers, opened_door
from tests.store_fixtures import Store

from vigie.model.access import Role


@pytest.fixture
def door(store: Store, tmp_path: Path) -> Iterator[Door]:
    with opened_door(store, tmp_path) as opened:
        yield opened


def test_a_password_lets_in_until_somebody_signs_out(door: Door) -> None:
    ada = door.person(Role.OWNER)
    tokens = door.session(ada)
    assert tokens["refresh_token"].startswith("vigier_")
    shown = headers(tokens["access_token"])
    assert door.client.get("/api/v1/policies", headers=shown).status_code == 200
    assert door.client.post("/api/v1/auth/sign-out", headers=shown).status_code == 204
    refused = door.client.get("/api/v1/policies", headers=shown)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    again = door.client.post(
        "/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
    )
    assert again.status_code == 401
    assert door.actions() == ["session.begin", "session.end"]
