"""Secrets: named, set and removed; never shown. Settings hold `secret://name`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import answer
from vigie.model.access import Permission
from vigie.ports.secrets import LARGEST, SecretInfo, SecretValue
from vigie.services import kept_secrets, sensitive_reads
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["secrets"])
Reading = Annotated[Caller, needs(Permission.SECRETS_READ)]
Writing = Annotated[Caller, needs(Permission.SECRETS_WRITE)]
Name = Annotated[str, Path(max_length=200, examples=["slack-webhook"])]


class Secret(BaseModel):
    """What may be shown of a secret: never its value. `backend` is where it lies."""

    name: str = Field(examples=["slack-webhook"])
    reference: str = Field(examples=["secret://slack-webhook"])
    version: int = Field(examples=[1])
    created: str
    backend: str = Field(examples=["sealed"])


class SecretText(BaseModel):
    """The value. It is sealed and never given back."""

    model_config = ConfigDict(extra="forbid")

    value: SecretStr = Field(min_length=1, max_length=LARGEST, examples=["the value"])


@ROUTER.get("/secrets")
def list_secrets(platform: ThePlatform, caller: Reading) -> list[Secret]:
    """The names of the tenant's secrets. That somebody looked is an entry of the audit log."""
    sensitive_reads.note(platform, caller, "secret")
    return [_shown(info) for info in platform.secrets.list(caller.tenant)]


@ROUTER.put("/secrets/{name}", response_model=Secret)
def put_secret(name: Name, body: SecretText, platform: ThePlatform, caller: Writing) -> Response:
    """Set a secret, or a new version of one."""
    value = SecretValue(body.value.get_secret_value())
    info = kept_secrets.put(platform, caller, name, value)
    return answer(_shown(info).model_dump())


@ROUTER.delete("/secrets/{name}", status_code=204)
def delete_secret(name: Name, platform: ThePlatform, caller: Writing) -> Response:
    """Forget a secret with all its versions."""
    kept_secrets.remove(platform, caller, name)
    return Response(status_code=204)


def _shown(info: SecretInfo) -> Secret:
    return Secret(
        name=info.name,
        reference=f"secret://{info.name}",
        version=info.version,
        created=info.created,
        backend=info.backend,
    )
