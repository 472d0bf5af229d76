"""What every renewer of a lock file is given, and what it gives back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from vigie.model.text import Text
from vigie.ports.patches import Upgrade


@dataclass(frozen=True, slots=True)
class Work:
    """A manifest and its lock, to be brought together.

    `files` are the target's manifests of this kind and the lock, by their path from its root, as
    they shall be (the manifest edited, the lock not); `before` is the manifest as it was.
    `manifest` and `lock` are keys of it.
    """

    manifest: str
    lock: str
    files: Mapping[str, str]
    before: str
    upgrades: Sequence[Upgrade]

    @property
    def home(self) -> str:
        """The folder of the manifest, from the target's root."""
        return str(PurePosixPath(self.manifest).parent)


@dataclass(frozen=True, slots=True)
class Renewal:
    """`files` that are different now. `missed` are upgrades that the lock does not have, for the
    ranges of others leave them out; `failed` says why there is no renewal at all."""

    files: Mapping[str, str] = field(default_factory=dict)
    missed: tuple[Upgrade, ...] = ()
    failed: Text | None = None


class Renewer(Protocol):
    """Renews one kind of lock file with its own tool."""

    lock: str
    program: str

    def renew(self, work: Work, /) -> Renewal:
        """Never raises for what the tool says; that is `failed`."""


@contextmanager
def copied(files: Mapping[str, str]) -> Iterator[Path]:
    """A temporary folder with these files and nothing else. Paths that lead out are left out."""
    with tempfile.TemporaryDirectory(prefix="vigie-fix-") as folder:
        for path, text in files.items():
            pure = PurePosixPath(path)
            if pure.is_absolute() or ".." in pure.parts or "\x00" in path:
                continue
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8", "surrogateescape"))
        yield Path(folder)


def text_of(path: Path) -> str:
    """What a tool wrote, line endings as they are; "" when it wrote nothing."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def last_words(*said: str) -> str:
    """The last line that says something, for a reason that a person reads."""
    lines = [line.strip() for text in said for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
