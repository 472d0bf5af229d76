"""Requests to a Clair server: tokens, bounds, and what an answer that is none means."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
import msgspec

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.sources.scanners.clair.answers import Failure
from vigie.sources.scanners.clair.tokens import DEFAULT_ISSUER, sign
from vigie.sources.scanners.endpoint import is_loopback

SMALL, LARGE = 4 * 1024**2, 1024**3  # bytes
QUICK, SLOW = 60.0, 3600.0  # seconds; the scan's own limit comes before the second
PASSING = frozenset({429, 502, 503, 504})
_CONNECT = 15.0  # seconds
_SKEW = 60  # seconds that clocks may be apart

_Document = TypeVar("_Document")


@dataclass(frozen=True, slots=True)
class ClairService:
    """One Clair. The two addresses are the same where one process does everything.

    `key` b"" when it wants none. Never shown.
    """

    indexer: str
    matcher: str
    key: bytes = field(default=b"", repr=False)
    issuer: str = DEFAULT_ISSUER


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, in full."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes


class Connection:
    """To one Clair, which may be two servers."""

    def __init__(self, service: ClairService) -> None:
        self._service = service
        self._http = {
            address: httpx.Client(
                # A proxy that the environment names is for other machines than this one.
                trust_env=not is_loopback(address),
                headers={"User-Agent": "vigie", "Accept": "application/json"},
            )
            for address in {service.indexer, service.matcher}
        }

    def close(self) -> None:
        for http in self._http.values():
            http.close()

    def ask(
        self,
        method: str,
        base: str,
        path: str,
        content: bytes | None = None,
        *,
        read: float = QUICK,
        most: int = SMALL,
    ) -> Answer:
        """One request and its whole answer, whatever its status, but for a shut door.

        `read` is the most seconds of silence, `most` the most bytes. Raises UserError when it
        does not let us in or is not there itself, SourceError when it does not answer.
        """
        headers = {"Content-Type": "application/json"} if content is not None else {}
        if self._service.key:
            token = sign(self._service.key, self._service.issuer, time.time())
            headers["Authorization"] = f"Bearer {token}"
        timeout = httpx.Timeout(QUICK, connect=_CONNECT, read=read)
        try:
            with self._http[base].stream(
                method, base + path, headers=headers, content=content, timeout=timeout
            ) as response:
                body = _read_all(base, response, most)
                answer = Answer(base, response.status_code, response.headers, body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unreachable(base, error) from None
        self._expect_welcome(answer)
        return answer

    def _expect_welcome(self, answer: Answer) -> None:
        if answer.status in (401, 403):
            raise UserError(
                T("Clair at {url} does not let us in (HTTP {status})",
                  url=answer.url, status=answer.status),
                self._why_not(answer),
            )  # fmt: skip
        if 300 <= answer.status < 400:
            # Followed, a POST becomes a GET and a token goes who knows where.
            raise UserError(
                T("Clair at {url} sends us on to {target}",
                  url=answer.url, target=answer.headers.get("location", "?")[:200]),
                T("Give in url of [scanner.clair] the address where it answers itself."),
            )  # fmt: skip

    def _why_not(self, answer: Answer) -> Text:
        if not self._service.key:
            return T("It wants a key: psk in [scanner.clair], or CLAIR_PSK.")
        apart = _clocks_apart(answer.headers.get("date", ""), time.time())
        if apart > _SKEW:
            return T("Its clock and ours are {seconds} s apart: set them.", seconds=apart)
        return T(
            "Compare key and issuer ({issuer}) with auth.psk in its configuration.",
            issuer=self._service.issuer,
        )


def read_answer(answer: Answer, kind: type[_Document]) -> _Document:
    """The document in an answer. Raises SourceError for an error and for anything else."""
    if answer.status != 200:
        raise refusal(answer)
    return decode(answer, kind)


def decode(answer: Answer, kind: type[_Document]) -> _Document:
    """The document in an answer of any status. Raises SourceError when it is another."""
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise SourceError(
            T("Clair at {url} answers something else than expected: {why}",
              url=answer.url, why=str(error)[:300]),
            T("See whether this is the address of Clair's API, version 4."),
        ) from None  # fmt: skip


def complaint(answer: Answer) -> str:
    """What Clair says of its own trouble; "" when it says nothing in its form."""
    try:
        said = msgspec.json.decode(answer.body[:SMALL], type=Failure)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return ""
    return " ".join(said.message.split())


def refusal(answer: Answer) -> SourceError:
    """The error that an answer stands for."""
    if why := complaint(answer)[:1000]:
        message = T("Clair at {url} answers with HTTP {status}: {why}",
                    url=answer.url, status=answer.status, why=why)  # fmt: skip
    else:
        message = T("Clair at {url} answers with HTTP {status}",
                    url=answer.url, status=answer.status)  # fmt: skip
    hint = T("See its log.") if answer.status >= 500 else ""
    return SourceError(message, hint, retryable=answer.status in PASSING)


def too_late(url: str) -> SourceError:
    return SourceError(
        T("Clair at {url} did not answer in time", url=url), T("See its log."), retryable=True
    )


def _read_all(base: str, response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > most:
            size = most // 1024**2
            raise SourceError(
                T("Clair at {url} answers with more than {size} MiB", url=base, size=size)
            )
    return bytes(body)


def _unreachable(base: str, error: Exception) -> SourceError:
    if isinstance(error, httpx.ReadTimeout):
        return too_late(base)
    return SourceError(
        T("Clair does not answer at {url}: {why}",
          url=base, why=str(error) or type(error).__name__),
        T("See whether it runs, and whether url of [scanner.clair] is right."),
        retryable=True,
    )  # fmt: skip


def _clocks_apart(date: str, now: float) -> int:
    """Seconds between the date of an answer and ours; 0 when it has none."""
    try:
        return round(abs(parsedate_to_datetime(date).timestamp() - now))
    except (ValueError, TypeError, OverflowError):
        return 0
