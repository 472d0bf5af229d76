"""Reading a report against `json.load` alone on the same file."""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.measuring import Row, corpus
from bench.replicate import replicate
from vigie.sources.reports.document import open_document
from vigie.sources.reports.reading import read_document
from vigie.wiring.plugs import REPORTS, Plugs

TITLE = "Reading speed"
ABOUT = (
    "Opening, checking and turning a report into observations, beside Python's `json.load` of "
    "the same file (best of 9, garbage collection off for both, as the command line has it). Aim: "
    "under 5 ×."
)


def measure() -> Iterator[Row]:
    parsers = Plugs(REPORTS)
    with tempfile.TemporaryDirectory() as name:
        large = Path(name) / "large.json"
        replicate(corpus("pairs", "debian12-python", "grype-results.json"), large, 5_000)
        files = (
            ("Grype, 5,000 matches", "grype", large),
            ("Grype, 327 matches", "grype", corpus("reports", "grype", "many_vulns3.json")),
            (
                "Trivy, 54 records",
                "trivy",
                corpus("pairs", "debian12-python", "trivy-results.json"),
            ),
            ("Bandit, 47 records", "bandit", corpus("reports", "bandit", "dd.json")),
        )
        for label, parser, path in files:
            plug = parsers[parser]
            ours = _best(lambda p=path, q=plug: read_document(q, open_document(p)))  # type: ignore[misc]
            plain = _best(lambda p=path: json.loads(p.read_bytes()))  # type: ignore[misc]
            yield {
                "report": label,
                "size": f"{path.stat().st_size / 1024:.0f} KiB",
                "Vigie": f"{ours * 1000:.1f} ms",
                "json.load": f"{plain * 1000:.1f} ms",
                "ratio": f"{ours / plain:.1f} ×",
            }


def _best(call: Callable[[], object]) -> float:
    times = []
    gc.disable()
    for _ in range(9):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    gc.enable()
    return min(times)
