"""What lies inside a target."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.assets import AssetKind
from vigie.model.runs import ProblemCode
from vigie.ports.scanners import Target
from vigie.sources.scanners.contents import (
    DEFAULT_EXCLUDED,
    find_files,
    folder_of,
    has_files,
    has_folder,
    own_settings,
    scope_of,
)


def target(path: Path) -> Target:
    return Target(AssetKind.REPOSITORY, str(path), path)


@pytest.fixture
def tree(tmp_path: Path) -> Target:
    for name in ("b.py", "a.py", "sub/c.py", "node_modules/x/d.py", "sub/notes.txt"):
        (tmp_path / "t" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "t" / name).write_text("")
    (tmp_path / "t" / "link.py").symlink_to(tmp_path / "t" / "a.py")
    (tmp_path / "t" / "loop").symlink_to(tmp_path / "t")
    return target(tmp_path / "t")


def is_python(name: str) -> bool:
    return name.endswith(".py")


def test_files_are_found_in_order_without_links_and_excluded_folders(tree: Target) -> None:
    assert list(find_files(tree, is_python, DEFAULT_EXCLUDED)) == ["a.py", "b.py", "sub/c.py"]
    assert "node_modules/x/d.py" in list(find_files(tree, is_python))
    assert has_files(tree, is_python)
    assert not has_files(tree, lambda name: name.endswith(".go"))


def test_a_file_is_its_own_content(tree: Target) -> None:
    assert tree.path is not None
    alone = target(tree.path / "sub" / "c.py")
    assert list(find_files(alone, is_python)) == ["c.py"]
    assert list(find_files(alone, lambda name: name == "x")) == []
    assert folder_of(alone) == tree.path / "sub"
    assert scope_of(alone) == "./c.py"
    assert scope_of(tree) == "."


def test_a_target_without_a_path_holds_nothing() -> None:
    image = Target(AssetKind.IMAGE, "alpine:3.19")
    assert list(find_files(image, is_python)) == []
    assert not has_folder(image, ("x",))
    with pytest.raises(ValueError, match="no folder"):
        folder_of(image)


def test_folders_are_seen_unless_excluded(tree: Target) -> None:
    assert has_folder(tree, ("sub",))
    assert not has_folder(tree, ("x",), ("node_modules",))


def test_settings_that_the_target_brings_are_noted(tree: Target) -> None:
    assert tree.path is not None
    (tree.path / ".tool.toml").write_text("")
    (note,) = own_settings(tree, "Tool", ".tool.toml", ".toolignore")
    assert note.code is ProblemCode.NOTE
    assert ".tool.toml" in str(note.message)
