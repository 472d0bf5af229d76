"""What others need to check the access tokens of this platform."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, public
from vigie.faces.server.revisions import answer
from vigie.services.access import stored_keys

ROUTER = APIRouter(prefix="/.well-known", tags=["auth"])
_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS…", "kid": "kPrK_qmx…", "use": "sig"}
_MINUTES = 300  # seconds; the next key is published a day before it signs


class KeySet(BaseModel):
    """Public keys (RFC 7517): the next, the current and the last that signed."""

    keys: list[dict[str, Any]] = Field(examples=[[_KEY]])


@ROUTER.get("/jwks.json", response_model=KeySet, dependencies=[public("These are public keys.")])
def get_signing_keys(platform: ThePlatform) -> Response:
    """The keys that verify access tokens. A gateway may keep them for five minutes."""
    response = answer(stored_keys.ring_of(platform).jwks(platform.clock()))
    response.headers["Cache-Control"] = f"public, max-age={_MINUTES}"
    return response
