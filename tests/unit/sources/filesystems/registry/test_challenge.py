from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import SourceError
from vigie.sources.filesystems.registry.challenge import (
    Challenge,
    check_realm,
    read_challenge,
    read_token,
)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        (['Basic realm="x"'], Challenge("basic", "x")),
        (["basic"], Challenge("basic")),
        (
            ['Bearer realm="https://a.example/t",service="s",scope="repository:x:pull"'],
            Challenge("bearer", "https://a.example/t", "s", "repository:x:pull"),
        ),
        (
            ['bearer realm="https://a.example/t?x=1,2", service=s , error="invalid_token"'],
            Challenge("bearer", "https://a.example/t?x=1,2", "s"),
        ),
        (['Basic realm="x"', 'Bearer realm="https://t"'], Challenge("bearer", "https://t")),
        (['Basic realm="x", Bearer realm="https://t"'], Challenge("bearer", "https://t")),
        ([r'Bearer realm="a\"b"'], Challenge("bearer", 'a"b')),
        (["Bearer service=s"], None),
        (['Negotiate, Digest realm="x"'], None),
        ([], None),
    ],
)
def test_challenges(headers: list[str], challenge: Challenge | None) -> None:
    assert read_challenge(headers) == challenge


@given(st.lists(st.text(max_size=200), max_size=3))
def test_any_header_is_read_or_passed_over(headers: list[str]) -> None:
    found = read_challenge(headers)
    assert found is None or found.scheme in ("basic", "bearer")


def test_a_long_header_takes_no_long_time() -> None:
    read_challenge(["Bearer " + 'a="\\' * 200_000, "Bearer " + "a=" * 400_000, "," * 800_000])


@pytest.mark.parametrize("realm", ["http://t.example/", "", "ftp://t", "http://[", "//t", "t",
                                   "https://", "https://u:p@t.example/"])  # fmt: skip
def test_a_password_goes_nowhere_unencrypted(realm: str) -> None:
    with pytest.raises(SourceError, match="no encrypted address"):
        check_realm(realm, registry="r", plain=False)


def test_realms_that_are_fine() -> None:
    assert check_realm("https://t/", registry="r", plain=False) == "https://t/"
    assert check_realm("http://t/", registry="r", plain=True) == "http://t/"
    with pytest.raises(SourceError):
        check_realm("ftp://t/", registry="r", plain=True)


def test_tokens() -> None:
    assert read_token(b'{"token": "a"}', "r") == "a"
    assert read_token(b'{"access_token": "b", "expires_in": 3}', "r") == "b"
    for data in (b"", b"[]", b'{"token": ""}', b'{"token": 3}', b'{"token": "a\\nb"}', b"\xff",
                 '{"token": "é"}'.encode(), b'{"a":' * 100_000):  # fmt: skip
        with pytest.raises(SourceError, match="gave no token"):
            read_token(data, "r")
