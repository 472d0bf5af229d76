"""One HTTP request to a receiver, and what its answer means: done, later, or never.

The address is often the secret itself. So no error of the HTTP client is passed on, and the
client's own log lines, which hold the whole address, are dropped while a message goes out.
"""

from __future__ import annotations

import logging
import math
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.outlets.notifiers._deadline import Deadline
from vigie.outlets.notifiers._fields import split
from vigie.ports.notifiers import Attempt, Delivered, Post

_MOST_ANSWER = 64 * 1024  # bytes; more than any documented answer
_LONGEST_WAIT = 24 * 3600.0  # seconds; a receiver does not silence a channel for longer
# RFC 9110: 408 asks to repeat; RFC 6585: 429 is "too many"; RFC 8470: 425 is "too early".
_LATER = frozenset({408, 425, 429})

_sending: ContextVar[bool] = ContextVar("sending", default=False)


def _spoken(_record: logging.LogRecord) -> bool:
    return not _sending.get()


for _name in ("httpx", *(f"httpcore.{part}" for part in
              ("connection", "http11", "http2", "proxy", "socks"))):  # fmt: skip
    logging.getLogger(_name).addFilter(_spoken)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KiB of it. `status` 0: nothing did, and `attempt` says why."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    attempt: Attempt


def call(
    post: Post,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    **body: Any,
) -> Answer:
    """POST to `url`, in at most `post.timeout` seconds altogether; follows no redirect.

    `body` is `json`, `data` or `content` as httpx takes them. Never raises for what the other
    side does: `attempt` of the answer says how it went.
    """
    parts = split(url)
    if parts is None or not parts.hostname:
        return _nothing(Attempt(Delivered.REJECTED, T("the address cannot be called")))
    hushed = _sending.set(True)
    try:
        with Deadline(post.timeout) as deadline:
            try:
                return _called(post, deadline, url, headers or {}, auth, body)
            except httpx.TimeoutException:
                return _nothing(late())
            except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL):
                return _nothing(Attempt(Delivered.REJECTED, T("the address cannot be called")))
            except httpx.HTTPError as error:
                return _nothing(late() if deadline.passed else unreachable(error))
            except UserError:
                return _nothing(forbidden())
            except SourceError as error:
                return _nothing(unreachable(error))
    finally:
        _sending.reset(hushed)


def _called(
    post: Post,
    deadline: Deadline,
    url: str,
    headers: Mapping[str, str],
    auth: tuple[str, str] | None,
    body: Mapping[str, Any],
) -> Answer:
    def watch(event: str, info: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            opened = info["return_value"].get_extra_info("socket")
            if opened is not None:  # else the client keeps the time itself
                deadline.watch(opened)

    request = post.http.build_request(
        "POST",
        url,
        # A connection of its own is one the deadline knows of.
        headers={"Accept-Encoding": "identity", "Connection": "close", **headers},
        timeout=post.timeout,
        extensions={"trace": watch},
        **body,
    )
    response = post.http.send(
        request,
        stream=True,
        follow_redirects=False,
        auth=httpx.BasicAuth(*auth) if auth else None,
    )
    try:
        text = b""
        # A transport that answers at once has read it already.
        whole = response.is_stream_consumed
        for piece in (response.content,) if whole else response.iter_raw():
            text += piece[: _MOST_ANSWER - len(text)]
            if len(text) >= _MOST_ANSWER:
                break
    finally:
        response.close()
    after = _wait(response.headers.get("retry-after", ""), post.now)
    judged = judge(response.status_code, after)
    return Answer(response.status_code, response.headers, text, judged)


def judge(status: int, after: float | None = None, why: Text | str = "") -> Attempt:
    """What a status means: 2xx done; 408, 425, 429 and 5xx later; the rest is no use."""
    if 200 <= status < 300:
        return Attempt(Delivered.DONE, status=status)
    said: Text = T("the receiver answered {status}", status=status)
    if why:
        said = T("the receiver answered {status}: {why}", status=status, why=why)
    if status in _LATER or status >= 500:
        return Attempt(Delivered.RETRY, said, after, status)
    return Attempt(Delivered.REJECTED, said, None, status)


def late() -> Attempt:
    return Attempt(Delivered.RETRY, T("the receiver did not answer in time"))


def forbidden() -> Attempt:
    return Attempt(
        Delivered.REJECTED, T("the receiver's address is not one that may be connected to")
    )


def unreachable(error: BaseException) -> Attempt:
    """The receiver could not be spoken to. Its certificate is told apart: somebody must mend it,
    and may do so any minute."""
    cause: BaseException | None = error
    for _ in range(8):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Attempt(Delivered.RETRY, T("the receiver's certificate is not to be trusted"))
        cause = (cause.__cause__ or cause.__context__) if cause else None
    return Attempt(Delivered.RETRY, T("the receiver could not be reached"))


def _nothing(attempt: Attempt) -> Answer:
    return Answer(0, {}, b"", attempt)


def _wait(said: str, now: float) -> float | None:
    """Seconds of a Retry-After header: a number or a date (RFC 9110, section 10.2.3)."""
    said = said.strip()
    if not said or len(said) > 64:
        return None
    try:
        return seconds(float(said))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return seconds(max(0.0, until.timestamp() - now))


def seconds(value: float) -> float | None:
    """A wait that can be one: not negative, at most a day; None for anything else."""
    if not math.isfinite(value) or value < 0:
        return None
    return min(value, _LONGEST_WAIT)
