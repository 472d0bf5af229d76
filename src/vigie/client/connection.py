"""How requests reach the server: tried again where that is safe, bounded, and told in words."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from vigie.client.address import server_of
from vigie.client.failures import Unreachable, failure_of
from vigie.client.streams import Download, ServerEvent, Upload, events_of
from vigie.model.text import T

Answer = TypeVar("Answer")
Method = Literal["GET", "PUT", "POST", "DELETE", "PATCH"]

LARGEST_ANSWER = 256 << 20  # bytes of a JSON answer; larger things are downloaded in pieces
ATTEMPTS = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds
_TIMEOUT, _CONNECTING, _SILENT = 60.0, 10.0, 60.0  # a stream gives a sign of life every 15 s
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_SAFE = frozenset({"GET", "PUT", "DELETE"})


class Connection:
    """One server and one key. Threads may share it.

    `timeout` is in seconds for each silence of the server. `attempts` is how often something is
    tried that may be tried again: what only reads, PUT and DELETE, and what carries an
    Idempotency-Key (made here where the caller gives none). The key is shown nowhere.
    TLS certificates are verified; `SSL_CERT_FILE` names others than the usual ones.
    """

    def __init__(
        self,
        server: str,
        key: str = "",
        *,
        timeout: float = _TIMEOUT,
        attempts: int = ATTEMPTS,
        language: str = "",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.server = server_of(server)
        self._attempts = max(1, attempts)
        self._sleep = sleep
        headers = {"User-Agent": "vigie-client", "Accept": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if language:
            headers["Accept-Language"] = language
        self._http = httpx.Client(
            base_url=self.server,
            headers=headers,
            timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECTING)),
            follow_redirects=False,  # the key is for this server alone
            transport=transport,
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _ask(
        self, method: Method, path: str, answer: type[Answer] | None = None, **given: Any
    ) -> Answer:
        """The answer of an operation, decoded; see `_send` for `given`."""
        response = self._send(method, path, **given)
        try:
            data = _whole(response)
        except httpx.TransportError as error:
            raise self._silent(error) from None
        finally:
            response.close()
        if answer is None or not data:
            return None  # type: ignore[return-value]  # operations without an answer say so
        try:
            return msgspec.json.decode(data, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreachable(
                T("{server} answered what this client does not understand: {why}",
                  server=self.server, why=str(error)[:300]),
                T("Use the client of the server's version."), retryable=False,
            ) from None  # fmt: skip

    def _download(self, method: Method, path: str, **given: Any) -> Download:
        """An answer to be read piece by piece."""
        return Download(self._send(method, path, accept="*/*", **given))

    def _follow(self, path: str, **given: Any) -> Iterator[ServerEvent]:
        """Events until the server ends the stream; a line that breaks is taken up again after
        the last event that came."""
        last, failed = "", 0
        while True:
            more = {**given, "last_event_id": last} if last else given
            response = self._send("GET", path, accept="text/event-stream", silent=_SILENT, **more)
            try:
                for event in events_of(response):
                    last, failed = event.id or last, 0
                    yield event
                return
            except httpx.TransportError as error:
                failed += 1
                if failed >= self._attempts:
                    raise self._silent(error) from None
                self._sleep(_pause(failed))
            finally:
                response.close()

    def _send(self, method: Method, path: str, *, headers: Mapping[str, str | None] | None = None,
              once: bool = False, **given: Any) -> httpx.Response:  # fmt: skip
        """An answer that succeeded, its body not read yet. Raises Refused, Unreachable.

        `once`: it takes an Idempotency-Key, so it may be tried again. `given`: query, body
        (JSON), form (fields and uploads), if_match (a revision or an ETag), accept, silent
        (seconds), last_event_id.
        """
        own = {
            "Accept": given.pop("accept", ""),
            "Last-Event-ID": given.pop("last_event_id", ""),
            "If-Match": etag(given.pop("if_match", None)),
            "Idempotency-Key": uuid.uuid4().hex if once else "",
        }
        sent = {name: value for name, value in {**own, **(headers or {})}.items() if value}
        if once:
            sent.setdefault("Idempotency-Key", own["Idempotency-Key"])
        again = once or method in _SAFE
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                response = self._try(method, path, sent, given)
            except httpx.TransportError as error:
                never_arrived = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                if last or not (again or never_arrived):
                    raise self._silent(error) from None
                self._sleep(_pause(attempt))
                continue
            if response.is_success:
                return response
            after = _retry_after(response)
            status, body = response.status_code, _problem_body(response)
            if method == "DELETE" and status == 404 and attempt > 1:
                return response  # an attempt whose answer was lost has done it
            may = status == 429 or (again and status in _AGAIN)
            if last or not may or (after or 0) > _LONGEST_PAUSE:
                raise failure_of(status, body, self.server)
            self._sleep(after if after is not None else _pause(attempt))
        raise AssertionError("the last attempt answers or raises")

    def _try(
        self, method: str, path: str, headers: dict[str, str], given: Mapping[str, Any]
    ) -> httpx.Response:
        query = query_of(given.get("query") or {}, given.get("where") or {})
        more: dict[str, Any] = {}
        with ExitStack() as opened:
            if "body" in given:
                more["content"] = msgspec.json.encode(given["body"])
                headers = {**headers, "Content-Type": "application/json"}
            if "form" in given:
                more |= _form(given["form"], opened)
            if "silent" in given:
                more["timeout"] = httpx.Timeout(given["silent"], connect=_CONNECTING)
            request = self._http.build_request(method, path, params=query, headers=headers, **more)
            return self._http.send(request, stream=True)

    def _silent(self, error: httpx.TransportError) -> Unreachable:
        why = str(error) or type(error).__name__
        if isinstance(error, httpx.TimeoutException):
            return Unreachable(
                T("{server} did not answer in time", server=self.server),
                T("Try again later, or give it more time."),
            )
        return Unreachable(
            T("{server} cannot be reached: {why}", server=self.server, why=why),
            T("Check the address, the network and the server's certificate."),
        )


def part(value: str) -> str:
    """A parameter inside a path: nothing in it leads elsewhere."""
    return quote(value, safe="") if value not in (".", "..") else quote(value).replace(".", "%2E")


def etag(revision: int | str | None) -> str:
    """A revision, or the ETag itself, for If-Match; "" for none."""
    if revision is None or revision == "":
        return ""
    word = str(revision)
    return word if word == "*" or '"' in word else f'"{word}"'


def query_of(query: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, str]:
    """What stands behind the ?: lists with commas, truth as true and false, nothing for None."""
    both = {**query, **where}
    return {name: _word(value) for name, value in both.items() if value is not None}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(_word(one) for one in value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def _form(fields: Mapping[str, Any], opened: ExitStack) -> dict[str, Any]:
    files, data = {}, {}
    for name, value in fields.items():
        if isinstance(value, Upload):
            content = value.opened()
            if not isinstance(content, bytes):
                opened.enter_context(content)
            files[name] = (value.named(), content, value.media_type)
        elif value is not None:
            data[name] = _word(value)
    return {"files": files, "data": data}


def _whole(response: httpx.Response) -> bytes:
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > LARGEST_ANSWER:
            raise Unreachable(T("the answer of the server is too large"), retryable=False)
    return bytes(data)


def _problem_body(response: httpx.Response) -> bytes:
    """What a failed answer says; a megabyte is enough."""
    data = b""
    try:
        for piece in response.iter_bytes():
            data += piece
            if len(data) > 1 << 20:
                break
    except httpx.TransportError:
        return b""
    finally:
        response.close()
    return data


def _pause(attempt: int) -> float:
    """Longer each time, and not the same for all that were cut off together."""
    most: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (attempt - 1))
    return most * (0.5 + random.random() / 2)  # noqa: S311  nobody gains by guessing it


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that the server asks for (RFC 9110, 10.2.3)."""
    said = str(response.headers.get("retry-after", "")).strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment: datetime = parsedate_to_datetime(said)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return float(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
