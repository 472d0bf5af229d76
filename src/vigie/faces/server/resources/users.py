"""The people of a tenant."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission, Role
from vigie.services import records, sensitive_reads
from vigie.services.access import people, tenancy
from vigie.services.access.people import NewPerson
from vigie.services.platform import Caller
from vigie.stores.relational.ids import PLATFORM

ROUTER = APIRouter(prefix="/users", tags=["users"])
Reading = Annotated[Caller, needs(Permission.USERS_READ)]
Writing = Annotated[Caller, needs(Permission.USERS_WRITE)]
_ID = "019aa5d0-0000-7000-8000-000000000001"
GivenRole = Literal["owner", "admin", "analyst", "viewer", "agent"]


class User(BaseModel):
    """Somebody of this tenant. `origin` is local, or the sign-on that gave the role."""

    id: str = Field(examples=[_ID])
    email: str = Field(default="", examples=["ada@example.org"])
    name: str = Field(default="", examples=["Ada"])
    language: str = Field(default="en", examples=["en"])
    role: str = Field(default="", examples=["analyst"])
    origin: str = Field(default="local", examples=["local"])
    second_factor: bool = False
    disabled: bool = False
    last_login_at: str | None = None
    created_at: str | None = None
    revision: int | None = None


class NewUser(BaseModel):
    """Somebody to take in. Without a password they are invited: the answer holds a word, shown
    once, with which they choose their own within a week (POST /auth/invitation)."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254, examples=["ada@example.org"])
    role: GivenRole = Field(examples=["analyst"])
    name: str = Field(default="", max_length=200, examples=["Ada"])
    language: Literal["en", "fr"] | None = None
    password: str = Field(default="", max_length=1024, examples=[""])


class MadeUser(User):
    """The person, and the invitation: shown this once."""

    invitation: str = ""


class UserChange(BaseModel):
    """What to change; what is left out stays. Only for people who are in no other tenant."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=200, examples=["Ada Lovelace"])
    language: Literal["en", "fr"] = "en"
    email: str = Field(default="", max_length=254, examples=["ada@example.org"])
    disabled: bool = False


class RoleChange(BaseModel):
    """Another role in this tenant."""

    model_config = ConfigDict(extra="forbid")

    role: GivenRole = Field(examples=["admin"])


class PasswordReset(BaseModel):
    """Whether the second factor and the passkeys are lost too."""

    model_config = ConfigDict(extra="forbid")

    second_factor: bool = False


class NewPassword(BaseModel):
    """Shown once; the person has to change it before anything else."""

    password: str = Field(examples=["k3f9-m2px-q4t8-vwz7-1hda-5jrn"])


class SuperAdmin(BaseModel):
    """Whether the person may enter every tenant."""

    model_config = ConfigDict(extra="forbid")

    super_admin: bool


@ROUTER.get("", response_model=PageOf[User],
            openapi_extra=parameters(people.listing(PLATFORM)))  # fmt: skip
def list_users(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's people. That somebody looked is an entry of the audit log."""
    sensitive_reads.note(platform, caller, "user")
    listing = people.listing(caller.tenant)
    return page_answer(records.list_of(platform, caller, listing, query_of(request)))


@ROUTER.post("", status_code=201, response_model=MadeUser)
def create_user(body: NewUser, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Take somebody in, by invitation or with a first password that they have to change."""
    invitations = []
    wanted = NewPerson(body.email, Role(body.role), body.name, body.language or "", body.password)

    def create(work: Any) -> tuple[Any, int]:
        made = people.create(work, platform, caller, wanted)
        invitations.append(made.invitation)
        return {**_shown(made.row), "invitation": ""}, made.row["revision"]

    return shown_once(once(caller, create), "invitation", invitations)


@ROUTER.get("/{user_id}", response_model=User)
def get_user(user_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One person."""
    sensitive_reads.note(platform, caller, "user")
    row = people.read(platform, caller, user_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/{user_id}", response_model=User)
def change_user(
    user_id: str, body: UserChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Change a person, or disable them: their sessions and keys end at once."""
    values = body.model_dump(exclude_unset=True)
    row = people.change(platform, caller, user_id, values, expected)
    return answer(_shown(row), row["revision"])


@ROUTER.put("/{user_id}/role", response_model=User)
def change_user_role(
    user_id: str, body: RoleChange, platform: ThePlatform,
    caller: Annotated[Caller, needs(Permission.ROLES_WRITE)], expected: Expected,
) -> Response:  # fmt: skip
    """Give a person another role. The last owner stays one."""
    row = people.set_role(platform, caller, user_id, Role(body.role), expected)
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/{user_id}", status_code=204)
def delete_user(
    user_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take a person out of this tenant."""
    people.remove(platform, caller, user_id, expected)
    return Response(status_code=204)


@ROUTER.post("/{user_id}/password", response_model=NewPassword)
def reset_user_password(
    user_id: str, body: PasswordReset, platform: ThePlatform, caller: Writing
) -> Response:
    """A new password for somebody who lost theirs; all their sessions end."""
    password = people.reset_password(platform, caller, user_id, second_factor=body.second_factor)
    return answer({"password": password})


@ROUTER.put("/{user_id}/super-admin", status_code=204)
def change_super_admin(
    user_id: str, body: SuperAdmin, platform: ThePlatform,
    caller: Annotated[Caller, needs(Permission.PLATFORM_WRITE)],
) -> Response:  # fmt: skip
    """Let a person into every tenant, or no longer."""
    tenancy.set_super_admin(platform, caller, user_id, allowed=body.super_admin)
    return Response(status_code=204)


def shown_once(response: Response, name: str, values: list[str]) -> Response:
    """The answer of a creation with what is shown once in it: not kept with the answer for a
    repeated Idempotency-Key, which would keep a secret in the clear for a day."""
    if response.headers.get("idempotent-replayed") or not values:
        return response
    body = {**json.loads(bytes(response.body)), name: values[-1]}
    headers = {k: v for k, v in response.headers.items() if k == "etag"}
    return Response(json.dumps(body), response.status_code, headers, "application/json")


def _shown(row: Any) -> dict[str, Any]:
    names = ("id", "email", "name", "language", "role", "origin", "second_factor", "disabled",
             "last_login_at", "created_at", "revision")  # fmt: skip
    return {name: row[name] for name in names}
