"""OSV-Scanner 2: vulnerabilities of packages. google/osv-scanner, Apache-2.0.

It asks the service at osv.dev, so what it says is of today; offline it reads copies of the OSV
database, one for each ecosystem, that lie on this machine.

Exit codes: 0 and 1 as usual, 127 for an error (also beside a report), 128 when there is no
package to look at. With findings it exits with 1 whatever else went wrong, so the words on
standard error count too. For images it says nothing at all when the service does not answer;
with databases it does, and so images are always looked up in these.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.archives import plain_archive
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of, own_settings, scope_of

_OWN = ("osv-scanner.toml",)
_FAILURES = r"^(?:Error|Failed|failed|could not|unable)\b|\bError during\b"
# Where the copies lie; the folder was called `osv-scanner` until 2.4.
_PLACES = {
    "OSV_SCANNER_LOCAL_DB_CACHE_DIRECTORY": "osv-scanner",
    "OSV_SCALIBR_LOCAL_DB_CACHE_DIRECTORY": "osv-scalibr",
}
_INHERITS = (*_PLACES, "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY")

_NO_DATABASE = Problem(
    ProblemCode.STALE,
    T("no copy of the OSV database: offline, OSV-Scanner cannot look for anything"),
    hint=T(
        "Run once with the network: osv-scanner scan source --offline-vulnerabilities "
        "--download-offline-databases FOLDER."
    ),
)


class OsvScanner(CodeScanner):
    name = "osv-scanner"
    label = "OSV-Scanner"
    format = "osv-scanner"
    needs = Needs(binary="osv-scanner")
    recipe = Recipe("go", ("github.com/google/osv-scanner/v2@v2.5.0",), package="cmd/osv-scanner")
    advice = T("vigie scanners install {name}, with Go at hand", name="osv-scanner")
    version_pattern = r"^osv-scanner version: (\d\S*)"

    def handles(self, target: Target) -> bool:
        if target.kind is AssetKind.IMAGE:
            return target.path is None or target.path.is_file()
        return target.kind in (AssetKind.REPOSITORY, AssetKind.SBOM) and target.path is not None

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        of_image = target.kind is AssetKind.IMAGE
        of_code = target.kind is AssetKind.REPOSITORY
        argv = [str(binary), "scan", "image" if of_image else "source"]
        # What it leaves out of sight otherwise is Vigie's to judge.
        argv += ["--format", "json", "--all-vulns"]
        if conditions.offline:
            argv += ["--offline"]
        elif of_image:
            argv += ["--offline-vulnerabilities", "--download-offline-databases"]
        date = _oldest_database() if conditions.offline else ""
        return Command(
            [*argv, *_subject(target, workspace, conditions.excluded)],
            nothing=frozenset({128}),
            cwd=folder_of(target) if of_code else None,
            inherits=_INHERITS,
            problems=(
                *(own_settings(target, self.label, *_OWN) if of_code else ()),
                *((_NO_DATABASE,) if conditions.offline and not date else ()),
            ),
            left_out=_FAILURES,
            database_date=date,
        )


def _subject(target: Target, workspace: Path, excluded: tuple[str, ...]) -> list[str]:
    path = target.path
    if path is None:
        return ["--", target.reference]
    if target.kind is AssetKind.IMAGE:
        return ["--archive", "--", str(plain_archive(path, workspace))]
    if target.kind is AssetKind.SBOM:
        return ["--no-ignore", "--", str(_named_as_it_wants(path, workspace))]
    words = ["--recursive", "--no-ignore"]
    if excluded and path.is_dir():
        words += [f"--experimental-exclude=r:{_below(path, excluded)}"]
    return [*words, "--", scope_of(target)]


def _below(folder: Path, excluded: tuple[str, ...]) -> str:
    """These folders inside of this one; the pattern meets paths without the first slash."""
    above = re.escape(folder.as_posix().strip("/"))
    names = "|".join(re.escape(name) for name in excluded)
    return f"^{above}/(?:.*/)?(?:{names})$"


def _named_as_it_wants(sbom: Path, workspace: Path) -> Path:
    """A copy under a name that it takes for an SBOM: it knows them by their names only."""
    with sbom.open("rb") as file:
        head = file.read(4096)
    xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    form = "cdx.xml" if xml else "cdx.json" if b'"bomFormat"' in head else "spdx.json"
    if b"SPDXVersion:" in head:
        form = "spdx"
    copy = workspace / f"sbom.{form}"
    copy.write_bytes(sbom.read_bytes())
    return copy


def _oldest_database() -> str:
    """When the oldest of the copies was made, as ISO 8601; "" when there is none."""
    cache = os.environ.get("XDG_CACHE_HOME") or ""
    usual = Path(cache) if cache.startswith(os.sep) else Path.home() / ".cache"
    copies = [
        copy
        for variable, folder in _PLACES.items()
        for copy in (Path(os.environ.get(variable) or usual) / folder).glob("*/all.zip")
    ]
    times = [copy.stat().st_mtime for copy in copies if copy.is_file()]
    return datetime.fromtimestamp(min(times), UTC).isoformat(timespec="seconds") if times else ""


SCANNER = OsvScanner()
