"""The target's folder as editors see it: which files they want, and their texts."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.patterns import Patterns
from vigie.model.text import T
from vigie.ports.patches import PatchEditor

_LARGEST = 64 * 1024**2
_MOST_FILES = 200_000
_MOST_WANTED = 5_000


@dataclass(slots=True)
class Folder:
    """A folder whose files are read once and seen as the edits so far have left them.

    `root` is real; nothing outside of it is read.
    """

    root: Path
    changed: dict[str, str] = field(default_factory=dict)
    _read: dict[str, str | None] = field(default_factory=dict)

    def read(self, path: str) -> str | None:
        """The text as it shall be: edited, else as it lies there; None for none."""
        return self.changed.get(path, self.original(path))

    def original(self, path: str) -> str | None:
        """The text as it lies there, line endings and all; None when it is no UTF-8 text."""
        if path not in self._read:
            self._read[path] = _text(self.root, path)
        return self._read[path]


def open_folder(path: Path) -> Folder:
    """The folder at a path, or the one that a file lies in. Raises UserError."""
    real = path.resolve()
    if real.is_file():
        real = real.parent
    if not real.is_dir():
        raise UserError(
            T("{path} is no folder", path=str(path)),
            T("Give the folder that was scanned: --in FOLDER."),
        )
    return Folder(real)


def _text(root: Path, path: str) -> str | None:
    place = root / path
    try:
        if not place.resolve().is_relative_to(root) or not place.is_file():
            return None
        with place.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, ValueError):
        return None
    if len(data) > _LARGEST:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def wanted_files(
    folder: Folder, editors: Mapping[str, PatchEditor], excluded: Sequence[str]
) -> dict[str, list[str]]:
    """For each editor the files it knows, in a stable order; links are not followed."""
    patterns = Patterns((name, editor.patterns) for name, editor in editors.items())
    found: dict[str, list[str]] = {name: [] for name in editors}
    for path in _walked(folder.root, frozenset(excluded)):
        for name in patterns.owners(path):
            if len(found[name]) < _MOST_WANTED:
                found[name].append(path)
    return found


def _walked(root: Path, excluded: frozenset[str]) -> Iterator[str]:
    seen = 0
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in excluded)
        for name in sorted(files):
            seen += 1
            if seen > _MOST_FILES:
                raise UserError(
                    T(
                        "{target} holds more than {limit} files",
                        target=str(root),
                        limit=_MOST_FILES,
                    ),
                    T("Give a smaller folder, or leave some out: exclude in the settings."),
                )
            yield Path(place, name).relative_to(root).as_posix()
