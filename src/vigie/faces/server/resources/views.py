"""Saved views of lists: one's own, and those that the tenant shares."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import views
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["views"])
Reading = Annotated[Caller, needs(Permission.VIEWS_READ)]
Writing = Annotated[Caller, needs(Permission.VIEWS_WRITE)]
_NAME = Field(min_length=1, max_length=views.LONGEST_NAME, examples=["Critical, mine"])
_QUERY = Field(max_length=views.LONGEST_QUERY, examples=["severity=critical&sort=-score"])


class SavedView(BaseModel):
    """How somebody likes to see a list. `query` is what its address holds; `own` says that the
    caller made it, `shared` that everybody in the tenant sees it."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    room: str = Field(examples=["findings"])
    name: str = Field(examples=["Critical, mine"])
    query: str = Field(examples=["severity=critical&sort=-score"])
    shared: bool
    own: bool = Field(examples=[True])
    owner: str = Field(examples=["Ada"])
    updated_at: str = Field(examples=["2026-03-01T12:00:00+00:00"])
    revision: int


class NewView(BaseModel):
    """A view to keep. `room` is the word of the list's address; to share it takes
    `views:share`."""

    model_config = ConfigDict(extra="forbid")

    room: str = Field(max_length=40, pattern="^[a-z][a-z-]*$", examples=["findings"])
    name: str = _NAME
    query: str = _QUERY
    shared: bool = False


class ViewChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=views.LONGEST_NAME)
    query: str | None = Field(default=None, max_length=views.LONGEST_QUERY)
    shared: bool | None = None


@ROUTER.get("/views", response_model=list[SavedView])
def list_views(
    platform: ThePlatform,
    caller: Reading,
    room: Annotated[str, Query(max_length=40, description="Only those of this list.")] = "",
) -> Response:
    """Your own views and the tenant's shared ones, by their names."""
    return answer([_shown(caller, row) for row in views.seen_by(platform, caller, room)])


@ROUTER.post("/views", status_code=201, response_model=SavedView)
def create_view(body: NewView, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Keep a view."""

    def create(work: Any) -> tuple[Any, int]:
        row = views.create(work, platform, caller, body.model_dump())
        return _shown(caller, row), row["revision"]

    return once(caller, create)


@ROUTER.get("/views/{view_id}", response_model=SavedView)
def get_view(view_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One view."""
    with platform.database.read(caller.scope) as work:
        row = views.find(work, caller, view_id)
    return answer(_shown(caller, row), row["revision"])


@ROUTER.patch("/views/{view_id}", response_model=SavedView)
def change_view(
    view_id: str, body: ViewChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Rename it, set what it shows, share it or end that. Yours; an administrator may end the
    sharing of another's."""
    wanted = body.model_dump(exclude_unset=True)
    with platform.database.begin(caller.scope) as work:
        row = views.change(work, platform, caller, view_id, wanted, expected)
    return answer(_shown(caller, row), row["revision"])


@ROUTER.delete("/views/{view_id}", status_code=204)
def delete_view(
    view_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take it away: yours, and as an administrator a shared one."""
    with platform.database.begin(caller.scope) as work:
        views.remove(work, caller, view_id, expected)
    return Response(status_code=204)


def _shown(caller: Caller, row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "room", "name", "query", "shared", "owner", "updated_at", "revision")
    return {**{name: row[name] for name in names}, "own": views.is_own(caller, row)}
