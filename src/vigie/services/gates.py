"""The gate of the platform: may this ship, by the tenant's policy and everything it knows?

It fails closed: an import that has not ended, or failed, is never a yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from vigie.model.errors import UserError
from vigie.model.results import GateOutcome, GateResult, Result, Ruling
from vigie.model.text import T
from vigie.services import policies
from vigie.services.failures import NotFound
from vigie.services.judging import judge_result
from vigie.services.platform import Caller, Platform
from vigie.services.stored_results import Wanted, stored_result
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import is_id
from vigie.stores.relational.tables.assets import ASSETS, RUNS
from vigie.stores.relational.tables.operations import IMPORTS

_ENDED = "done"
_MOST_ASSETS = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """What a gate was asked about, its verdict, and which version of the policy decided; None for
    a ready-made policy and for one that was only tried."""

    result: Result
    gate: GateResult
    version: int | None


def judge(
    platform: Platform,
    caller: Caller,
    *,
    policy: str = "",
    source: str = "",
    assets: Sequence[str] = (),
    import_id: str = "",
) -> Judged:
    """The result about these assets, or those that an import spoke of, and the verdict on it.
    `source` is the YAML of a policy that is only tried.

    Raises NotFound for an asset, import or policy that is not the tenant's, UserError when
    neither is given.
    """
    now = platform.clock()
    with platform.database.read(caller.scope) as work:
        rules, version = (
            (policies.tried(source), None) if source else policies.chosen_version(work, policy)
        )
        open_import = None
        if import_id:
            open_import, assets = _of_import(work, import_id)
        if open_import is not None:
            said = GateResult(GateOutcome.INCOMPLETE, rules.name, (open_import,))
            return Judged(Result("", now.isoformat()), said, version)
        _check(work, assets)
        name = ", ".join(sorted(assets)[:3])
        result = stored_result(work, Wanted(assets=tuple(assets)), target=name, at=now)
    judged = judge_result(result, rules, now.date().isoformat())
    verdict = judged.gate or GateResult(GateOutcome.INCOMPLETE, rules.name)
    return Judged(judged, verdict, version)


def _of_import(work: Work, import_id: str) -> tuple[Ruling | None, Sequence[str]]:
    """The assets it spoke of; a ruling instead when it is not there whole."""
    table = IMPORTS
    row = None
    if is_id(import_id):
        query = sa.select(table.c.state).where(work.mine(table), table.c.id == import_id)
        row = work.run(query).one_or_none()
    if row is None:
        raise NotFound(T("there is no {noun} {id}", noun=T("import"), id=import_id[:100]))
    if row.state != _ENDED:
        text = T("the import is not there whole: its state is {state}", state=row.state)
        remedy = T("wait until it has ended, or send it again")
        return Ruling("import", import_id, True, text, remedy=remedy), ()
    query = sa.select(RUNS.c.asset_id).where(work.mine(RUNS), RUNS.c.import_id == import_id)
    return None, sorted({row.asset_id for row in work.run(query)})


def _check(work: Work, assets: Sequence[str]) -> None:
    if not assets or len(assets) > _MOST_ASSETS:
        raise UserError(
            T("a gate is about 1 to {most} assets", most=_MOST_ASSETS),
            T("Name assets, or an import that spoke of some."),
        )
    query = sa.select(ASSETS.c.id).where(
        work.mine(ASSETS), ASSETS.c.id.in_([a for a in assets if is_id(a)])
    )
    known = {row.id for row in work.run(query)}
    missing = next((asset for asset in assets if asset not in known), None)
    if missing is not None:
        raise NotFound(T("there is no {noun} {id}", noun=T("asset"), id=missing[:100]))
