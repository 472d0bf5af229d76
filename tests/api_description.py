"""What the API says of itself, put together once for all tests of a process: it takes seconds."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from vigie.faces.server.app import routed


@cache
def _written() -> str:
    return json.dumps(routed().openapi())


def api_description() -> dict[str, Any]:
    """The OpenAPI document, for whoever asks to keep and change."""
    document: dict[str, Any] = json.loads(_written())
    return document
