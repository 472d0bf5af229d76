"""Twilio's short messages."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugs.notifier_samples.twilio import stand
from tests.plugs.test_notifiers import MESSAGE, NOW

from vigie.model.errors import UserError
from vigie.model.text import ENGLISH, T
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.twilio import NOTIFIER, text
from vigie.ports.notifiers import Attempt, Channel, Delivered, Post
from vigie.wiring.words import words


@given(st.text(), st.text())
def test_it_stays_short_and_keeps_its_link_whole(title: str, asset: str) -> None:
    item = replace(MESSAGE.items[0], title=title * 20, asset=asset * 20)
    said = say(replace(MESSAGE, title=T("policy {name}", name=title * 50), items=(item,)), ENGLISH)
    found = text(said)
    assert len(found) <= 400
    assert found.endswith(f" {MESSAGE.url}")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_our_own_signs_are_in_the_telephones_alphabet(lang: str) -> None:
    """GSM 03.38 has é, à, è, ù and these; one sign beyond halves what a part may hold."""
    said = say(replace(MESSAGE, total=4000), words("fr" if lang == "fr" else "en"))
    assert not set(text(said)) & set("◆▲■●✓·…’\u202f\u00a0")


def channel(**settings: str) -> Channel:
    with stand() as made:
        return Channel({**made.channel.settings, **settings}, made.channel.secrets)


@pytest.mark.parametrize("sender", ["+15017122661", "MG" + "0" * 32, "Vigie", "38170"])
def test_a_sender_is_a_number_a_service_or_a_name(sender: str) -> None:
    NOTIFIER.check(channel(**{"from": sender}))


@pytest.mark.parametrize(
    "settings",
    [{"from": "a name too long"}, {"to": "0612345678"}, {"to": "+33 6"}, {"account_sid": "AC1"},
     {"account_sid": "AC" + "0" * 29 + "/.."}, {"to": "+33612345678,+33612345679"}],
)  # fmt: skip
def test_what_twilio_would_refuse_is_refused_at_once(settings: dict[str, str]) -> None:
    with pytest.raises(UserError):
        NOTIFIER.check(channel(**settings))


def answered(status: int, body: str, **settings: str) -> tuple[Attempt, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, text=body)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        post = Post(client, ENGLISH, 5, NOW, lambda host, port: None)
        return NOTIFIER.send(MESSAGE, channel(**settings), post), asked


def test_it_is_sent_with_the_accounts_own_credentials() -> None:
    attempt, (asked,) = answered(201, '{"sid": "SM1"}', **{"from": "MG" + "0" * 32})
    assert (attempt.outcome, attempt.reference) == (Delivered.DONE, "SM1")
    assert asked.headers["authorization"].startswith("Basic QUMwMTIz")
    assert b"MessagingServiceSid=MG0" in asked.content
    assert b"&From=" not in asked.content


def test_twilios_number_for_what_is_wrong_is_told() -> None:
    attempt, _ = answered(400, '{"code": 21610, "message": "+33612345678 unsubscribed"}')
    assert attempt.outcome is Delivered.REJECTED
    assert str(attempt.detail) == "the receiver answered 400: code 21610 of Twilio"
    assert answered(429, '{"code": 20429}')[0].outcome is Delivered.RETRY


def test_an_account_that_is_none_calls_nothing() -> None:
    attempt, asked = answered(201, "{}", account_sid="AC1/../../x")
    assert attempt.outcome is Delivered.REJECTED
    assert asked == []
