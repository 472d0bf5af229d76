"""Stands for the notifiers: one module for each, named after it, with `stand`, a local receiver
that speaks the real protocol."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import msgspec

from tests.receiver import Receiver, Request, receiver
from vigie.ports.notifiers import Channel
from vigie.ports.secrets import SecretValue

__all__ = ["HttpStand", "Stand", "channel", "http_stand", "pretty"]


class Stand(Protocol):
    """A receiver and the channel that leads to it.

    `secrets` are what nobody may ever see. `answer` says what comes next: "fine", "busy" (try
    later), "busy for 7 seconds", "broken", "denied", "hang" or "drip". `waits` tells whether the
    protocol can say how long to wait.
    """

    channel: Channel
    secrets: tuple[str, ...]
    waits: bool

    def answer(self, manner: str) -> None: ...

    def received(self) -> list[str]:
        """Each message as its reader would see it, before any mark-up is acted on."""

    def identities(self) -> list[str]:
        """What each message gives its receiver to tell a repeat, "" where there is no such."""

    def golden(self) -> str:
        """The last message on the wire, in a form that can be reviewed."""

    def too_large(self) -> list[str]:
        """Which limits of the receiver the last message breaks."""


def channel(settings: Mapping[str, str], secrets: Mapping[str, str]) -> Channel:
    return Channel(dict(settings), {name: SecretValue(value) for name, value in secrets.items()})


class HttpStand:
    """A stand that speaks HTTP. `done` is the answer of the real service when all is well."""

    waits = True

    def __init__(
        self,
        web: Receiver,
        channel: Channel,
        *,
        done: tuple[int, bytes] = (200, b"ok"),
        identity: Callable[[Request], str] = lambda _: "",
        limits: Callable[[Request], list[str]] = lambda _: [],
        shown: tuple[str, ...] = (),
    ) -> None:
        self.web, self.channel = web, channel
        self.secrets = tuple(value.reveal() for value in channel.secrets.values())
        self._done, self._identity, self._limits, self._shown = done, identity, limits, shown
        self.answer("fine")

    def answer(self, manner: str) -> None:
        self.web.manner = manner if manner in ("hang", "drip") else ""
        self.web.headers = {"Retry-After": "7"} if manner == "busy for 7 seconds" else {}
        statuses = {"busy": 429, "busy for 7 seconds": 429, "broken": 503, "denied": 404}
        self.web.status, self.web.body = self._done
        if manner in statuses:
            # A rude one repeats what it was told.
            said = " ".join((self.web.address, *self.secrets)).encode()
            self.web.status, self.web.body = statuses[manner], said

    def received(self) -> list[str]:
        return [request.body.decode() for request in self.web.requests]

    def identities(self) -> list[str]:
        return [self._identity(request) for request in self.web.requests]

    def golden(self) -> str:
        request = self.web.requests[-1]
        heads = [f"{name}: {request.headers[name]}" for name in self._shown]
        return "\n".join([f"POST {request.path}", *heads, "", pretty(request.body)]) + "\n"

    def too_large(self) -> list[str]:
        return self._limits(self.web.requests[-1])


@contextlib.contextmanager
def http_stand(make: Callable[[Receiver], HttpStand]) -> Iterator[Stand]:
    with receiver() as web:
        yield make(web)


def pretty(body: bytes) -> str:
    """JSON as people read it; anything else as it is."""
    try:
        return msgspec.json.format(body, indent=2).decode()
    except msgspec.DecodeError:
        return body.decode()
