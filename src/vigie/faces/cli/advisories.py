"""How the database of advisories stands, for people and for programs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from vigie.faces.cli.session import Session
from vigie.model.text import T, Text, Words, grouped
from vigie.services.advisories import (
    AdvisoryDatabase,
    FeedKind,
    FeedState,
    Standing,
    database_path,
    open_index,
    standing,
)
from vigie.services.advisory_feeds import label_of


def show_status(folder: Path, today: str, most_days: int, session: Session, *, form: str) -> None:
    """Print every feed's date, count and age, as a table or as JSON."""
    index = open_index(folder)
    if index is None:
        _show_none(folder, session, form)
        return
    with index:
        standings = [standing(feed, today, most_days) for feed in index.feeds]
        if form == "json":
            _print_json(_plain(index, standings))
        else:
            _show_table(index, standings, session)


def _show_none(folder: Path, session: Session, form: str) -> None:
    if form == "json":
        empty = {"path": str(database_path(folder)), "size": 0, "date": "", "stale": True}
        _print_json({**empty, "feeds": [], "ecosystems": {}})
        return
    session.note(T("There is no database of advisories yet."))
    session.note(T("Make one with vigie db update, or with vigie db import."))


def _plain(index: AdvisoryDatabase, standings: Sequence[Standing]) -> dict[str, object]:
    return {
        "path": str(index.path),
        "size": index.path.stat().st_size,
        "date": index.date,
        "stale": any(one.stale for one in standings),
        "feeds": [
            {
                "name": one.feed.name,
                "kind": one.feed.kind.value,
                "source": one.feed.source,
                "published": one.feed.published,
                "current": one.feed.current,
                "fetched": one.feed.fetched,
                "records": one.feed.records,
                "withdrawn": one.feed.withdrawn,
                "unread": one.feed.unread,
                "unread_names": list(one.feed.unread_names),
                "etag": one.feed.etag,
                "whole": one.feed.whole,
                "state": one.feed.state.value,
                "age_days": one.age_days,
                "stale": one.stale,
            }
            for one in standings
        ],
        "ecosystems": dict(index.ecosystems()),
    }


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode("utf-8"))


def _show_table(index: AdvisoryDatabase, standings: Sequence[Standing], session: Session) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    say = session.words
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say(T("Feed")), overflow="fold")
    table.add_column(say(T("Records")), justify="right")
    for heading in (T("Data of"), T("Known up to"), T("State")):
        table.add_column(say(heading), overflow="fold")
    for one in standings:
        feed = one.feed
        count = grouped(feed.records, say.lang)
        known = feed.published[:10] or say(T("unknown"))
        table.add_row(label_of(feed.name), count, known, say(_age(one)), _state(one, say))
    width = max(shutil.get_terminal_size((100, 40)).columns, 60)
    console = Console(width=width, no_color=not session.coloured(), highlight=False, markup=False)
    console.print(table)
    size = round(index.path.stat().st_size / 1_000_000, 1)
    click.echo("\n" + say(T("{path}, {size} MB", path=str(index.path), size=size)))
    if any(one.stale for one in standings):
        click.echo(say(T("Bring up to date what is stale: {command}", command="vigie db update")))


def _age(one: Standing) -> Text:
    if one.age_days is None:
        return T("unknown")
    if one.age_days == 0:
        return T("today")
    return T("{count} day ago", "{count} days ago", count=one.age_days)


def _state(one: Standing, say: Words) -> str:
    said = []
    if one.stale:
        said.append(T("stale"))
    if one.feed.state is FeedState.PARTIAL:
        said.append(T("{count} not read", count=one.feed.unread))
    if not one.feed.whole and one.feed.kind is FeedKind.OSV:
        said.append(T("additions"))
    return ", ".join(map(say, said or [T("up to date")]))
