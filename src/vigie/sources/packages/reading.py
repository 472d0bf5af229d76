"""Reads every package of a file system: each file goes to the readers that want it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from vigie.model.errors import VigieError
from vigie.model.inventory import Distribution, Package
from vigie.model.patterns import Patterns
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.filesystems import Entry, FileSystem
from vigie.ports.packages import PackageFile, PackageReader, Surroundings

# What the first bytes of a program are: ELF, Mach-O (both orders, fat), PE.
_BINARY_MAGIC = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf",
                 b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe", b"MZ")  # fmt: skip
_SMALLEST_BINARY = 4096
# What is linked against and never run: nothing is built into it that is not in the program.
_LIBRARIES = (".a", ".o", ".ko", ".ko.xz", ".ko.zst", ".pyc", ".so.debug")


@dataclass(slots=True)
class Found:
    """What was read. `records` are the files that a reader took, by the reader's name."""

    packages: list[Package] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    looked_at: set[str] = field(default_factory=set)


def read_packages(
    system: FileSystem,
    readers: Mapping[str, PackageReader],
    distribution: Distribution | None = None,
    *,
    most: int = 1_000_000,
    told: Callable[[int], None] | None = None,
) -> Found:
    """Every package that any reader finds, in the order of the files.

    A file that cannot be read is a problem and stops nothing. More than `most` packages are
    refused: no machine has them. `told` hears how many files have been seen.
    """
    around = Surroundings(system, distribution)
    patterns = Patterns((name, reader.patterns) for name, reader in readers.items())
    binaries = [name for name, reader in readers.items() if reader.binaries]
    found = Found()
    for number, entry in enumerate(system.entries()):
        if told is not None and number % 5000 == 0:
            told(number)
        names = patterns.owners(entry.path)
        if binaries and _may_be_a_program(entry):
            names += [n for n in binaries if n not in names and _is_a_program(system, entry, found)]
        for name in names:
            _read(readers[name], entry, around, found, most)
    for reader in readers.values():
        for entry in _linked(system, reader, patterns):
            _read(reader, entry, around, found, most)
    found.problems.extend(system.problems)
    return found


def _linked(system: FileSystem, reader: PackageReader, patterns: Patterns) -> Iterator[Entry]:
    """Records that lie elsewhere, with a link in the place where their owner looks for them.

    Links are not followed while files are listed, and apk reads /lib/apk/db/installed all the
    same when it leads to /data. Its records must not go unseen.
    """
    for pattern in reader.patterns:
        if pattern.startswith("/") and not any(sign in pattern for sign in "*?["):
            entry = system.find(pattern[1:])
            if entry is not None and reader.name not in patterns.owners(entry.path):
                yield entry


def _may_be_a_program(entry: Entry) -> bool:
    if entry.size < _SMALLEST_BINARY or entry.path.endswith(_LIBRARIES):
        return False
    return entry.executable or entry.path.endswith((".exe", ".dll", ".so"))


def _is_a_program(system: FileSystem, entry: Entry, found: Found) -> bool:
    try:
        with system.open(entry.path) as file:
            return file.read(4).startswith(_BINARY_MAGIC)
    except OSError as error:
        found.problems.append(_unreadable(entry, error.strerror or str(error)))
        return False


def _read(
    reader: PackageReader, entry: Entry, around: Surroundings, found: Found, most: int
) -> None:
    before = len(found.packages)
    try:
        with around.system.open(entry.path) as content:
            for said in reader.read(PackageFile(entry, content), around):
                if isinstance(said, Problem):
                    found.problems.append(replace(said, where=said.where or entry.path))
                    continue
                found.packages.append(_placed(said, reader, entry))
                if len(found.packages) > most:
                    raise ValueError(f"more than {most} packages")
    except VigieError as error:
        found.problems.append(_problem(entry, error.message, error.hint))
    except OSError as error:
        found.problems.append(_unreadable(entry, error.strerror or str(error)))
    except (ValueError, RecursionError, EOFError) as error:
        found.problems.append(_unreadable(entry, str(error) or type(error).__name__))
    else:
        if not reader.binaries or len(found.packages) > before:
            found.records[reader.name] = found.records.get(reader.name, 0) + 1
            found.looked_at |= reader.types


def _placed(package: Package, reader: PackageReader, entry: Entry) -> Package:
    place = package.location
    if not place.path:
        place = replace(place, path=entry.path)
    if entry.layer and not place.layer:
        place = replace(place, layer=entry.layer)
    return replace(package, location=place, reader=package.reader or reader.name)


def _unreadable(entry: Entry, why: str) -> Problem:
    return _problem(entry, T("{path} cannot be read: {why}", path=entry.path, why=why))


def _problem(entry: Entry, message: Text, hint: Text | None = None) -> Problem:
    return Problem(ProblemCode.RECORD, message, entry.path, hint)


def distinct(packages: Iterable[Package]) -> Iterator[Package]:
    """Each package once for each place; a second record of the same in one file is left out."""
    seen: set[tuple[str, str, str, str]] = set()
    for package in packages:
        component = package.component
        key = (component.type, component.name, component.version, package.location.path)
        if key not in seen:
            seen.add(key)
            yield package
