"""PagerDuty: Events API v2. The same key is the same alert, and what is over resolves it.

Limits (Events API v2): 255 characters in `dedup_key`, 1,024 in `summary`, 512 KB altogether.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given, wrong
from vigie.outlets.notifiers._http import call
from vigie.outlets.notifiers._wording import Said, say
from vigie.outlets.phrases.figures import line, moment
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Matter, Message, Post
from vigie.ports.plugs import Needs

_KEY = Field(
    "routing_key",
    T("Integration key"),
    secret=True,
    example="R0ABCDEFGHIJKLMNOPQRSTUVWXYZ0123",
)
# In the European region: https://events.eu.pagerduty.com/v2/enqueue
_URL = Field(
    "url",
    T("Address of the events API"),
    required=False,
    example="https://events.pagerduty.com/v2/enqueue",
    default="https://events.pagerduty.com/v2/enqueue",
)
_LONGEST_KEY, _LONGEST_SUMMARY = 255, 1024
# PagerDuty knows four. What nobody rated may be anything, so it is not the lowest.
SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.NONE: "info",
    Severity.UNKNOWN: "warning",
}


class PagerDuty:
    name = "pagerduty"
    label = "PagerDuty"
    needs = Needs(network=True)
    fields = (_KEY, _URL)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL)
        if not given(channel, _KEY).isalnum():
            raise wrong(_KEY, T("may have letters and digits only"))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        body = payload(message, say(message, post.words), given(channel, _KEY))
        answer = call(post, given(channel, _URL), json=body)
        if answer.attempt.outcome is not Delivered.DONE:
            return answer.attempt
        return Attempt(Delivered.DONE, status=answer.status, reference=_reference(answer.body))


NOTIFIER = PagerDuty()


def payload(message: Message, said: Said, routing_key: str) -> dict[str, Any]:
    """The event. A resolve needs the key alone."""
    event: dict[str, Any] = {"routing_key": routing_key, "dedup_key": dedup_key(message, said)}
    if message.matter is Matter.RESOLVED:
        return {**event, "event_action": "resolve"}
    test = message.matter is Matter.TEST
    details: dict[str, Any] = {
        "summary": said.summary,
        "counts": {severity.value: count for severity, count in message.counts},
        "total": message.total,
        "items": [_item(entry.head, entry.title, entry.tail, entry.url) for entry in said.entries],
        "more": said.rest,
    }
    first = message.items[0] if message.items else None
    body: dict[str, Any] = {
        "summary": line(said.headline, _LONGEST_SUMMARY),
        "source": (line(first.asset, 255) if first else "") or said.tenant or "Vigie",
        "severity": "info" if test else SEVERITIES[message.severity],
        "class": message.matter.value,
        "custom_details": {name: value for name, value in details.items() if value},
    }
    if first is not None and first.component:
        body["component"] = line(first.component, 255)
    if said.tenant:
        body["group"] = said.tenant
    if moment(said.sent) is not None:
        body["timestamp"] = said.sent
    event |= {"event_action": "trigger", "client": "Vigie", "payload": body}
    if said.url:
        event["client_url"] = said.url
        event["links"] = [{"href": said.url, "text": said.open}]
    return event


def dedup_key(message: Message, said: Said) -> str:
    """The message's key where PagerDuty takes it, else its digest: the same for the same key."""
    key = message.key
    fits = key and len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()
    return key if fits else said.thread


def _item(*parts: str) -> str:
    return " | ".join(filter(None, parts))


def _reference(body: bytes) -> str:
    try:
        said = msgspec.json.decode(body, type=_Accepted)
    except msgspec.DecodeError:
        return ""
    return line(said.dedup_key, _LONGEST_KEY)


class _Accepted(msgspec.Struct):
    dedup_key: str = ""
