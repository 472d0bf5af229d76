"""A large Grype report out of a real one: its matches again and again with distinct packages."""

from __future__ import annotations

import copy
import json
from itertools import cycle
from pathlib import Path


def replicate(source: Path, target: Path, count: int) -> None:
    """Write a report of `count` matches. Every copy of a match has a package name of its own."""
    report = json.loads(source.read_text(encoding="utf-8"))
    matches = report.pop("matches")
    head = json.dumps(report)[1:]
    with target.open("w", encoding="utf-8") as file:
        file.write('{"matches":[')
        for number, match in zip(range(count), cycle(matches), strict=False):
            copied = copy.deepcopy(match)
            artifact = copied["artifact"]
            suffix = f"-{number // len(matches)}"
            artifact["name"] += suffix
            artifact["purl"] = artifact.get("purl", "").replace("@", f"{suffix}@", 1)
            for upstream in artifact.get("upstreams") or ():
                upstream["name"] += suffix
            file.write(("," if number else "") + json.dumps(copied))
        file.write("]," + head)
