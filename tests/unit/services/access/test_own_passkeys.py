"""The name by which browsers know this platform."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.platforms import platform
from tests.store_fixtures import Store

from vigie.model.errors import UserError
from vigie.services.access.own_passkeys import party_of


@pytest.mark.parametrize(
    ("address", "name", "origin"),
    [
        ("https://vigie.example.org", "vigie.example.org", "https://vigie.example.org"),
        ("https://vigie.example.org:8443", "vigie.example.org", "https://vigie.example.org:8443"),
        ("http://127.0.0.1:8480", "localhost", "http://localhost:8480"),
        ("http://[::1]:8480", "localhost", "http://localhost:8480"),
    ],
)
def test_it_is_the_host_that_people_open(
    store: Store, tmp_path: Path, address: str, name: str, origin: str
) -> None:
    place = platform(store.database, tmp_path, address=address)
    party = party_of(place)
    assert (party.id, party.origins) == (name, (origin,))
    with pytest.raises(UserError):
        party_of(replace(place, address=""))
