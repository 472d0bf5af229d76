"""Brings the database of advisories up to date from the public addresses, or their mirrors.

Downloads run side by side, and each is carried on where an earlier one was cut off. What came
is written into a new database beside the old one, which it replaces when it is whole; a feed
that failed stays in it as it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from vigie.model.errors import SourceError, VigieError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.progress import SILENT, Progress
from vigie.services.advisories import advisories_folder, feeds_held
from vigie.services.advisory_feeds import (
    FeedOutcome,
    job_of,
    problem_of,
    summary_of,
    write_feed,
)
from vigie.sources.advisories.addresses import (
    ECOSYSTEMS,
    USUAL,
    Addresses,
    ecosystem_named,
    ecosystems_listed,
)
from vigie.sources.advisories.download import Downloader, Fetched, Manners
from vigie.stores.advisories.building import Building, alone, building
from vigie.stores.advisories.schema import Feed, FeedKind

_AT_ONCE = 4
_MOST = {FeedKind.OSV: 8 << 30, FeedKind.KEV: 256 << 20, FeedKind.EPSS: 1 << 30}
_LISTING = 1 << 20
_OFTEN = 0.2  # seconds between two words about a download
_SUSPECT = 100  # records from which losing half of them at once is taken for a broken dump


@dataclass(frozen=True, slots=True)
class _Wish:
    """A feed to get: where from, and what is there of it already."""

    name: str
    kind: FeedKind
    address: str
    held: Feed | None


def update(
    names: Sequence[str],
    now: str,
    addresses: Addresses | None = None,
    progress: Progress = SILENT,
    *,
    everything: bool = False,
    folder: Path | None = None,
    manners: Manners | None = None,
    stop: threading.Event | None = None,
) -> list[FeedOutcome]:
    """Update these ecosystems ("PyPI", also "kev" and "epss"); none named: those that are there,
    else the usual ones, with KEV and EPSS. `everything` takes all that the bucket lists.

    `now` is ISO 8601 UTC. One feed that fails has its problem and keeps no other from being
    updated. Raises UserError when another process is writing, the folder cannot be written or
    the database is damaged.
    """
    folder = advisories_folder() if folder is None else folder
    addresses = addresses or Addresses()
    stop = stop or threading.Event()
    with alone(folder), closing(Downloader(folder / "downloads", manners, stop)) as downloader:
        held = feeds_held(folder)
        if everything:
            names = (*_all_there_is(addresses, downloader), "kev", "epss")
        wishes = _wishes(names or _usual(held), addresses, held)
        progress.planned([job_of(wish.name) for wish in wishes])
        outcomes = _get_all(wishes, now, folder, downloader, progress)
        for one in outcomes:
            if one.feed is not None and (one.problem is None or one.changed):
                downloader.forget(one.name)
    return outcomes


def _usual(held: Mapping[str, Feed]) -> tuple[str, ...]:
    """What is there already; a release's own dump is followed by that of all releases."""
    there = {name.partition(":")[0] for name, feed in held.items()
             if feed.kind is FeedKind.OSV and feed.whole and name != "OSV"}  # fmt: skip
    return (*(sorted(there) or USUAL), "kev", "epss")


def _all_there_is(addresses: Addresses, downloader: Downloader) -> tuple[str, ...]:
    try:
        listed = ecosystems_listed(downloader.text(addresses.listing, _LISTING))
    except SourceError as error:
        if error.retryable:
            raise
        listed = ()  # a mirror without the list
    return listed or ECOSYSTEMS


def _wishes(names: Iterable[str], addresses: Addresses, held: Mapping[str, Feed]) -> list[_Wish]:
    wishes: dict[str, _Wish] = {}
    for word in names:
        if word.lower() == FeedKind.KEV:
            wish = _Wish("kev", FeedKind.KEV, addresses.kev, held.get("kev"))
        elif word.lower() == FeedKind.EPSS:
            wish = _Wish("epss", FeedKind.EPSS, addresses.epss, held.get("epss"))
        else:
            name = ecosystem_named(word)
            wish = _Wish(name, FeedKind.OSV, addresses.dump(name), held.get(name))
        wishes[wish.name] = wish
    return list(wishes.values())


