"""Puts one feed into a database in the making, from a file that is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vigie.model.runs import Outcome, Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.progress import Job, Progress
from vigie.sources.advisories.epss import read_epss
from vigie.sources.advisories.kev import read_kev
from vigie.sources.advisories.osv import read_osv
from vigie.stores.advisories.building import Building
from vigie.stores.advisories.schema import Feed, FeedKind, FeedState

_LABELS = {FeedKind.KEV: "KEV", FeedKind.EPSS: "EPSS"}


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """What became of one feed. `feed` is what the database holds of it now, None when nothing.

    `changed` when its records were written anew; `problem` when they were not though they
    should have been, or not all of them could be read.
    """

    name: str
    feed: Feed | None = None
    changed: bool = False
    problem: Problem | None = None

    @property
    def outcome(self) -> Outcome:
        if self.problem is None:
            return Outcome.COMPLETE
        return Outcome.PARTIAL if self.changed else Outcome.FAILED


def label_of(name: str) -> str:
    """A feed's name for people: "PyPI", "KEV"."""
    return _LABELS[FeedKind(name)] if name in _LABELS else name


def job_of(name: str) -> Job:
    """The piece of work that a feed is."""
    return Job(f"db:{name}", label_of(name))


def write_feed(
    made: Building, feed: Feed, files: Sequence[Path], covers: str, progress: Progress
) -> Feed:
    """Read the files and write the feed; returns it as written.

    Raises UserError when they are not what the feed is, or hold nothing of it.
    """
    job = job_of(feed.name)
    if feed.kind is FeedKind.KEV:
        kev, date = read_kev(files[0])
        return made.replace_kev(_dated(feed, date), kev)
    if feed.kind is FeedKind.EPSS:
        epss, date = read_epss(files[0])
        return made.replace_epss(_dated(feed, date), epss)

    def tell(count: int) -> None:
        progress.advanced(job, T("{count} record read", "{count} records read", count=count))

    return made.replace_advisories(feed, read_osv(*files), covers, tell)


def problem_of(feed: Feed) -> Problem | None:
    """The problem of a feed of which some records could not be read."""
    if feed.state is FeedState.COMPLETE:
        return None
    return Problem(
        ProblemCode.RECORD,
        T("{label}: {count} record could not be read: {names}",
          "{label}: {count} records could not be read: {names}",
          label=label_of(feed.name), count=feed.unread, names=feed.unread_names),
        feed.name,
        T("Packages that they are about may seem safe. Update again later, or update Vigie."),
    )  # fmt: skip


def summary_of(one: FeedOutcome) -> Text:
    """What became of the feed, in a few words."""
    if one.feed is None:
        return T("nothing at hand")
    if one.problem is not None and not one.changed:
        return T("stays as of {date}", date=one.feed.current[:10] or T("unknown"))
    if not one.changed:
        return T("unchanged")
    return T("{count} record", "{count} records", count=one.feed.records)


def _dated(feed: Feed, date: str) -> Feed:
    date = "" if date == "unknown" else date
    return replace(feed, published=date, current=feed.current or date)
