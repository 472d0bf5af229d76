"""The file system that the layers of an image make together, as a tree in memory.

Names are keys of dictionaries here and never paths on disk, so none of them can lead anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_MOST_LINKS = 40  # on one way, as in Linux


class Folder:
    """A folder: what is in it by name."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        self.names: dict[str, Node] = {}


class File:
    """A regular file: `size` bytes at `offset` of the layer with this number."""

    __slots__ = ("layer", "mode", "offset", "size")

    def __init__(self, layer: int, offset: int, size: int, mode: int) -> None:
        self.layer = layer
        self.offset = offset
        self.size = size
        self.mode = mode


class Link:
    """A symbolic link."""

    __slots__ = ("target",)

    def __init__(self, target: str) -> None:
        self.target = target


class Opaque:
    """Something without content: a device, a pipe, a file that cannot be read."""

    __slots__ = ()


Node = Folder | File | Link | Opaque


@dataclass(frozen=True, slots=True)
class Found:
    """A node and its real path, "" for the root."""

    node: Node
    path: str


class TooManyLinks(Exception):  # noqa: N818 - says what it is about
    """A way that goes in circles."""


def look_up(root: Folder, path: str, *, follow: bool = True) -> Found | None:
    """What a process inside would find at `path`; `follow` False leaves a last link as it is.

    Links lead from the folder they are in, absolute ones from the root, and ".." never out of
    it. None when there is nothing, or only links in a circle.
    """
    trail: list[tuple[str, Folder]] = []
    folder, hops = root, 0
    todo = _steps(path)
    while todo:
        name = todo.pop()
        if name == "..":
            if trail:
                trail.pop()
            folder = trail[-1][1] if trail else root
            continue
        node = folder.names.get(name)
        if isinstance(node, Link) and (todo or follow):
            hops += 1
            if hops > _MOST_LINKS:
                return None
            if node.target.startswith("/"):
                trail.clear()
                folder = root
            todo += _steps(node.target)
        elif isinstance(node, Folder):
            trail.append((name, node))
            folder = node
        elif node is None or todo:
            return None
        else:
            return Found(node, _joined(trail, name))
    return Found(folder, _joined(trail))


def make_folder(root: Folder, path: str) -> Folder:
    """The folder at `path`, made with all above it where there is none.

    Links are followed, also to what is not there yet; anything else in the way is replaced.
    Raises TooManyLinks for links in a circle.
    """
    trail: list[Folder] = [root]
    hops = 0
    todo = _steps(path)
    while todo:
        name = todo.pop()
        if name == "..":
            if len(trail) > 1:
                trail.pop()
            continue
        node = trail[-1].names.get(name)
        if isinstance(node, Link):
            hops += 1
            if hops > _MOST_LINKS:
                raise TooManyLinks(path)
            if node.target.startswith("/"):
                del trail[1:]
            todo += _steps(node.target)
            continue
        if not isinstance(node, Folder):
            node = trail[-1].names[name] = Folder()
        trail.append(node)
    return trail[-1]


def files(root: Folder) -> Iterator[tuple[str, File]]:
    """Every regular file with its real path, names in order, depth first."""
    stack = [("", iter(sorted(root.names.items(), key=_first)))]
    while stack:
        prefix, names = stack[-1]
        for name, node in names:
            if isinstance(node, File):
                yield prefix + name, node
            elif isinstance(node, Folder):
                stack.append((f"{prefix}{name}/", iter(sorted(node.names.items(), key=_first))))
                break
        else:
            stack.pop()


def _first(item: tuple[str, Node]) -> str:
    return item[0]


def _steps(path: str) -> list[str]:
    """The names of a path, the next one last."""
    return [name for name in reversed(path.split("/")) if name not in ("", ".")]


def _joined(trail: list[tuple[str, Folder]], *last: str) -> str:
    return "/".join((*(name for name, _ in trail), *last))
