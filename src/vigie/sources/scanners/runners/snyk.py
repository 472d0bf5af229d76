"""Snyk: vulnerabilities and licences of packages, in code and images. snyk/cli, Apache-2.0.

It needs an account. For some ecosystems it runs the target's own build tool (Gradle, pip,
Go…), which is how Snyk works and cannot be helped from here. Vigie does not install it: its
npm package fetches the program itself from Snyk while it is installed.

Exit codes: 0 and 1 as usual, 2 for a failure, 3 when there is no project to look at.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Target
from vigie.sources.scanners.archives import layout_of, plain_archive
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import folder_of, own_settings, scope_of

_OWN = (".snyk",)
_TOKENS = ("SNYK_TOKEN", "SNYK_OAUTH_TOKEN", "SNYK_CFG_API")
_KEPT = ("api", "INTERNAL_OAUTH_TOKEN_STORAGE")  # what `snyk auth` writes
_INHERITS = (*_TOKENS, "SNYK_*", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CERT_PATH",
             "DOCKER_TLS_VERIFY", "JAVA_HOME", "GRADLE_USER_HOME", "GOPATH", "GOPROXY",
             "GOFLAGS", "PIP_*", "npm_config_*", "NPM_CONFIG_*")  # fmt: skip


class Snyk(CodeScanner):
    name = "snyk"
    label = "Snyk"
    format = "snyk"
    needs = Needs(binary="snyk")
    advice = T("npm install --global snyk, then snyk auth")
    version_pattern = r"^(\d+\.\d+\.\d+\S*)"

    def handles(self, target: Target) -> bool:
        if target.kind is AssetKind.IMAGE:
            return target.path is None or target.path.is_file()
        return super().handles(target)

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        if not conditions.offline and not _has_account():
            raise UserError(
                T("Snyk has no account to ask with"),
                T("Set SNYK_TOKEN, or run snyk auth once."),
            )
        report = workspace / "report.json"
        words = (
            _of_image(target, workspace)
            if target.kind is AssetKind.IMAGE
            else _of_folder(target, conditions.excluded)
        )
        in_code = target.kind is AssetKind.REPOSITORY
        return Command(
            [str(binary), *words, f"--json-file-output={report}"],
            report=report,
            nothing=frozenset({3}),
            env={"SNYK_DISABLE_ANALYTICS": "1", "NO_UPDATE_NOTIFIER": "1"},
            cwd=folder_of(target) if in_code else None,
            inherits=_INHERITS,
            problems=own_settings(target, self.label, *_OWN) if in_code else (),
            left_out=r"potential projects? failed|[Ff]ailed to (?:get|resolve) dependencies",
            network=True,
        )


def _of_image(target: Target, workspace: Path) -> list[str]:
    if target.path is None:
        return ["container", "test", target.reference]
    archive = plain_archive(target.path, workspace)
    return ["container", "test", f"{layout_of(archive)}-archive:{archive}"]


def _of_folder(target: Target, excluded: tuple[str, ...]) -> list[str]:
    if target.path is not None and not target.path.is_dir():
        return ["test", f"--file={scope_of(target)}"]
    left_out = [f"--exclude={','.join(excluded)}"] if excluded else []
    return ["test", scope_of(target), "--all-projects", *left_out]


def _has_account() -> bool:
    """True when a token is at hand, in the environment or where `snyk auth` puts it."""
    if any(os.environ.get(name) for name in _TOKENS):
        return True
    folder = os.environ.get("XDG_CONFIG_HOME") or ""
    usual = Path(folder) if folder.startswith(os.sep) else Path.home() / ".config"
    try:
        kept = json.loads((usual / "configstore" / "snyk.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(kept, dict) and any(kept.get(name) for name in _KEPT)


SCANNER = Snyk()
