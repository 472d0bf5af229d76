"""The client: every operation of the API, and what makes lists and jobs easy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar

from vigie.client.failures import Unreachable
from vigie.client.made.operations import Operations
from vigie.client.made.shapes import Job
from vigie.model.text import T

Item_co = TypeVar("Item_co", covariant=True)
Asked = ParamSpec("Asked")

ENDED = frozenset({"done", "failed", "cancelled"})
_PAUSE, _LONGEST_PAUSE = 0.2, 3.0


class Page(Protocol[Item_co]):
    """What every list answers."""

    @property
    def items(self) -> Sequence[Item_co]: ...
    @property
    def next(self) -> str: ...


class Client(Operations):
    """Vigie's API on one server. Use it in a `with`, or close it. See `Connection` for the
    arguments: the server's address, the API key, and how patient it is."""

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def every(
        self, listing: Callable[Asked, Page[Item_co]], *args: Asked.args, **asked: Asked.kwargs
    ) -> Iterator[Item_co]:
        """Every item of a list, page by page: `every(client.list_findings, severity="high")`."""
        given: dict[str, Any] = dict(asked)
        while True:
            page = listing(*args, **given)
            yield from page.items
            if not page.next or page.next == given.get("cursor"):
                return
            given["cursor"] = page.next

    def wait_for_job(
        self,
        job_id: str,
        *,
        timeout: float,
        seen: Callable[[Job], None] = lambda _job: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> Job:
        """The job when it has ended, however it ended; `seen` is told of each look.

        Raises Unreachable when it has not ended after `timeout` seconds.
        """
        end, pause = clock() + timeout, _PAUSE
        while True:
            job = self.get_job(job_id)
            seen(job)
            if job.state in ENDED:
                return job
            left = end - clock()
            if left <= 0:
                raise Unreachable(
                    T("{server} has not ended the job after {seconds} s; it is {state}",
                      server=self.server, seconds=round(timeout), state=job.state),
                    T("It goes on: look again later, or give it more time."),
                )  # fmt: skip
            self._sleep(min(pause, left))
            pause = min(_LONGEST_PAUSE, pause * 1.5)
