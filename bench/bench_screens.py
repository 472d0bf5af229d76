"""The screens in a browser: the first page, what comes over the wire, a list of a million rows.

python -m bench.bench_screens --quick        a small company, in two minutes
python -m bench.bench_screens --keep DIR     the database is kept and used again
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.company import people
from bench.company.data import Size, fill, is_empty, tenant_id
from bench.company.homes import Home, place, sqlite_home
from bench.measuring import ROOT, NotMeasured, Row, machine
from vigie.faces.server.screens import BUILT

TITLE = "The screens"
ABOUT = (
    "1,000,000 findings of 2,000 assets in ONE tenant (bench/company/data.py), SQLite. `vigie "
    "server` is started as an operator would; Chromium (headless, a window that shows 1440 × 900) "
    "asks it over loopback; both share this machine. Every load is a new browser context, so its "
    "cache is empty. A first page counts from the start of the navigation, or from the click on "
    "Sign in, until the frame after the one in which what is named stands in the page. Sizes are "
    "CDP's encodedDataLength: headers and bodies as the server compressed them. An interaction is "
    "measured by the browser's own Event Timing: from the input until the next frame is painted, "
    "in steps of 8 ms; what the browser does not report took less than 16 ms and counts as 16. "
    "What the main thread worked for each counts all that follows from it, answers too. "
    "Aim: a first page under 1 s, under 600 kB before Now stands, interactions under 100 ms. The "
    "time until a changed filter has its rows is counted apart: that one waits for the server."
)
_PATIENCE = 1200.0
_SHORTEST = 16.0  # ms; the least that Event Timing reports
_AIM = 100.0  # ms of an interaction
_KINDS = {"Script": "JavaScript", "Stylesheet": "CSS", "Font": "fonts", "Document": "HTML"}
_DATA = ("Fetch", "XHR", "EventSource")


@dataclass(frozen=True)
class Extent:
    """How much is measured: `loads` of each first page, `rounds` of each interaction, `pages` of
    100 rows that are scrolled."""

    size: Size
    loads: int = 20
    rounds: int = 24
    pages: int = 100
    keep: Path | None = None


FULL = Extent(Size(1_000_000, 2_000, 1))
QUICK = Extent(Size(20_000, 100, 1), loads=5, rounds=8, pages=20)


def measure(extent: Extent = FULL) -> Iterator[Row]:
    """Every figure. Raises NotMeasured where the screens or a browser are not here."""
    for program in ("node", "chromium"):
        if shutil.which(program) is None:
            raise NotMeasured(f"needs {program}")
    if not (BUILT / "index.html").exists():
        raise NotMeasured("the screens are not built: make web")
    with place(extent.keep) as folder:
        own = folder / "sqlite"
        own.mkdir(exist_ok=True, mode=0o711)
        with sqlite_home(own) as home:
            email, password = _ready(home, extent.size)
            _, port = home.server()
            asked = {"address": f"http://127.0.0.1:{port}", "email": email, "password": password}
            said = _walked(asked, extent)
    yield from _loads(said)
    yield from _sizes(said["first"])
    yield from _inputs(said["parts"])
    yield from _scrolled(said["scrolled"])
    yield _row("a filter changed, until its rows are painted", spread(said["anew"]))
    yield _row("a filter changed, until the facets' counts are here", spread(said["facets"]))


def _ready(home: Home, size: Size) -> tuple[str, str]:
    """The filled database's person, who signs in with this password."""
    with people.platform_at(home.folder, home.url) as platform:
        tenant = tenant_id(0)
        if is_empty(platform.database):
            fill(platform.database, size)
        return people.with_password(platform, tenant)