def _get_all(
    wishes: Sequence[_Wish],
    now: str,
    folder: Path,
    downloader: Downloader,
    progress: Progress,
) -> list[FeedOutcome]:
    outcomes: dict[str, FeedOutcome] = {}
    began = dict.fromkeys((wish.name for wish in wishes), time.monotonic())
    with (
        ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="vigie-db") as pool,
        ExitStack() as stack,
    ):
        # Leaving for any reason, such as Ctrl-C, ends the downloads before the pool is waited for.
        stack.callback(downloader.stop.set)
        coming = {
            pool.submit(_download, wish, downloader, progress, began): wish for wish in wishes
        }
        made: Building | None = None
        for done in as_completed(coming):
            wish = coming[done]
            try:
                fetched = done.result()
                if made is None:
                    made = stack.enter_context(building(folder))
                one = _store(wish, fetched, made, now, progress)
            except VigieError as error:
                one = _failed(wish, error, downloader, done)
            outcomes[wish.name] = one
            seconds = time.monotonic() - began[wish.name]
            progress.finished(job_of(wish.name), one.outcome, summary_of(one), seconds)
    return [outcomes[wish.name] for wish in wishes]


def _download(
    wish: _Wish, downloader: Downloader, progress: Progress, began: dict[str, float]
) -> Fetched | None:
    job = job_of(wish.name)
    began[wish.name] = time.monotonic()
    progress.started(job)
    said = 0.0

    def tell(here: int, whole: int | None) -> None:
        nonlocal said
        if time.monotonic() - said < _OFTEN:
            return
        said = time.monotonic()
        if whole:
            step = T("{here} of {whole} MB", here=_megabytes(here), whole=_megabytes(whole))
        else:
            step = T("{here} MB", here=_megabytes(here))
        progress.advanced(job, step)

    held = wish.held
    known = held.etag if held is not None and held.source == wish.address else ""
    return downloader.fetch(wish.address, wish.name, known=known, most=_MOST[wish.kind], tell=tell)


def _megabytes(count: int) -> float:
    return round(count / 1_000_000, 1)


def _store(
    wish: _Wish, fetched: Fetched | None, made: Building, now: str, progress: Progress
) -> FeedOutcome:
    if fetched is None and wish.held is not None:
        same = replace(wish.held, current=now)
        made.carry(same)
        return FeedOutcome(wish.name, same, problem=problem_of(same))
    if fetched is None:
        raise SourceError(
            T("{address} says that nothing changed, but nothing is here", address=wish.address)
        )
    covers = wish.name if wish.kind is FeedKind.OSV else ""
    feed = Feed(wish.name, wish.kind, wish.address, current=now, fetched=now, etag=fetched.version)
    progress.advanced(job_of(wish.name), T("reads it"))
    done = write_feed(made, feed, [fetched.path], covers, progress)
    if wish.held is not None and done.records < wish.held.records // 2 >= _SUSPECT // 2:
        made.carry(wish.held)
        raise SourceError(
            T("{address} holds {count} records where there were {before}",
              address=wish.address, count=done.records, before=wish.held.records),
            T("That looks like a broken dump. If it is right, give the file to vigie db import."),
        )  # fmt: skip
    return FeedOutcome(wish.name, done, changed=True, problem=problem_of(done))


def _failed(
    wish: _Wish, error: VigieError, downloader: Downloader, done: Future[Fetched | None]
) -> FeedOutcome:
    if done.exception() is None:
        downloader.forget(wish.name)  # it came, and was no good: not to be carried on
    where = error.message
    return FeedOutcome(
        wish.name,
        wish.held,
        problem=Problem(ProblemCode.REPORT, where, wish.name, error.hint),
    )
