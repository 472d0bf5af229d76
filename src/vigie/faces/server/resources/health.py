"""Whether the server lives, and whether it can do its work."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from vigie.faces.server.callers import ThePlatform, public
from vigie.faces.server.revisions import answer
from vigie.services import readiness

ROUTER = APIRouter(tags=["health"])
_WHY = "A load balancer asks it, and it says nothing but yes or no."


class Health(BaseModel):
    """The process answers."""

    status: str = Field(examples=["ok"])


class Readiness(BaseModel):
    """Whether every part that a request may need answers; `parts` says which does not."""

    ready: bool
    parts: dict[str, bool] = Field(examples=[{"database": True, "queue": True, "cache": True}])


@ROUTER.get("/health", dependencies=[public(_WHY)])
def get_health() -> Health:
    """The process is alive."""
    return Health(status="ok")


@ROUTER.get(
    "/ready",
    dependencies=[public(_WHY)],
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "A part does not answer."}},
)
def get_readiness(platform: ThePlatform) -> Response:
    """Every part answers: 200. One does not: 503."""
    parts = readiness.parts_of(platform)
    ready = all(parts.values())
    return answer({"ready": ready, "parts": parts}, status=200 if ready else 503)
