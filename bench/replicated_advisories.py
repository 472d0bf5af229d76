"""A large database of advisories: real records replicated under other names, in the real store."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from vigie.model.components import Component
from vigie.model.inventory import Package
from vigie.ports.advisories import AdvisoryRecord
from vigie.sources.advisories.records import read_record
from vigie.stores.advisories.building import alone, building
from vigie.stores.advisories.schema import Feed


def read_archive(archive: Path) -> list[AdvisoryRecord]:
    """Every record of an OSV `all.zip`."""
    with zipfile.ZipFile(archive) as members:
        return [read_record(members.read(name)) for name in sorted(members.namelist())]


def replicated(records: list[AdvisoryRecord], count: int) -> Iterator[AdvisoryRecord]:
    """`count` records: these, then the same again about packages of other names."""
    for number in range(count):
        copy, place = divmod(number, len(records))
        record = records[place]
        yield record if not copy else _renamed(record, f"-{copy}")


def _renamed(record: AdvisoryRecord, suffix: str) -> AdvisoryRecord:
    identity = record.advisory.id + suffix
    return AdvisoryRecord(
        replace(
            record.advisory, id=identity, aliases=tuple(a + suffix for a in record.advisory.aliases)
        ),
        tuple(replace(e, advisory=identity, name=e.name + suffix) for e in record.affected),
    )


def store(records: Iterator[AdvisoryRecord], folder: Path) -> None:
    """Write them as one feed into a new database in this folder."""
    with alone(folder), building(folder) as made:
        made.replace_advisories(Feed("PyPI", source="bench", current="2024-10-01"), records, "PyPI")


def installed(records: list[AdvisoryRecord], count: int, copies: int) -> list[Package]:
    """`count` packages out of the replicated ones, as an image has them: one version each. Most
    are at the highest version that their advisories name, every fifth somewhere below it."""
    versions: dict[str, list[str]] = {}
    for record in records:
        for entry in record.affected:
            said = versions.setdefault(entry.name, [])
            said += entry.versions
            said += [at for span in entry.ranges for _, at in span.events if at != "0"]
    names = sorted(name for name, said in versions.items() if said)
    packages = []
    for number in range(count):
        name = names[number % len(names)]
        copy = (number // len(names) * 37 + number) % copies
        said = versions[name]
        version = said[-1] if number % 5 else said[number % len(said)]
        full = f"{name}-{copy}" if copy else name
        component = Component(full, version, "pypi", f"pkg:pypi/{full}@{version}")
        packages.append(Package(component))
    return packages
