"""What every package reader must do, run over every reader there is."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugs.memory_system import MemorySystem
from vigie.model.ecosystems import package_type
from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.model.patterns import Patterns
from vigie.model.runs import ProblemCode
from vigie.ports.filesystems import Entry
from vigie.ports.packages import PackageFile, PackageReader, Surroundings
from vigie.sources.packages.distribution import read_distribution
from vigie.sources.packages.reading import Found, read_packages
from vigie.wiring.plugs import PACKAGES, Plugs

READERS: dict[str, PackageReader] = Plugs(PACKAGES).working()
Tree = Mapping[str, bytes | str]
Sample = tuple[Tree, list[tuple[str, str, str]]]


def samples_of(name: str) -> list[Sample]:
    module = importlib.import_module(f"tests.plugs.package_samples.{name.replace('-', '_')}")
    return list(module.SAMPLES)


CASES = [
    pytest.param(name, tree, wanted, id=f"{name}-{number}")
    for name in READERS
    for number, (tree, wanted) in enumerate(samples_of(name))
]


def read(name: str, tree: Tree) -> Found:
    modes = {path: 0o755 for path in tree if path.startswith(("bin/", "usr/bin/"))}
    system = MemorySystem(tree, modes)
    return read_packages(system, {name: READERS[name]}, read_distribution(system))


def told(found: Found) -> list[tuple[str, str, str]]:
    return [
        (p.component.purl.partition("?")[0], p.component.version, p.location.path)
        for p in found.packages
    ]


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_a_reader_declares_what_it_is(reader: PackageReader) -> None:
    assert reader.name
    assert reader.label
    assert reader.patterns or reader.binaries
    assert reader.types
    assert all(package_type(kind) == kind for kind in reader.types)
    assert samples_of(reader.name), "a reader brings a sample of what it reads"


@pytest.mark.parametrize(("name", "tree", "wanted"), CASES)
def test_a_sample_gives_its_packages(
    name: str, tree: Tree, wanted: list[tuple[str, str, str]]
) -> None:
    found = read(name, tree)
    assert told(found) == wanted
    assert [problem for problem in found.problems if problem.code is not ProblemCode.NOTE] == []


@pytest.mark.parametrize(("name", "tree", "wanted"), CASES)
def test_packages_are_whole(name: str, tree: Tree, wanted: list[Any]) -> None:
    for package in read(name, tree).packages:
        component = package.component
        assert component.type in READERS[name].types
        assert component.name
        assert component.purl.startswith(f"pkg:{component.type}/")
        # A package inside an archive stands at the archive's path and its own inside.
        place = package.location.path
        assert any(place == path or place.startswith(f"{path}/") for path in tree)
        assert package.reader == name


@pytest.mark.parametrize(("name", "tree", "wanted"), CASES)
def test_what_is_cut_short_is_said_or_read_as_far_as_it_goes(
    name: str, tree: Tree, wanted: list[Any]
) -> None:
    """No cut makes a reader fail with anything but its own errors, or invent packages."""
    for path, content in tree.items():
        data = content.encode() if isinstance(content, str) else content
        for share in (0, 1, 2, 3, 5, 8):
            found = read(name, {**tree, path: data[: len(data) * share // 9]})
            assert len(found.packages) <= len(wanted) + 1


@pytest.mark.parametrize("name", list(READERS))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_bytes_are_read_or_refused(name: str, data: st.DataObject) -> None:
    """Whatever stands in the file, the reader ends, and with no error but those it may raise."""
    reader = READERS[name]
    trees = [tree for tree, _ in samples_of(name)]
    tree = data.draw(st.sampled_from(trees))
    path = data.draw(st.sampled_from(sorted(tree)))
    content = tree[path]
    whole = bytearray(content.encode() if isinstance(content, str) else content)
    for _ in range(data.draw(st.integers(1, 8))):
        where = data.draw(st.integers(0, max(len(whole) - 1, 0)))
        whole[where : where + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    system = MemorySystem({**tree, path: bytes(whole)})
    if name not in Patterns([(name, reader.patterns)]).owners(path) and not reader.binaries:
        return
    file = PackageFile(Entry(path, len(whole)), io.BytesIO(bytes(whole)))
    try:
        said = list(reader.read(file, Surroundings(system, read_distribution(system))))
    except (UserError, ValueError, EOFError, RecursionError):
        return
    packages = [item for item in said if isinstance(item, Package)]
    assert all(p.component.type in reader.types and p.component.name for p in packages)
