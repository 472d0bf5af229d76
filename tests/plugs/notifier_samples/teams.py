"""A stand-in for a Teams workflow: 202 when it takes a card."""

from __future__ import annotations

from contextlib import AbstractContextManager

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver

_PATH = "/workflows/0123/triggers/manual/paths/invoke?api-version=2016-06-01&sig=SECRETsignature"


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        return HttpStand(
            web,
            channel({}, {"url": web.address + _PATH}),
            done=(202, b""),
            limits=lambda asked: ["more than 28 KB"] if len(asked.body) > 28 * 1024 else [],
        )

    return http_stand(make)
