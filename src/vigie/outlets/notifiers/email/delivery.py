"""Hands one letter to a mail server (RFC 5321), and what its answers mean.

Nothing that the server says is passed on: it repeats addresses, and sometimes more.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from io import BufferedReader
from typing import Any

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.outlets.notifiers._deadline import Deadline
from vigie.outlets.notifiers._http import forbidden, late, unreachable
from vigie.ports.notifiers import Attempt, Delivered, Post

_MOST_ANSWERS = 256 * 1024  # bytes of one connection


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `security` is starttls, tls or none; no `user` means no login."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


def deliver(mail: EmailMessage, server: Server, post: Post) -> Attempt:
    """One attempt, in at most `post.timeout` seconds. Never raises for what the server does."""
    try:
        addresses = post.allows(server.host, server.port) or (server.host,)
    except UserError:
        return forbidden()
    except SourceError as error:
        return unreachable(error)
    with Deadline(post.timeout) as deadline:
        try:
            return _delivered(mail, server, addresses, post.timeout, deadline)
        except _NoTls:
            return Attempt(Delivered.REJECTED, T("the mail server offers no TLS"))
        except smtplib.SMTPNotSupportedError:
            return Attempt(Delivered.REJECTED, T("the mail server does not do what is needed"))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            worst = next((code for code in codes if code < 500), codes[0] if codes else 550)
            return _judged(worst, T("it takes no letter for these recipients"))
        except smtplib.SMTPAuthenticationError as error:
            return _judged(error.smtp_code, T("it does not accept the user name and password"))
        except smtplib.SMTPResponseException as error:
            return _judged(error.smtp_code)
        except TimeoutError:
            return late()
        except (smtplib.SMTPException, OSError, EOFError) as error:
            # smtplib says that the connection is lost when only its own time-out is over.
            slow = deadline.passed or isinstance(error.__context__, TimeoutError)
            return late() if slow else unreachable(error)


def _delivered(
    mail: EmailMessage,
    server: Server,
    addresses: Sequence[str],
    timeout: float,
    deadline: Deadline,
) -> Attempt:
    # Verified: the name in the certificate and who signed it.
    context = None if server.security == "none" else ssl.create_default_context()
    with contextlib.closing(_Connection(server, addresses, timeout, deadline, context)) as smtp:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls" and context is not None:
            if not smtp.has_extn("starttls"):
                raise _NoTls
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        refused = smtp.send_message(mail)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()  # the letter is handed in already, whatever comes now
    why: Text | None = None
    if refused:
        why = T("{count} recipient was refused", "{count} recipients were refused",
                count=len(refused))  # fmt: skip
    return Attempt(Delivered.DONE, why, status=250, reference=str(mail["Message-ID"]))


class _NoTls(Exception):  # noqa: N818 - a way out of the conversation, never shown
    pass


class _Connection(smtplib.SMTP):
    """An SMTP client that a deadline ends, that reads no endless answer, and that names itself
    without asking a name server."""

    def __init__(
        self,
        server: Server,
        addresses: Sequence[str],
        timeout: float,
        deadline: Deadline,
        context: ssl.SSLContext | None,
    ) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._implicit = context if server.security == "tls" else None
        super().__init__(local_hostname="localhost", timeout=timeout)
        self._host = server.host  # what starttls asks the certificate for
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            code, _ = self.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, b"")
            undo.pop_all()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        with contextlib.ExitStack() as undo:
            opened = undo.enter_context(_opened(self._addresses, port, timeout))
            opened.settimeout(timeout)
            self._deadline.watch(opened)
            own = opened.getsockname()[0]
            self.local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
            if self._implicit is not None:
                opened = self._implicit.wrap_socket(opened, server_hostname=host)
            undo.pop_all()
            return opened

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Bounded(self.sock.makefile("rb"))
        return super().getreply()


def _opened(addresses: Sequence[str], port: int, timeout: float) -> socket.socket:
    """A connection to the first address that answers."""
    failed = OSError("the name has no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout / len(addresses))
        except OSError as error:
            failed = error
    raise failed


class _Bounded:
    """What smtplib reads answers from: `getreply` would follow one that never ends."""

    def __init__(self, inner: BufferedReader) -> None:
        self._inner = inner
        self._left = _MOST_ANSWERS

    def readline(self, most: int) -> bytes:
        got = self._inner.readline(most)
        self._left -= len(got)
        if self._left < 0:
            raise OSError("more than a mail server has to say")
        return got

    def close(self) -> None:
        self._inner.close()


def _judged(code: int, why: Any = "") -> Attempt:
    """4yz: later; 5yz: never (RFC 5321, section 4.2.1)."""
    said: Text = T("the mail server answered {code}", code=str(code))
    if why:
        said = T("the mail server answered {code}: {why}", code=str(code), why=why)
    # 5yz is final; anything below 400 here is no answer of a mail server.
    outcome = Delivered.REJECTED if 500 <= code < 600 else Delivered.RETRY
    return Attempt(outcome, said, status=code if 200 <= code < 600 else None)
