"""Grype: vulnerabilities of packages. anchore/grype, Apache-2.0.

It finds nothing without its database, which it gets from its project (`grype db update`). It
exits with 0 whatever it found, because it is told no `--fail-on`: what that exits with has
changed (1 until 0.87, then 2).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.archives import layout_of, plain_archive
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import may_hold_packages

# Vigie brings the database up to date, and says how old it is, itself.
_QUIET = {
    "GRYPE_CHECK_FOR_APP_UPDATE": "false",
    "GRYPE_DB_AUTO_UPDATE": "false",
    "GRYPE_DB_VALIDATE_AGE": "false",
}
_INHERITS = ("GRYPE_*", "SYFT_*", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH",
             "DOCKER_TLS_VERIFY", "CONTAINERD_ADDRESS", "REGISTRY_AUTH_FILE")  # fmt: skip

_NO_DATABASE = Problem(
    ProblemCode.STALE,
    T("no vulnerability database: Grype cannot look for anything"),
    hint=T("Let it reach the network once, or run: grype db update."),
)


class Grype(CodeScanner):
    name = "grype"
    label = "Grype"
    format = "grype"
    needs = Needs(binary="grype")
    recipe = Recipe("go", ("github.com/anchore/grype@v0.110.0",), package="cmd/grype")
    advice = T("vigie scanners install {name}, with Go at hand", name="grype")
    has_database = True

    def handles(self, target: Target) -> bool:
        return may_hold_packages(target)

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        argv = [str(binary), "--output", "json", "--file", str(report)]
        if target.kind is AssetKind.REPOSITORY:  # on a machine these folders hold what it runs
            for name in conditions.excluded:
                argv += ["--exclude", f"**/{name}"]
        # It follows a configuration of the folder it starts in, so never one of the target.
        return Command(
            [*argv, "--", _source(target, workspace)],
            report=report,
            found=frozenset({0}),
            env=_QUIET,
            inherits=_INHERITS,
            problems=() if conditions.database_date else (_NO_DATABASE,),
        )

    def refresh_command(self, binary: Path, /) -> Command | None:
        return Command([str(binary), "db", "update"], env=_QUIET, inherits=_INHERITS)

    def version_command(self, binary: Path) -> Command:
        # It exits with 1 when there is no database.
        database = Command(
            [str(binary), "db", "status", "--output", "json"],
            clean=frozenset({0, 1}),
            env=_QUIET,
            inherits=_INHERITS,
        )
        return Command([str(binary), "version", "--output", "json"], env=_QUIET, then=database)

    def read_version(self, output: str) -> Installation | None:
        program, database = _two_answers(output)
        version = program.get("version")
        if program.get("application") != "grype" or not isinstance(version, str):
            return None
        built = database.get("built")
        date = built if isinstance(built, str) and database.get("valid") is not False else ""
        return Installation(Path(), version.strip("[]"), re.sub(r"\.\d+", "", date))


def _two_answers(output: str) -> tuple[dict[str, object], dict[str, object]]:
    """The objects that stand one behind the other, {} for each that is none."""
    answers: list[dict[str, object]] = []
    rest = output.strip()
    while rest and len(answers) < 2:
        try:
            answer, end = json.JSONDecoder().raw_decode(rest)
        except (ValueError, RecursionError):
            break
        answers.append(answer if isinstance(answer, dict) else {})
        rest = rest[end:].strip()
    first, second = [*answers, {}, {}][:2]
    return first, second


def _source(target: Target, workspace: Path) -> str:
    """The target with the scheme that says how to read it: Grype's own guess may be another."""
    path = target.path
    if path is None:
        return target.reference
    if target.kind is AssetKind.SBOM:
        return f"sbom:{path}"
    if target.kind is AssetKind.IMAGE:
        if path.is_dir():
            return f"oci-dir:{path}"
        archive = plain_archive(path, workspace)
        return f"{layout_of(archive)}-archive:{archive}"
    return f"dir:{path}" if path.is_dir() else f"file:{path}"


SCANNER = Grype()
