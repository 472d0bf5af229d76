"""OSV-Scanner over the same archive, offline, to set its verdicts beside ours.

It is run when `OSV_SCANNER` names it or it is on the path. Where it differs the reason is looked
up in the record; what has none of these reasons is counted as unexplained.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.measuring import NotMeasured

Pairs = Sequence[tuple[str, str]]  # package, version
Told = tuple[str, str, str]  # package, version, advisory

_AT_ONCE = 4_000
_DATE = re.compile(r"\d{4}-\d\d-\d\dT")


class _Named(msgspec.Struct):
    name: str = ""
    version: str = ""


class _Flaw(msgspec.Struct):
    id: str


class _Package(msgspec.Struct):
    package: _Named
    vulnerabilities: list[_Flaw] = []


class _Result(msgspec.Struct):
    packages: list[_Package] = []


class _Report(msgspec.Struct):
    results: list[_Result] = []


def program() -> str:
    """Where it is. Raises NotMeasured when it is not here."""
    found = os.environ.get("OSV_SCANNER") or shutil.which("osv-scanner")
    if not found:
        raise NotMeasured("needs OSV-Scanner (OSV_SCANNER or the path)")
    return found


def version() -> str:
    """What it calls itself."""
    said = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split("\n", 1)[0].rpartition(" ")[2]


def verdicts(pairs: Pairs, archive: Path) -> set[Told]:
    """What it calls vulnerable among these packages and versions of PyPI."""
    found: set[Told] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in ("osv-scanner", "osv-scalibr"):  # the second since 2.5
            place = folder / form / "PyPI"
            place.mkdir(parents=True)
            (place / "all.zip").symlink_to(archive)
        for start in range(0, len(pairs), _AT_ONCE):
            found.update(_scan(pairs[start : start + _AT_ONCE], folder))
    return found


def _scan(pairs: Pairs, folder: Path) -> Iterator[Told]:
    asked = [{"package": {"name": n, "version": v, "ecosystem": "PyPI"}} for n, v in pairs]
    listed = folder / "osv-scanner.json"
    listed.write_text(json.dumps({"results": [{"packages": asked}]}), encoding="utf-8")
    done = subprocess.run(
        [program(), "scan", "source", "--offline", "--all-packages", "--all-vulns",
         "--format", "json", "--lockfile", f"osv-scanner:{listed}"],
        env={**os.environ, "OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY": str(folder),
             "OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY": str(folder)},
        capture_output=True,
        check=False,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr.decode()[-1000:])
    report = msgspec.json.decode(done.stdout, type=_Report)
    answers = [package for result in report.results for package in result.packages]
    if len(answers) != len(pairs):
        raise RuntimeError(f"{len(answers)} answers to {len(pairs)} questions")
    for answer in answers:
        for flaw in answer.vulnerabilities:
            yield answer.package.name, answer.package.version, flaw.id


def reasons(differing: set[Told], records: Mapping[str, Mapping[str, Any]]) -> Counter[str]:
    """Why it says otherwise, by what stands in the record."""
    return Counter(_reason(told, records[told[2]]) for told in differing)


def _reason(told: Told, record: Mapping[str, Any]) -> str:
    package, at, _ = told
    if not _DATE.match(record["modified"]):
        return "it drops the record, whose date is none"
    for affected in record["affected"]:
        if re.sub(r"[-_.]+", "-", affected["package"]["name"]).lower() != package:
            continue
        if affected["package"]["name"] != package:
            return "it knows the package by another spelling only"
        types = [span["type"] for span in affected.get("ranges", [])]
        if "GIT" in types and at not in affected.get("versions", []):
            return "it leaves the ranges at the first one of commits"
    return "unexplained"
