"""What lies inside a target, as far as a runner must know to write its command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from vigie.model.assets import AssetKind
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.scanners import Target

# Folders that hold what others wrote or what tools made, not what the team wrote.
DEFAULT_EXCLUDED = (
    ".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", ".eggs", "site-packages",
    "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules",
    "bower_components", "vendor", ".terraform", ".gradle",
)  # fmt: skip

_MOST_FILES = 200_000


def find_files(
    target: Target, matches: Callable[[str], bool], excluded: tuple[str, ...] = ()
) -> Iterator[str]:
    """Files of the target whose name matches, relative to its folder, in a stable order.

    Links are not followed. For a target that is a file: its name if it matches.
    """
    if target.path is None:
        return
    if not target.path.is_dir():
        if matches(target.path.name):
            yield target.path.name
        return
    seen = 0
    for folder, folders, files in os.walk(target.path):
        folders[:] = sorted(name for name in folders if name not in excluded)
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                return
            file = Path(folder, name)
            if matches(name) and file.is_file() and not file.is_symlink():
                yield file.relative_to(target.path).as_posix()


def has_files(
    target: Target, matches: Callable[[str], bool], excluded: tuple[str, ...] = ()
) -> bool:
    """True when at least one file of the target matches."""
    return next(find_files(target, matches, excluded), None) is not None


def has_folder(target: Target, names: tuple[str, ...], excluded: tuple[str, ...] = ()) -> bool:
    """True when a folder of one of these names lies somewhere in the target."""
    if target.path is None:
        return False
    for _, folders, _ in os.walk(target.path):
        folders[:] = [name for name in folders if name not in excluded]
        if any(name in names for name in folders):
            return True
    return False


def may_hold_packages(target: Target) -> bool:
    """True for an image anywhere, and for a folder, a root file system or an SBOM on disk."""
    if target.kind is AssetKind.IMAGE:
        return True
    kinds = (AssetKind.REPOSITORY, AssetKind.HOST, AssetKind.SBOM)
    return target.kind in kinds and target.path is not None


def folder_of(target: Target) -> Path:
    """The folder that paths in the reports are relative to. The target must have a path."""
    if target.path is None:
        raise ValueError("a target without a path has no folder")
    return target.path if target.path.is_dir() else target.path.parent


def scope_of(target: Target) -> str:
    """The target as seen from `folder_of`: never begins with a dash."""
    if target.path is None or target.path.is_dir():
        return "."
    return f"./{target.path.name}"


def own_settings(target: Target, label: str, *names: str) -> tuple[Problem, ...]:
    """A note for each of these files that the target brings: the tool will follow it."""
    return tuple(
        Problem(
            ProblemCode.NOTE,
            T("{label} followed {file} of the target, which may leave findings out",
              label=label, file=name),
            where=name,
        )
        for name in names
        if (folder_of(target) / name).is_file()
    )  # fmt: skip
