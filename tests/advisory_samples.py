"""OSV records, dumps and feeds of our own, for every test of the database of advisories."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NOW = "2026-01-10T12:00:00Z"
LATER = "2026-01-11T12:00:00Z"


def affects(ecosystem: str, name: str, fixed: str = "2.0", **more: Any) -> dict[str, Any]:
    """One entry of "affected": everything before `fixed`."""
    events = [{"introduced": "0"}, {"fixed": fixed}]
    return {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
        **more,
    }


def osv(identity: str, *affected: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A record; about the package "demo" of PyPI when nothing is said."""
    return {
        "id": identity,
        "modified": "2026-01-01T00:00:00Z",
        "affected": list(affected) or [affects("PyPI", "demo")],
        **more,
    }


def write_dump(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """An all.zip, as the bucket hands it out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for record in records:
            archive.writestr(f"{record['id']}.json", json.dumps(record))
    return path


def write_kev(path: Path, *cves: str, date: str = "2026-01-05T00:00:00Z") -> Path:
    """The KEV catalogue."""
    entries = [{"cveID": cve, "knownRansomwareCampaignUse": "Known"} for cve in cves]
    catalogue = {"catalogVersion": "1", "dateReleased": date, "vulnerabilities": entries}
    path.write_text(json.dumps(catalogue))
    return path


def write_epss(path: Path, scores: Mapping[str, float], date: str = "2026-01-06") -> Path:
    """EPSS scores, gzipped."""
    rows = "".join(f"{cve},{score},{score}\n" for cve, score in scores.items())
    head = f"#model_version:v1,score_date:{date}T00:00:00Z\ncve,epss,percentile\n"
    path.write_bytes(gzip.compress((head + rows).encode(), mtime=0))
    return path
