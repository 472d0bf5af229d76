"""Which records speak of what is installed, and that those inside a package are its authors'."""

from __future__ import annotations

import importlib

import pytest
from tests.plugs.one_reader import read_one

from vigie.ports.packages import PackageReader
from vigie.wiring.plugs import PACKAGES, Plugs

READERS: dict[str, PackageReader] = Plugs(PACKAGES).working()
LANGUAGES = frozenset({"composer", "cocoapods", "conan", "cran", "gem", "github", "hex", "npm",
                       "nuget", "pub", "pypi", "swift"})  # fmt: skip
OF_LANGUAGES = {name: r for name, r in READERS.items() if r.types <= LANGUAGES}
LOCKS = ["package-lock", "yarn-lock", "pnpm-lock", "bun-lock", "requirements-txt", "uv-lock",
         "poetry-lock", "pdm-lock", "pylock-toml", "pipfile-lock", "composer-lock",
         "gemfile-lock", "mix-lock", "github-workflows"]  # fmt: skip


def test_these_speak_of_what_is_there() -> None:
    installed = {name for name, reader in OF_LANGUAGES.items() if reader.installed}
    assert installed == {
        "composer-installed",
        "dotnet-deps",
        "gems-installed",
        "node-modules",
        "python-installed",
    }
    assert not any(reader.binaries for reader in OF_LANGUAGES.values())


@pytest.mark.parametrize("folder", ["node_modules", "lib/python3.12/site-packages"])
@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_inside_an_installed_package_speaks_for_its_authors(
    name: str, folder: str
) -> None:
    samples = importlib.import_module(f"tests.plugs.package_samples.{name.replace('-', '_')}")
    tree = samples.SAMPLES[0][0]
    assert read_one(READERS[name], tree).packages
    inside = {f"{folder}/demo/{path}": content for path, content in tree.items()}
    assert read_one(READERS[name], inside).packages == []
