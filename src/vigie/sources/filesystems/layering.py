"""Puts one layer on the tree of those below it.

Source: OCI image specification, "Image Layer Filesystem Changeset" (layer.md). Where it leaves
a choice: the way to an entry goes through symbolic links (as containerd does), and a whiteout
counts for the layers below wherever it stands among its layer's entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.sources.filesystems.headers import Header, Kind
from vigie.sources.filesystems.tree import (
    File,
    Folder,
    Link,
    Node,
    Opaque,
    TooManyLinks,
    look_up,
    make_folder,
)

_WHITEOUT = ".wh."
_META = ".wh..wh."  # what AUFS kept for itself
_OPAQUE = ".wh..wh..opq"
_LINKS = ".wh..wh.plnk"  # where AUFS kept the files that hard links name
_LONGEST_NAME = 4096
_NOTHING = Opaque()


@dataclass(slots=True)
class Oddities:
    """Entries that are not as they should be, counted by what is odd about them."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, name: str) -> None:
        """One more of this kind; the first one's name is kept, cut to what a line can hold."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.examples.setdefault(kind, name[:200])

    def problems(self, layer: str) -> list[Problem]:
        """One problem for each kind; `layer` says where."""
        return [
            Problem(_CODES.get(kind, ProblemCode.RECORD), self._text(kind), layer)
            for kind in self.counts
        ]

    def _text(self, kind: str) -> Text:
        template, plural = _TEXTS[kind].template, _TEXTS[kind].plural
        return Text(template, {"count": self.counts[kind], "name": self.examples[kind]}, plural)


_CODES = dict.fromkeys(("absolute", "twice"), ProblemCode.NOTE)
_TEXTS = {
    "absolute": T(
        "a name in the layer starts at the root and was taken as inside it: {name}",
        "{count} names in the layer start at the root and were taken as inside it, such as {name}",
    ),
    "twice": T(
        "the layer names {name} twice; the last one counts",
        "the layer names {count} files twice, such as {name}; the last one counts",
    ),
    "escape": T(
        "a name in the layer leads out of the image and was left out: {name}",
        "{count} names in the layer lead out of the image and were left out, such as {name}",
    ),
    "long": T(
        "a name in the layer is longer than any system takes and was left out: {name}…",
        "{count} names in the layer are longer than any system takes and were left out, "
        "such as {name}…",
    ),
    "dangling": T(
        "a hard link in the layer leads to nothing: {name}",
        "{count} hard links in the layer lead to nothing, such as {name}",
    ),
    "circle": T(
        "a name in the layer goes through links in a circle and was left out: {name}",
        "{count} names in the layer go through links in a circle and were left out, such as {name}",
    ),
    "sparse": T(
        "a file with holes was not read: {name}",
        "{count} files with holes were not read, such as {name}",
    ),
    "unknown": T(
        "an entry of an unknown type was left out: {name}",
        "{count} entries of an unknown type were left out, such as {name}",
    ),
}


class _Change(NamedTuple):
    parent: str
    name: str
    header: Header


class Layering:
    """The tree so far. `put` adds the next layer."""

    def __init__(self) -> None:
        self.root = Folder()

    def put(self, layer: int, headers: Iterable[Header]) -> Oddities:
        """Apply a layer's entries under its number. Says which of them were odd."""
        odd = Oddities()
        changes, whiteouts = _sorted_out(headers, odd)
        # A hard link may name a file below that this very layer takes away or replaces.
        below = self._link_targets(changes)
        named = {f"{c.parent}/{c.name}".strip("/") for c in changes} if whiteouts else set()
        for whiteout in whiteouts:
            self._take_away(whiteout, named)
        _Additions(self.root, layer, below, odd).add(changes)
        return odd

    def _link_targets(self, changes: list[_Change]) -> dict[str, Node]:
        found = {
            c.header.link: look_up(self.root, c.header.link, follow=False)
            for c in changes
            if c.header.kind is Kind.HARDLINK
        }
        return {name: target.node for name, target in found.items() if target is not None}

    def _take_away(self, whiteout: _Change, named: set[str]) -> None:
        place = look_up(self.root, whiteout.parent)
        if place is None or not isinstance(place.node, Folder):
            return
        if place.path != whiteout.parent and self._replaces_a_link(whiteout.parent, named):
            return
        if whiteout.name == _OPAQUE:
            place.node.names.clear()
        else:
            place.node.names.pop(whiteout.name.removeprefix(_WHITEOUT), None)

    def _replaces_a_link(self, path: str, named: set[str]) -> bool:
        """True when the layer puts something of its own where a link on this way was."""
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            above = "/".join(parts[:end])
            found = look_up(self.root, above, follow=False)
            if found is not None and isinstance(found.node, Link) and above in named:
                return True
        return False


