"""A stand-in for hooks.slack.com: it answers as Slack's documentation of incoming webhooks says."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import msgspec

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver, Request

_TOKEN = "/services/T0SECRET0/B0SECRET0/tokenTOKENtoken123"


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        return HttpStand(web, channel({}, {"url": web.address + _TOKEN}), limits=limits)

    return http_stand(make)


def blocks(body: Any) -> list[dict[str, Any]]:
    return [*body["blocks"], *(b for one in body["attachments"] for b in one["blocks"])]


def limits(request: Request) -> list[str]:
    """Block Kit's reference: lengths of each text, number of blocks, and all of them together."""
    body = msgspec.json.decode(request.body)
    found = ["more than 50 blocks"] if len(blocks(body)) > 50 else []
    whole = msgspec.json.encode([body["blocks"], body["attachments"]])
    found += ["msg_blocks_too_long"] if len(whole) > 13_000 else []
    for block in blocks(body):
        most = {"header": 150, "section": 3000, "context": 2000}[block["type"]]
        texts = [block.get("text"), *block.get("elements", ())]
        found += [f"{block['type']} too long" for t in texts if t and len(t["text"]) > most]
        found += ["field too long" for f in block.get("fields", ()) if len(f["text"]) > 2000]
        found += ["empty text" for t in texts if t and not t["text"]]
    return found
