"""Folders that an inventory leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.services.skipping import skip_of_host, skip_of_project

EXCLUDED = (".git", "node_modules", ".venv", "site-packages", "vendor", "mine")


def test_what_is_excluded_is_not_entered(tmp_path: Path) -> None:
    skip = skip_of_project(tmp_path, EXCLUDED)
    assert skip(".git")
    assert skip("a/mine")
    assert not skip("src")
    assert not skip("minefield")


@pytest.mark.parametrize(
    ("folder", "lock"),
    [
        ("node_modules", "package-lock.json"),
        ("web/node_modules", "web/yarn.lock"),
        (".venv", "poetry.lock"),
        ("vendor", "composer.lock"),
    ],
)
def test_installed_packages_are_entered_where_no_lock_says_it_better(
    tmp_path: Path, folder: str, lock: str
) -> None:
    skip = skip_of_project(tmp_path, EXCLUDED)
    assert not skip(folder)
    (tmp_path / lock).parent.mkdir(exist_ok=True)
    (tmp_path / lock).write_text("")
    assert skip(folder)


def test_a_lock_elsewhere_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("")
    assert not skip_of_project(tmp_path, EXCLUDED)("web/node_modules")


def test_what_nobody_excluded_is_entered(tmp_path: Path) -> None:
    (tmp_path / "package-lock.json").write_text("")
    assert not skip_of_project(tmp_path, ())("node_modules")


def test_of_a_running_machine_only_what_is_installed_is_looked_at() -> None:
    skip = skip_of_host(Path("/"))
    assert not skip("usr")
    assert not skip("usr/home")
    assert all(map(skip, ("home", "root", "proc", "tmp", "mnt", "var/lib/docker", "var/cache")))


def test_of_another_root_everything_but_the_virtual_is_looked_at(tmp_path: Path) -> None:
    skip = skip_of_host(tmp_path)
    assert not any(map(skip, ("usr", "home", "root", "srv/proc")))
    assert all(map(skip, ("proc", "sys", "dev", "var/cache")))
