"""Tickets: one for each finding or upgrade, in somebody else's list."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.speech import words_for
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.telling import tickets

ROUTER = APIRouter(tags=["tickets"])
Reading = Annotated[Caller, needs(Permission.TICKETS_READ)]
Writing = Annotated[Caller, needs(Permission.TICKETS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"


class TicketError(BaseModel):
    """What went wrong last, and what to do about it. Vigie tries again by itself."""

    message: str = Field(examples=["Jira Cloud did not answer in time"])
    hint: str = ""
    at: str | None = None


class Package(BaseModel):
    """A package as the plan names it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(max_length=50, pattern=r"^[^\x00]*$", examples=["deb"])
    name: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$", examples=["openssl"])


class Ticket(BaseModel):
    """One ticket. `state` is open, in progress, closed, gone (deleted over there) or unknown (not
    opened yet), `state_said` the system's own word. `package` is the one whose upgrade it is about,
    null for a finding's ticket. `remote_id` and `url` are "" until it is there."""

    id: str = Field(examples=[_ID])
    channel_id: str
    subject_kind: str = Field(examples=["upgrade"])
    subject_id: str
    package: Package | None = None
    title: str = Field(examples=["Upgrade openssl from 3.0.11 to 3.0.13 (shop)"])
    remote_id: str = Field(default="", examples=["10042"])
    url: str = Field(default="", examples=["https://acme.atlassian.net/browse/SEC-42"])
    state: str = Field(examples=["open"])
    state_said: str = Field(default="", examples=["To Do"])
    error: TicketError | None = None
    actor: str = ""
    finding_ids: list[str] = []
    created_at: str
    updated_at: str
    checked_at: str | None = None
    closed_at: str | None = None
    revision: int


class NewTicket(BaseModel):
    """What the ticket is about: a finding, or the upgrade of a package at an asset. Without a
    channel it is opened where the tenant's settings say."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"channel_id": _ID, "finding_id": _ID}]},
    )

    channel_id: str = Field(default="", max_length=100, examples=[_ID])
    finding_id: str = Field(default="", max_length=100)
    asset_id: str = Field(default="", max_length=100)
    package: Package | None = None

    @model_validator(mode="after")
    def one_subject(self) -> NewTicket:
        """Either a finding, or an asset with a package."""
        upgrade = bool(self.asset_id) and self.package is not None
        if bool(self.finding_id) == upgrade or bool(self.asset_id) != (self.package is not None):
            raise ValueError("give finding_id, or asset_id and package")
        return self


@ROUTER.get("/tickets", response_model=PageOf[Ticket],
            openapi_extra=parameters(tickets.LISTING))  # fmt: skip
def list_tickets(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's tickets. `finding_id` finds those of a finding."""
    page = tickets.page(platform, caller, query_of(request))
    words = words_for(request)
    return page_answer(replace(page, items=tuple(tickets.shown(i, words) for i in page.items)))


@ROUTER.post("/tickets", status_code=201, response_model=Ticket)
def open_ticket(
    body: NewTicket, request: Request, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Open a ticket, or have the one that is there brought up to date. It is opened over there
    soon after; `url` says where."""
    asked = body.model_dump()
    if body.package is not None:
        asked["package"] = (body.package.type, body.package.name)

    def create(work: Any) -> tuple[Any, int]:
        row, _ = tickets.open_ticket(work, platform, caller, asked)
        return tickets.shown(row, words_for(request)), row["revision"]

    return once(caller, create)


@ROUTER.get("/tickets/{ticket_id}", response_model=Ticket)
def get_ticket(
    ticket_id: str, request: Request, platform: ThePlatform, caller: Reading
) -> Response:
    """One ticket with the ids of its findings."""
    with platform.database.read(caller.scope) as work:
        row = tickets.one(work, ticket_id)
    return answer(tickets.shown(row, words_for(request)), row["revision"])


@ROUTER.post("/tickets/{ticket_id}/refresh", status_code=202, response_model=Ticket)
def refresh_ticket(
    ticket_id: str, request: Request, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Have its state read over there, and what is new told, now."""

    def refresh(work: Any) -> tuple[Any, None]:
        row = tickets.refresh(work, platform, caller, ticket_id)
        return tickets.shown(row, words_for(request)), None

    return once(caller, refresh, status=202)
