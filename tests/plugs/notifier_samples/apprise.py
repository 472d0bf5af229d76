"""A receiver of apprise's own JSON form, as any service that apprise knows stands behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager

import msgspec

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand, pretty
from tests.receiver import Receiver, Request


class AppriseStand(HttpStand):
    waits = False  # apprise does not pass it on

    def received(self) -> list[str]:
        return [said(request) for request in self.web.requests]

    def golden(self) -> str:
        request = self.web.requests[-1]
        return f"POST {request.path}\n\n{pretty(request.body)}\n"


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        address = f"json://127.0.0.1:{web.port}/SECRETpath"
        made = AppriseStand(web, channel({}, {"url": address}), limits=limits)
        made.secrets = ("SECRETpath", address)
        return made

    return http_stand(make)


def said(request: Request) -> str:
    body = msgspec.json.decode(request.body)
    return f"{body['title']}\n{body['message']}"


def limits(request: Request) -> list[str]:
    return ["longer than anybody reads"] if len(said(request)) > 20_000 else []
