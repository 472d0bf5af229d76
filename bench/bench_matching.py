"""Matching: every verdict over PyPI's advisories, and 2,000 packages against 300,000 of them."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.osv_algorithm import Entries, is_vulnerable, read_entries, versions_of

from bench.measuring import NotMeasured, Row, corpus, run_python
from bench.osv_scanner import Told, reasons, verdicts, version
from bench.replicated_advisories import installed, read_archive, replicated, store
from vigie.model.components import Component
from vigie.model.inventory import Package
from vigie.model.observations import Verdict
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.stores.advisories.schema import NAME
from vigie.triage.matching import Matches, match

TITLE = "Matching packages with advisories"
ABOUT = (
    "Every version that PyPI's advisories name, and what lies just beside their events, for "
    "every advisory of its package: beside the OSV schema's own algorithm with `packaging` as "
    "its order, and beside OSV-Scanner on the same archive. Then 2,000 packages against 300,000 "
    "advisories (the same records under other names) in the SQLite database, in a process of its "
    "own: the first match, and the fastest of five after it. Aim: under a second warm."
)

_ADVISORIES = 300_000
_PACKAGES = 2_000

_CODE = """
import json, sys, time
from pathlib import Path
from vigie.model.components import Component
from vigie.model.inventory import Package
from vigie.stores.advisories.index import AdvisoryDatabase
from vigie.triage.matching import match
packages = [Package(Component(*said)) for said in json.loads(Path(sys.argv[2]).read_text())]
index = AdvisoryDatabase(Path(sys.argv[1]))
times = []
for _ in range(6):
    started = time.perf_counter()
    found = match(packages, None, index)
    times.append(time.perf_counter() - started)
print(json.dumps([times, len(found.observations)]))
"""


def measure() -> Iterator[Row]:
    archive = corpus("advisories", "osv", "PyPI", "all.zip")
    yield from _correctness(archive)
    yield from _speed(archive)


def _correctness(archive: Path) -> Iterator[Row]:
    entries = read_entries(archive)
    pairs = [(name, at) for name in sorted(entries) for at in versions_of(entries[name])]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store(iter(read_archive(archive)), folder)
        packages = [Package(Component(name, at, "pypi")) for name, at in pairs]
        matches = match(packages, None, AdvisoryDatabase(folder / NAME))
    ours = _failing(matches)
    yield _row("packages and versions", f"{len(pairs):,}")
    yield from _beside_schema(entries, pairs, matches, ours)
    try:
        yield from _beside_scanner(pairs, archive, ours)
    except NotMeasured as reason:
        yield _row("beside OSV-Scanner", f"not measured: {reason}")


def _failing(matches: Matches) -> set[Told]:
    return {
        (seen.component.name, seen.component.version, seen.rule.id)
        for seen in matches.observations
        if seen.component is not None and seen.verdict is Verdict.FAIL
    }


def _beside_schema(
    entries: Entries, pairs: list[tuple[str, str]], matches: Matches, ours: set[Told]
) -> Iterator[Row]:
    counts = dict.fromkeys(("verdicts", "affected", "agree", "differ", "beyond"), 0)
    incomparable = {(p.component.name, p.component.version) for p in matches.incomparable}
    for name, at in pairs:
        for advisory, affected in entries[name]:
            expected = is_vulnerable(at, affected)
            got = (name, at, advisory) in ours
            counts["verdicts"] += 1
            counts["affected"] += got
            if expected is None:
                counts["beyond"] += 1
            elif (name, at) in incomparable and not got:
                counts["differ"] += 1  # said to be unknown where the schema has an answer
            else:
                counts["agree" if got is expected else "differ"] += 1
    yield _row("verdicts", f"{counts['verdicts']:,}, {counts['affected']:,} of them affected")
    yield _row(
        "the same as the schema's algorithm",
        f"{counts['agree']:,}; different {counts['differ']:,}; {counts['beyond']:,} on versions "
        "that are none by PEP 440, for which it has no order",
    )
    yield _row("packages said to be incomparable", f"{len(incomparable):,}")


def _beside_scanner(pairs: list[tuple[str, str]], archive: Path, ours: set[Told]) -> Iterator[Row]:
    name = f"OSV-Scanner {version()}"
    theirs = verdicts(pairs, archive)
    yield _row(f"affected, by both us and {name}", f"{len(ours & theirs):,}")
    yield _row(f"affected by {name} alone", f"{len(theirs - ours):,}")
    with zipfile.ZipFile(archive) as members:
        records = {Path(n).stem: json.loads(members.read(n)) for n in members.namelist()}
    for reason, count in reasons(ours - theirs, records).most_common():
        yield _row(f"affected by us alone: {reason}", f"{count:,}")
    for reason, count in reasons(theirs - ours, records).most_common():
        yield _row(f"affected by {name} alone: {reason}", f"{count:,}")


def _speed(archive: Path) -> Iterator[Row]:
    records = read_archive(archive)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store(replicated(records, _ADVISORIES), folder)
        packages = installed(records, _PACKAGES, _ADVISORIES // len(records))
        listed = folder / "packages.json"
        said = [(p.component.name, p.component.version, "pypi", p.component.purl) for p in packages]
        listed.write_text(json.dumps(said), encoding="utf-8")
        cost = run_python(_CODE, str(folder / NAME), str(listed))
    (first, *warm), found = json.loads(cost.output)
    yield _row(f"{_PACKAGES:,} packages, {_ADVISORIES:,} advisories: matches", f"{found:,}")
    yield _row("the first match", f"{first:.2f} s")
    yield _row("warm", f"{min(warm):.2f} s")
    yield _row("peak memory", f"{cost.memory:.0f} MiB")


def _row(what: str, result: str) -> Row:
    return {"what": what, "result": result}
