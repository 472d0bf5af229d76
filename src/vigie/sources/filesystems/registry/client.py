"""Talks to a registry over HTTP: retries, redirects, authentication, plain HTTP.

Source: OCI distribution specification 1.1, "Pull".
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TypeVar
from urllib.parse import urljoin

import httpx

from vigie.model.errors import SourceError
from vigie.model.text import T, Text
from vigie.sources.filesystems.registry.challenge import (
    Challenge,
    check_realm,
    read_challenge,
    read_token,
)
from vigie.sources.filesystems.registry.credentials import Credentials
from vigie.sources.filesystems.registry.references import Reference

_TIMEOUT = httpx.Timeout(60, connect=15)
_ATTEMPTS = 6
_LONGEST_WAIT = 60.0  # seconds, also when the server asks for more
_MOST_REDIRECTS = 5
_LARGEST_TOKEN = 1024**2
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CLIENT = "vigie"

_Result = TypeVar("_Result")


class Passing(Exception):  # noqa: N818 - says what it is about
    """A failure that may be over the next time. `wait` is what the server asked for."""

    def __init__(self, why: Text, wait: float = 0.0) -> None:
        self.why = why
        self.wait = wait
        super().__init__(str(why))


class RegistryClient:
    """Requests to the registry of one reference. Used by several threads at once.

    `plain_http` allows to talk without encryption; `http` is what every request goes through,
    None for an ordinary client (`access.MakeClient`).
    """

    def __init__(
        self,
        reference: Reference,
        credentials: Credentials,
        *,
        plain_http: bool = False,
        http: httpx.Client | None = None,
    ) -> None:
        self.reference = reference
        self._credentials = credentials
        self._may_be_plain = plain_http or reference.is_local
        # A proxy that the environment names is for other machines than this one.
        self._http = http or httpx.Client(
            trust_env=not reference.is_local,
            # As it is stored: what an answer unpacks to cannot be foreseen.
            headers={"User-Agent": _CLIENT, "Accept-Encoding": "identity"},
        )
        self._http.timeout = _TIMEOUT
        self._base = f"https://{reference.host}"
        self._authorization = f"Bearer {credentials.token}" if credentials.token else ""
        self._lock = threading.Lock()

    def close(self) -> None:
        self._http.close()

    def greet(self) -> None:
        """Find out whether the registry answers, with encryption or, where allowed, without."""
        try:
            self.attempt(self._greet)
        except SourceError:
            if not self._may_be_plain:
                raise
            self._base = f"http://{self.reference.host}"
            self.attempt(self._greet)

    def attempt(self, what: Callable[[], _Result]) -> _Result:
        """Do it until it works, with longer and longer waits. Raises SourceError at the end."""
        for number in range(_ATTEMPTS):
            try:
                return what()
            except Passing as failure:
                last = failure
            if number + 1 < _ATTEMPTS:
                pause = 0.5 * 2**number * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
                time.sleep(min(max(pause, last.wait), _LONGEST_WAIT))
        raise SourceError(
            T("{registry} does not answer: {why}", registry=self.reference.registry, why=last.why),
            T("See whether it is reachable from here, or try again later."),
            retryable=True,
        )

    @contextmanager
    def get(self, path: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """One GET below the repository's address, its answer not yet read.

        Raises Passing for what may work later and SourceError for what will not.
        """
        url = f"{self._base}/v2/{self.reference.repository}/{path}"
        with self._send(url, headers) as response:
            if response.status_code not in (200, 206):
                raise self._refusal(response)
            yield response

    def locate(self, path: str) -> tuple[str, str]:
        """Where a GET below the repository's address ends, and the `Authorization` it takes there
        ("" for none). Raises as `get` does."""
        # One byte is enough to learn where the registry keeps it.
        with self.get(path, {"Range": "bytes=0-0"}) as response:
            request = response.request
            return str(request.url), request.headers.get("Authorization", "")

    def _greet(self) -> None:
        if not self._base.startswith("https:") or not self._may_be_plain:
            with self._one(f"{self._base}/v2/", {}):
                return
        try:
            with self._http.stream("GET", f"{self._base}/v2/"):
                return
        except httpx.TransportError as error:  # try without encryption at once
            raise SourceError(T("{why}", why=str(error))) from None

    @contextmanager
    def _send(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """Ask, and ask once more with what the registry wants to see first."""
        known = self._authorization
        with self._redirected(url, headers, known) as response:
            # Where a redirect has led, nobody may ask for what only the registry may have.
            asked = response.status_code == 401 and _origin(str(response.request.url)) == _origin(
                url
            )
            challenge = (
                read_challenge(response.headers.get_list("www-authenticate")) if asked else None
            )
            if challenge is None:
                yield response
                return
        with self._redirected(url, headers, self._meet(challenge, known)) as response:
            yield response

    @contextmanager
    def _redirected(
        self, url: str, headers: Mapping[str, str], authorization: str
    ) -> Iterator[httpx.Response]:
        """Follow redirects; who we are is told to the registry itself and nobody else."""
        home = _origin(url)
        for _ in range(_MOST_REDIRECTS):
            own = {"Authorization": authorization} if authorization and _origin(url) == home else {}
            with self._one(url, {**headers, **own}) as response:
                target = response.headers.get("location", "")
                if response.status_code not in (301, 302, 303, 307, 308) or not target:
                    yield response
                    return
                url = self._next(url, target)
        raise SourceError(
            T(
                "{registry} leads from one address to the next without end",
                registry=self.reference.registry,
            )
        )

    def _next(self, url: str, target: str) -> str:
        """Where a redirect leads. Raises SourceError when that is a worse address."""
        registry = self.reference.registry
        try:
            there = urljoin(url, target)
            scheme = _origin(there)[0]
        except (ValueError, SourceError):
            raise SourceError(
                T("{registry} leads to an address that is none", registry=registry)
            ) from None
        if scheme not in ("https", _origin(url)[0]):
            raise SourceError(
                T("{registry} leads to an address without encryption", registry=registry)
            )
        return there

    @contextmanager
    def _one(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        try:
            with self._http.stream("GET", url, headers=dict(headers)) as response:
                yield response
        except httpx.InvalidURL as error:
            raise SourceError(T("{why}", why=str(error))) from None
        except httpx.HTTPError as error:
            raise Passing(T("{why}", why=str(error) or type(error).__name__)) from None

    def _meet(self, challenge: Challenge, known: str) -> str:
        """The header that a challenge asks for; the same for all threads."""
        with self._lock:
            if self._authorization != known:
                return self._authorization  # another thread has just met it
            if challenge.scheme == "basic":
                self._authorization = self._credentials.basic
            else:
                self._authorization = f"Bearer {self._token(challenge)}"
            return self._authorization

    def _token(self, challenge: Challenge) -> str:
        plain = self._base.startswith("http:")
        registry = self.reference.registry
        realm = check_realm(challenge.realm, registry=registry, plain=plain)
        scope = challenge.scope or f"repository:{self.reference.repository}:pull"
        asked = {"service": challenge.service, "scope": scope}
        asked = {key: value for key, value in asked.items() if value}
        if self._credentials.identity:
            grant = {"grant_type": "refresh_token", "client_id": _CLIENT}
            grant["refresh_token"] = self._credentials.identity
            request = self._http.build_request("POST", realm, data={**grant, **asked})
        else:
            basic = self._credentials.basic
            headers = {"Authorization": basic} if basic else {}
            url = httpx.URL(realm).copy_merge_params(asked)
            request = self._http.build_request("GET", url, headers=headers)
        return read_token(self._bounded(request), registry)

    def _bounded(self, request: httpx.Request) -> bytes:
        """An answer's content, cut off where no token is that long."""
        data = b""
        try:
            response = self._http.send(request, stream=True)
            with closing(response):
                if response.status_code != 200:
                    raise self._refusal(response)
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > _LARGEST_TOKEN:
                        break
        except httpx.HTTPError as error:
            raise Passing(T("{why}", why=str(error) or type(error).__name__)) from None
        return data

    def _refusal(self, response: httpx.Response) -> SourceError | Passing:
        """What an answer that is none means."""
        registry, status = self.reference.registry, response.status_code
        if status in _PASSING:
            return Passing(T("HTTP status {status}", status=status), _retry_after(response))
        if status in (401, 403):
            return SourceError(
                T(
                    "{registry} does not let us have {image}",
                    registry=registry,
                    image=str(self.reference),
                ),
                self._credentials.trouble
                or T(
                    "See whether the name is right; log in with docker login {registry}.",
                    registry=registry,
                ),
            )
        if status == 404:
            return SourceError(
                T("{registry} has no {image}", registry=registry, image=str(self.reference)),
                T("See whether the name and the tag are right."),
            )
        return SourceError(
            T("{registry} answers with HTTP status {status}", registry=registry, status=status)
        )


def _origin(url: str) -> tuple[str, str, int | None]:
    """Who is asked (RFC 6454). Raises SourceError for what is no address."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise SourceError(T("{why}", why=str(error))) from None
    return parts.scheme, parts.host, parts.port


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0.0
