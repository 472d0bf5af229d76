"""Where scanners are: in Vigie's own environments first, then on the path."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vigie.ports.scanners import Recipe, Scanner
from vigie.sources.data_folder import data_folder

CURRENT = "current"  # the link, in a scanner's folder, to the environment in use


@dataclass(frozen=True, slots=True)
class Located:
    """A program that exists. `own` when Vigie installed it."""

    binary: Path
    own: bool


def scanners_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where Vigie keeps scanners: a folder of their own in its data folder."""
    return data_folder(environment) / "scanners"


def locate(scanner: Scanner, folder: Path | None = None) -> Located | None:
    """The program of this scanner, or None when it is nowhere."""
    if not scanner.needs.binary:
        return Located(Path(sys.executable), own=True)  # part of Vigie itself
    folder = scanners_folder() if folder is None else folder
    if scanner.recipe is not None:
        environment = folder / scanner.name / CURRENT
        if environment.is_dir():
            # Resolved, so that an installation in the meantime does not change it underfoot.
            program = environment.resolve() / binary_inside(scanner.recipe, scanner.needs.binary)
            if os.access(program, os.X_OK) and program.is_file():
                return Located(program, own=True)
    found = shutil.which(scanner.needs.binary)
    return Located(Path(found).absolute(), own=False) if found else None


def binary_inside(recipe: Recipe, binary: str) -> Path:
    """The program's place inside an environment made by this recipe."""
    if recipe.binary:
        return Path(recipe.binary)
    return Path("node_modules/.bin" if recipe.registry == "npm" else "bin") / binary
