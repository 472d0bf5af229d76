"""Writes docs/api/openapi.json: what the server says of itself, as a file to read and build on.

python -m tools.openapi
"""

from __future__ import annotations

import json
from pathlib import Path

from vigie.faces.server.app import routed

FILE = Path(__file__).resolve().parents[1] / "docs" / "api" / "openapi.json"


def text() -> str:
    """The OpenAPI 3.1 document as the file holds it; the same code gives the same bytes."""
    return json.dumps(routed().openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write it anew."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
