"""Sign-on through a tenant's own provider: its settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import records
from vigie.services.access import sign_on
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/sign-on", tags=["sign-on"])
Reading = Annotated[Caller, needs(Permission.SETTINGS_READ)]
Writing = Annotated[Caller, needs(Permission.SETTINGS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_ISSUER = Field(max_length=500, examples=["https://id.example.org/realms/acme"])
_CLIENT = Field(max_length=500, examples=["vigie"])
_SECRET = Field(default="", max_length=300, examples=["secret://sign-on"])
_ROLES: Any = Field(default={}, max_length=500, examples=[{"security": "analyst"}])
_SCOPES: Any = Field(default=[], max_length=20, examples=[["groups"]])
MappedRole = Literal["owner", "admin", "analyst", "viewer"]
Word = Annotated[str, Field(max_length=320)]


class Provider(BaseModel):
    """One provider. `client_secret` is a reference to a secret, never the secret. Whoever has
    none of the groups in `roles` gets `default_role`; without one they are not let in."""

    id: str = Field(examples=[_ID])
    name: str = Field(default="", examples=["Acme"])
    issuer: str = Field(default="", examples=["https://id.example.org/realms/acme"])
    client_id: str = Field(default="", examples=["vigie"])
    client_secret: str = Field(default="", examples=["secret://sign-on"])
    scopes: list[str] = Field(default=[], examples=[["groups"]])
    groups_claim: str = Field(default="groups", examples=["groups"])
    roles: dict[str, str] = Field(default={}, examples=[{"security": "analyst"}])
    default_role: str = Field(default="", examples=["viewer"])
    enabled: bool = True
    redirect_uri: str = Field(
        default="", examples=["https://vigie.example.org/api/v1/auth/sign-on/callback"]
    )
    revision: int | None = None


class NewProvider(BaseModel):
    """A provider to sign on through. Register `redirect_uri` of the answer with it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, examples=["Acme"])
    issuer: str = _ISSUER
    client_id: str = _CLIENT
    client_secret: str = _SECRET
    scopes: list[Word] = _SCOPES
    groups_claim: str = Field(default="groups", max_length=200)
    roles: dict[Word, MappedRole] = _ROLES
    default_role: MappedRole | Literal[""] = ""
    enabled: bool = True


class ProviderChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200, examples=["Acme"])
    issuer: str = Field(default="", max_length=500, examples=["https://id.example.org"])
    client_id: str = Field(default="", max_length=500, examples=["vigie"])
    client_secret: str = _SECRET
    scopes: list[Word] = _SCOPES
    groups_claim: str = Field(default="groups", max_length=200)
    roles: dict[Word, MappedRole] = _ROLES
    default_role: MappedRole | Literal[""] = ""
    enabled: bool = True


@ROUTER.get("", response_model=PageOf[Provider], openapi_extra=parameters(sign_on.LISTING))
def list_sign_on(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's providers."""
    page = records.list_of(platform, caller, sign_on.LISTING, query_of(request))
    return page_answer(replace(page, items=tuple(_laid_out(row) for row in page.items)))


@ROUTER.post("", status_code=201, response_model=Provider)
def create_sign_on(
    body: NewProvider, platform: ThePlatform, caller: Writing, once: Once
) -> Response:
    """Add a provider. The roles that it gives are at most what you may give yourself."""
    sign_on.refuse_inside(platform, body.issuer)

    def create(work: Any) -> tuple[Any, int]:
        row = sign_on.create(work, platform, caller, body.model_dump())
        return _shown(row, platform.address), row["revision"]

    return once(caller, create)


@ROUTER.get("/{sign_on_id}", response_model=Provider)
def get_sign_on(sign_on_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One provider."""
    row = records.read(platform, caller, sign_on.SIGN_ON_NOUN, sign_on_id)
    return answer(_shown(row, platform.address), row["revision"])


@ROUTER.patch("/{sign_on_id}", response_model=Provider)
def change_sign_on(
    sign_on_id: str, body: ProviderChange, platform: ThePlatform, caller: Writing,
    expected: Expected,
) -> Response:  # fmt: skip
    """Change a provider."""
    values = body.model_dump(exclude_unset=True)
    if "issuer" in values:
        sign_on.refuse_inside(platform, values["issuer"])
    row = sign_on.change(platform, caller, sign_on_id, values, expected)
    return answer(_shown(row, platform.address), row["revision"])


@ROUTER.delete("/{sign_on_id}", status_code=204)
def delete_sign_on(
    sign_on_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take a provider away: nobody signs on through it any more."""
    sign_on.remove(platform, caller, sign_on_id, expected)
    return Response(status_code=204)


def _shown(row: Any, address: str) -> dict[str, Any]:
    names = ("id", "name", "issuer", "client_id", "client_secret", "document", "enabled",
             "revision")  # fmt: skip
    uri = f"{address}{sign_on.CALLBACK}" if address else ""
    return {**_laid_out({name: row[name] for name in names}), "redirect_uri": uri}


def _laid_out(row: Any) -> dict[str, Any]:
    """The settings that are kept together, each by its own name."""
    if "document" not in row:
        return dict(row)
    document = row["document"] or {}
    return {
        **{name: value for name, value in row.items() if name != "document"},
        "scopes": document.get("scopes", []),
        "groups_claim": document.get("groups_claim") or "groups",
        "roles": document.get("roles", {}),
        "default_role": document.get("default_role", ""),
    }
