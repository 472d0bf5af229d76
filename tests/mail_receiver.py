"""A mail server on this machine, with TLS and a login, that answers as told (aiosmtpd)."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailReceiver:
    """`answer` is said after a letter, `refused` what is said to each recipient named there.
    `letters` are envelopes as they came, `logins` what was given, `tls` whether each had TLS."""

    port: int = 0
    answer: str = "250 taken"
    refused: dict[str, str] = field(default_factory=dict)
    password: str = ""
    letters: list[Envelope] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.letters.append(envelope)
        assert server.transport is not None
        self.tls.append(server.transport.get_extra_info("ssl_object") is not None)
        return self.answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str,
                     data: Any) -> AuthResult:  # fmt: skip
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login.decode(), data.password.decode()))
        right = data.password.decode() == self.password
        return AuthResult(success=right, handled=right)


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 and its key, both as files; it signs itself."""

    path: Path
    context: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "mail.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return Certificate(path, context)


class _Started(Controller):
    """On port 0: the port is known once it listens."""

    def _trigger_server(self) -> None:
        """Asked by aiosmtpd to connect to itself, which it does by the port it was given."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def mail_receiver(
    context: ssl.SSLContext | None = None, *, implicit: bool = False, password: str = ""
) -> Iterator[MailReceiver]:
    """A running mail server: STARTTLS with `context`, TLS from the start when `implicit`; a
    `password` must be given by whoever hands in a letter."""
    stand = MailReceiver(password=password)
    options: dict[str, Any] = {}
    if context is not None and implicit:
        options["ssl_context"] = context
    elif context is not None:
        options |= {"tls_context": context, "require_starttls": True}
    if password:
        options |= {"authenticator": stand.authenticate, "auth_require_tls": False,
                    "auth_required": context is not None and not implicit}  # fmt: skip
        if context is not None and not implicit:
            del options["auth_require_tls"]
    controller = _Started(stand, hostname="127.0.0.1", port=0, loop=asyncio.new_event_loop(),
                          **options)  # fmt: skip
    controller.start()
    try:
        stand.port = controller.port
        yield stand
    finally:
        controller.stop()


@contextlib.contextmanager
def rude_mail_server(manner: str) -> Iterator[int]:
    """The port of a server that says nothing ("hang"), or greets without an end: slowly ("drip")
    or as fast as it can ("flood")."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    _be_rude(connection, manner, over)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _be_rude(connection: socket.socket, manner: str, over: threading.Event) -> None:
    connection.settimeout(1)
    while not over.wait(0 if manner == "flood" else 0.02):
        if manner != "hang":
            connection.sendall(b"220-and there is more\r\n" * (100 if manner == "flood" else 1))
