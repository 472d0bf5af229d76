"""Installs scanners, each into an environment of its own, with pinned packages.

A scanner's folder holds its environments and a link `current` to the one in use. A new one is
built beside the old one and takes its place in one rename once the program in it has run, so a
broken installation never replaces a good one. (The environment itself cannot be renamed: the
programs in a virtual environment carry its path.)
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.ports.scanners import Installation, Recipe, Scanner
from vigie.sources.scanners.locate import CURRENT, binary_inside, scanners_folder
from vigie.sources.scanners.registries import Tell, fill
from vigie.sources.scanners.version import read_installation


def install(
    scanner: Scanner,
    tell: Tell,
    folder: Path | None = None,
    *,
    stop: threading.Event | None = None,
) -> Installation:
    """Install one scanner, or replace its environment by a new one.

    `tell` is told each step. Raises UserError when it has no recipe or a program is missing,
    SourceError when the registry or the installed program fails; then all stays as it was.
    """
    recipe = scanner.recipe
    if recipe is None:
        raise UserError(
            T("{label} cannot be installed by Vigie", label=scanner.label), scanner.advice
        )
    home = (scanners_folder() if folder is None else folder) / scanner.name
    with (
        _alone(home, scanner),
        _workspace() as workspace,
        _half_built(home, recipe) as environment,
    ):
        fill(scanner, recipe, environment, workspace, tell, stop)
        installed = _try_out(scanner, recipe, environment, workspace, tell)
        _switch(home, environment)
    return installed


@contextlib.contextmanager
def _half_built(home: Path, recipe: Recipe) -> Iterator[Path]:
    """A folder for the new environment, which is gone again unless it came into use."""
    environment = Path(tempfile.mkdtemp(prefix=f"{_stamp(recipe)}-", dir=home))
    try:
        yield environment
    finally:
        # Also on Ctrl-C.
        if (home / CURRENT).resolve() != environment.resolve():
            shutil.rmtree(environment, ignore_errors=True)


def _stamp(recipe: Recipe) -> str:
    name = recipe.pins[0].lstrip("@").replace("/", "-")
    return "".join(c if c.isalnum() or c in ".-_" else "-" for c in name)


@contextlib.contextmanager
def _alone(home: Path, scanner: Scanner) -> Iterator[None]:
    """Keep a second installation of the same scanner out."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = os.open(home / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(
            T("{folder} cannot be written: {why}", folder=str(home), why=error.strerror or ""),
            T("Set VIGIE_DATA to a folder that you may write to."),
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(
            T("{label} is being installed by another process", label=scanner.label),
            T("Wait until it is done."),
        ) from None
    else:
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def _workspace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vigie-install-") as name:
        yield Path(name)


def _try_out(
    scanner: Scanner, recipe: Recipe, environment: Path, workspace: Path, tell: Tell
) -> Installation:
    tell(T("tries it out"))
    binary = environment / binary_inside(recipe, scanner.needs.binary)
    found = read_installation(scanner, binary, workspace) if binary.is_file() else None
    if found is None:
        raise SourceError(
            T("{label} was installed but does not run", label=scanner.label),
            T("Its packages may not suit this system; {advice}", advice=scanner.advice),
        )
    return found


def _switch(home: Path, environment: Path) -> None:
    """Make the new environment the current one in one step, then remove the others."""
    link = home / f".{environment.name}.link"
    link.symlink_to(environment.name)
    link.replace(home / CURRENT)
    for other in home.iterdir():
        if other.is_dir() and not other.is_symlink() and other != environment:
            shutil.rmtree(other, ignore_errors=True)
