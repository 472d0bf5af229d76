"""Tokens for a Clair with a pre-shared key, held against an independent check of them."""

from __future__ import annotations

import base64
import time

import pytest
from tests.clair_server import KEY, ClairServer

from vigie.model.errors import UserError
from vigie.sources.scanners.clair.tokens import read_key, sign


def test_a_token_is_let_in() -> None:
    assert ClairServer().lets_in(f"Bearer {sign(read_key(KEY), 'clairctl', time.time())}")


@pytest.mark.parametrize(
    ("key", "issuer", "shift"),
    [
        (KEY, "quay", 0),
        (base64.b64encode(b"another").decode(), "clairctl", 0),
        (KEY, "clairctl", -300),
        (KEY, "clairctl", 300),
    ],
)
def test_a_token_of_others_or_of_another_time_is_not(key: str, issuer: str, shift: int) -> None:
    assert not ClairServer().lets_in(sign(read_key(key), issuer, time.time() + shift))


def test_the_stand_in_is_strict() -> None:
    head, claims, signature = sign(read_key(KEY), "clairctl", time.time()).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    server = ClairServer()
    for token in (f"{none}.{claims}.", f"{none}.{claims}.{signature}", f"{head}.{claims}.", "", "x",
                  f"{head}.{claims}.{signature[::-1]}"):  # fmt: skip
        assert not server.lets_in(token)


def test_a_key_is_read_as_clairs_configuration_has_it() -> None:
    assert read_key(f" {KEY[:8]}\n{KEY[8:]}\n") == base64.b64decode(KEY)
    assert read_key("") == read_key(" \n") == b""


@pytest.mark.parametrize(
    "text", ["a secret!", "c2VjcmV0X", "c2Vj!cmV0", "é", "====", "QUJD" * 10_000]
)
def test_what_is_no_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(UserError) as caught:
        read_key(text)
    assert text not in f"{caught.value} {caught.value.hint}"
