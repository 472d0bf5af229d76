"""Fills the database of advisories from files: dumps, records, KEV, EPSS, or a signed bundle."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.progress import SILENT, Progress
from vigie.services.advisories import advisories_folder, feeds_held
from vigie.services.advisory_feeds import (
    FeedOutcome,
    job_of,
    label_of,
    problem_of,
    summary_of,
    write_feed,
)
from vigie.sources.advisories.recognise import Form, Piece, pieces_in
from vigie.stores.advisories.building import Building, alone, building
from vigie.stores.advisories.schema import Feed, FeedKind

TRUSTED = "trusted"  # the folder of the keys whose bundles are taken, beside the database


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`now` is ISO 8601 UTC; `trust` are files with public keys besides those kept in the
    folder `trusted`; `allow_older` lets older data take the place of newer."""

    now: str
    trust: tuple[Path, ...] = ()
    allow_older: bool = False
    folder: Path | None = None


def import_paths(
    paths: Sequence[Path], options: ImportOptions, progress: Progress = SILENT
) -> list[FeedOutcome]:
    """Import everything these files and folders hold, or nothing.

    Raises UserError for the first that cannot be had, is not trusted, or is older than what is
    there; then the database stays as it was.
    """
    folder = options.folder or advisories_folder()
    pieces = [piece for path in paths for piece in pieces_in(path)]
    _refuse_twice(pieces)
    progress.planned([job_of(piece.name) for piece in pieces])
    outcomes: list[FeedOutcome] = []
    with alone(folder):
        held = feeds_held(folder)
        with building(folder) as made:
            for piece in pieces:
                began = time.monotonic()
                progress.started(job_of(piece.name))
                done = list(_take(piece, made, folder, options, progress))
                for one in done:
                    _refuse_older(one, held, options)
                outcomes += done
                worst = max(done, key=lambda one: one.problem is not None)
                seconds = time.monotonic() - began
                progress.finished(job_of(piece.name), worst.outcome, summary_of(worst), seconds)
    return outcomes


def _take(
    piece: Piece, made: Building, folder: Path, options: ImportOptions, progress: Progress
) -> Iterator[FeedOutcome]:
    if piece.form is Form.BUNDLE:
        for feed in _adopt(piece.files[0], made, folder, options.trust):
            yield FeedOutcome(feed.name, feed, changed=True, problem=problem_of(feed))
        return
    feed = Feed(
        piece.name,
        FeedKind(piece.form.value),
        str(piece.files[0] if len(piece.files) == 1 else piece.files[0].parent),
        fetched=options.now,
        whole=piece.whole,
    )
    done = write_feed(made, feed, piece.files, piece.covers, progress)
    yield FeedOutcome(done.name, done, changed=True, problem=problem_of(done))


def _adopt(bundle: Path, made: Building, folder: Path, trust: Sequence[Path]) -> list[Feed]:
    from vigie.stores.advisories.bundle import unpacked  # noqa: PLC0415 - brings cryptography
    from vigie.stores.advisories.keys import trusted_keys  # noqa: PLC0415

    with unpacked(bundle, trusted_keys(trust, folder / TRUSTED), folder) as database:
        return made.adopt(database, lambda _: True)


def _refuse_twice(pieces: Sequence[Piece]) -> None:
    names = [piece.name for piece in pieces]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                T("{label} is there twice among what was given", label=label_of(name)),
                T("Give it once, or import one after the other."),
            )


def _refuse_older(one: FeedOutcome, held: dict[str, Feed], options: ImportOptions) -> None:
    old, new = held.get(one.name), one.feed
    if options.allow_older or old is None or new is None or not old.published:
        return
    if new.published < old.published:
        raise UserError(
            T("{label} of {date} is older than what is there, of {held}",
              label=label_of(one.name), date=new.published[:10] or T("an unknown day"),
              held=old.published[:10]),
            T("If you want it all the same, add --allow-older."),
        )  # fmt: skip
