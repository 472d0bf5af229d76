"""Roles, what each may do, and the scopes that a key can have."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import needs
from vigie.faces.server.revisions import answer
from vigie.model.access import ROLE_PERMISSIONS, SCOPES, Permission, Role, manages
from vigie.services.platform import Caller

ROUTER = APIRouter(prefix="/roles", tags=["users"])


class RoleShown(BaseModel):
    """One role: its permissions, and the roles that who has it may give and take away."""

    name: str = Field(examples=["viewer"])
    permissions: list[str] = Field(examples=[["assets:read", "findings:read"]])
    manages: list[str] = Field(examples=[[]])


class ScopeShown(BaseModel):
    """One scope of an API key, and its permissions."""

    name: str = Field(examples=["ci"])
    permissions: list[str] = Field(examples=[["imports:write", "gates:read"]])


class Roles(BaseModel):
    """All of them."""

    roles: list[RoleShown]
    scopes: list[ScopeShown]


@ROUTER.get("", response_model=Roles)
def list_roles(caller: Annotated[Caller, needs(Permission.ROLES_READ)]) -> Response:  # noqa: ARG001
    """Every role and scope, and what they allow."""
    roles = [
        {
            "name": str(role),
            "permissions": _sorted(ROLE_PERMISSIONS[role]),
            "manages": [str(other) for other in Role if manages(role, other)],
        }
        for role in Role
    ]
    scopes = [{"name": name, "permissions": _sorted(found)} for name, found in SCOPES.items()]
    return answer({"roles": roles, "scopes": scopes})


def _sorted(permissions: frozenset[Permission]) -> list[str]:
    return sorted(str(permission) for permission in permissions)