class _Additions:
    """What a layer adds, put into the tree entry after entry."""

    def __init__(self, root: Folder, layer: int, below: dict[str, Node], odd: Oddities) -> None:
        self.root = root
        self.layer = layer
        self.below = below
        self.odd = odd
        self.kept: dict[str, Node] = {}  # the files AUFS kept for hard links

    def add(self, changes: list[_Change]) -> None:
        last, folder = "", self.root
        for change in changes:
            if change.parent.startswith(_LINKS):
                self.kept[f"{change.parent}/{change.name}"] = self._node(change) or _NOTHING
                continue
            try:
                # Entries mostly follow others of the same folder; putting one into a folder
                # can take nothing away but what is in that folder.
                if change.parent != last:
                    folder, last = make_folder(self.root, change.parent), change.parent
            except TooManyLinks:
                self.odd.add("circle", change.header.name)
                continue
            self._put(folder, change)

    def _put(self, folder: Folder, change: _Change) -> None:
        there = folder.names.get(change.name)
        if change.header.kind is Kind.FOLDER:
            if not isinstance(there, Folder):
                folder.names[change.name] = Folder()
            return
        node = self._node(change)
        if node is None:
            return
        if isinstance(there, File) and there.layer == self.layer and there is not node:
            self.odd.add("twice", change.header.name)
        folder.names[change.name] = node

    def _node(self, change: _Change) -> Node | None:
        header = change.header
        if header.kind is Kind.FILE:
            return File(self.layer, header.offset, header.size, header.mode)
        if header.kind is Kind.SYMLINK:
            return Link(header.link[:_LONGEST_NAME])
        if header.kind is Kind.HARDLINK:
            return self._linked(header)
        if header.kind is Kind.SPARSE:
            self.odd.add("sparse", header.name)
        if header.kind is Kind.OTHER:
            self.odd.add("unknown", header.name)
            return None
        return _NOTHING

    def _linked(self, header: Header) -> Node | None:
        name = header.link.strip("/").removeprefix("./")
        if name.startswith(_LINKS) and name in self.kept:
            return self.kept[name]
        found = look_up(self.root, header.link, follow=False)
        node = found.node if found is not None else self.below.get(header.link)
        if node is None or isinstance(node, Folder):
            self.odd.add("dangling", header.name)
            return None
        return node


def _sorted_out(headers: Iterable[Header], odd: Oddities) -> tuple[list[_Change], list[_Change]]:
    """What is added and what is taken away; entries that no folder can hold are left out."""
    changes: list[_Change] = []
    whiteouts: list[_Change] = []
    for header in headers:
        change = _change(header, odd)
        if change is None:
            continue
        if change.parent.startswith(_META) and not change.parent.startswith(_LINKS):
            continue
        if not change.name.startswith(_WHITEOUT):
            changes.append(change)
        elif change.name == _OPAQUE or not change.name.startswith(_META):
            if change.name.removeprefix(_WHITEOUT) in ("", ".", ".."):
                odd.add("escape", header.name)
            else:
                whiteouts.append(change)
    return changes, whiteouts


def _change(header: Header, odd: Oddities) -> _Change | None:
    name = header.name
    if len(name) > _LONGEST_NAME:
        odd.add("long", name)
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts:
        return None  # the root itself
    if ".." in parts:
        odd.add("escape", name)
        return None
    if name.startswith("/"):
        odd.add("absolute", name)
    return _Change("/".join(parts[:-1]), parts[-1], header)
