"""A mail server on this machine, without TLS: how TLS behaves is tested beside its code."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.mail_receiver import MailReceiver, mail_receiver, rude_mail_server
from tests.plugs.notifier_samples import Stand, channel
from vigie.ports.notifiers import Channel

_ANSWERS = {
    "fine": "250 taken",
    "busy": "451 SECRETpass 127.0.0.1",
    "broken": "421 SECRETpass 127.0.0.1",
    "denied": "550 SECRETpass 127.0.0.1",
}


class MailStand:
    waits = False
    secrets: tuple[str, ...] = ("SECRETpass",)

    def __init__(self, mail: MailReceiver, rude: contextlib.ExitStack) -> None:
        self.mail, self._rude = mail, rude
        self.channel = self._to(mail.port)

    def _to(self, port: int) -> Channel:
        settings = {
            "host": "127.0.0.1",
            "port": str(port),
            "security": "none",
            "username": "vigie",
            "from": "Vigie <vigie@example.org>",
            "to": "team@example.org, Jo <jo@example.net>",
        }
        return channel(settings, {"password": "SECRETpass"})

    def answer(self, manner: str) -> None:
        if manner in _ANSWERS:
            self.mail.answer = _ANSWERS[manner]
        else:
            self.channel = self._to(self._rude.enter_context(rude_mail_server(manner)))

    def letters(self) -> list[EmailMessage]:
        return [
            message_from_bytes(envelope.original_content or b"", policy=default)
            for envelope in self.mail.letters
        ]

    def received(self) -> list[str]:
        return [
            "\n".join([str(letter["Subject"]), *(p.get_content() for p in letter.iter_parts())])
            for letter in self.letters()
        ]

    def identities(self) -> list[str]:
        return [str(letter["Message-ID"]) for letter in self.letters()]

    def golden(self) -> str:
        return (self.mail.letters[-1].original_content or b"").decode("ascii").replace("\r\n", "\n")

    def too_large(self) -> list[str]:
        lines = (self.mail.letters[-1].original_content or b"").split(b"\r\n")
        return ["a line of more than 998"] if max(map(len, lines)) > 998 else []


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    with mail_receiver(password="SECRETpass") as mail, contextlib.ExitStack() as rude:
        yield MailStand(mail, rude)
