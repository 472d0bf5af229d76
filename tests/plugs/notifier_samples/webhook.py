"""Somebody's own receiver of signed webhooks."""

from __future__ import annotations

from contextlib import AbstractContextManager

from tests.plugs.notifier_samples import HttpStand, Stand, channel, http_stand
from tests.receiver import Receiver

SECRET = "whsec_U0VDUkVULVNFQ1JFVC1TRUNSRVQtU0VDUkVU"


def stand() -> AbstractContextManager[Stand]:
    def make(web: Receiver) -> HttpStand:
        address = f"{web.address}/hooks/SECRET-path"
        return HttpStand(
            web,
            channel({}, {"url": address, "signing_secret": SECRET}),
            identity=lambda asked: asked.headers["webhook-id"],
            shown=("content-type", "webhook-id", "webhook-timestamp", "webhook-signature"),
            limits=lambda asked: ["a megabyte"] if len(asked.body) > 1_000_000 else [],
        )

    return http_stand(make)
