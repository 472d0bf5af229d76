"""Brings the feeds at hand together: files that were named, else the database of advisories."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.feeds import Knowledge
from vigie.services.advisories import AdvisoryDatabase, FeedKind, open_index, standing
from vigie.services.advisory_feeds import label_of
from vigie.sources.advisories.epss import read_epss
from vigie.sources.advisories.kev import read_kev


def load_knowledge(
    kev: Path | None = None,
    epss: Path | None = None,
    database: AdvisoryDatabase | None = None,
) -> Knowledge:
    """Read the feeds given; one that is not given is the database's, looked up as it is asked.

    Raises UserError for a file that is not the feed it is given as.
    """
    dates = _dates(database)
    if kev is not None:
        kev_entries, kev_date = read_kev(kev)
    elif database is not None and FeedKind.KEV in dates:
        kev_entries, kev_date = database.kev, dates[FeedKind.KEV]
    else:
        kev_entries, kev_date = {}, ""
    if epss is not None:
        epss_entries, epss_date = read_epss(epss)
    elif database is not None and FeedKind.EPSS in dates:
        epss_entries, epss_date = database.epss, dates[FeedKind.EPSS]
    else:
        epss_entries, epss_date = {}, ""
    return Knowledge(kev_entries, kev_date, epss_entries, epss_date)


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
            hint=T("Bring it up to date: vigie db update."),
        )
        for one in standings
        if one.stale and one.feed.kind in wanted
    )  # fmt: skip


def _dates(database: AdvisoryDatabase | None) -> dict[FeedKind, str]:
    if database is None:
        return {}
    return {feed.kind: feed.published or "unknown" for feed in database.feeds}
