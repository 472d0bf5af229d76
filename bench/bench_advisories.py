"""The database of advisories: reading a dump in, size on disk, looking packages up."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Row, corpus, run_python

TITLE = "300,000 advisories in one file"
ABOUT = (
    "PyPI's records replicated under other names into one `all.zip`, then `vigie db import`: wall "
    "clock and peak memory of the whole process, and the file it leaves. Then another feed "
    "(KEV) beside it, which carries all of it over into a new file; and, in a process of its "
    "own, opening the file, what is said about 2,000 packages that it names, each decoded, and "
    "the details of those advisories: the first time, and the fastest of five after it."
)

_COUNT = 300_000
_PACKAGES = 2_000

_IMPORT = """
import os, sys
os.environ["VIGIE_DATA"] = sys.argv[1]
from vigie.faces.cli.main import main
sys.argv = ["vigie", "db", "import", "-q", sys.argv[2]]
try:
    main()
except SystemExit as stop:
    assert stop.code in (0, None), stop.code
"""

_LOOK_UP = """
import json, sys, time
from pathlib import Path
started = time.perf_counter()
from vigie.stores.advisories.index import AdvisoryDatabase
imported = time.perf_counter()
index = AdvisoryDatabase(Path(sys.argv[1]))
opened = time.perf_counter()
names = json.loads(Path(sys.argv[2]).read_text())
packages, details = [], []
for _ in range(6):
    began = time.perf_counter()
    entries = list(index.affecting("PyPI", names))
    found = time.perf_counter()
    told = index.advisories([entry.advisory for entry in entries])
    packages.append(found - began)
    details.append(time.perf_counter() - found)
print(json.dumps([imported - started, opened - imported, packages, details,
                  len(entries), len(told)]))
"""


def measure() -> Iterator[Row]:
    archive = corpus("advisories", "osv", "PyPI", "all.zip")
    kev = corpus("advisories", "known_exploited_vulnerabilities.json")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dump = folder / "PyPI" / "all.zip"
        names = _replicate(archive, dump, _COUNT)
        database = folder / "data" / "advisories" / "advisories.sqlite"
        cost = run_python(_IMPORT, str(folder / "data"), str(dump))
        size = database.stat().st_size / 1024**2
        yield _row("the dump", f"{_COUNT:,} records, {dump.stat().st_size / 1024**2:.0f} MiB")
        yield _row("import", f"{cost.seconds:.1f} s, {_COUNT / cost.seconds:,.0f} records/s")
        yield _row("peak memory of the import", f"{cost.memory:.0f} MiB")
        yield _row("on disk", f"{size:.0f} MiB, {size * 1024**2 / _COUNT:.0f} bytes a record")
        cost = run_python(_IMPORT, str(folder / "data"), str(kev))
        yield _row("another feed beside it", f"{cost.seconds:.1f} s, {cost.memory:.0f} MiB")
        (folder / "names.json").write_text(json.dumps(names))
        yield from _looked_up(database, folder / "names.json")


def _looked_up(database: Path, names: Path) -> Iterator[Row]:
    cost = run_python(_LOOK_UP, str(database), str(names))
    imported, opened, packages, details, entries, told = json.loads(cost.output)
    yield _row("importing the store", f"{imported * 1000:.0f} ms")
    yield _row("opening the file", f"{opened * 1000:.1f} ms")
    warm, cold = min(packages[1:]), packages[0]
    yield _row(
        f"what is said about {_PACKAGES:,} packages ({entries:,} entries)",
        f"{cold * 1000:.0f} ms, warm {warm * 1000:.0f} ms",
    )
    warm, cold = min(details[1:]), details[0]
    yield _row(
        f"details of those {told:,} advisories",
        f"{cold * 1000:.0f} ms, warm {warm * 1000:.0f} ms",
    )
    yield _row("peak memory of the look-ups", f"{cost.memory:.0f} MiB")


def _replicate(archive: Path, dump: Path, count: int) -> list[str]:
    """Write a dump of `count` records; returns names of packages in it, taken evenly."""
    with zipfile.ZipFile(archive) as members:
        records = [json.loads(members.read(name)) for name in members.namelist()]
    names: set[str] = set()
    dump.parent.mkdir()
    with zipfile.ZipFile(dump, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for number in range(count):
            copy, place = divmod(number, len(records))
            record = records[place]
            identity = f"{record['id']}-{copy}"
            affected = []
            for entry in record["affected"]:
                package = {**entry["package"], "name": f"{entry['package']['name']}-{copy}"}
                names.add(package["name"])
                affected.append({**entry, "package": package})
            out.writestr(
                f"{identity}.json", json.dumps({**record, "id": identity, "affected": affected})
            )
    ordered = sorted(names)
    return ordered[:: len(ordered) // _PACKAGES][:_PACKAGES]


def _row(what: str, found: str) -> Row:
    return {"what": what, "measured": found}
