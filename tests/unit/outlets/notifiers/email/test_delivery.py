"""Handing a letter in: TLS, login, what answers mean."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.mail_receiver import Certificate, certificate, mail_receiver, rude_mail_server
from tests.plugs.test_notifiers import MESSAGE, NOW

from vigie.model.text import ENGLISH
from vigie.outlets.notifiers._deadline import Deadline
from vigie.outlets.notifiers.email import NOTIFIER, delivery
from vigie.ports.notifiers import Allows, Attempt, Channel, Delivered, Post
from vigie.ports.secrets import SecretValue

PASSWORD = "SECRETpass"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def trusted(made: Certificate, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made.context


@pytest.fixture
def stranger(
    made: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[ssl.SSLContext]:
    (tmp_path / "none.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    yield made.context


def free(host: str, port: int) -> None:
    """Any address may be called."""


def sent(
    port: int,
    security: str,
    password: str = "",
    *,
    to: str = "a@example.org",
    timeout: float = 20,
    allows: Allows = free,
    host: str = "127.0.0.1",
) -> Attempt:
    settings = {"host": host, "port": str(port), "security": security,
                "from": "vigie@example.org", "to": to}  # fmt: skip
    secrets = {}
    if password:
        settings["username"] = "vigie"
        secrets["password"] = SecretValue(password)
    with httpx.Client(trust_env=False) as client:
        post = Post(client, ENGLISH, timeout, NOW, allows)
        return NOTIFIER.send(MESSAGE, Channel(settings, secrets), post)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_and_its_login_travel_with_tls(trusted: ssl.SSLContext, security: str) -> None:
    with mail_receiver(trusted, implicit=security == "tls", password=PASSWORD) as mail:
        attempt = sent(mail.port, security, PASSWORD)
        assert attempt.outcome is Delivered.DONE, str(attempt.detail)
        assert mail.tls == [True]
        assert mail.logins == [("vigie", PASSWORD)]
        assert mail.letters[0].rcpt_tos == ["a@example.org"]
        assert attempt.reference.endswith("@example.org>")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_a_stranger_gets_neither(stranger: ssl.SSLContext, security: str) -> None:
    with mail_receiver(stranger, implicit=security == "tls", password=PASSWORD) as mail:
        attempt = sent(mail.port, security, PASSWORD)
        assert attempt.outcome is Delivered.RETRY
        assert str(attempt.detail) == "the receiver's certificate is not to be trusted"
        assert (mail.letters, mail.logins) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_another_name_gets_neither(trusted: ssl.SSLContext, security: str) -> None:
    with mail_receiver(trusted, implicit=security == "tls", password=PASSWORD) as mail:
        attempt = sent(mail.port, security, PASSWORD, host="localhost",
                       allows=lambda host, port: ("127.0.0.1",))  # fmt: skip
        assert str(attempt.detail) == "the receiver's certificate is not to be trusted"
        assert (mail.letters, mail.logins) == ([], [])


def test_a_server_without_tls_gets_no_letter_and_no_password() -> None:
    with mail_receiver(password=PASSWORD) as mail:
        attempt = sent(mail.port, "starttls", PASSWORD)
        assert attempt.outcome is Delivered.REJECTED
        assert str(attempt.detail) == "the mail server offers no TLS"
        assert (mail.letters, mail.logins) == ([], [])


def test_a_wrong_password_is_never_right_later(trusted: ssl.SSLContext) -> None:
    with mail_receiver(trusted, password=PASSWORD) as mail:
        attempt = sent(mail.port, "starttls", "SECRETwrong")
        assert attempt.outcome is Delivered.REJECTED
        assert "user name and password" in str(attempt.detail)
        assert "SECRET" not in str(attempt.detail)
        assert mail.letters == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("250 ok", Delivered.DONE), ("421 bye", Delivered.RETRY), ("452 full", Delivered.RETRY),
     ("550 no", Delivered.REJECTED), ("554 spam", Delivered.REJECTED)],
)  # fmt: skip
def test_the_first_digit_decides(answer: str, outcome: Delivered) -> None:
    with mail_receiver() as mail:
        mail.answer = answer
        attempt = sent(mail.port, "none")
        assert (attempt.outcome, attempt.status) == (outcome, int(answer[:3]))


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [({"a@example.org": "550 no"}, Delivered.DONE),
     ({"a@example.org": "550 no", "b@example.org": "450 later"}, Delivered.RETRY),
     ({"a@example.org": "550 no", "b@example.org": "550 no"}, Delivered.REJECTED)],
)  # fmt: skip
def test_a_letter_that_some_receive_is_not_sent_to_them_again(
    refused: dict[str, str], outcome: Delivered
) -> None:
    with mail_receiver() as mail:
        mail.refused = refused
        attempt = sent(mail.port, "none", to="a@example.org, b@example.org")
        assert attempt.outcome is outcome
        assert attempt.detail is not None
        assert "example" not in str(attempt.detail)
        assert len(mail.letters) == (outcome is Delivered.DONE)


def test_an_endless_greeting_is_left() -> None:
    with rude_mail_server("flood") as port:
        attempt = sent(port, "none", timeout=60)
        assert attempt.outcome is Delivered.RETRY
        assert "in time" not in str(attempt.detail)


def test_a_silence_that_the_socket_notices_first_is_late_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two clocks run out at the same moment; smtplib calls the socket's a lost connection."""
    monkeypatch.setattr(delivery, "Deadline", lambda seconds: Deadline(3600))
    with rude_mail_server("hang") as port:
        attempt = sent(port, "none", timeout=0.05)
        assert attempt.outcome is Delivered.RETRY
        assert str(attempt.detail) == "the receiver did not answer in time"


def test_it_connects_to_the_address_that_was_checked_and_no_other() -> None:
    with mail_receiver() as mail:
        attempt = sent(mail.port, "none", host="name.that.is.not.looked.up.invalid",
                       allows=lambda host, port: ("127.0.0.1",))  # fmt: skip
        assert attempt.outcome is Delivered.DONE
        assert len(mail.letters) == 1
