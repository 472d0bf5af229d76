"""A signed webhook: JSON with an HMAC, as Standard Webhooks 1.0 describes it.

Headers: `webhook-id` (the same however often a message is tried, so that a receiver can drop a
repeat), `webhook-timestamp` (seconds since 1970 of this attempt), `webhook-signature` (for each
secret `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`). Several secrets with spaces
between them sign while one replaces the other. The body is in docs/notifiers.md.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.notifiers._fields import check_address, check_fields, given, wrong
from vigie.outlets.notifiers._http import call
from vigie.outlets.notifiers._wording import Entry, Said, say
from vigie.outlets.phrases.figures import line
from vigie.ports.notifiers import Attempt, Channel, Delivered, Field, Item, Message, Post
from vigie.ports.plugs import Needs

_URL = Field("url", T("Webhook address"), secret=True, example="https://example.org/vigie")
_SECRET = Field(
    "signing_secret",
    T("Signing secret"),
    secret=True,
    example="whsec_ and at least 24 bytes in base64",
)
_PREFIX = "whsec_"
_LEAST_SECRET = 24  # bytes; Standard Webhooks, "Signature scheme"
_MOST_SECRETS = 4
_MOST_ITEMS = 20


class Webhook:
    name = "webhook"
    label = "Webhook"
    needs = Needs(network=True)
    fields = (_URL, _SECRET)

    def check(self, channel: Channel) -> None:
        check_fields(channel, self.fields)
        check_address(channel, _URL, plain=True)
        keys(given(channel, _SECRET))

    def send(self, message: Message, channel: Channel, post: Post) -> Attempt:
        said = say(message, post.words, _MOST_ITEMS)
        body = msgspec.json.encode(payload(message, said, post.words.lang))
        try:
            signed = headers(said.identity, int(post.now), body, keys(given(channel, _SECRET)))
        except UserError as error:
            return Attempt(Delivered.REJECTED, error.message)
        return call(post, given(channel, _URL), content=body, headers=signed).attempt


NOTIFIER = Webhook()


def keys(secret: str) -> list[bytes]:
    """The keys of a secret, one or several. Raises UserError when one is none or too short."""
    found = []
    for word in secret.split()[:_MOST_SECRETS]:
        key = word.encode()
        if word.startswith(_PREFIX):
            try:
                key = base64.b64decode(word.removeprefix(_PREFIX), validate=True)
            except binascii.Error:
                raise wrong(_SECRET, T("is not base64")) from None
        if len(key) < _LEAST_SECRET:
            raise wrong(_SECRET, T("is too short"))
        found.append(key)
    return found


def headers(identity: str, now: int, body: bytes, keys: list[bytes]) -> dict[str, str]:
    """The three headers of Standard Webhooks, and the body's type."""
    name = f"msg_{identity}"
    content = f"{name}.{now}.".encode() + body
    signatures = [
        f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}" for key in keys
    ]
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(signatures),
    }


def payload(message: Message, said: Said, lang: str) -> dict[str, Any]:
    """The body. Words are in the channel's language, `severity` and `matter` never are."""
    return {
        "type": f"vigie.{message.matter.value}",
        "timestamp": said.sent,
        "data": {
            "key": line(message.key, 500),
            "matter": message.matter.value,
            "severity": message.severity.value,
            "tenant": said.tenant,
            "language": lang,
            "headline": said.headline,
            "title": said.title,
            "summary": said.summary,
            "total": message.total,
            "counts": {severity.value: count for severity, count in message.counts},
            "items": [
                _item(item, entry) for item, entry in zip(message.items, said.entries, strict=False)
            ],
            "url": said.url,
        },
    }


def _item(item: Item, entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "severity": item.severity.value,
        "decision": line(item.decision, 40),
        "asset": line(item.asset, 300),
        "component": line(item.component, 300),
        "fix": line(item.fix, 100),
        "url": entry.url,
        "facts": list(entry.facts),
    }
