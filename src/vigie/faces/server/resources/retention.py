"""How long things are kept, and what goes next."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.retention import sweeping

ROUTER = APIRouter(tags=["retention"])
Reading = Annotated[Caller, needs(Permission.SETTINGS_READ)]


class RetentionDue(BaseModel):
    """What the next job removes of one noun. `days` is null where it is kept for ever, and `by`
    says who decided: operator, tenant or nobody. `oldest` is the oldest that goes."""

    noun: str = Field(examples=["events"])
    days: int | None = Field(examples=[365])
    by: str = Field(examples=["operator"])
    before: datetime | None
    count: int = Field(examples=[1200])
    oldest: datetime | None


@ROUTER.get("/retention/preview")
def preview_retention(platform: ThePlatform, caller: Reading) -> list[RetentionDue]:
    """What would be removed now, noun by noun. Nothing is."""
    return [
        RetentionDue(noun=due.noun, days=due.limit.days, by=due.limit.by, before=due.before,
                     count=due.count, oldest=due.oldest)
        for due in sweeping.preview(platform, caller)
    ]  # fmt: skip
