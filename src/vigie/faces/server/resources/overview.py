"""The overview: what needs somebody now, what changed, and what nobody has looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import answer
from vigie.faces.server.shapes.overview import Overview, Plan
from vigie.faces.server.speech import spoken
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.reading import overview, planning

ROUTER = APIRouter(tags=["overview"])
Reading = Annotated[Caller, needs(Permission.FINDINGS_READ)]
Planning = Annotated[Caller, needs(Permission.PLANS_READ)]
_Since = Annotated[
    datetime | None, Query(description="What changed since then; a day ago when left out.")
]
_Days = Annotated[int, Query(ge=1, le=overview.MOST_DAYS, description="Days of the line of risk.")]


@ROUTER.get("/overview", response_model=Overview)
def get_overview(
    platform: ThePlatform, caller: Reading, since: _Since = None, days: _Days = 30
) -> Response:
    """The tenant at a glance."""
    now = platform.clock()
    # By the minute: whoever asks within the same one gets the same answer, which is kept.
    day = now.replace(second=0, microsecond=0) - timedelta(days=1)
    moment = day if since is None else since
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    oldest = now - timedelta(days=overview.MOST_DAYS)
    found = overview.overview(platform, caller, max(moment, oldest), days)
    words = platform.words(caller.language)
    needs = [{**one, "reasons": spoken(one["reasons"], words)} for one in found["needs"]]
    return answer({**found, "needs": needs})


@ROUTER.get("/plans", response_model=Plan)
def get_plan(
    platform: ThePlatform,
    caller: Planning,
    asset_id: Annotated[str, Query(description="Of which asset.")],
) -> Response:
    """Upgrades of an asset, the most useful first: what each clears, and why the rest stays."""
    return answer(planning.plan_of(platform, caller, asset_id))
