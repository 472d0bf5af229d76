"""The seam for patches: how an upgrade is written into a manifest, a lock file or a Dockerfile.

A built-in patch is a module in `vigie/outlets/patches/editors/` that holds one object named
`EDITOR`; a third party registers the same object under the entry point group
`vigie.patches`. An editor works on texts: it reads and writes no file itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from vigie.model.text import Text

Reader = Callable[[str], str | None]
"""The text of a file of the target by its path, None when there is none or it is no text."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One package to raise. `type` is a purl type, `name` as its ecosystem writes it.

    `installed` is the version there is now, `version` the one to go to. `paths` are the files
    of the target that say so. `direct` is None when unknown. `hashes` are those of the new
    version's files ("sha256:<hex>"), as far as a registry was asked. `forced` is True once it is
    known that the ranges of other packages leave the version out, so that an override is needed.
    """

    type: str
    name: str
    installed: str
    version: str
    paths: tuple[str, ...] = ()
    direct: bool | None = None
    hashes: tuple[str, ...] = ()
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """An upgrade that this file could not be given, and why."""

    upgrade: Upgrade
    reason: Text


@dataclass(frozen=True, slots=True)
class Edit:
    """A file before and after. `done` are the upgrades it brings, `left` those it cannot.

    `renew` is the command a person runs to bring a lock file up to date with the manifest
    ("npm install --package-lock-only"), "" when nothing is to be done; until then what is
    `done` holds only in the manifest. Where the lock file alone has to change, `after` is `before`.
    An upgrade that the file has already is done, too.
    """

    path: str
    before: str
    after: str
    done: tuple[Upgrade, ...] = ()
    left: tuple[Left, ...] = ()
    renew: str = ""
    notes: tuple[Text, ...] = field(default=())


class PatchEditor(Protocol):
    """Knows one kind of file. `patterns` as in `PackageReader.patterns`.

    One that has `hardens` (True) is asked about every such file, also without upgrades.
    """

    name: str
    label: str
    types: frozenset[str]
    patterns: Sequence[str]

    def edit(self, path: str, read: Reader, upgrades: Sequence[Upgrade], /) -> Iterable[Edit]:
        """The edits of the file at `path`, and of files that belong to it (a lock beside its
        manifest). Changes only what must change: comments, markers, order and line endings stay.

        Raises UserError when the file cannot be understood; then it is not touched.
        """
