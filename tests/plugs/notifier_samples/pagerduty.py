"""A stand-in for PagerDuty's events API v2: 202 and the key it filed the event under."""

from __future__ import annotations

from contextlib import AbstractContextManager

import msgspec

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver, Request

KEY = "R0SECRETKEYOFPAGERDUTY0123456789"
_DONE = b'{"status":"success","message":"Event processed","dedup_key":"finding:1"}'


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        return HttpStand(
            web,
            channel({"url": f"{web.address}/v2/enqueue"}, {"routing_key": KEY}),
            done=(202, _DONE),
            identity=lambda asked: str(msgspec.json.decode(asked.body)["dedup_key"]),
            limits=limits,
        )

    return http_stand(make)


def limits(request: Request) -> list[str]:
    """Events API v2: lengths, and the words it knows."""
    event = msgspec.json.decode(request.body)
    found = ["512 KB"] if len(request.body) > 512 * 1024 else []
    found += ["dedup_key"] if len(event["dedup_key"]) > 255 else []
    found += ["event_action"] if event["event_action"] not in ("trigger", "resolve") else []
    if event["event_action"] == "trigger":
        payload = event["payload"]
        found += ["summary"] if not 0 < len(payload["summary"]) <= 1024 else []
        known = ("critical", "error", "warning", "info")
        found += ["severity"] if payload["severity"] not in known else []
        found += ["source"] if not payload["source"] else []
    return found
