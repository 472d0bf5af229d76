"""What a channel was told, checked."""

from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, given, split
from vigie.ports.notifiers import Channel, Field
from vigie.ports.secrets import SecretValue

_URL = Field("url", T("Webhook address"), secret=True, example="https://hooks.example.com/…")


def channel(address: str) -> Channel:
    return Channel({}, {"url": SecretValue(address)})


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x", "https://10.0.0.1:8443/", "http://127.0.0.1:8080/", "http://[::1]/x"],
)
def test_an_address_that_keeps_its_secret_is_taken(address: str) -> None:
    check_address(channel(address), _URL)


@pytest.mark.parametrize(
    "address",
    ["http://example.org/secret-path", "ftp://example.org/", "example.org", "https://", "https:///",
     "https://example.org:99999/", "https://[::1/", "https://exa mple.org/", "file:///etc/passwd",
     "javascript:alert(1)", "http://127.0.0.1.example.org/"],
)  # fmt: skip
def test_what_is_no_such_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UserError) as told:
        check_address(channel(address), _URL)
    assert address not in f"{told.value} {told.value.hint}".replace(_URL.example, "").replace(
        "must begin with https://", ""
    )


def test_plain_http_is_for_those_who_sign_what_they_send() -> None:
    check_address(channel("http://hooks.internal/x"), _URL, plain=True)
    with pytest.raises(UserError):
        check_address(channel("gopher://hooks.internal/x"), _URL, plain=True)


def test_a_default_stands_where_nothing_is_said() -> None:
    field = Field("url", T("Webhook address"), default="https://example.org")
    assert given(Channel(), field) == "https://example.org"
    assert given(Channel({"url": " https://a.org "}), field) == "https://a.org"


def test_a_port_that_cannot_be_is_no_address() -> None:
    assert split("https://a.org:70000") is None
