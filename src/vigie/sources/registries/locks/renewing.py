"""What every renewer of a lock file is given, and what it gives back."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from vigie.model.text import T, Text
from vigie.ports.patches import Upgrade

_LONGEST_REASON = 400
_CONFLICT = re.compile(
    r"ERESOLVE|EOVERRIDE|ETARGET|No solution found|version solving failed"
    r"|failed to select a version|requires \S+, not "
)
_PEER = re.compile(
    r"(?s)Found: (?P<found>[^\n]+).*?Could not resolve dependency:\s*(?P<wants>[^\n]+)"
)
_REASONS = (
    re.compile(r"(No matching version found for [^\n]*?)\.?(?:\n|$)"),
    re.compile(r"(?s)No solution found[^\n]*\n\s*(?:cause:|╰─▶)\s*(.+?)(?:\n\s*\n|\n\s*hint:|$)"),
    re.compile(r"(?s)(Because .*?version solving failed)"),
)


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
    ranges of others leave them out; `failed` says why there is no renewal at all, `conflict` that
    this is because what is asked for does not fit together, `reason` why some are missed, where
    the tool says it."""

    files: Mapping[str, str] = field(default_factory=dict)
    missed: tuple[Upgrade, ...] = ()
    failed: Text | None = None
    conflict: bool = False
    reason: Text | None = None


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


def failed(program: str, *said: str) -> Renewal:
    """No renewal, with the tool's own reason in one sentence."""
    conflict = any(_CONFLICT.search(text) for text in said)
    why = _reason(" ".join(said)) or last_words(*said)
    return Renewal(failed=T("{program} could not: {why}", program=program, why=why),
                   conflict=conflict)  # fmt: skip


def _reason(said: str) -> str:
    """What a tool says of a conflict, on one line; "" when it says none that is known."""
    peer = _PEER.search(said)
    if peer is not None:
        wants, found = peer["wants"].strip(), peer["found"].strip()
        return f"Could not resolve dependency: {wants}. Found: {found}"[:_LONGEST_REASON]
    said_so = next(filter(None, (one.search(said) for one in _REASONS)), None)
    return " ".join(said_so[1].split())[:_LONGEST_REASON] if said_so is not None else ""


def last_words(*said: str) -> str:
    """The last line that says something, for a reason that a person reads."""
    lines = [line.strip() for text in said for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
