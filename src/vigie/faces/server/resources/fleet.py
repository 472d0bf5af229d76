"""The fleet: all tenants that one may enter, side by side."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import answer
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.reading import fleet

ROUTER = APIRouter(tags=["fleet"])
Reading = Annotated[Caller, needs(Permission.FINDINGS_READ)]


class FleetTenant(BaseModel):
    """One tenant at a glance. `total`, `by_severity` and `act_now` count its findings that count;
    `assessed`, `stale` and `never` its `assets` by when a complete run last looked at them, and
    `looked_at` is the latest of these times, null when nothing was ever looked at. `role` is the
    caller's there, "" for a key."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    name: str = Field(examples=["Acme"])
    slug: str = Field(examples=["acme"])
    role: str = Field(examples=["analyst"])
    total: int
    by_severity: dict[str, int] = Field(examples=[{"critical": 2, "high": 11}])
    act_now: int
    assets: int
    assessed: int
    stale: int
    never: int
    looked_at: datetime | None


class Fleet(BaseModel):
    """Tenants by name; `total` is how many there are, also when not all are listed."""

    tenants: list[FleetTenant]
    total: int


@ROUTER.get("/fleet", response_model=Fleet)
def get_fleet(platform: ThePlatform, caller: Reading) -> Response:
    """Every tenant that you may enter and whose findings you may read: all of them for a
    super-admin, your own for others, its own for a key. Disabled ones are left out."""
    return answer(fleet.fleet(platform, caller))
