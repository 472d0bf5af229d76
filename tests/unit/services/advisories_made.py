"""A small database of advisories that we made up, for tests of what uses one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from vigie.services.advisory_import import ImportOptions, import_paths

NOW = "2026-01-02T03:04:05Z"


def osv(
    identity: str, ecosystem: str, name: str, fixed: str, *aliases: str, **more: Any
) -> dict[str, Any]:
    """An OSV record: everything below `fixed` is affected; "" is no fix."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    return {
        "id": identity,
        "modified": "2026-01-01T00:00:00Z",
        "published": "2025-12-01T00:00:00Z",
        "aliases": list(aliases),
        "summary": f"a flaw of {name}",
        "affected": [
            {
                "package": {"ecosystem": ecosystem, "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": events}],
            }
        ],
        **more,
    }


def dump_of(*records: dict[str, Any]) -> bytes:
    """A dump as the OSV bucket hands it out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for record in records:
            archive.writestr(f"{record['id']}.json", json.dumps(record))
    return file.getvalue()


def fill(folder: Path, *records: dict[str, Any], now: str = NOW) -> None:
    """Put these records into a database in the data folder `folder`, one dump an ecosystem."""
    source = folder / "osv"
    for record in records:
        ecosystem = record["affected"][0]["package"]["ecosystem"].partition(":")[0]
        (source / ecosystem).mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(source / ecosystem / "all.zip", "a") as dump:
            dump.writestr(f"{record['id']}.json", json.dumps(record))
    import_paths([source], ImportOptions(now, folder=folder / "advisories"))
