"""Hands in reports over the API, as pipelines do, and waits until they can be seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from bench.company.homes import status
from bench.measuring import NotMeasured

_LOOK = 0.05  # seconds
_PATIENCE = 300.0
_GLANCE = 0.01  # seconds between two looks at the memory of a process


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


class Peak:
    """The most memory of its own that a process has, in MiB: without the pages of files that it
    has mapped, which the kernel takes back when it needs them."""

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._over.wait(_GLANCE):
            self.most = max(self.most, status(self._pid, "RssAnon"))


def asset_name_of(image: str) -> dict[str, str]:
    """The filter on the findings of one image."""
    return {"asset": image, "limit": "1"}
