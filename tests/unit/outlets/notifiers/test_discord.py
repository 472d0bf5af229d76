"""Discord's embeds."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugs.test_notifiers import MESSAGE, NOW

from vigie.model.text import ENGLISH, T
from vigie.outlets.notifiers._wording import say
from vigie.outlets.notifiers.discord import NOTIFIER, escaped, payload
from vigie.ports.notifiers import Attempt, Channel, Delivered, Item, Post
from vigie.ports.secrets import SecretValue

_UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#+\-.!|~:]")


@given(st.text(alphabet="`*_[]()<>#-.!|~:\\@ae "))
def test_every_mark_is_escaped(text: str) -> None:
    assert not _UNESCAPED.search(escaped(text))
    unescaped = re.sub(r"\\(.)", r"\1", escaped(text), flags=re.DOTALL).replace("\u2060", "")
    assert unescaped == text


@pytest.mark.parametrize("text", ["@everyone", "<@123>", "<@&9>", "[x](https://evil.example)",
                                  "https://evil.example", "# big", "||spoiler||"])  # fmt: skip
def test_nothing_acts(text: str) -> None:
    item = Item(text, asset=text, component=text, fix=text, facts=((T("x"), text),))
    body = payload(say(replace(MESSAGE, title=T("policy {name}", name=text), items=(item,),
                               summary=T("policy {name}", name=text)), ENGLISH))  # fmt: skip
    (embed,) = body["embeds"]
    for shown in (embed["title"], embed["description"]):
        assert escaped(text) in shown
        assert text not in shown.replace(escaped(text), "")
    assert body["allowed_mentions"] == {"parse": []}


@given(st.text(alphabet="*a\\", min_size=100, max_size=400))
def test_a_title_is_never_cut_through_an_escape(text: str) -> None:
    body = payload(say(replace(MESSAGE, title=T("policy {name}", name=text)), ENGLISH))
    title = body["embeds"][0]["title"]
    assert len(title) <= 256
    assert not _UNESCAPED.search(title)


def answered(body: str, headers: dict[str, str]) -> Attempt:
    with httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(429, text=body, headers=headers))
    ) as client:
        channel = Channel({}, {"url": SecretValue("https://discord.com/api/webhooks/1/x")})
        return NOTIFIER.send(MESSAGE, channel, Post(client, ENGLISH, 5, NOW, lambda h, p: None))


@pytest.mark.parametrize(
    ("body", "headers", "after"),
    [
        ('{"message": "slow", "retry_after": 0.65, "global": false}', {}, 0.65),
        ('{"retry_after": 3}', {"Retry-After": "5"}, 5.0),
        ('{"retry_after": -1}', {}, None),
        ('{"retry_after": "x"}', {}, None),
        ("<html>", {}, None),
    ],
)
def test_the_wait_is_in_the_header_or_in_the_body(
    body: str, headers: dict[str, str], after: float | None
) -> None:
    attempt = answered(body, headers)
    assert (attempt.outcome, attempt.after) == (Delivered.RETRY, after)
