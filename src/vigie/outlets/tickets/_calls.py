"""Asks a ticket system and says in words what it will not do. A token is never among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx
import msgspec

from vigie.model.errors import SourceError, UserError
from vigie.model.printable import clean
from vigie.model.text import T
from vigie.ports.notifiers import Post

Shape = TypeVar("Shape")

NOWHERE = frozenset({404, 410})
MOVED = frozenset({301, 302, 307, 308})
_LATER = frozenset({408, 409, 425, 429})
_LONGEST = 300  # characters of what a system says


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system answered."""

    status: int
    content: bytes
    label: str

    def read(self, shape: type[Shape]) -> Shape:
        """The answer in its shape. Raises SourceError when it is something else."""
        try:
            return msgspec.json.decode(self.content, type=shape)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            raise SourceError(
                T("{system} answered with something that Vigie does not understand",
                  system=self.label),
                T("See whether the address leads to its API and not to a page before it."),
                retryable=True,
            ) from None  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """One system as one channel reaches it. `where` is what people call the place of its
    tickets; `secrets` are struck out of everything it says."""

    label: str
    address: str
    where: str
    headers: Mapping[str, str]
    post: Post
    secrets: tuple[str, ...]

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
        expects: frozenset[int] = frozenset(),
    ) -> Reply:
        """The answer to a call that went well, or one whose status is among `expects`.

        Raises UserError for what somebody can mend and SourceError for the rest.
        """
        try:
            answer = self.post.http.request(
                method,
                f"{self.address}{path}",
                params=params,
                headers={"Accept": "application/json", **self.headers},
                json=body,
                timeout=self.post.timeout,
            )
        except httpx.TimeoutException:
            raise SourceError(
                T("{system} did not answer in time", system=self.label),
                T("See whether it works and can be reached from here."),
                retryable=True,
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(
                T("{system} could not be reached: {why}", system=self.label,
                  why=type(error).__name__),
                T("See whether it works and can be reached from here."),
                retryable=True,
            ) from None  # fmt: skip
        if answer.is_success or answer.status_code in expects:
            return Reply(answer.status_code, answer.content, self.label)
        raise self._error(answer)

    def _error(self, answer: httpx.Response) -> UserError | SourceError:
        status, why = answer.status_code, self._said(answer)
        if status in _LATER or status >= 500 or _is_limited(answer, why):
            return self._later(answer, why)
        if status == 401:
            return UserError(
                T("{system} does not accept the token", system=self.label),
                T("Make a new one there and store it under the name that the channel gives."),
            )
        if status == 403:
            return UserError(
                T("{system} does not let this token do that: {why}", system=self.label, why=why),
                T("Let it read and write tickets and labels of {where}.", where=self.where),
            )
        if status in NOWHERE:
            return self.unknown()
        if status in MOVED:
            return UserError(
                T("{system} sends the call elsewhere", system=self.label),
                T("{where} may have a new name, or the address may begin with https://.",
                  where=self.where),
            )  # fmt: skip
        return UserError(
            T("{system} refuses the ticket: {why}", system=self.label, why=why),
            T("Mend what it names, there or in the channel's settings."),
        )

    def _later(self, answer: httpx.Response, why: str) -> SourceError:
        wait = answer.headers.get("retry-after", "")
        hint = T("Vigie tries again later.")
        if wait.isdecimal() and len(wait) < 7:
            hint = T("It asks to wait {seconds} s.", seconds=int(wait))
        return SourceError(
            T("{system} cannot do that now ({status}): {why}",
              system=self.label, status=answer.status_code, why=why),
            hint,
            retryable=True,
        )  # fmt: skip

    def unknown(self) -> UserError:
        return UserError(
            T("{system} knows no {where}, or does not show it to this token",
              system=self.label, where=self.where),
            T("Correct the channel's settings, or let the token see it."),
        )  # fmt: skip

    def _said(self, answer: httpx.Response) -> str:
        """What the system says of its refusal, without secrets, in few words."""
        try:
            words = _strings(msgspec.json.decode(answer.content), 4)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            words = []  # a page of some proxy helps nobody
        said = " ".join(clean("; ".join(dict.fromkeys(words))).split())
        for secret in self.secrets:  # before it is cut: half of one would not be known again
            said = said.replace(secret, "***")
        return said[:_LONGEST] or answer.reason_phrase or str(answer.status_code)


def _strings(value: object, depth: int) -> list[str]:
    """The sentences in an answer, at whatever place this system puts them."""
    if isinstance(value, str):
        return [value] if value and not value.startswith(("http://", "https://")) else []
    if depth == 0:
        return []
    if isinstance(value, dict):
        parts: list[str] = []
        for name, inner in value.items():
            found = _strings(inner, depth - 1)
            parts += [f"{name}: {found[0]}"] if isinstance(inner, str) and found else found
        return parts[:20]
    if isinstance(value, list):
        return [word for inner in value[:20] for word in _strings(inner, depth - 1)]
    return []


def _is_limited(answer: httpx.Response, why: str) -> bool:
    """GitHub says 403, too, when it was asked too often (REST API, rate limits)."""
    return answer.status_code == 403 and (
        answer.headers.get("x-ratelimit-remaining") == "0"
        or "retry-after" in answer.headers
        or "rate limit" in why.lower()
    )
