"""Taking: one asset of an import, from reading the store to having written it.

Everything is worked out on what was read, outside any lock; then a short transaction writes it,
if nobody else has written to the asset meanwhile. After a few tries in vain it is worked out
under the asset's lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.services.platform import Caller, Platform
from vigie.services.recording import catalogue, holding
from vigie.services.recording.belief import Belief, believe
from vigie.services.recording.change import work_out
from vigie.services.recording.collecting import seldom_collected
from vigie.services.recording.hearing import Heard, hear
from vigie.services.recording.matching import Match, match, unite
from vigie.services.recording.options import RecordedAsset, RecordOptions
from vigie.services.recording.shares import Share
from vigie.services.recording.spilling import Spills
from vigie.services.recording.state import State, load
from vigie.services.recording.writing import MovedError, Planned, run_rows, write
from vigie.stores.relational import assets, findings
from vigie.stores.relational.database import Work

TRIES = 4
# PostgreSQL, appendix A: serialization_failure, deadlock_detected. The transaction is undone.
_AGAIN = ("40001", "40P01")


@dataclass(frozen=True, slots=True)
class Taking:
    """One asset of one import. `target` is the stored asset that was named by its id, or "";
    without a `share` it is judged anew."""

    platform: Platform
    caller: Caller
    options: RecordOptions
    share: Share | None = None
    target: str = ""
    import_id: str = ""

    def run(self) -> RecordedAsset:
        """Write it; what changed. Raises SourceError when others write to it all the time."""
        with seldom_collected(), Spills(self.platform.folder) as spills:
            heard = hear(self.share.told if self.share is not None else (), spills)
            return self._run(heard)

    def _run(self, heard: Heard) -> RecordedAsset:
        for call in (*[self._freely] * TRIES, *[self._held] * TRIES):
            try:
                with Spills(self.platform.folder) as spills:
                    return call(heard, spills)
            except MovedError:
                continue
            except SourceError as error:
                if not _is_deadlock(error.__cause__):
                    raise
        raise SourceError(
            T("others kept writing to the same asset"), T("Send it again."), retryable=True
        )

    def _freely(self, heard: Heard, spills: Spills) -> RecordedAsset:
        at, scope = self.platform.clock(), self.caller.scope
        with self.platform.database.read(scope) as work:
            found = self._match(work)
            state = load(work, found.asset, at, spills)
        if found.same:
            unite(self.platform, self.caller, found)
            raise MovedError
        belief = believe(state, self.share, heard, self.options, at, spills)
        with self.platform.database.begin(scope) as work:
            ids = self._ensure(work, belief, state, spills)
        plan = self._plan(state, belief, ids, spills)
        with self.platform.database.begin(scope) as work:
            return write(work, plan, self.options, self.import_id)

    def _held(self, heard: Heard, spills: Spills) -> RecordedAsset:
        """All in one transaction, and nobody else writes to the asset or decides meanwhile."""
        at = self.platform.clock()
        with self.platform.database.begin(self.caller.scope) as work:
            findings.hold_decisions(work, to_change=False)
            found = self._match(work)
            assets.lock(work, [found.asset] if found.asset else [])
            state = load(work, found.asset, at, spills)
            belief = believe(state, self.share, heard, self.options, at, spills)
            ids = self._ensure(work, belief, state, spills)
            plan = self._plan(state, belief, ids, spills)
            return write(work, plan, self.options, self.import_id)

    def _match(self, work: Work) -> Match:
        if self.target or self.share is None:
            return Match(self.target)
        return match(work, self.share)

    def _ensure(
        self, work: Work, belief: Belief, state: State, spills: Spills
    ) -> catalogue.Catalogue:
        if self.target and state.row is None:
            raise MovedError  # it was removed, or united with another
        packages, at = belief.sayings.heard.packages, self.platform.clock()
        return catalogue.ensure(work, belief.findings, packages, at, spills)

    def _plan(
        self, state: State, belief: Belief, ids: catalogue.Catalogue, spills: Spills
    ) -> Planned:
        at, share, sayings = self.platform.clock(), self.share, belief.sayings
        rows = run_rows(state, share, belief.key, self.import_id, at)
        return Planned(
            state,
            share,
            belief,
            work_out(state, belief, ids, at, rows[0]["id"] if rows else "", spills),
            holding.compare(state.holdings, ids.listed, sayings.whole, at, spills),
            rows,
            at,
        )


def _is_deadlock(error: BaseException | None) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _AGAIN
