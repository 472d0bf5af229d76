"""A stand-in for Discord: 204 when it takes a message."""

from __future__ import annotations

from contextlib import AbstractContextManager

import msgspec

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver, Request


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        address = f"{web.address}/api/webhooks/4242/SECRET-token_of-discord"
        return HttpStand(web, channel({}, {"url": address}), done=(204, b""), limits=limits)

    return http_stand(make)


def limits(request: Request) -> list[str]:
    """Discord's embed limits."""
    (embed,) = msgspec.json.decode(request.body)["embeds"]
    texts = {"title": 256, "description": 4096}
    found = [name for name, most in texts.items() if len(embed[name]) > most]
    found += ["footer"] if len(embed["footer"]["text"]) > 2048 else []
    total = sum(len(embed[name]) for name in texts) + len(embed["footer"]["text"])
    return [*found, "6000"] if total > 6000 else found
