"""The database of advisories on this machine: where it lies, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vigie.sources.data_folder import data_folder
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.stores.advisories.schema import NAME, Feed, FeedKind, FeedState

__all__ = [
    "AdvisoryDatabase",
    "Feed",
    "FeedKind",
    "FeedState",
    "Standing",
    "advisories_folder",
    "database_path",
    "open_index",
    "standing",
]


def advisories_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where the database and what belongs to it lies, in Vigie's data folder."""
    return data_folder(environment) / "advisories"


def database_path(folder: Path | None = None) -> Path:
    """Where the database is, or would be, in this folder (None: the usual one)."""
    return (advisories_folder() if folder is None else folder) / NAME


def open_index(folder: Path | None = None) -> AdvisoryDatabase | None:
    """The database in this folder (None: the usual one), or None when there is none yet.

    Raises UserError when it is damaged or another version of Vigie wrote it.
    """
    path = database_path(folder)
    return AdvisoryDatabase(path) if path.exists() else None


def feeds_held(folder: Path) -> dict[str, Feed]:
    """The feeds in the database of this folder by name; none when there is no database yet."""
    index = open_index(folder)
    if index is None:
        return {}
    with index:
        return {feed.name: feed for feed in index.feeds}


@dataclass(frozen=True, slots=True)
class Standing:
    """How one feed stands: its age in days (None: nobody says its date), and whether that is
    more than it may be."""

    feed: Feed
    age_days: int | None
    stale: bool


def standing(feed: Feed, today: str, most_days: int) -> Standing:
    """How a feed stands on this ISO date. One without a date is stale: nobody can say it is not."""
    try:
        age = (date.fromisoformat(today[:10]) - date.fromisoformat(feed.current[:10])).days
    except ValueError:
        return Standing(feed, None, stale=True)
    return Standing(feed, max(age, 0), stale=age > most_days)
