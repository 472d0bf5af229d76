"""What every editor does with its upgrades: find those of a package, and say what came of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vigie.model.text import Text
from vigie.ports.patches import Edit, Left, Upgrade

_NAME = re.compile(r"(?!-)[@\w][\w.+~:/@-]{0,213}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!~:_-]{0,99}")


@dataclass(slots=True)
class Tally:
    """The upgrades that one file was asked for: done, left with the reason, or not about it."""

    done: dict[Upgrade, None] = field(default_factory=dict)
    left: dict[Upgrade, Text] = field(default_factory=dict)
    notes: list[Text] = field(default_factory=list)

    def leave(self, upgrade: Upgrade, reason: Text) -> None:
        """Say why not; a later success in the same file outweighs it."""
        self.left.setdefault(upgrade, reason)

    def edit(self, path: str, before: str, after: str, renew: str = "") -> Edit:
        """The edit that all this amounts to."""
        left = tuple(Left(u, why) for u, why in self.left.items() if u not in self.done)
        return Edit(path, before, after, tuple(self.done), left, renew if self.done else "",
                    tuple(self.notes))  # fmt: skip

    @property
    def speaks(self) -> bool:
        """True when the file has to do with any of them."""
        return bool(self.done or self.left)


def sound(upgrades: Iterable[Upgrade]) -> list[Upgrade]:
    """The upgrades whose names and versions are such: both come out of reports of others, go
    into files and into commands that a person copies."""
    return [u for u in upgrades if _NAME.fullmatch(u.name) and _VERSION.fullmatch(u.version)
            and (not u.installed or _VERSION.fullmatch(u.installed))]  # fmt: skip


def by_name(
    upgrades: Iterable[Upgrade], normal: Callable[[str], str] = str
) -> dict[str, list[Upgrade]]:
    """The sound upgrades by the normalised name of their package."""
    found: dict[str, list[Upgrade]] = {}
    for upgrade in sound(upgrades):
        found.setdefault(normal(upgrade.name), []).append(upgrade)
    return found


def folder_of(path: str) -> str:
    """The folder of a path with a "/" behind it, "" for the root."""
    head, slash, _ = path.rpartition("/")
    return head + slash
