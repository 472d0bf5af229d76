"""What an e-mail channel must be told."""

from __future__ import annotations

import pytest

from vigie.model.errors import UserError
from vigie.outlets.notifiers.email import NOTIFIER, sealed, server
from vigie.ports.notifiers import Channel
from vigie.ports.secrets import SecretValue

_SETTINGS = {"host": "smtp.example.org", "from": "Vigie <vigie@example.org>", "to": "a@example.org"}


def channel(password: str = "", **settings: str) -> Channel:
    secrets = {"password": SecretValue(password)} if password else {}
    return Channel({**_SETTINGS, **settings}, secrets)


@pytest.mark.parametrize(
    ("security", "port"), [("", 587), ("starttls", 587), ("tls", 465), ("none", 25)]
)
def test_each_kind_of_encryption_has_its_port_and_starttls_is_usual(
    security: str, port: int
) -> None:
    found = server(channel(security=security))
    assert (found.port, found.security) == (port, security or "starttls")


def test_a_password_is_in_no_picture_of_the_server() -> None:
    assert "hunter2" not in repr(server(channel("hunter2", username="vigie")))


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "smtp.example.org/x"},
        {"host": "smtp example"},
        {"port": "0"},
        {"port": "70000"},
        {"port": "²"},
        {"port": "-1"},
        {"from": "nobody"},
        {"from": "a@b@c"},
        {"from": "vigie@example..org"},
        {"to": "a@example.org\r\nBcc: b@example.org"},
        {"to": "a@example.org,,b"},
        {"to": ", ,"},
        {"to": "<a@example.org> b@example.org, x"},
        {"to": ",".join(f"a{n}@example.org" for n in range(51))},
        {"to": "é@example.org"},
        {"username": "vigie"},
    ],
)
def test_what_cannot_be_right_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(UserError):
        NOTIFIER.check(channel(**settings))


def test_a_password_does_not_travel_in_clear() -> None:
    with pytest.raises(UserError):
        NOTIFIER.check(channel("hunter2", username="vigie", security="none"))
    NOTIFIER.check(channel("hunter2", username="vigie", security="none", host="127.0.0.1"))
    with pytest.raises(UserError):
        NOTIFIER.check(channel("mot-de-passé", username="vigie"))
    with pytest.raises(UserError):
        NOTIFIER.check(channel("hunter2"))


def test_recipients_have_names_or_none() -> None:
    found = sealed(channel(to="Jo Doe <jo@example.org>, a+b@example.net"))
    assert [one.addr_spec for one in found.recipients] == ["jo@example.org", "a+b@example.net"]
    assert found.recipients[0].display_name == "Jo Doe"
