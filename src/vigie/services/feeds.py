"""Brings the feeds at hand together: files that were named, else the database of advisories."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.feeds import Knowledge
from vigie.services.advisories import AdvisoryDatabase, FeedKind, open_index, standing
from vigie.services.advisory_feeds import label_of
from vigie.sources.advisories.epss import read_epss
from vigie.sources.advisories.kev import read_kev


def load_knowledge(kev: Path | None = None, epss: Path | None = None) -> Knowledge:
    """Read the feeds given. Raises UserError for a file that is not the feed it is given as."""
    kev_entries, kev_date = read_kev(kev) if kev is not None else ({}, "")
    epss_entries, epss_date = read_epss(epss) if epss is not None else ({}, "")
    return Knowledge(kev_entries, kev_date, epss_entries, epss_date)


def completed(knowledge: Knowledge, database: AdvisoryDatabase | None) -> Knowledge:
    """The same; a feed that no file gave is the database's, looked up as it is asked."""
    if database is None:
        return knowledge
    dates = {feed.kind: feed.published or "unknown" for feed in database.feeds}
    if not knowledge.kev_date and FeedKind.KEV in dates:
        knowledge = replace(knowledge, kev=database.kev, kev_date=dates[FeedKind.KEV])
    if not knowledge.epss_date and FeedKind.EPSS in dates:
        knowledge = replace(knowledge, epss=database.epss, epss_date=dates[FeedKind.EPSS])
    return knowledge


def feeds_at_hand(
    folder: Path, today: str, most_days: int, wanted: Collection[FeedKind]
) -> tuple[AdvisoryDatabase | None, tuple[Problem, ...]]:
    """The database in this folder, for the feeds `wanted` of it, and what is wrong with them.

    A database that cannot be used, or is stale, keeps no report from being judged: what it would
    have known is unknown, and a problem says so.
    """
    if not wanted:
        return None, ()
    try:
        database = open_index(folder)
    except UserError as error:
        return None, (Problem(ProblemCode.INPUT, error.message, hint=error.hint),)
    if database is None:
        return None, ()
    standings = [standing(f, today, most_days) for f in database.feeds]
    return database, tuple(
        Problem(
            ProblemCode.NOTE,
            T("{label} in the database of advisories is of {date}",
              label=label_of(one.feed.name), date=one.feed.current[:10] or T("an unknown day")),
            hint=T("Bring it up to date where Vigie runs: vigie db update."),
        )
        for one in standings
        if one.stale and one.feed.kind in wanted
    )  # fmt: skip
