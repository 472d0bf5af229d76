"""Gets the advisories that one inventory asks for, when they are not here or not of today.

A first scan then answers without anybody having filled a database, and downloads only what
the target has: the advisories of PyPI for a Python project, not those of everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vigie.model.errors import VigieError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.services.advisories import AdvisoryDatabase, advisories_folder, open_index
from vigie.services.advisory_feeds import label_of
from vigie.sources.advisories.addresses import ECOSYSTEMS, Addresses

if TYPE_CHECKING:
    from vigie.sources.advisories.download import Manners

_FRESH_HOURS = 24.0
_RANKING = ("kev", "epss")


def renew(
    homes: Iterable[str],
    now: str,
    *,
    addresses: Addresses | None = None,
    folder: Path | None = None,
    manners: Manners | None = None,
) -> tuple[Problem, ...]:
    """Bring the advisories of these OSV ecosystems ("PyPI", "Debian:12") up to date.

    `now` is ISO 8601 UTC. What fails is a note: whether it
    matters, the age of what is there tells.
    """
    folder = advisories_folder() if folder is None else folder
    try:
        wanted = _wanted(homes, now, folder)
        if not wanted:
            return ()
        # Only now: what reaches for the network takes longer to import than most scans last.
        from vigie.services.advisory_update import update  # noqa: PLC0415

        outcomes = update(wanted, now, addresses, folder=folder, manners=manners or _hasty())
    except VigieError as error:  # another process is writing, or the folder is read only
        return (_note((), error),)
    failed = [one for one in outcomes if one.problem is not None]
    names = tuple(label_of(one.name) for one in failed)
    # They mostly fail together, of one cause: said once.
    return tuple(_note(names, one.problem) for one in failed[:1] if one.problem is not None)


def _hasty() -> Manners:
    """Somebody waits for the scan: one more try, not five, and none where nobody answers."""
    from vigie.sources.advisories.download import Manners  # noqa: PLC0415

    return Manners(connect=5.0, silence=20.0, tries=2, pause=0.5)


def _wanted(homes: Iterable[str], now: str, folder: Path) -> list[str]:
    """The ecosystems, without releases, whose advisories are missing or more than a day old; and
    with any of them the catalogues that rank what is found."""
    asked = {home for home in homes if _feed(home) in ECOSYSTEMS}
    index = open_index(folder)
    if index is not None:
        with index:
            asked = {home for home in asked if not _is_fresh(index, home, now)}
            ranking = [name for name in _RANKING if not _is_fresh(index, name, now)]
    else:
        ranking = [*_RANKING]
    return [*sorted({_feed(home) for home in asked}), *ranking] if asked else []


def _feed(home: str) -> str:
    return home.partition(":")[0]


def _is_fresh(index: AdvisoryDatabase, home: str, now: str) -> bool:
    """True for advisories of today, and for a dump that covers the ecosystem but says nothing
    of this release: another download would not know more."""
    dump = next((f for f in index.feeds if f.name == _feed(home) and (f.whole or home in _RANKING)),
                None)  # fmt: skip
    feed = index.feed_of(home) or dump
    if feed is None:
        return False
    try:
        age = datetime.fromisoformat(now) - datetime.fromisoformat(feed.current)
    except (ValueError, TypeError):
        return False
    return age.total_seconds() < _FRESH_HOURS * 3600


def _note(names: tuple[str, ...], why: VigieError | Problem) -> Problem:
    message = T("advisories were not brought up to date: {why}", why=why.message)
    if names:
        message = T("advisories of {names} were not brought up to date: {why}",
                    names=names, why=why.message)  # fmt: skip
    return Problem(ProblemCode.NOTE, message, hint=why.hint or None)
