"""Channels: where Vigie tells people, and where it opens tickets."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.faces.server.speech import words_for
from vigie.model.access import Permission
from vigie.model.text import Words
from vigie.services import records
from vigie.services.platform import Caller
from vigie.services.telling import channels, deliveries

ROUTER = APIRouter(tags=["channels"])
Reading = Annotated[Caller, needs(Permission.CHANNELS_READ)]
Writing = Annotated[Caller, needs(Permission.CHANNELS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_SETTINGS = {"url": "secret://ops-webhook", "signing_secret": "secret://ops-signing"}
_TEXT = r"^[^\x00]*$"  # PostgreSQL keeps no NUL
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_TEXT)]
Value = Annotated[str, Field(max_length=4096, pattern=_TEXT)]
Settings = Annotated[dict[str, Value], Field(max_length=50)]


class Channel(BaseModel):
    """One channel. Secrets stand in `settings` as references only."""

    id: str = Field(examples=[_ID])
    name: str = Field(examples=["operations"])
    kind: str = Field(examples=["webhook"])
    settings: dict[str, str] = Field(examples=[_SETTINGS])
    language: str = Field(examples=["fr"])
    enabled: bool
    created_at: str
    revision: int


class NewChannel(BaseModel):
    """A channel to keep. `kind` is a notifier's or a ticket system's name; `settings` are its
    fields, secret ones as `secret://name`. Without a `language` it speaks the tenant's."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["operations"])
    kind: str = Field(min_length=1, max_length=100, examples=["webhook"])
    settings: Settings = Field(default={}, examples=[_SETTINGS])
    language: str | None = Field(default=None, pattern="^(en|fr)$")
    enabled: bool = True


class ChannelChange(BaseModel):
    """What to change; what is left out stays. `settings` are replaced as a whole."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    settings: Settings | None = Field(default=None, examples=[_SETTINGS])
    language: str | None = Field(default=None, pattern="^(en|fr)$")
    enabled: bool | None = None


class ChannelField(BaseModel):
    """One thing that a channel of this kind must be told."""

    name: str = Field(examples=["url"])
    label: str = Field(examples=["Webhook address"])
    secret: bool
    required: bool
    example: str = ""
    choices: list[str] = []
    default: str = ""


class ChannelKind(BaseModel):
    """A kind of channel, for its form."""

    name: str = Field(examples=["webhook"])
    label: str = Field(examples=["Webhook"])
    fields: list[ChannelField]


class Tried(BaseModel):
    """What came of a test: `done`, or why not."""

    outcome: str = Field(examples=["done"])
    detail: str = Field(default="", examples=["the receiver answered 404"])
    status: int | None = None


@ROUTER.get("/notifiers")
def list_notifiers(request: Request, platform: ThePlatform, caller: Reading) -> list[ChannelKind]:  # noqa: ARG001
    """What can be notified, and what a channel of each must be told."""
    return _kinds(platform.plugs.notifiers, words_for(request))


@ROUTER.get("/trackers")
def list_trackers(request: Request, platform: ThePlatform, caller: Reading) -> list[ChannelKind]:  # noqa: ARG001
    """The ticket systems, and what a channel of each must be told."""
    return _kinds(platform.plugs.trackers, words_for(request))


@ROUTER.get("/channels", response_model=PageOf[Channel],
            openapi_extra=parameters(channels.LISTING))  # fmt: skip
def list_channels(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's channels."""
    return page_answer(records.list_of(platform, caller, channels.LISTING, query_of(request)))


@ROUTER.post("/channels", status_code=201, response_model=Channel)
def create_channel(
    body: NewChannel, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Keep a channel. It is checked, and nothing is sent."""

    def create(work: Any) -> tuple[Any, int]:
        row = channels.create(work, platform, caller, body.model_dump())
        return _shown(row), row["revision"]

    return once(caller, create)


@ROUTER.get("/channels/{channel_id}", response_model=Channel)
def get_channel(channel_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One channel."""
    row = records.read(platform, caller, channels.CHANNEL, channel_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/channels/{channel_id}", response_model=Channel)
def change_channel(
    channel_id: str,
    body: ChannelChange,
    platform: ThePlatform,
    caller: Writing,
    expected: Expected,
) -> Response:
    """Change it. It is checked anew."""
    values = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    with platform.database.begin(caller.scope) as work:
        row = channels.change(work, platform, caller, channel_id, values, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/channels/{channel_id}", status_code=204)
def delete_channel(
    channel_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take it away, with the record of what was sent over it."""
    with platform.database.begin(caller.scope) as work:
        channels.remove(work, caller, channel_id, expected)
    return Response(status_code=204)


@ROUTER.post("/channels/{channel_id}/test")
def test_channel(
    channel_id: str, request: Request, platform: ThePlatform, caller: Writing
) -> Tried:
    """Send a test message now, once. A ticket system is asked whether it answers; nothing is
    made in it."""
    tried = deliveries.test(platform, caller, channel_id)
    words = words_for(request)
    return Tried(
        outcome=tried.outcome.value,
        detail=words(tried.detail) if tried.detail is not None else "",
        status=tried.status,
    )


def _kinds(plugs: Any, words: Words) -> list[ChannelKind]:
    return [
        ChannelKind(
            name=name,
            label=plugs[name].label,
            fields=[
                ChannelField(
                    name=one.name,
                    label=words(one.label),
                    secret=one.secret,
                    required=one.required,
                    example=one.example,
                    choices=list(one.choices),
                    default=one.default,
                )
                for one in plugs[name].fields
            ],
        )
        for name in plugs
        if name in plugs
    ]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "name", "kind", "settings", "language", "enabled", "created_at", "revision")
    return {name: row[name] for name in names}
