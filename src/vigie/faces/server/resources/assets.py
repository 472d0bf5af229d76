"""Assets: lists, one with its counts and what was not looked at, and what people edit of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.faces.server.shapes.assets import Asset, AssetChange, AssetDetail
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.reading import assets
from vigie.stores.relational.listings.assets import LISTING

ROUTER = APIRouter(tags=["assets"])
Reading = Annotated[Caller, needs(Permission.ASSETS_READ)]
Writing = Annotated[Caller, needs(Permission.ASSETS_WRITE)]


@ROUTER.get("/assets", response_model=PageOf[Asset], openapi_extra=parameters(LISTING))
def list_assets(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's assets, what was seen last first. `component=log4j-core` finds those that
    hold it. `by_severity` is a field too: how many findings count."""
    return page_answer(assets.page(platform, caller, query_of(request)))


@ROUTER.get("/assets/{asset_id}", response_model=AssetDetail)
def get_asset(asset_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One asset: how many findings count, who looked at it, and who did not see everything."""
    found = assets.one(platform, caller, asset_id)
    return answer(found, found["revision"])


@ROUTER.patch("/assets/{asset_id}", response_model=AssetDetail)
def change_asset(
    asset_id: str, body: AssetChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Say whose it is, what it would cost to lose it, who can reach it, and its labels."""
    values = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    found = assets.change(platform, caller, asset_id, values, expected)
    return answer(found, found["revision"])


@ROUTER.post("/assets/{asset_id}/archive", response_model=AssetDetail)
def archive_asset(
    asset_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Put it away: it is no longer expected to be looked at. Nothing of it is lost."""
    found = assets.archive(platform, caller, asset_id, expected, away=True)
    return answer(found, found["revision"])


@ROUTER.post("/assets/{asset_id}/restore", response_model=AssetDetail)
def restore_asset(
    asset_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Bring it back."""
    found = assets.archive(platform, caller, asset_id, expected, away=False)
    return answer(found, found["revision"])
