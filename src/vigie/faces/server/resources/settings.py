"""What the tenant sets for itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import tenant_settings
from vigie.services.platform import Caller
from vigie.services.tenant_settings import TenantSettings

ROUTER = APIRouter(tags=["settings"])
Reading = Annotated[Caller, needs(Permission.SETTINGS_READ)]
Writing = Annotated[Caller, needs(Permission.SETTINGS_WRITE)]


class Settings(BaseModel):
    """All settings of the tenant. `language` and `time_zone` are those of what is made without
    one of its own from now on: channels, people and reports; schedules and the hours of rules.
    Times in messages and reports are the zone's. `retention` is days by noun, null for as long as
    the operator keeps it. `notify_channel` is where a rule sends that names none,
    `ticket_channel` where a ticket is opened that names none: ids, "" for none."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["en", "fr"] = "en"
    time_zone: str = Field(default="UTC", max_length=100, examples=["Europe/Paris"])
    retention: dict[str, int | None] = Field(
        default={}, max_length=50, examples=[{"events": 90, "findings": None}]
    )
    notify_channel: str = Field(default="", max_length=100)
    ticket_channel: str = Field(default="", max_length=100)


@ROUTER.get("/settings", response_model=Settings)
def get_settings(platform: ThePlatform, caller: Reading) -> Response:
    """The settings; the ETag is for changing them."""
    with platform.database.read(caller.scope) as work:
        return answer(_plain(tenant_settings.read(work)), tenant_settings.revision(work))


@ROUTER.put("/settings", response_model=Settings)
def put_settings(
    body: Settings, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Set all of them: what is left out is as it was before anybody set it."""
    wanted = TenantSettings(**body.model_dump())
    with platform.database.begin(caller.scope) as work:
        revision = tenant_settings.write(work, platform, caller, wanted, expected)
    return answer(_plain(wanted), revision)


def _plain(settings: TenantSettings) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    return plain
