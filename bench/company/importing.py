"""Hands in reports over the API, as pipelines do, and waits until they can be seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from bench.measuring import NotMeasured

_LOOK = 0.05  # seconds
_PATIENCE = 300.0


class Pipeline:
    """One API key at one server."""

    def __init__(self, port: int, key: str) -> None:
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1", timeout=120,
            headers={"Authorization": f"Bearer {key}"},
        )  # fmt: skip

    def close(self) -> None:
        self.client.close()

    def hand_in(self, report: Path) -> str:
        """POST it; the import's id."""
        with report.open("rb") as body:
            answer = self.client.post("/imports", files={"report": (report.name, body)})
        answer.raise_for_status()
        return str(answer.json()["id"])

    def wait(self, ids: Sequence[str]) -> None:
        """Until all are done. Raises NotMeasured when one fails."""
        end = time.monotonic() + _PATIENCE
        for one in ids:
            while (row := self.get(f"/imports/{one}"))["state"] in ("queued", "running"):
                if time.monotonic() > end:
                    raise NotMeasured(f"an import took longer than {_PATIENCE:.0f} s")
                time.sleep(_LOOK)
            if row["state"] != "done":
                raise NotMeasured(f"an import ended as {row['state']}: {row['summary']}")

    def visible(self, image: str) -> int:
        """How many findings the list shows of an image."""
        return int(self.get("/findings", asset_name_of(image))["total"])

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The answer's body."""
        answer = self.client.get(path, params=params)
        answer.raise_for_status()
        return answer.json()


def asset_name_of(image: str) -> dict[str, str]:
    """The filter on the findings of one image."""
    return {"asset": image, "limit": "1"}
