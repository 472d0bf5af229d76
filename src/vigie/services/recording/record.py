"""Record: readings into the store, one asset after the other, each whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from vigie.services.intake import Reading
from vigie.services.platform import Caller, Platform
from vigie.services.recording import events
from vigie.services.recording.matching import asset_row
from vigie.services.recording.options import Recorded, RecordedAsset, RecordOptions
from vigie.services.recording.shares import Share, asset_called, shares_of
from vigie.services.recording.spilling import Spills
from vigie.services.recording.state import asset_of
from vigie.services.recording.taking import Taking
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.assets import RUNS

Finish = Callable[[Work, Recorded], None]
Step = Callable[[float], None]


def record(
    platform: Platform,
    caller: Caller,
    readings: Sequence[Reading],
    *,
    import_id: str = "",
    options: RecordOptions | None = None,
    finish: Finish | None = None,
    step: Step | None = None,
) -> Recorded:
    """Take in what the readings say; what it changed.

    Each asset is written in a transaction of its own, whose runs bear the import's id: an
    import that was cut off passes over the assets that have them and does nothing twice.
    `finish` is called in the last transaction, which holds the audit entry and the event;
    `step` is told how far it is (0–1). Raises UserError for readings that do not say what they
    are about, NotFound for an asset's id that is none of the tenant's.
    """
    options = options or RecordOptions()
    with Spills(platform.folder) as spills:
        shares, target = _shares(platform, caller, readings, options, spills)
        done = _done(platform, caller, import_id)
        recorded = []
        for number, share in enumerate(shares):
            key = share.identified.key
            recorded.append(
                done.get(key) or Taking(platform, caller, options, share, target, import_id).run()
            )
            if step is not None:
                step((number + 1) / len(shares))
    result = Recorded(
        tuple(recorded), dict(Counter(reading.run.outcome.value for reading in readings))
    )
    with platform.database.begin(caller.scope) as work:
        if finish is not None:
            finish(work, result)
        # Last: it lets go of what waits to be told together with the rest of the import.
        _tell(work, platform, caller, import_id, result)
    return result


def judge_anew(
    platform: Platform, caller: Caller, asset: str, options: RecordOptions | None = None
) -> RecordedAsset:
    """Conclude anew what is believed of one stored asset: knowledge, policy or a statement has
    changed. Raises NotFound."""
    with platform.database.read(caller.scope) as work:
        asset_row(work, asset)
    return Taking(platform, caller, options or RecordOptions(), target=asset).run()


def _shares(
    platform: Platform,
    caller: Caller,
    readings: Sequence[Reading],
    options: RecordOptions,
    spills: Spills,
) -> tuple[list[Share], str]:
    """What is said of each asset; and the stored asset that the person named by its id."""
    if not options.asset:
        return shares_of(readings, spills), ""
    if not is_id(options.asset):
        return shares_of(readings, spills, asset_called(options.asset)), ""
    with platform.database.read(caller.scope) as work:
        row = asset_row(work, options.asset)
    shares = shares_of(readings, spills, asset_of(row))
    return shares, options.asset if len(shares) == 1 else ""


def _done(platform: Platform, caller: Caller, import_id: str) -> dict[str, RecordedAsset]:
    """What an attempt before this one has written of the same import, by the share's key."""
    if not import_id:
        return {}
    with platform.database.read(caller.scope) as work:
        query = sa.select(RUNS.c.asset_id, RUNS.c.document).where(
            work.mine(RUNS), RUNS.c.import_id == import_id
        )
        rows = work.run(query).all()
    noted = [(row.asset_id, row.document.get("recorded")) for row in rows]
    return {
        note["share"]: RecordedAsset(
            asset, **{name: value for name, value in note.items() if name != "share"}
        )
        for asset, note in noted
        if note
    }


def _tell(work: Work, platform: Platform, caller: Caller, import_id: str, result: Recorded) -> None:
    """One event and one audit entry for the whole import."""
    totals = {name: number for name, number in result.plain().items() if name != "assets"}
    assets = [asset.id for asset in result.assets[: events.MOST_NAMED]]
    document = {**totals, "import": import_id or None, "assets": assets}
    events.emit(work, "import.finished", ("import", import_id), document, platform.clock())
    work.audit(
        caller.entry("import.record", "import", import_id, **totals, assets=len(result.assets))
    )
