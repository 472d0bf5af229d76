"""Deliveries: who was told what, what waits, and what was given up."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.speech import words_for
from vigie.model.access import Permission
from vigie.services import records
from vigie.services.platform import Caller
from vigie.services.telling import deliveries

ROUTER = APIRouter(tags=["deliveries"])
Reading = Annotated[Caller, needs(Permission.DELIVERIES_READ)]
Retrying = Annotated[Caller, needs(Permission.DELIVERIES_RETRY)]
_ID = "019aa5d0-0000-7000-8000-000000000001"


class DeliveryAttempt(BaseModel):
    """One attempt: when, how it ended (done, retry, rejected) and why."""

    at: str
    outcome: str = Field(examples=["retry"])
    detail: str = Field(default="", examples=["the receiver answered 503"])
    status: int | None = Field(default=None, examples=[503])
    after: float | None = None


class Delivery(BaseModel):
    """One message on its way. `state`: waiting, held (until `due_at`), sending, retry, done, or
    dead: nobody tries it any more. `key` is what the receiver knows the matter by."""

    id: str = Field(examples=[_ID])
    channel_id: str
    rule_id: str | None = None
    key: str = Field(examples=["import/019aa5d0-0000-7000-8000-000000000002"])
    matter: str = Field(examples=["opened"])
    state: str = Field(examples=["dead"])
    title: str = Field(default="", examples=["3 new findings in shop"])
    attempts: int
    log: list[DeliveryAttempt] = []
    reference: str = ""
    created_at: str
    due_at: str
    ended_at: str | None = None


@ROUTER.get("/deliveries", response_model=PageOf[Delivery],
            openapi_extra=parameters(deliveries.LISTING))  # fmt: skip
def list_deliveries(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """What was sent and what waits. `state=dead` is the dead-letter view."""
    page = records.list_of(platform, caller, deliveries.LISTING, query_of(request))
    words = words_for(request)
    shown = tuple(deliveries.shown(item, words) for item in page.items)
    return page_answer(replace(page, items=shown))


@ROUTER.get("/deliveries/{delivery_id}", response_model=Delivery)
def get_delivery(
    delivery_id: str, request: Request, platform: ThePlatform, caller: Reading
) -> Response:
    """One delivery with its last attempts."""
    row = records.read(platform, caller, deliveries.DELIVERY, delivery_id)
    return answer(deliveries.shown(row, words_for(request)))


@ROUTER.post("/deliveries/{delivery_id}/redeliver", response_model=Delivery, status_code=202)
def redeliver(
    delivery_id: str, request: Request, platform: ThePlatform, caller: Retrying, once: Once
) -> Response:
    """Send it once more: one that was given up, or one that was lost over there."""

    def again(work: Any) -> tuple[Any, None]:
        row = deliveries.redeliver(work, platform, caller, delivery_id)
        return deliveries.shown(row, words_for(request)), None

    return once(caller, again, status=202)
