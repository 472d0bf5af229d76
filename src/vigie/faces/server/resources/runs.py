"""Runs: what tools did, and what went wrong meanwhile."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.shapes.assets import Run
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.reading import assets
from vigie.stores.relational.listings.runs import LISTING

ROUTER = APIRouter(tags=["runs"])
Reading = Annotated[Caller, needs(Permission.ASSETS_READ)]


@ROUTER.get("/runs", response_model=PageOf[Run], openapi_extra=parameters(LISTING))
def list_runs(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Every execution of a tool over an asset that was taken in, latest first."""
    return page_answer(assets.runs(platform, caller, query_of(request)))


@ROUTER.get("/runs/{run_id}", response_model=Run)
def get_run(run_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One run with its problems."""
    return answer(assets.run(platform, caller, run_id))
