"""Layers applied the plain way: a dictionary from paths to what is there, all in strings.

The independent check of `vigie.sources.filesystems`: slow, without trees, offsets or headers.
"""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from dataclasses import dataclass

from tests.plugs.image_samples import Item

Folder = "folder"


@dataclass(frozen=True)
class Symlink:
    target: str


class Other:
    """A device or a pipe."""


There = bytes | Symlink | Other | str
State = dict[str, There]  # bytes are a file's content, the string "folder" a folder


class CircleError(Exception):
    """Links that lead to each other."""


def apply_all(layers: Sequence[Sequence[Item]]) -> State:
    state: State = {"": Folder}
    for items in layers:
        apply(state, items)
    return state


def apply(state: State, items: Sequence[Item]) -> None:
    before = dict(state)
    cleaned = [(clean(item.name), item) for item in items]
    plain = [(name, item) for name, item in cleaned if name is not None]
    additions = [pair for pair in plain if not last(pair[0]).startswith(".wh.")]
    own = {name for name, _ in additions}
    for name, _ in plain:
        if last(name).startswith(".wh."):
            take_away(before, state, name, own)
    for name, item in additions:
        add(before, state, name, item)


def take_away(before: State, state: State, name: str, own: set[str]) -> None:
    above, base = parent(name), last(name)
    # A link that this layer replaces is not the way to anything of this layer's.
    steps = [above[:end] for end in range(len(above) + 1) if above[end : end + 1] in ("/", "")]
    if any(step in own and isinstance(lookup(state, step), Symlink) for step in steps):
        return
    where = find(state, above)
    if where is None or state[where] != Folder:
        return
    if base == ".wh..wh..opq":
        remove_below(state, where)
    elif not base.startswith(".wh..wh.") and base not in (".wh.", ".wh..", ".wh..."):
        remove(state, join(where, base[4:]))


def add(before: State, state: State, name: str, item: Item) -> None:
    try:
        above = make(state, parent(name))
    except CircleError:
        return
    path = join(above, last(name))
    if item.kind == tarfile.DIRTYPE:
        if state.get(path) != Folder:
            remove(state, path)
            state[path] = Folder
        return
    content: There = Other()
    if item.kind == tarfile.REGTYPE:
        content = item.data
    elif item.kind == tarfile.SYMTYPE:
        content = Symlink(item.target)
    elif item.kind == tarfile.LNKTYPE:
        found = lookup(state, item.target)
        if found is None:
            found = lookup(before, item.target)
        if found is None or found == Folder:
            return
        content = found
    remove(state, path)
    state[path] = content


def lookup(state: State, path: str) -> There | None:
    """What is at a path, a link at its end not followed."""
    where = find(state, parent(path.strip("/")))
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if where is None or not steps or steps[-1] == "..":
        whole = find(state, path)
        return None if whole is None else state[whole]
    return state.get(join(where, steps[-1])) if state[where] == Folder else None


def find(state: State, path: str, hops: int = 0) -> str | None:
    """The real path, every link followed; None when it leads nowhere."""
    here = ""
    steps = [step for step in path.split("/") if step not in ("", ".")]
    for number, step in enumerate(steps):
        if step == "..":
            here = parent(here)
            continue
        there = state.get(join(here, step))
        if isinstance(there, Symlink):
            if hops >= 40:
                return None
            start = "" if there.target.startswith("/") else here
            rest = "/".join(steps[number + 1 :])
            return find(state, f"{start}/{there.target}/{rest}", hops + 1)
        if there is None or (there != Folder and number + 1 < len(steps)):
            return None
        here = join(here, step)
    return here


def make(state: State, path: str, hops: int = 0) -> str:
    """The real path of a folder, made where there is none."""
    here = ""
    steps = [step for step in path.split("/") if step not in ("", ".")]
    for number, step in enumerate(steps):
        if step == "..":
            here = parent(here)
            continue
        path_here = join(here, step)
        there = state.get(path_here)
        if isinstance(there, Symlink):
            if hops >= 40:
                raise CircleError(path)
            start = "" if there.target.startswith("/") else here
            rest = "/".join(steps[number + 1 :])
            return make(state, f"{start}/{there.target}/{rest}", hops + 1)
        if there != Folder:
            state[path_here] = Folder
        here = path_here
    return here


def remove(state: State, path: str) -> None:
    state.pop(path, None)
    remove_below(state, path)


def remove_below(state: State, path: str) -> None:
    start = f"{path}/" if path else ""
    for name in [n for n in state if n.startswith(start) and n != path]:
        del state[name]


def clean(name: str) -> str | None:
    steps = [step for step in name.split("/") if step not in ("", ".")]
    return None if ".." in steps or not steps else "/".join(steps)


def parent(path: str) -> str:
    return path.rpartition("/")[0]


def last(path: str) -> str:
    return path.rpartition("/")[2]


def join(above: str, name: str) -> str:
    return f"{above}/{name}" if above else name


def contents(state: State) -> dict[str, bytes]:
    """Every regular file by its real path."""
    return {path: there for path, there in state.items() if isinstance(there, bytes)}
