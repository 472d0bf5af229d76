"""The log of a scan: what each scanner did, and the last of what it wrote, as it happens.

Reports are no part of it (they hold what was found), only what scanners write beside them. It is
bounded, and what looks like a credential or is a secret of this platform is masked.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from vigie.model.errors import SourceError
from vigie.model.text import Text
from vigie.services.platform import Caller, Platform
from vigie.stores.relational.tables.operations import SCAN_LOG

MOST = 2000  # entries of a scan; a scanner makes about five
LONGEST = 16 * 1024  # characters of an entry
_L = SCAN_LOG.c


class ScanLog:
    """Writes the log of one scan. An attempt begins it anew. Safe to use from several threads;
    what cannot be written is left out, for no scan fails by its log."""

    def __init__(self, platform: Platform, caller: Caller, scan_id: str) -> None:
        self._platform = platform
        self._caller = caller
        self._scan = scan_id
        self._seq = 0
        self._lock = threading.Lock()
        with platform.database.begin(caller.scope) as work:
            work.run(sa.delete(SCAN_LOG).where(work.mine(SCAN_LOG), _L.scan_id == scan_id))

    def say(self, scanner: str, kind: str, sentence: Text | None = None) -> None:
        """Something happened: `kind` started, step or finished."""
        self._write(scanner, kind, None if sentence is None else plain(sentence))

    def printed(self, scanner: str, text: str) -> None:
        """What the scanner wrote, most of it masked already."""
        masked = self._platform.secrets.redactor.mask(text[-LONGEST:])
        self._write(scanner, "printed", {"text": masked})

    def _write(self, scanner: str, kind: str, said: Any) -> None:
        with self._lock, suppress(SourceError):
            if self._seq >= MOST:
                return
            self._seq += 1
            row = {
                "scan_id": self._scan, "seq": self._seq, "scanner": scanner, "kind": kind,
                "said": said, "at": self._platform.clock(),
            }  # fmt: skip
            with self._platform.database.begin(self._caller.scope) as work:
                work.insert(SCAN_LOG, [row])


def read(platform: Platform, caller: Caller, scan_id: str, after: int = 0) -> list[dict[str, Any]]:
    """The entries after a place, in order. The scan is the caller's, as they have seen."""
    with platform.database.read(caller.scope) as work:
        query = sa.select(_L.seq, _L.scanner, _L.kind, _L.said, _L.at).where(
            work.mine(SCAN_LOG), _L.scan_id == scan_id, _L.seq > after
        )
        return [dict(row) for row in work.run(query.order_by(_L.seq)).mappings()]


def plain(text: Text) -> dict[str, Any]:
    """A sentence as data, those inside it too, so that each reader gets it in their language."""
    params: Mapping[str, Any] = {name: _param(value) for name, value in text.params.items()}
    return {"template": text.template, "plural": text.plural, "params": params}


def _param(value: object) -> Any:
    if isinstance(value, Text):
        return plain(value)
    if isinstance(value, (tuple, list)):
        return [_param(item) for item in value]
    return value if isinstance(value, (int, float)) else str(value)
