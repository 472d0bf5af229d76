"""Discord: a webhook of a channel, with one embed in the severity's colour.

Limits (Discord's message resource): 256 characters in a title, 4,096 in a description, 2,048 in
a footer, 6,000 altogether. Mentions are switched off, and Markdown in text of others is escaped.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given
from vigie.outlets.notifiers._http import Answer, call, judge, seconds
from vigie.outlets.notifiers._wording import Entry, Said, fitted
from vigie.outlets.phrases.figures import moment
from vigie.ports.notifiers import Attempt, Channel, Field, Message, Post
from vigie.ports.plugs import Needs

_URL = Field(
    "url",
    T("Webhook address"),
    secret=True,
    example="https://discord.com/api/webhooks/…/…",
)
_TITLE, _DESCRIPTION = 256, 4096
# Everything that begins mark-up: emphasis, code, links and masked ones, lists, headings, quotes,
# spoilers, mentions, emoji, time stamps. A backslash before punctuation shows it as it is.
_MARKS = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~:]")
_NO_WORD = re.compile(r"@(?=\w)")
_JOINER = "\u2060"


class Discord:
    name = "discord"
    label = "Discord"
    needs = Needs(network=True)
    fields = (_URL,)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL)

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        body = fitted(message, post.words, payload, _fits)
        return _judged(call(post, given(channel, _URL), json=body))


NOTIFIER = Discord()


def payload(said: Said) -> dict[str, Any]:
    """The body."""
    pieces = [escaped(text) for text in (said.summary, said.counts) if text]
    pieces += [_item(entry) for entry in said.entries]
    pieces += [escaped(said.rest)] if said.rest else []
    note = " · ".join(filter(None, ("Vigie", said.matter, said.tenant)))
    title = escaped(said.headline)
    if len(title) > _TITLE:  # shortened before it is escaped: half an escape frees a mark
        room = max(1, _TITLE - (len(title) - len(said.headline)) - 1)
        title = f"{escaped(said.headline[:room])}…"
    embed: dict[str, Any] = {
        "title": title,
        "description": "\n\n".join(pieces),
        "color": int(said.look.colour[1:], 16),
        "footer": {"text": note},
    }
    if said.url:
        embed["url"] = said.url
    sent = moment(said.sent)
    if sent is not None:
        embed["timestamp"] = sent.isoformat()
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _fits(body: dict[str, Any]) -> bool:
    return len(body["embeds"][0]["description"]) <= _DESCRIPTION


def escaped(text: str) -> str:
    """Text of others in Discord's Markdown: shown as it is."""
    return _MARKS.sub(r"\\\g<0>", _NO_WORD.sub(f"@{_JOINER}", text))


def _item(entry: Entry) -> str:
    """A finding; its title leads to its page."""
    title = escaped(entry.title)
    if entry.url:
        title = f"[{title}](<{entry.url}>)"
    facts = [escaped(fact) for fact in entry.facts]
    return "\n".join(filter(None, (f"**{escaped(entry.head)}**", title, escaped(entry.tail),
                                   *facts)))  # fmt: skip


def _judged(answer: Answer) -> Attempt:
    """Discord says the wait to the millisecond in the body, the header may be missing."""
    if answer.status != 429 or answer.attempt.after is not None:
        return answer.attempt
    try:
        said = msgspec.json.decode(answer.body, type=_Wait)
    except msgspec.DecodeError:
        return answer.attempt
    return judge(answer.status, seconds(said.retry_after))


class _Wait(msgspec.Struct):
    retry_after: float
