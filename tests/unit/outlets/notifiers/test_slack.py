"""Slack's blocks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.plugs.notifier_samples.slack import blocks
from tests.plugs.test_notifiers import MESSAGE, NOW

from vigie.model.text import ENGLISH, T
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.slack import NOTIFIER, payload
from vigie.ports.notifiers import Attempt, Channel, Delivered, Item, Message, Post
from vigie.ports.secrets import SecretValue

NASTY = "<!channel> <@U123> *bold* _i_ `code` &amp; <https://evil.example|click> @everyone :bomb:"


def nasty() -> Message:
    item = Item(NASTY, asset=NASTY, component=NASTY, fix=NASTY, facts=((T("x"), NASTY),),
                url="https://vigie.example.org/1")  # fmt: skip
    return replace(MESSAGE, title=T("policy {name}", name=NASTY), items=(item,), tenant=NASTY)


def texts(value: Any) -> list[dict[str, Any]]:
    """Every text object of a body."""
    if isinstance(value, dict):
        own = [value] if value.get("type") in ("plain_text", "mrkdwn") else []
        return own + [text for inner in value.values() for text in texts(inner)]
    return [t for inner in value for t in texts(inner)] if isinstance(value, list) else []


def test_text_of_others_is_never_mark_up() -> None:
    body = payload(say(nasty(), ENGLISH))
    plain = [t for t in texts(body) if t["type"] == "plain_text"]
    assert any(NASTY in text["text"] for text in plain)
    assert all(text["emoji"] is False for text in plain)
    marked = [text["text"] for text in texts(body) if text["type"] == "mrkdwn"]
    assert marked == [
        "<https://vigie.example.org/1|→>",
        "<https://vigie.example.org/findings?new=1&amp;tenant=acme|Open in Vigie>",
    ]
    # What a phone shows is mark-up wherever it comes from.
    assert "<" not in body["text"]
    assert "&lt;!channel&gt;" in body["text"]


def test_the_bar_has_the_severitys_colour_and_the_headline_its_word() -> None:
    body = payload(say(MESSAGE, ENGLISH))
    assert body["attachments"][0]["color"] == "#B3123C"
    assert blocks(body)[0]["text"]["text"] == "◆ critical · 3 findings"


def answered(status: int, body: str) -> Attempt:
    with httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, text=body))
    ) as client:
        channel = Channel({}, {"url": SecretValue("https://hooks.slack.com/services/T/B/X")})
        return NOTIFIER.send(MESSAGE, channel, Post(client, ENGLISH, 5, NOW, lambda h, p: None))


def test_slacks_own_word_for_what_is_wrong_is_told() -> None:
    attempt = answered(410, "channel_is_archived")
    assert attempt.outcome is Delivered.REJECTED
    assert str(attempt.detail) == "the receiver answered 410: channel_is_archived"


@pytest.mark.parametrize("body", ["https://hooks.slack.com/services/T/B/X", "a" * 100, "T0_SECRET"])
def test_nothing_else_that_it_says_is(body: str) -> None:
    assert str(answered(400, body).detail) == "the receiver answered 400"
