"""Runs one package reader over a tree, for tests of what only that reader does."""

from __future__ import annotations

from collections.abc import Mapping

from tests.plugs.memory_system import MemorySystem
from vigie.model.inventory import Package
from vigie.ports.packages import PackageReader
from vigie.sources.packages.distribution import read_distribution
from vigie.sources.packages.reading import Found, read_packages


def read_one(reader: PackageReader, tree: Mapping[str, bytes | str]) -> Found:
    """What the reader finds; everything in a folder named bin may be run."""
    modes = {path: 0o755 for path in tree if "bin/" in path}
    system = MemorySystem(tree, modes)
    return read_packages(system, {reader.name: reader}, read_distribution(system))


def by_name(found: Found) -> dict[str, Package]:
    return {package.component.name: package for package in found.packages}
