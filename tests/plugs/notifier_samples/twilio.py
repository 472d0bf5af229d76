"""A stand-in for Twilio's Messages resource: 201 and the message's own id."""

from __future__ import annotations

from contextlib import AbstractContextManager
from urllib.parse import parse_qs

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver, Request

ACCOUNT = "AC0123456789abcdef0123456789abcdef"


class SmsStand(HttpStand):
    def received(self) -> list[str]:
        return [body_of(request) for request in self.web.requests]

    def golden(self) -> str:
        request = self.web.requests[-1]
        fields = parse_qs(request.body.decode(), strict_parsing=True)
        lines = [f"{name}={value}" for name, values in fields.items() for value in values]
        return "\n".join([f"POST {request.path}", "", *lines, ""])


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        settings = {
            "account_sid": ACCOUNT,
            "from": "+15017122661",
            "to": "+33612345678",
            "url": web.address,
        }
        return SmsStand(
            web,
            channel(settings, {"auth_token": "SECRETtokenOfTwilio0123456789abc"}),
            done=(201, b'{"sid": "SM0123", "status": "queued"}'),
            limits=lambda asked: ["1600 characters"] if len(body_of(asked)) > 1600 else [],
        )

    return http_stand(make)


def body_of(request: Request) -> str:
    (text,) = parse_qs(request.body.decode())["Body"]
    return text
