"""The log of a scan: what each scanner did, and the last of what it wrote, as it happens.

Reports are no part of it (they hold what was found), only what scanners write beside them. It is
bounded, and what looks like a credential or is a secret of this platform is masked.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import SourceError
from vigie.model.text import Text
from vigie.services import live
from vigie.services.platform import Caller, Platform
from vigie.services.sentences import plain
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.operations import SCAN_LOG

PACE = 1.0  # seconds between two writings of what scanners print: together, in one transaction
MOST = 2000  # entries of a scan that are not printed; a scanner makes about five
LINES = 100  # of a scanner in one entry, the newest
LONGEST = 16 * 1024  # characters of an entry
LONGEST_LINE = 2000
KEPT_LINES = 1000  # of a scanner in all, the newest
KEPT = 64 * 1024  # characters of a scanner in all
# Whoever lost the job to another attempt may be saying its last words yet.
ANEW = 100
_LEFT_OUT = "…"
_L = SCAN_LOG.c


class Tail:
    """The last lines of a scanner that are not written yet."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LINES)
        self._shortened = False

    def add(self, lines: Sequence[str]) -> None:
        """More lines."""
        self._shortened = self._shortened or len(self._lines) + len(lines) > LINES
        self._lines.extend(lines)

    def text(self, mask: Callable[[str], str]) -> str:
        """The last of them, masked: before anything is cut, or part of a secret would stay."""
        lines = mask("\n".join(self._lines)).split("\n")
        room, kept = LONGEST, list[str]()
        for line in reversed(lines):
            short = line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + _LEFT_OUT
            room -= len(short) + 1
            if room < 2:  # that of the line "…"
                break
            kept.append(short)
        whole = len(kept) == len(lines) and not self._shortened
        return "\n".join(reversed(kept if whole else [*kept, _LEFT_OUT]))


class ScanLog:
    """Writes the log of one scan. An attempt begins it anew. Safe to use from several threads;
    what cannot be written is left out, for no scan fails by its log.

    What scanners print is gathered and written once a second at most, so `printed` is to be
    called now and then though there is nothing new; `say` and `close` write what there is.
    """

    def __init__(
        self, platform: Platform, caller: Caller, scan_id: str,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._platform = platform
        self._caller = caller
        self._scan = scan_id
        self._ticks = ticks
        self._said = 0
        self._written_at = float("-inf")
        self._unwritten: dict[str, Tail] = defaultdict(Tail)
        # Of each scanner: places of its printed entries, how many lines and characters they are.
        self._kept: dict[str, deque[tuple[int, int, int]]] = defaultdict(deque)
        self._lock = threading.Lock()
        own = SCAN_LOG.c.scan_id == scan_id
        with platform.database.begin(caller.scope) as work:
            last = work.run(sa.select(sa.func.max(_L.seq)).where(work.mine(SCAN_LOG), own)).scalar()
            work.run(sa.delete(SCAN_LOG).where(work.mine(SCAN_LOG), own))
        self._seq = 0 if last is None else last + ANEW

    def say(self, scanner: str, kind: str, sentence: Text | None = None) -> None:
        """Something happened: `kind` started, step or finished."""
        with self._lock:
            self._said += 1
            said = None if sentence is None else plain(sentence)
            self._write((scanner, kind, said) if self._said <= MOST else None)

    def printed(self, scanner: str, lines: Sequence[str]) -> None:
        """What the scanner wrote, most of it masked already."""
        with self._lock:
            if lines:
                self._unwritten[scanner].add(lines)
            if self._ticks() - self._written_at >= PACE:
                self._write()

    def close(self) -> None:
        """Write what is left."""
        with self._lock:
            self._write()

    def _write(self, said: tuple[str, str, Any] | None = None) -> None:
        rows = [
            self._row(scanner, "printed", {"text": tail.text(self._mask)})
            for scanner, tail in self._unwritten.items()
        ]
        self._unwritten.clear()
        rows += [self._row(*said)] if said is not None else []
        if not rows:
            return
        self._written_at = self._ticks()
        over = [place for row in rows if row["kind"] == "printed" for place in self._over(row)]
        with suppress(SourceError), self._platform.database.begin(self._caller.scope) as work:
            work.insert(SCAN_LOG, rows)
            self._drop(work, over)
            live.changed(work)

    def _mask(self, text: str) -> str:
        return self._platform.secrets.redactor.mask(text)

    def _row(self, scanner: str, kind: str, said: Any) -> dict[str, Any]:
        self._seq += 1
        return {
            "scan_id": self._scan, "seq": self._seq, "scanner": scanner, "kind": kind,
            "said": said, "at": self._platform.clock(),
        }  # fmt: skip

    def _over(self, row: Mapping[str, Any]) -> list[int]:
        """The places that there is no room for any more when this row is written."""
        kept, text = self._kept[row["scanner"]], row["said"]["text"]
        kept.append((row["seq"], text.count("\n") + 1, len(text)))
        over = []
        while sum(one[1] for one in kept) > KEPT_LINES or sum(one[2] for one in kept) > KEPT:
            over.append(kept.popleft()[0])
        return over

    def _drop(self, work: Work, places: Sequence[int]) -> None:
        if places:
            own = (_L.scan_id == self._scan, _L.seq.in_(places))
            work.run(sa.delete(SCAN_LOG).where(work.mine(SCAN_LOG), *own))


def read(platform: Platform, caller: Caller, scan_id: str, after: int = 0) -> list[dict[str, Any]]:
    """The entries after a place, in order. The scan is the caller's, as they have seen."""
    with platform.database.read(caller.scope) as work:
        query = sa.select(_L.seq, _L.scanner, _L.kind, _L.said, _L.at).where(
            work.mine(SCAN_LOG), _L.scan_id == scan_id, _L.seq > after
        )
        return [dict(row) for row in work.run(query.order_by(_L.seq)).mappings()]
