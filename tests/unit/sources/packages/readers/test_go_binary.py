"""Build information: both forms, what stands in for a version, and programs of others."""

from __future__ import annotations

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.go_binary import SAMPLES, inline, pointed
from tests.plugs.package_samples.programs import elf, pe

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.go_binary import READER

SECTION = ".go.buildinfo"


def built(go: str, modules: str) -> dict[str, str]:
    program = elf(SECTION, bytes(8) + inline(go, modules))
    found = read_one(READER, {"bin/x": program})
    assert found.problems == []
    return {name: one.component.version for name, one in by_name(found).items()}


def test_modules_keep_their_spelling_and_run() -> None:
    package = by_name(read_one(READER, SAMPLES[0][0]))["example.org/Text"]
    assert package.component.purl == "pkg:golang/example.org/text@v0.3.7"
    assert package.scope is Scope.RUNTIME


@pytest.mark.parametrize(
    ("flags", "version"),
    [
        ('-ldflags="-X main.version=1.2.3"', "v1.2.3"),
        ("-ldflags=-X=example.org/m/internal/build.Version=v1.2.3-rc.1", "v1.2.3-rc.1"),
        ('-ldflags="-X main.commit=1.2.3"', ""),
        ('-tags="-X main.version=1.2.3"', ""),
        ("-ldflags=-s", ""),
    ],
)
def test_a_main_module_without_a_version_takes_the_stamped_one(flags: str, version: str) -> None:
    modules = f"path\tm\nmod\texample.org/m\t(devel)\nbuild\t{flags}\n"
    assert built("go1.20", modules) == {"example.org/m": version, "stdlib": "1.20"}


def test_a_released_main_module_keeps_its_version() -> None:
    modules = 'mod\texample.org/m\tv3.0.0\th1:x=\nbuild\t-ldflags="-X main.version=1.2.3"\n'
    assert built("go1.20", modules)["example.org/m"] == "v3.0.0"


@pytest.mark.parametrize(
    ("go", "version"),
    [
        ("go1.22.4", "1.22.4"),
        ("go1.21rc2", "1.21rc2"),
        ("go1.22.4 X:boringcrypto", "1.22.4"),
        ("go1.19-custom", "1.19"),
        ("devel go1.23-0123456 Mon", None),
    ],
)
def test_the_standard_library_has_the_version_of_the_toolchain(go: str, version: str) -> None:
    assert built(go, "mod\tm\tv1.0.0\n").get("stdlib") == version


def test_a_program_of_another_language_yields_nothing() -> None:
    found = read_one(READER, {"bin/x": elf(".data", bytes(5000))})
    assert (found.packages, found.problems, found.looked_at) == ([], [], set())


def test_the_magic_counts_at_its_place_only() -> None:
    """A program that knows the magic by heart, as Go's own tools do, is not built with it."""
    content = bytes(9) + inline("go1.1", "mod\tother\tv1\n")
    content += bytes(-len(content) % 16 + 8) + inline("go1.20", "mod\tm\tv1.0.0\n")
    assert set(by_name(read_one(READER, {"bin/x": elf(SECTION, content)}))) == {"m", "stdlib"}


def test_the_magic_is_found_far_inside_the_data_of_a_windows_program() -> None:
    content = bytes(3 * 1024 * 1024 + 16) + inline("go1.20", "mod\tm\tv1.0.0\n")
    assert set(by_name(read_one(READER, {"x.exe": pe(".data", content)}))) == {"m", "stdlib"}


@pytest.mark.parametrize("address", [0, 1, 2**63, 2**64 - 100])
def test_pointers_that_lead_outside_yield_nothing(address: int) -> None:
    content = bytes(8) + pointed("go1.17", "mod\tm\tv1\n", address)
    assert read_one(READER, {"bin/x": elf(SECTION, content)}).packages == []


def test_a_length_that_leads_outside_yields_nothing() -> None:
    whole = inline("go1.20", "mod\tm\tv1.0.0\n")
    for broken in (whole[:32] + b"\xff" * 12, whole[:-20], whole[:33]):
        found = read_one(READER, {"bin/x": elf(SECTION, bytes(8) + broken)})
        assert "m" not in by_name(found)
