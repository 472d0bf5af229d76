"""Keys carry where they belong, are refused when mistyped, and are only ever stored hashed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.access import NotSignedIn, Permission
from vigie.model.errors import UserError
from vigie.services.access.api_keys import (
    PATTERN,
    NewKey,
    StoredKey,
    is_allowed_from,
    new_key,
    permissions_of_key,
    read_key,
    require_networks,
)

TENANT = UUID("0190a8f2-7c1e-7000-8000-00000000000a")
KEY = UUID("0190a8f2-7c1e-7000-8000-0000000000b7")
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def stored(made: NewKey) -> StoredKey:
    return StoredKey(TENANT, KEY, made.hash, ("ci",), NOW + timedelta(days=1), ("192.0.2.0/24",))


def test_a_key_says_where_it_belongs() -> None:
    made = new_key(TENANT, KEY)
    got = read_key(made.text)
    assert (got.tenant, got.id, got.hash) == (TENANT, KEY, made.hash)
    assert re.search(PATTERN, f'key="{made.text}",') is not None


def test_nothing_that_is_kept_or_shown_holds_the_secret() -> None:
    made = new_key(TENANT, KEY)
    secret = made.text.split("_")[2]
    assert len(secret) == 43
    assert secret not in made.hash + made.hint
    assert secret not in repr(made) + repr(stored(made)) + repr(read_key(made.text))
    assert made.hash not in repr(made) + repr(stored(made)) + repr(read_key(made.text))


def test_each_key_is_another() -> None:
    assert len({new_key(TENANT, KEY).text for _ in range(50)}) == 50


def test_a_good_key_allows_its_scopes() -> None:
    made = new_key(TENANT, KEY)
    got = permissions_of_key(read_key(made.text), stored(made), "192.0.2.9", NOW)
    assert Permission.IMPORTS_WRITE in got
    assert Permission.FINDINGS_TRIAGE not in got


@pytest.mark.parametrize(
    "change",
    [
        {"revoked": True},
        {"expires": NOW},
        {"expires": NOW - timedelta(seconds=1)},
        {"networks": ("198.51.100.0/24",)},
        {"hash": "0" * 64},
        {"hash": ""},
        {"tenant": KEY},
        {"id": TENANT},
    ],
    ids=["revoked", "now", "expired", "network", "hash", "empty", "tenant", "id"],
)
def test_every_reason_to_refuse_sounds_the_same(change: dict[str, object]) -> None:
    made = new_key(TENANT, KEY)
    presented = read_key(made.text)
    with pytest.raises(NotSignedIn) as unknown:
        permissions_of_key(presented, None, "192.0.2.9", NOW)
    with pytest.raises(NotSignedIn) as refused:
        permissions_of_key(
            presented,
            replace(stored(made), **change),  # type: ignore[arg-type]
            "192.0.2.9",
            NOW,
        )
    assert str(refused.value) == str(unknown.value)
    assert str(refused.value.hint) == str(unknown.value.hint)


def test_another_secret_for_the_same_row_is_refused() -> None:
    made = new_key(TENANT, KEY)
    with pytest.raises(NotSignedIn):
        permissions_of_key(read_key(new_key(TENANT, KEY).text), stored(made), "192.0.2.9", NOW)


def test_a_mistyped_letter_is_seen_before_anybody_is_asked() -> None:
    text = new_key(TENANT, KEY).text
    for at in range(len("vigie_"), len(text)):
        if text[at] == "_":
            continue
        other = "1" if text[at] == "0" else "0"
        with pytest.raises(NotSignedIn, match="no API key"):
            read_key(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    "change",
    ["{0}0", " {0}", "{0}\n", "{0}_", "vigia_{1}", "VIGIE_{1}", "{1}", "vigie_{2}", "vigie_{1}"],
)
def test_what_was_cut_or_changed_is_refused(change: str) -> None:
    text = new_key(TENANT, KEY).text
    body = text.removeprefix("vigie_")
    wrong = change.format(text, body, body.upper())
    if change == "vigie_{1}":
        wrong = wrong[:-1]
    with pytest.raises(NotSignedIn):
        read_key(wrong)


@given(st.text(max_size=200))
def test_no_text_that_was_not_made_here_is_taken(text: str) -> None:
    with pytest.raises(NotSignedIn):
        read_key(text)


@pytest.mark.parametrize(
    ("address", "networks", "allowed"),
    [
        ("192.0.2.1", (), True),
        ("not an address", (), True),
        ("192.0.2.1", ("192.0.2.0/24",), True),
        ("::ffff:192.0.2.1", ("192.0.2.0/24",), True),
        ("192.0.3.1", ("192.0.2.0/24", "2001:db8::/32"), False),
        ("2001:db8::1", ("192.0.2.0/24", "2001:db8::/32"), True),
        ("", ("192.0.2.0/24",), False),
        ("not an address", ("0.0.0.0/0",), False),
    ],
)
def test_networks(address: str, networks: tuple[str, ...], allowed: bool) -> None:
    assert is_allowed_from(address, networks) is allowed


def test_ranges_are_written_one_way_and_wrong_ones_are_refused() -> None:
    assert require_networks([" 192.0.2.7 ", "2001:DB8::/32"]) == ("192.0.2.7/32", "2001:db8::/32")
    for wrong in ("192.0.2.1/24", "anywhere", "", "300.1.1.1"):
        with pytest.raises(UserError, match="no network range"):
            require_networks([wrong])