def _walked(who: Mapping[str, str], extent: Extent) -> dict[str, Any]:
    """What Chromium measured. Raises RuntimeError with what it said when it failed."""
    asked = {**who, "loads": extent.loads, "rounds": extent.rounds, "pages": extent.pages}
    done = subprocess.run(
        ["node", "e2e/measure.mjs"], cwd=ROOT / "web", input=json.dumps(asked), text=True,
        capture_output=True, timeout=_PATIENCE, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _loads(said: Mapping[str, Any]) -> Iterator[Row]:
    """How long until somebody can begin. A server's first answers read what it then knows."""
    yield _row("navigation until the form to sign in is painted", _first_page(said["door"]))
    yield _row("click on Sign in until Now shows its answer, the server's first",
               f"{said['entered'][0]:.0f} ms")  # fmt: skip
    yield _row("click on Sign in until Now shows its answer, after that",
               spread(said["entered"][1:]))  # fmt: skip
    yield _row("signed in, navigation until Now shows its answer", _first_page(said["first"]))


def _first_page(loads: Sequence[Mapping[str, Any]]) -> str:
    worked = percentile([one["busy"] for one in loads], 50)
    took = spread([one["time"] for one in loads])
    return f"{took}; {worked:.0f} ms of the main thread"


def _sizes(loads: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """What came over the wire, of the load that took the most."""
    before = max((one["before"] for one in loads), key=lambda came: sum(came.values()))
    whole = max((one["came"] for one in loads), key=lambda came: sum(came.values()))
    yield _row("over the wire until Now shows its answer", bundle(before))
    yield _row("over the wire when Now has all, its chart too", bundle(whole))


def bundle(came: Mapping[str, float]) -> str:
    """Bytes by kind; what the API answered stands apart from the bundle."""
    data = sum(came.get(kind, 0) for kind in _DATA)
    parts = [f"{name} {came[kind] / 1000:.0f} kB" for kind, name in _KINDS.items() if kind in came]
    rest = sum(size for kind, size in came.items() if kind not in _KINDS and kind not in _DATA)
    if rest:
        parts.append(f"other {rest / 1000:.0f} kB")
    all_of_it = (sum(came.values()) - data) / 1000
    return f"{all_of_it:.0f} kB ({', '.join(parts)}); answers of the API {data / 1000:.0f} kB"


def _inputs(parts: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    took: list[float] = []
    for name, part in parts.items():
        own = durations(part)
        took += own
        each = f"{part['busy'] / len(own):.0f} ms of the main thread for each" if own else ""
        yield _row(name, f"{delays(own)}; {each}")
    quick = 100 * sum(one < _AIM for one in took) / max(1, len(took))
    yield _row("all of these interactions", f"{delays(took)}; {quick:.1f} % under {_AIM:.0f} ms")


def durations(part: Mapping[str, Any]) -> list[float]:
    """Milliseconds of each interaction: the longest of its events. What is not reported was
    shorter than the shortest that is."""
    longest: dict[int, float] = {}
    for event in part["events"]:
        name = event["interactionId"]
        longest[name] = max(longest.get(name, 0.0), event["duration"])
    return [*longest.values(), *[_SHORTEST] * (part["count"] - len(longest))]


def delays(took: Sequence[float]) -> str:
    """The spread of interactions as Event Timing gives them, in steps of 8 ms."""
    if not took:
        return "none was measured"
    half, most = (percentile(took, share) for share in (50, 98))
    return f"p50 ≤ {half:.0f} ms, p98 ≤ {most:.0f} ms, worst {max(took):.0f} ms of {len(took)}"


def _scrolled(said: Mapping[str, Any]) -> Iterator[Row]:
    gaps, long = said["gaps"], said["frames"]
    worst = f"{len(long)} frames longer than 50 ms, the longest {max(long, default=0):.0f} ms"
    what = f"scrolling {said['pages']} pages of 100 rows by the wheel"
    yield _row(what, f"a frame takes {spread(gaps)}; {worst}; {said['took'] / 1000:.0f} s in all")
    yield _row("a page of 100 rows, from asking to its last byte", spread(said["waited"]))


def spread(times: Sequence[float]) -> str:
    """Median, p95 and the worst, in milliseconds."""
    if not times:
        return "none was measured"
    half, most = percentile(times, 50), percentile(times, 95)
    return f"p50 {half:.0f} ms, p95 {most:.0f} ms, worst {max(times):.0f} ms of {len(times)}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many in a hundred do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def _row(what: str, result: str) -> Row:
    return {"what": what, "measured": result}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    extent = QUICK if asked.quick else FULL
    print(machine())
    for row in measure(replace(extent, keep=asked.keep)):
        print(" | ".join(map(str, row.values())), flush=True)


if __name__ == "__main__":
    main()
