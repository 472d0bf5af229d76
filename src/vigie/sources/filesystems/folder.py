"""A folder, or the root of a machine, as a file system."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import Entry

_MOST_LINKS = 40  # on one way, as in Linux
_WIDEST = 300  # letters of a path in a sentence
_MOST_PROBLEMS = 100  # told one by one; the rest are counted


class FolderSystem:
    """The files below `path` as a process inside would see them that has it as its root.

    `skip` is asked for each folder by its path ("usr/share/doc") and True leaves it out.
    `one_device` keeps to the file system that the root is on, so "/proc" and mounts are left
    out. Names that are no UTF-8 stand as "caf\\xe9" and can be opened as they stand.
    Raises UserError when `path` is no folder that can be read.
    """

    def __init__(
        self,
        path: Path,
        *,
        skip: Callable[[str], bool] | None = None,
        one_device: bool = False,
    ) -> None:
        self._root = os.path.realpath(path)
        self._skip = skip or (lambda _path: False)
        self._problems: list[Problem] = []
        self._untold = 0
        self._odd_names: dict[str, str] = {}  # as shown -> as on disk, where they differ
        try:
            state = Path(self._root).stat()
            os.scandir(self._root).close()
        except OSError as error:
            raise UserError(
                T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
            ) from None
        self._device = state.st_dev if one_device else None

    @property
    def problems(self) -> Sequence[Problem]:
        if not self._untold:
            return tuple(self._problems)
        more = T(
            "one more folder could not be read",
            "{count} more folders could not be read",
            count=self._untold,
        )
        return (*self._problems, Problem(ProblemCode.RECORD, more))

    def entries(self) -> Iterator[Entry]:
        """Every regular file. What cannot be looked at is in `problems`."""
        self._problems.clear()
        self._untold = 0
        stack = [iter(self._list(""))]
        while stack:
            for entry in stack[-1]:
                if isinstance(entry, Entry):
                    yield entry
                else:
                    stack.append(iter(self._list(entry)))
                    break
            else:
                stack.pop()

    def find(self, path: str) -> Entry | None:
        """The file at `path`, links followed inside the root; None for what cannot be seen."""
        real = self._real(path)
        if real is None:
            return None
        try:
            state = os.lstat(self._on_disk(real))
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(state.st_mode):
            return None
        return Entry(self._shown(real), state.st_size, stat.S_IMODE(state.st_mode))

    def open(self, path: str) -> BinaryIO:
        """The content at `path`. Raises FileNotFoundError or another OSError."""
        real = self._real(path)
        if real is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(self._on_disk(real), flags | getattr(os, "O_CLOEXEC", 0))
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise FileNotFoundError(errno.ENOENT, "not a regular file", path)
        return os.fdopen(descriptor, "rb")

    def _on_disk(self, real: str) -> str:
        return f"{self._root.rstrip('/')}/{real}"

    def _list(self, folder: str) -> list[Entry | str]:
        """Files as entries and folders by their path on disk, in the order of their names."""
        shown = self._shown(folder)
        prefix = f"{folder}/" if folder else ""
        found: list[tuple[str, Entry | str]] = []
        try:
            with os.scandir(self._on_disk(folder)) as scan:
                for item in scan:
                    name = self._show(prefix, shown, item.name)
                    if item.is_dir(follow_symlinks=False):
                        if not self._left_out(item, name):
                            found.append((name, prefix + item.name))
                    elif item.is_file(follow_symlinks=False):
                        entry = self._entry(item, name)
                        if entry is not None:
                            found.append((name, entry))
        except OSError as error:
            self._tell(shown or ".", error)
        found.sort(key=lambda pair: pair[0])
        return [what for _, what in found]

    def _left_out(self, item: os.DirEntry[str], name: str) -> bool:
        if self._skip(name):
            return True
        if self._device is None:
            return False
        try:
            return item.stat(follow_symlinks=False).st_dev != self._device
        except OSError:
            return False  # listing it says why

    def _entry(self, item: os.DirEntry[str], name: str) -> Entry | None:
        try:
            state = item.stat(follow_symlinks=False)
        except FileNotFoundError:
            return None  # gone since it was listed
        except OSError as error:
            self._tell(name, error)
            return None
        return Entry(name, state.st_size, stat.S_IMODE(state.st_mode))

    def _tell(self, path: str, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            return  # a folder that went away meanwhile holds nothing
        if len(self._problems) >= _MOST_PROBLEMS:
            self._untold += 1
            return
        self._problems.append(
            Problem(
                ProblemCode.RECORD,
                T("{name} cannot be read: {error}", name=_short(path), error=error.strerror or ""),
                _short(path),
                T("Run it as a user who may read everything there.")
                if isinstance(error, PermissionError)
                else None,
            )
        )

    def _show(self, prefix: str, shown_folder: str, name: str) -> str:
        """How a name is shown; remembered when that is not how it stands on disk."""
        try:
            name.encode()
        except UnicodeEncodeError:
            clean = os.fsencode(name).decode("utf-8", "backslashreplace")
            shown = f"{shown_folder}/{clean}" if shown_folder else clean
            self._odd_names[shown] = prefix + name
            return shown
        shown = f"{shown_folder}/{name}" if shown_folder else name
        if len(shown) != len(prefix) + len(name):
            self._odd_names[shown] = prefix + name  # a folder above it has an odd name
        return shown

    def _shown(self, real: str) -> str:
        return os.fsencode(real).decode("utf-8", "backslashreplace")

    def _real(self, path: str) -> str | None:
        """The real path on disk of `path`, relative to the root; None when links go in circles
        or a part of the way is not there."""
        todo = _steps(self._odd_names.get(path.strip("/"), path))
        done: list[str] = []
        hops = 0
        while todo:
            name = todo.pop()
            if name == "..":
                if done:
                    done.pop()
                continue
            done.append(name)
            target = self._link(done)
            if target is None:
                continue
            hops += 1
            if hops > _MOST_LINKS:
                return None
            done.pop()
            if target.startswith("/"):
                done.clear()
            todo += _steps(target)
        return "/".join(done)

    def _link(self, parts: list[str]) -> str | None:
        try:
            return str(Path(self._on_disk("/".join(parts))).readlink())
        except (OSError, ValueError):
            return None


def _short(path: str) -> str:
    """A path without its middle when it is longer than anybody reads."""
    return path if len(path) <= _WIDEST else f"{path[: _WIDEST // 2]}…{path[-_WIDEST // 2 :]}"


def _steps(path: str) -> list[str]:
    """The names of a path, the next one last."""
    return [name for name in reversed(path.split("/")) if name not in ("", ".")]
