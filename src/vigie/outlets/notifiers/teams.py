"""Microsoft Teams: an Adaptive Card to a workflow ("When a Teams webhook request is received").

The older connectors of Office 365 are retired and took another form. A message may have 28 KB;
cards are at most version 1.4 there. Text of others stands in `TextRun`s, which are not Markdown.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given
from vigie.outlets.notifiers._http import call
from vigie.outlets.notifiers._wording import Entry, Look, Said, fitted
from vigie.outlets.phrases.figures import local
from vigie.outlets.phrases.labels import COLOURS
from vigie.ports.notifiers import Attempt, Channel, Field, Message, Post
from vigie.ports.plugs import Needs

_URL = Field(
    "url",
    T("Workflow address"),
    secret=True,
    example="https://….logic.azure.com/workflows/…/triggers/manual/paths/invoke?…",
)
_MOST_BYTES = 26_000  # of 28 KB: what Teams adds counts too
# A card has no free colours, only named ones, and they follow the reader's theme.
_COLOUR = {
    COLOURS[Severity.CRITICAL]: "attention",
    COLOURS[Severity.HIGH]: "warning",
    COLOURS[Severity.MEDIUM]: "warning",
    COLOURS[Severity.LOW]: "accent",
    COLOURS[Severity.NONE]: "good",
}


class Teams:
    name = "teams"
    label = "Microsoft Teams"
    needs = Needs(network=True)
    fields = (_URL,)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL)

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        body = fitted(message, post.words, payload, _fits)
        return call(post, given(channel, _URL), json=body).attempt


NOTIFIER = Teams()


def _fits(body: dict[str, Any]) -> bool:
    return len(msgspec.json.encode(body)) <= _MOST_BYTES


def payload(said: Said) -> dict[str, Any]:
    """The body: a message that holds one card."""
    head = _line([_run(said.headline, weight="Bolder", size="Large", color=_colour(said.look))])
    body: list[dict[str, Any]] = [head]
    body += [_line([_run(text)]) for text in (said.summary, said.counts) if text]
    body += [_item(entry) for entry in said.entries]
    body += [_line([_run(said.rest)])] if said.rest else []
    note = " · ".join(filter(None, ("Vigie", said.matter, said.tenant, local(said.sent))))
    body.append(_line([_run(note, isSubtle=True, size="Small")]))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": said.headline,
        "msteams": {"width": "Full"},
        "body": body,
    }
    if said.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": said.open, "url": said.url}]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _item(entry: Entry) -> dict[str, Any]:
    head = _run(entry.head, weight="Bolder", color=_colour(entry.look))
    lines = [_line([head]), _line([_run(entry.title)])]
    lines += [_line([_run(text, isSubtle=True)], close=True)
              for text in (entry.tail, *entry.facts) if text]  # fmt: skip
    block: dict[str, Any] = {"type": "Container", "separator": True, "items": lines}
    if entry.url:
        block["selectAction"] = {"type": "Action.OpenUrl", "url": entry.url}
    return block


def _line(runs: list[dict[str, Any]], *, close: bool = False) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "RichTextBlock", "inlines": runs}
    return {**block, "spacing": "None"} if close else block


def _run(text: str, **style: object) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **style}


def _colour(look: Look) -> str:
    return _COLOUR.get(look.colour, "default")
