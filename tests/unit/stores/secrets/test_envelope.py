"""Envelope encryption: what opens, what does not, and that no key is used twice."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest

from vigie.ports.secrets import SecretValue
from vigie.stores.secrets._envelope import BrokenSealError, Master, Row, rewrap, seal, unseal

KEY, OTHER = Master(b"k" * 32), Master(b"o" * 32)
ROW = Row("acme", "token", 3, "2026-01-01T00:00:00+00:00")
SEALED = seal(KEY, ROW, SecretValue("hunter2"))


def test_it_opens_for_its_own_row_and_key() -> None:
    assert unseal(KEY, SEALED).reveal() == "hunter2"
    with pytest.raises(BrokenSealError):
        unseal(OTHER, SEALED)


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "acm", "name": "etoken"},
        {"tenant": ""},
        {"name": "tokens"},
        {"version": 4},
        {"created": "2026-01-02T00:00:00+00:00"},
        {"sealed": b""},
        {"wrapped": b""},
        {"wrapped": SEALED.sealed},
    ],
    ids=["place", "tenant", "name", "version", "created", "nothing", "unwrapped", "swapped"],
)
def test_it_opens_for_no_other_row(changes: dict[str, object]) -> None:
    with pytest.raises(BrokenSealError):
        unseal(KEY, replace(SEALED, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["wrapped", "sealed"])
def test_every_byte_counts(part: str) -> None:
    data = getattr(SEALED, part)
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(BrokenSealError):
            unseal(KEY, replace(SEALED, **{part: flipped}))


def test_a_value_is_never_sealed_alike_twice() -> None:
    again = seal(KEY, ROW, SecretValue("hunter2"))
    assert again.wrapped != SEALED.wrapped
    assert again.sealed != SEALED.sealed
    assert again.wrapped[:12] != SEALED.wrapped[:12]
    assert again.sealed[:12] != SEALED.sealed[:12]
    # The data keys differ too: one row's key does not open the other's value.
    with pytest.raises(BrokenSealError):
        unseal(KEY, replace(SEALED, wrapped=again.wrapped))


def test_another_master_key_leaves_the_value_as_it_is() -> None:
    moved = rewrap(KEY, OTHER, SEALED)
    assert moved.sealed == SEALED.sealed
    assert unseal(OTHER, moved).reveal() == "hunter2"
    with pytest.raises(BrokenSealError):
        unseal(KEY, moved)
    with pytest.raises(BrokenSealError):
        rewrap(OTHER, KEY, SEALED)


def test_a_master_key_shows_nothing_of_itself() -> None:
    assert KEY.id != OTHER.id
    assert b"k" * 8 not in repr(KEY).encode()
    for attempt in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            attempt(KEY)


def test_a_signature_holds_fast_to_where_its_parts_end() -> None:
    assert KEY.sign(["ab", "c"]) != KEY.sign(["a", "bc"])
    assert KEY.sign(["a"]) != OTHER.sign(["a"])
