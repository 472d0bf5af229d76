"""Where scanners are: in Vigie's own environments, on the path, or behind an address."""

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
    """A program that exists. `own` when Vigie installed it.

    `service` is the address of the server it asks, "" when it asks none. For people.
    """

    binary: Path
    own: bool
    service: str = ""


def scanners_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where Vigie keeps scanners: a folder of their own in its data folder."""
    return data_folder(environment) / "scanners"


def service_address(name: str, setting: str, settings: Mapping[str, str]) -> str:
    """The address of the server that a scanner asks; "" when nobody gave one.

    From its settings, else from a variable of its name: CLAIR_URL.
    """
    return settings.get(setting) or os.environ.get(f"{name}_{setting}".upper(), "")


def locate(
    scanner: Scanner, folder: Path | None = None, settings: Mapping[str, str] | None = None
) -> Located | None:
    """The program of this scanner, or None when it is nowhere.

    One that asks a server is here when `settings`, the scanner's own, say where that is.
    """
    if setting := scanner.needs.service:
        address = service_address(scanner.name, setting, settings or {})
        # Whoever looks at a list of scanners need not see a password.
        shown = address.rpartition("@")[2]
        return Located(Path(sys.executable), own=True, service=shown) if address else None
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
