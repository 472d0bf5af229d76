"""API keys: for pipelines, agents and whatever else has nobody to sign in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.resources.users import shown_once
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import records, sensitive_reads
from vigie.services.access import keys
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/api-keys", tags=["api-keys"])
Reading = Annotated[Caller, needs(Permission.API_KEYS_READ)]
Writing = Annotated[Caller, needs(Permission.API_KEYS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_SCOPES: Any = Field(default=[], max_length=60, examples=[["ci"]])
_NETWORKS: Any = Field(default=[], max_length=60, examples=[["192.0.2.0/24"]])


class ApiKey(BaseModel):
    """One key. `hint` tells it from others; the key itself is kept nowhere."""

    id: str = Field(examples=[_ID])
    name: str = Field(default="", examples=["build server"])
    hint: str = Field(default="", examples=["vigie_…0a1b2c"])
    scopes: list[str] = Field(default=[], examples=[["ci"]])
    networks: list[str] = Field(default=[], examples=[[]])
    created_by: str | None = Field(default=None, examples=[_ID])
    created_at: str | None = None
    expires_at: str | None = None
    last_used_at: str | None = None
    last_address: str = ""
    revoked_at: str | None = None
    revoked: bool = False
    revision: int | None = None


class NewApiKey(BaseModel):
    """A key to make: what for, what it may do, from where, and until when."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, examples=["build server"])
    scopes: list[Annotated[str, Field(max_length=64)]] = _SCOPES
    networks: list[Annotated[str, Field(max_length=64)]] = _NETWORKS
    expires_at: AwareDatetime | None = Field(default=None, examples=["2030-01-01T00:00:00Z"])


class MadeApiKey(ApiKey):
    """The key itself is shown this once."""

    key: str = Field(default="", examples=["vigie_0190…_…_…"])


class ApiKeyChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200, examples=["build server"])
    scopes: list[Annotated[str, Field(max_length=64)]] = _SCOPES
    networks: list[Annotated[str, Field(max_length=64)]] = _NETWORKS
    expires_at: AwareDatetime | None = Field(default=None, examples=["2030-01-01T00:00:00Z"])


@ROUTER.get("", response_model=PageOf[ApiKey], openapi_extra=parameters(keys.LISTING))
def list_api_keys(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's keys. That somebody looked is an entry of the audit log."""
    sensitive_reads.note(platform, caller, "api-key")
    return page_answer(records.list_of(platform, caller, keys.LISTING, query_of(request)))


@ROUTER.post("", status_code=201, response_model=MadeApiKey)
def create_api_key(body: NewApiKey, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Make a key. It is shown in this answer and never again, not even for the same
    Idempotency-Key."""
    made = []

    def create(work: Any) -> tuple[Any, int]:
        row, text = keys.create(work, platform, caller, body.model_dump())
        made.append(text)
        return {**_shown(row), "key": ""}, row["revision"]

    return shown_once(once(caller, create), "key", made)


@ROUTER.get("/{key_id}", response_model=ApiKey)
def get_api_key(key_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One key, without what it is."""
    sensitive_reads.note(platform, caller, "api-key")
    row = records.read(platform, caller, keys.KEY, key_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/{key_id}", response_model=ApiKey)
def change_api_key(
    key_id: str, body: ApiKeyChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Change what a key may do, from where, and until when."""
    wanted = body.model_dump(exclude_unset=True)
    row = keys.change(platform, caller, key_id, wanted, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/{key_id}", status_code=204)
def revoke_api_key(
    key_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Revoke a key: its next request is refused. It stays in the list."""
    keys.revoke(platform, caller, key_id, expected)
    return Response(status_code=204)


def _shown(row: Any) -> dict[str, Any]:
    names = ("id", "name", "hint", "scopes", "networks", "created_by", "created_at", "expires_at",
             "last_used_at", "last_address", "revoked_at", "revision")  # fmt: skip
    return {**{name: row[name] for name in names}, "revoked": row["revoked_at"] is not None}
