"""Slack: an incoming webhook, with blocks and a bar in the severity's colour.

Limits (Slack's Block Kit reference): 50 blocks, 150 characters in a header, 3,000 in a section,
2,000 in a field; all blocks together are refused somewhat above 13,000 (`msg_blocks_too_long`).
Text of others stands in `plain_text`, which knows no mark-up and no mentions.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given
from vigie.outlets.notifiers._http import Answer, call, judge
from vigie.outlets.notifiers._wording import Entry, Said, fitted
from vigie.outlets.phrases.figures import line, local
from vigie.ports.notifiers import Attempt, Channel, Field, Message, Post
from vigie.ports.plugs import Needs

_URL = Field(
    "url",
    T("Webhook address"),
    secret=True,
    example="https://hooks.slack.com/services/T…/B…/…",
)
_HEADER, _SECTION, _FIELD = 150, 3000, 2000
_MOST_BYTES = 12_000
_WORD = re.compile(rb"[a-z]+(_[a-z]+)+")  # "channel_is_archived"


class Slack:
    name = "slack"
    label = "Slack"
    needs = Needs(network=True)
    fields = (_URL,)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL)

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        body = fitted(message, post.words, payload, _fits)
        answer = call(post, given(channel, _URL), json=body)
        return _judged(answer)


NOTIFIER = Slack()


def payload(said: Said) -> dict[str, Any]:
    """The body: the headline for everybody, the rest beside a bar in the severity's colour.

    `text` is what a phone shows; it is mark-up, so its three signs are escaped.
    """
    blocks: list[dict[str, Any]] = []
    about = "\n".join(filter(None, (said.summary, said.counts)))
    if about:
        blocks.append(_plain(about))
    blocks += [_item(entry) for entry in said.entries]
    if said.rest:
        blocks.append(_plain(said.rest))
    if said.url:
        blocks.append({"type": "section", "text": _link(said.url, said.open)})
    note = " · ".join(filter(None, ("Vigie", said.matter, said.tenant, local(said.sent))))
    blocks.append({"type": "context", "elements": [_text(note, 1000)]})
    return {
        "text": _escaped(line(said.headline, 300)),
        "blocks": [{"type": "header", "text": _text(said.headline, _HEADER)}],
        "attachments": [{"color": said.look.colour, "blocks": blocks}],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _fits(body: dict[str, Any]) -> bool:
    return len(msgspec.json.encode([body["blocks"], body["attachments"]])) <= _MOST_BYTES


def _item(entry: Entry) -> dict[str, Any]:
    """A finding; where it has a page, its link stands in a field of its own."""
    shown = "\n".join(filter(None, (entry.head, entry.title, entry.tail, *entry.facts)))
    block = _plain(shown)
    link = _link(entry.url, "→")
    if entry.url and len(link["text"]) <= _FIELD:
        block["fields"] = [link]
    return block


def _plain(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(text, _SECTION)}


def _text(text: str, longest: int) -> dict[str, Any]:
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}


def _link(url: str, label: str) -> dict[str, Any]:
    """Mark-up, so only of what is ours: an address that was looked at, and our own word."""
    return {"type": "mrkdwn", "text": f"<{_escaped(url)}|{_escaped(label)}>", "verbatim": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _judged(answer: Answer) -> Attempt:
    """Slack says in one word why not: `invalid_token`, `channel_not_found`."""
    if _WORD.fullmatch(answer.body) and len(answer.body) <= 60 and answer.status >= 400:
        return judge(answer.status, answer.attempt.after, answer.body.decode())
    return answer.attempt
