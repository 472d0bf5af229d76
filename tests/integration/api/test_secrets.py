"""Secrets over the API: set, named, removed, and never shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.api.world import World, opened
from tests.store_fixtures import Store

from vigie.model.access import Role
from vigie.model.errors import UserError
from vigie.wiring.secrets import secrets_of

VALUE = "xoxb-very-secret"


@pytest.fixture
def world(store: Store, tmp_path: Path) -> Iterator[World]:
    secrets = secrets_of(tmp_path, {})
    with opened(store, tmp_path, secrets=secrets) as made:
        yield made


def test_a_secret_is_set_named_and_removed(world: World) -> None:
    for version in (1, 2):
        kept = world.ask("PUT", "/secrets/slack", json={"value": VALUE})
        assert (kept.status_code, kept.json()["version"]) == (200, version), kept.text
        assert VALUE not in kept.text
    listed = world.ask("GET", "/secrets")
    assert [s["reference"] for s in listed.json()] == ["secret://slack"]
    assert VALUE not in listed.text
    assert world.place.secrets.resolve("secret://slack", world.tenant).reveal() == VALUE
    assert world.ask("DELETE", "/secrets/slack").status_code == 204
    assert world.ask("DELETE", "/secrets/slack").status_code == 404
    # What did not happen is not in the log.
    changed = [action for action in world.actions() if action != "secret.read"]
    assert changed == ["secret.put", "secret.put", "secret.remove"]


@pytest.mark.parametrize("name", ["..", "a b", "x" * 300, "%00", "a%2Fb"])
def test_a_name_that_cannot_be_is_refused(world: World, name: str) -> None:
    refused = world.ask("PUT", f"/secrets/{name}", json={"value": VALUE})
    assert refused.status_code in (404, 405, 422)
    assert VALUE not in refused.text
    assert world.ask("GET", "/secrets").json() == []


def test_a_wrong_body_is_not_repeated(world: World) -> None:
    for body in ({"value": ""}, {"value": VALUE, "odd": VALUE}, {"value": [VALUE]}, {"v": VALUE}):
        refused = world.ask("PUT", "/secrets/slack", json=body)
        assert refused.status_code == 422
        assert VALUE not in refused.text


def test_a_secret_is_its_tenants_alone(world: World) -> None:
    world.ask("PUT", "/secrets/slack", json={"value": VALUE})
    assert world.ask("GET", "/secrets", tenant=world.other).json() == []
    assert world.ask("DELETE", "/secrets/slack", tenant=world.other).status_code == 404
    with pytest.raises(UserError):
        world.place.secrets.resolve("secret://slack", world.other)
    for role in (Role.ANALYST, Role.VIEWER, Role.AGENT):
        assert world.ask("GET", "/secrets", role).status_code == 403
