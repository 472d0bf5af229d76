"""Talks to a Clair server (v4, API v1): an image goes in, a vulnerability report comes out.

Source: Clair's OpenAPI document, API 1.x; what it leaves open was seen with Clair 4.9.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.sources.scanners.clair.answers import (
    IndexReport,
    IndexState,
    Outline,
    UpdateOperation,
)
from vigie.sources.scanners.clair.connection import (
    LARGE,
    PASSING,
    SLOW,
    Answer,
    ClairService,
    Connection,
    complaint,
    decode,
    read_answer,
    refusal,
    too_late,
)

_ATTEMPTS = 5
_TAKEN = (200, 201, 202)
_FINISHED, _FAILED = "IndexFinished", "IndexError"
_STATE = "/indexer/api/v1/index_state"
_INDEX = "/indexer/api/v1/index_report"
_REPORT = "/matcher/api/v1/vulnerability_report"
_UPDATES = "/matcher/api/v1/internal/update_operation?latest=true&kind=vulnerability"


class IndexingFailed(SourceError):  # noqa: N818 - says what it is about
    """Clair could not look into the image. `reason` in its own words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(T("Clair could not index the image: {why}", why=reason))


class _Later(Exception):  # noqa: N818 - says what it is about
    """An answer that may come the next time; `error` if it does not."""

    def __init__(self, error: SourceError) -> None:
        self.error = error
        super().__init__(str(error))


class ClairClient:
    """Requests to one Clair. `pause` is the shortest wait before something is asked again."""

    def __init__(self, service: ClairService, *, pause: float = 1.0) -> None:
        self._indexer, self._matcher = service.indexer, service.matcher
        self._connection = Connection(service)
        self._pause = pause

    def close(self) -> None:
        self._connection.close()

    def greet(self) -> str:
        """The state of its indexer. Raises UserError when it lets us not in or is no Clair."""
        answer = self._attempt(lambda: self._connection.ask("GET", self._indexer, _STATE))
        if answer.status == 404:
            raise UserError(
                T("there is no Clair at {url}", url=self._indexer),
                T("Give in url of [scanner.clair] what stands before /indexer/api/v1."),
            )
        return read_answer(answer, IndexState).state

    def index(self, manifest: Mapping[str, Any]) -> None:
        """Have it look into an image. Returns when it has.

        An image that it knows already, and would look into no other way today, it answers from
        its store without fetching a layer: what says so is its own state, so nothing of that is
        kept here. Raises IndexingFailed with its reason.
        """
        content = msgspec.json.encode(manifest)
        answer = self._attempt(
            lambda: self._connection.ask(
                "POST", self._indexer, _INDEX, content, read=SLOW, most=LARGE
            )
        )
        if answer.status in (400, 500) and (why := complaint(answer)):
            raise IndexingFailed(why)
        if answer.status not in _TAKEN:
            raise refusal(answer)
        deadline = time.monotonic() + SLOW
        while not _is_done(answer):
            if time.monotonic() > deadline:
                raise too_late(self._indexer)
            time.sleep(self._pause)
            answer = self._connection.ask(
                "GET", self._indexer, f"{_INDEX}/{manifest['hash']}", most=LARGE
            )

    def report(self, digest: str) -> tuple[bytes, Outline]:
        """The report on an image that has been indexed, as it came, and its outline."""
        answer = self._attempt(lambda: self._report(digest))
        outline = read_answer(answer, Outline)
        if outline.manifest_hash != digest:
            raise SourceError(
                T("Clair answered about another image: {digest}", digest=outline.manifest_hash[:80])
            )
        return answer.body, outline

    def database_date(self) -> str:
        """When it last took vulnerabilities in (ISO 8601); "" when it does not say.

        That is of the source that changed last: each is asked as often, and most of the time
        has nothing new. The part of the API that tells is internal and may be shut.
        """
        try:
            answer = self._connection.ask("GET", self._matcher, _UPDATES)
            done = read_answer(answer, dict[str, list[UpdateOperation]])
        except (UserError, SourceError):
            return ""
        dates = (operation.date for each in done.values() for operation in each)
        known = [date for date in dates if date is not None and date.tzinfo and date.year > 1970]
        return max(known).isoformat(timespec="seconds") if known else ""

    def _report(self, digest: str) -> Answer:
        answer = self._connection.ask(
            "GET", self._matcher, f"{_REPORT}/{digest}", read=SLOW, most=LARGE
        )
        if answer.status == 202:
            raise _Later(
                SourceError(
                    T("Clair has no vulnerabilities to compare with yet"),
                    T("Its first update takes a while; its log tells how far it is."),
                    retryable=True,
                )
            )
        return answer

    def _attempt(self, what: Callable[[], Answer]) -> Answer:
        """Ask until there is an answer, with longer and longer waits."""
        for number in range(_ATTEMPTS):
            try:
                answer = what()
            except _Later as later:
                last = later.error
            else:
                if answer.status not in PASSING:
                    return answer
                last = refusal(answer)
            if number + 1 < _ATTEMPTS:
                time.sleep(self._pause * 2**number)
        raise last


def _is_done(answer: Answer) -> bool:
    """True when the indexing has come to its end. Raises IndexingFailed when to a bad one."""
    if answer.status not in _TAKEN:
        raise refusal(answer)
    report = decode(answer, IndexReport)
    if report.state == _FAILED or report.err:
        raise IndexingFailed(report.err or report.state)
    return report.success or report.state == _FINISHED
