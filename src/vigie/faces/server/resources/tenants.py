"""Tenants: the companies that this platform looks after."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services.access import tenancy
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/tenants", tags=["tenants"])
Reading = Annotated[Caller, needs(Permission.TENANTS_READ)]
Writing = Annotated[Caller, needs(Permission.TENANTS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
_SLUG = Field(max_length=63, examples=["acme"])


class Tenant(BaseModel):
    """One tenant. `slug` is its short name, for the header Vigie-Tenant."""

    id: str = Field(examples=[_ID])
    name: str = Field(default="", examples=["Acme"])
    slug: str = Field(default="", examples=["acme"])
    language: str = Field(default="en", examples=["en"])
    disabled: bool = False
    created_at: str | None = None
    revision: int | None = None


class NewTenant(BaseModel):
    """A tenant to make. Its first owner is made with POST /users in it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, examples=["Acme"])
    slug: str = _SLUG
    language: Literal["en", "fr"] = "en"


class TenantChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", min_length=1, max_length=200, examples=["Acme Ltd"])
    slug: str = Field(default="", max_length=63, examples=["acme"])
    language: Literal["en", "fr"] = "en"
    disabled: bool = False


@ROUTER.get("", response_model=PageOf[Tenant], openapi_extra=parameters(tenancy.listing()))
def list_tenants(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """All tenants for a super-admin; for others those that they belong to."""
    return page_answer(tenancy.page(platform, caller, query_of(request)))


@ROUTER.post("", status_code=201, response_model=Tenant)
def create_tenant(body: NewTenant, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Make a tenant."""

    def create(work: Any) -> tuple[Any, int]:
        row = tenancy.create(work, platform, caller, body.model_dump())
        return dict(row), row["revision"]

    return once(caller, create)


@ROUTER.get("/{tenant_id}", response_model=Tenant)
def get_tenant(tenant_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One tenant."""
    row = tenancy.read(platform, caller, tenant_id)
    return answer(row, row["revision"])


@ROUTER.patch("/{tenant_id}", response_model=Tenant)
def change_tenant(
    tenant_id: str, body: TenantChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Change a tenant, or disable it: it lets in nobody but super-admins then."""
    values = body.model_dump(exclude_unset=True)
    row = tenancy.change(platform, caller, tenant_id, values, expected)
    return answer(row, row["revision"])
