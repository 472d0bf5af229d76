"""Lock files of uv, Poetry, PDM, Pipenv and PyPA: scopes, who asks, origins, lines."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from tests.plugs.one_reader import read_one
from tests.plugs.package_samples import (
    pdm_lock,
    pipfile_lock,
    poetry_lock,
    pylock_toml,
    uv_lock,
)

from vigie.model.inventory import Package, Scope
from vigie.sources.packages.readers.pdm_lock import READER as PDM
from vigie.sources.packages.readers.pipfile_lock import READER as PIPENV
from vigie.sources.packages.readers.poetry_lock import READER as POETRY
from vigie.sources.packages.readers.pylock_toml import READER as PYLOCK
from vigie.sources.packages.readers.uv_lock import READER as UV

RUNTIME, DEVELOPMENT, OPTIONAL, UNKNOWN = (
    Scope.RUNTIME,
    Scope.DEVELOPMENT,
    Scope.OPTIONAL,
    Scope.UNKNOWN,
)
GIT = "vcs_url=git%2Bhttps://git.example/demo.git%400123abc"


def named(reader: Any, samples: ModuleType, number: int, **more: str) -> dict[str, Package]:
    tree = {**samples.SAMPLES[number][0], **more}
    return {p.component.name: p for p in read_one(reader, tree).packages}


def said(found: dict[str, Package]) -> dict[str, tuple[bool | None, Scope]]:
    return {name: (p.component.direct, p.scope) for name, p in found.items()}


def test_uv_tells_groups_and_members_apart() -> None:
    found = named(UV, uv_lock, 0)
    assert said(found) == {
        "demo-core": (False, DEVELOPMENT),
        "demo-git": (True, RUNTIME),
        "demo-test": (True, DEVELOPMENT),
        "demo-web": (True, RUNTIME),
    }
    assert found["demo-test"].requires == ("pkg:pypi/demo-core@1.0.0",)
    assert found["demo-git"].component.purl.endswith(GIT)
    assert found["demo-git"].location.start_line == 12


def test_poetry_with_categories_and_a_manifest() -> None:
    alone = named(POETRY, poetry_lock, 0)
    assert said(alone) == {
        "demo-web": (None, RUNTIME),
        "demo-core": (None, RUNTIME),
        "demo-test": (None, DEVELOPMENT),
    }
    project = '[project]\ndependencies = ["Demo.Web>=1"]\n[dependency-groups]\nd = ["demo_test"]\n'
    beside = named(POETRY, poetry_lock, 0, **{"pyproject.toml": project})
    assert {name: p.component.direct for name, p in beside.items()} == {
        "demo-web": True,
        "demo-core": False,
        "demo-test": True,
    }
    assert beside["demo-core"].location.start_line == 12


def test_poetry_with_groups() -> None:
    found = named(POETRY, poetry_lock, 1)
    assert said(found) == {"demo-git": (True, OPTIONAL), "demo-test": (False, DEVELOPMENT)}
    assert found["demo-git"].component.purl.endswith(GIT)


def test_poetry_without_either_goes_by_the_manifest() -> None:
    text = poetry_lock.SAMPLES[0][0]["poetry.lock"]
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("category"))
    project = """[tool.poetry.dependencies]
python = "^3"
demo-web = "^2"
[tool.poetry.group.dev.dependencies]
demo-test = "*"
"""
    tree = {"poetry.lock": bare, "pyproject.toml": project}
    found = {p.component.name: p for p in read_one(POETRY, tree).packages}
    assert said(found) == {
        "demo-web": (True, RUNTIME),
        "demo-core": (False, RUNTIME),
        "demo-test": (True, DEVELOPMENT),
    }


def test_pdm_reads_an_entry_of_extras_as_the_package_itself() -> None:
    project = """[project]
dependencies = ["demo-web[async]"]
[tool.pdm.dev-dependencies]
d = ["demo-git"]
"""
    found = named(PDM, pdm_lock, 0, **{"pyproject.toml": project})
    assert said(found) == {
        "demo-web": (True, RUNTIME),
        "demo-core": (False, RUNTIME),
        "demo-git": (True, DEVELOPMENT),
    }
    assert found["demo-web"].requires == ("pkg:pypi/demo-core@1.0.0",)
    assert found["demo-git"].component.purl.endswith(GIT)


def test_pylock_goes_by_markers() -> None:
    found = named(PYLOCK, pylock_toml, 0)
    assert said(found) == {
        "demo-web": (None, UNKNOWN),
        "demo-test": (None, DEVELOPMENT),
        "demo-git": (None, UNKNOWN),
        "demo-archive": (None, UNKNOWN),
    }
    assert found["demo-git"].component.purl.endswith(GIT)
    assert "download_url=" in found["demo-archive"].component.purl
    project = '[project]\ndependencies = ["demo-web"]\n'
    beside = named(PYLOCK, pylock_toml, 0, **{"pyproject.toml": project})
    assert [n for n, p in beside.items() if p.component.direct] == ["demo-web"]
    assert beside["demo-test"].component.direct is False


def test_pipenv_takes_the_stronger_of_two_categories() -> None:
    found = named(PIPENV, pipfile_lock, 0)
    assert said(found) == {
        "demo-web": (True, RUNTIME),
        "demo-git": (False, RUNTIME),
        "demo-test": (False, DEVELOPMENT),
    }
    assert found["demo-test"].location.start_line == 10


@pytest.mark.parametrize(
    ("reader", "path"),
    [(UV, "uv.lock"), (POETRY, "poetry.lock"), (PDM, "pdm.lock"), (PYLOCK, "pylock.toml")],
)
@pytest.mark.parametrize("text", ["a = ", "a" + ".a" * 100 + " = 1", "a = " + "[" * 100_000])
def test_what_is_no_toml_or_a_trap_is_refused(reader: Any, path: str, text: str) -> None:
    found = read_one(reader, {path: text})
    assert (found.packages, len(found.problems)) == ([], 1)
    assert str(found.problems[0].message).startswith(f"{path} is no {path}: ")


@pytest.mark.timeout(20)
def test_many_versions_of_one_name_are_no_trap() -> None:
    text = "\n".join(
        f'[[package]]\nname = "a"\nversion = "{n}"\ndependencies = [{{ name = "a" }}]'
        for n in range(2000)
    )
    assert len(read_one(UV, {"uv.lock": text}).packages) == 2000
