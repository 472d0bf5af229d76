"""Lock files beside the manifests that are edited: renewed, or the manifest stays as it was."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from vigie.model.text import T, Text
from vigie.ports.patches import Edit, Left, PatchEditor, Upgrade
from vigie.services.fixing.folder import Folder
from vigie.sources.registries.locks.renewing import Renewer, Work

_MOST_SINGLY = 8


class _ConflictError(Exception):
    """The tool of a lock says that what is asked for does not fit together."""

    def __init__(self, why: Text) -> None:
        self.why = why


@dataclass(slots=True)
class Locks:
    """The locks of a folder. `paths` are its manifests; `keep` takes the edit of a lock, `note`
    what a person shall know. `brought` are the manifests whose lock holds what they ask for."""

    folder: Folder
    renewers: Mapping[str, Sequence[Renewer]]
    paths: frozenset[str]
    keep: Callable[[Edit], None]
    note: Callable[[Text], None]
    brought: set[str] = field(default_factory=set)

    def renewed(self, editor: PatchEditor, edit: Edit, upgrades: Sequence[Upgrade]) -> Edit:
        """The edit with its lock brought up to date, when the tool for it is here.

        What the tool refuses is left out of the manifest as well: it must not ask for what the
        lock cannot have.
        """
        renewer, lock = self._renewer(edit.path)
        if not edit.renew or renewer is None:
            return edit
        one = _One(self, editor, renewer, lock)
        try:
            return one.raised(edit, upgrades)
        except _ConflictError as conflict:
            return one.what_fits(edit, upgrades, conflict.why)

    def _renewer(self, manifest: str) -> tuple[Renewer | None, str]:
        home, _, name = manifest.rpartition("/")
        for renewer in self.renewers.get(name, ()):
            lock = posixpath.join(home, renewer.lock)
            if self.folder.original(lock) is not None:
                return renewer, lock
        return None, ""

    def manifests(self, path: str) -> dict[str, str]:
        """Every manifest of that name in the target: a workspace's members, and local paths."""
        name = path.rpartition("/")[2]
        found = {p: self.folder.read(p) for p in self.paths if p.rpartition("/")[2] == name}
        return {p: text for p, text in found.items() if text is not None}


@dataclass(frozen=True, slots=True)
class _One:
    """One manifest with its lock and the tool for it."""

    locks: Locks
    editor: PatchEditor
    renewer: Renewer
    lock: str

    def raised(self, edit: Edit, upgrades: Sequence[Upgrade]) -> Edit:
        """The edit once the lock has it. Raises _ConflictError."""
        asked = [u for u in edit.done if u in upgrades]
        first = self._renew(edit, asked)
        missed = [one.upgrade for one in first.left if one.upgrade in asked]
        if not missed or not first.after or first.renew:
            return first
        # The ranges of others leave it out: once more, with an override.
        forced = {u: replace(u, forced=True) for u in missed}
        second = self._edited(edit.path, [forced.get(u, u) for u in upgrades])
        if second is not None and any(u in second.done for u in forced.values()):
            back = {new: old for old, new in forced.items()}
            try:
                first = self._renew(second, list(second.done), back)
            except _ConflictError as conflict:
                self.locks.note(conflict.why)
                return self._without(first, missed, upgrades, {})
            still = [u for u in missed if any(one.upgrade == u for one in first.left)]
            return self._without(first, still, upgrades, forced) if still else first
        return self._without(first, missed, upgrades, {})

    def _without(
        self,
        edit: Edit,
        missed: Sequence[Upgrade],
        upgrades: Sequence[Upgrade],
        forced: Mapping[Upgrade, Upgrade],
    ) -> Edit:
        """The manifest does not ask for what its lock could not be given."""
        kept = [forced.get(u, u) for u in upgrades if u not in missed]
        smaller = self._edited(edit.path, kept)
        if smaller is None:
            return replace(edit, after=edit.before)
        if smaller.after == edit.after:
            return edit
        left = [one for one in edit.left if one.upgrade in missed]
        back = {new: old for old, new in forced.items()}
        again = self._renew(smaller, list(smaller.done), back)
        return replace(again, left=(*again.left, *left))

    def what_fits(self, edit: Edit, upgrades: Sequence[Upgrade], why: Text) -> Edit:
        """As many of the upgrades as the tool accepts, tried one after the other."""
        asked = [u for u in edit.done if u in upgrades]
        refused: dict[Upgrade, Text] = dict.fromkeys(asked, why)
        best: Edit | None = None
        for upgrade in asked[:_MOST_SINGLY] if len(asked) > 1 else ():
            tried = [u for u in asked if u not in refused or u == upgrade]
            smaller = self._edited(edit.path, tried)
            if smaller is None:
                continue
            try:
                best = self.raised(smaller, tried)
                del refused[upgrade]
            except _ConflictError as conflict:
                refused[upgrade] = conflict.why
        found = best or replace(edit, after=edit.before, done=(), renew="")
        return replace(found, left=(*found.left, *_left(refused)))

    def _edited(self, path: str, upgrades: Sequence[Upgrade]) -> Edit | None:
        edits = self.editor.edit(path, self.locks.folder.read, upgrades)
        return next((one for one in edits if one.path == path), None)

    def _renew(
        self,
        edit: Edit,
        asked: Sequence[Upgrade],
        back: Mapping[Upgrade, Upgrade] = MappingProxyType({}),
    ) -> Edit:
        """The edit once its lock is renewed; `back` maps forced upgrades to what they were."""
        locks = self.locks
        text = locks.folder.original(self.lock) or ""
        files = {**locks.manifests(edit.path), edit.path: edit.after, self.lock: text}
        renewal = self.renewer.renew(Work(edit.path, self.lock, files, edit.before, asked))
        if renewal.failed is not None:
            if renewal.conflict:
                raise _ConflictError(renewal.failed)
            locks.note(renewal.failed)
            return replace(
                edit, done=tuple(back.get(u, u) for u in edit.done), left=_back(edit.left, back)
            )
        why = renewal.reason or T("another package asks for an older version of it")
        left = _back((*edit.left, *(Left(upgrade, why) for upgrade in renewal.missed)), back)
        done = tuple(back.get(u, u) for u in edit.done if u not in renewal.missed)
        for path, now in renewal.files.items():
            if path == edit.path:
                edit = replace(edit, after=now)
            else:
                locks.keep(Edit(path, locks.folder.original(path) or "", now, done))
        locks.brought.add(edit.path)
        return replace(edit, renew="", left=left, done=done)


def _left(refused: Mapping[Upgrade, Text]) -> Iterable[Left]:
    return (Left(upgrade, why) for upgrade, why in refused.items())


def _back(left: Iterable[Left], back: Mapping[Upgrade, Upgrade]) -> tuple[Left, ...]:
    return tuple(replace(one, upgrade=back.get(one.upgrade, one.upgrade)) for one in left)
