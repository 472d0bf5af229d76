"""Rare cases of applying layers that random ones seldom meet."""

from __future__ import annotations

from vigie.sources.filesystems.headers import Header, Kind
from vigie.sources.filesystems.layering import Layering
from vigie.sources.filesystems.tree import File, Folder, files, look_up


def file(name: str, offset: int = 0) -> Header:
    return Header(name, Kind.FILE, offset, 1, 0o644, "")


def link(name: str, target: str, kind: Kind = Kind.SYMLINK) -> Header:
    return Header(name, kind, 0, 0, 0o777, target)


def folder(name: str) -> Header:
    return Header(name, Kind.FOLDER, 0, 0, 0o755, "")


def applied(*layers: list[Header]) -> dict[str, tuple[int, int]]:
    """Layer and offset of every file."""
    layering = Layering()
    for number, layer in enumerate(layers):
        layering.put(number, layer)
    return {path: (node.layer, node.offset) for path, node in files(layering.root)}


def test_a_whiteout_behind_a_link_that_the_layer_replaces_spares_what_it_led_to() -> None:
    lower = [file("real/x"), link("way", "real")]
    for upper in (
        [folder("way"), file("way/.wh..wh..opq"), file("way/y")],
        [file("way/.wh.x"), folder("way"), file("way/y")],
    ):
        assert applied(lower, upper) == {"real/x": (0, 0), "way/y": (1, 0)}


def test_a_whiteout_behind_a_link_that_stays_takes_away_what_it_leads_to() -> None:
    lower = [file("real/x"), file("real/z"), link("way", "real")]
    assert applied(lower, [file("way/.wh.x")]) == {"real/z": (0, 0)}
    assert applied(lower, [file("way/.wh..wh..opq")]) == {}


def test_a_hard_link_to_what_the_same_layer_takes_away() -> None:
    lower = [file("old", 7), file("folder/in", 8)]
    moved = [file(".wh.old"), link("new", "old", Kind.HARDLINK)]
    assert applied(lower, moved) == {"new": (0, 7), "folder/in": (0, 8)}
    replaced = [file("folder", 9), link("kept", "folder/in", Kind.HARDLINK)]
    assert applied(lower, replaced) == {"old": (0, 7), "folder": (1, 9), "kept": (0, 8)}


def test_a_hard_link_to_a_link_is_that_link() -> None:
    layers = [file("a/x", 1), file("b/x", 2), link("a/l", "x"), link("b/l", "a/l", Kind.HARDLINK)]
    layering = Layering()
    layering.put(0, layers)
    found = look_up(layering.root, "b/l")
    assert found is not None and found.path == "b/x"


def test_whiteouts_count_wherever_they_stand() -> None:
    lower = [file("a/x"), file("a/y")]
    upper = [file("a/x", 1), file("a/.wh.x"), file("a/.wh..wh..opq")]
    assert applied(lower, upper) == applied(lower, upper[::-1]) == {"a/x": (1, 1)}


def test_as_many_links_as_linux_follows() -> None:
    layering = Layering()
    chain = [link(f"l{n}", f"l{n + 1}") for n in range(1, 41)]
    layering.put(0, [*chain, link("l0", "l1"), file("l41")])
    assert look_up(layering.root, "l1") is not None  # 40 links
    assert look_up(layering.root, "l0") is None  # 41
    odd = layering.put(1, [link("f40", "f41"), *(link(f"f{n}", f"f{n + 1}") for n in range(40)),
                           file("f1/in"), file("f0/in")])  # fmt: skip
    assert odd.counts == {"circle": 1}
    found = look_up(layering.root, "f41/in")
    assert found is not None and isinstance(found.node, File)


def test_the_root_cannot_be_replaced() -> None:
    layering = Layering()
    layering.put(0, [file("a"), file("."), file("/"), link("./", "x"), file("")])
    assert isinstance(layering.root, Folder)
    assert list(layering.root.names) == ["a"]
    layering.put(1, [file(".wh..wh..opq"), file("b")])
    assert list(layering.root.names) == ["b"]
