"""The platform's own numbers, for Prometheus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from vigie.faces.server.callers import ThePlatform, needs
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.telemetry.metrics import registry_of
from vigie.services.telemetry.standing import Standing

ROUTER = APIRouter(tags=["metrics"])
Reading = Annotated[Caller, needs(Permission.METRICS_READ)]
_TEXT = {"text/plain": {"schema": {"type": "string"}, "example": 'vigie_ready{part="queue"} 1.0'}}


@ROUTER.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": _TEXT, "description": "Prometheus' text format."}},
)
def get_metrics(platform: ThePlatform, caller: Reading) -> Response:  # noqa: ARG001
    """What this process counted (all of them, under `vigie up`), and how the platform stands.
    Takes an API key with the scope `metrics`; without one, VIGIE_METRICS_LISTEN is the way."""
    return Response(generate_latest(registry_of(Standing(platform))),
                    media_type=CONTENT_TYPE_LATEST)  # fmt: skip
