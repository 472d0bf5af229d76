"""Maven artefacts inside Java archives, and inside the archives that those hold.

Source: the JAR file specification, Maven Archiver's pom.properties, Spring Boot's executable
archives (BOOT-INF/lib), the servlet specification (WEB-INF/lib).
"""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._content import MIB
from vigie.sources.packages.readers._maven import artefact
from vigie.sources.packages.readers.java_archive.identity import Clues, identities

_ENDINGS = (".jar", ".war", ".ear", ".par", ".sar", ".nar", ".kar", ".jpi", ".hpi", ".lpkg")
# What comes beside an artefact and never runs.
_BESIDE = ("-sources", "-javadoc", "-test-sources")
_DEEPEST = 4  # archives in archives: an ear holds a war, which holds jars, of which one is fat
_MOST_ARCHIVES = 10_000
_MOST_UNPACKED = 2048 * MIB  # of nested archives in one file, all together
_LARGEST = 512 * MIB  # one nested archive
_MOST_DIRECTORY = 16 * MIB  # the list of an archive's members; 46 bytes each and their names
_SMALL = MIB  # a manifest, a pom.properties
_IN_MEMORY = 32 * MIB
_END, _END_SIZE, _COMMENT = b"PK\5\6", 22, 0xFFFF

# What `zipfile` raises for archives that are broken, encrypted or packed in a way it has not.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    LookupError, ValueError, OverflowError,
)  # fmt: skip


@dataclass(slots=True)
class _Budget:
    archives: int = _MOST_ARCHIVES
    unpacked: int = _MOST_UNPACKED


class _JavaArchive:
    name = "java-archive"
    label = "Java archive"
    types = frozenset({"maven"})
    patterns: Sequence[str] = tuple(f"*{ending}" for ending in _ENDINGS)
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:  # noqa: ARG002
        """Every artefact that the archive says it is or holds. One inside an archive stands at
        that archive's path and its own inside: "app.jar/BOOT-INF/lib/demo-1.2.jar".

        Raises UserError or ValueError when it is no archive; a broken one inside is a problem.
        """
        yield from _archive(file.content, file.path, 0, _Budget())


READER = _JavaArchive()


def _archive(
    content: BinaryIO | IO[bytes], path: str, depth: int, budget: _Budget
) -> Iterator[Package | Problem]:
    if _directory_size(content) > _MOST_DIRECTORY:
        raise UserError(T("{path} lists more members than an archive may", path=path))
    try:
        with zipfile.ZipFile(content) as archive:
            yield from _own(archive, path)
            yield from _nested(archive, path, depth, budget)
    except _BROKEN as error:
        raise UserError(T("{path} is no Java archive: {why}", path=path, why=str(error))) from None


def _directory_size(content: BinaryIO | IO[bytes]) -> int:
    """How long an archive says its list of members is: reading that list costs memory."""
    size = content.seek(0, 2)
    content.seek(max(0, size - _END_SIZE - _COMMENT))
    tail = content.read(_END_SIZE + _COMMENT)
    content.seek(0)
    at = tail.rfind(_END)
    said = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    return size if said == 0xFFFFFFFF else said  # zip64 says it elsewhere


def _own(archive: zipfile.ZipFile, path: str) -> Iterator[Package | Problem]:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if stem.endswith(_BESIDE):
        return
    records: dict[str, str] = {}
    manifest = ""
    for member in archive.infolist():
        name = member.filename
        if name.startswith("META-INF/maven/") and name.count("/") == 4:
            if name.endswith(("/pom.properties", "/pom.xml")):
                # A pom.xml is read only where no pom.properties says the same in short.
                records.setdefault(name, "")
        elif name.upper() == "META-INF/MANIFEST.MF":
            manifest = _text(archive, member)
    for name in records:
        records[name] = _text(archive, archive.getinfo(name))
    for one in identities(Clues(stem, manifest, records)):
        yield artefact(one.group, one.name, one.version, path=path)
        if not one.group:
            yield Problem(
                ProblemCode.NOTE,
                T("{path} does not say its Maven group: it cannot be assessed", path=path),
                path,
            )


def _text(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    with archive.open(member) as file:
        data = file.read(_SMALL + 1)
    if len(data) > _SMALL:
        raise UserError(
            T("{path} is larger than such a file may be ({size} MiB)",
              path=f"{archive.filename or ''}/{member.filename}".lstrip("/"), size=_SMALL // MIB),
            T("Look what it is; no package manager writes one that large."),
        )  # fmt: skip
    return data.decode("utf-8", "replace")


def _nested(
    archive: zipfile.ZipFile, path: str, depth: int, budget: _Budget
) -> Iterator[Package | Problem]:
    for member in archive.infolist():
        if not member.filename.lower().endswith(_ENDINGS):
            continue
        inside = f"{path}/{member.filename}"
        if depth >= _DEEPEST:
            yield _problem(inside, T("{path} lies too deep in other archives", path=inside))
            continue
        budget.archives -= 1
        if budget.archives < 0:
            raise UserError(T("{path} holds more archives than it may", path=path))
        try:
            with _unpacked(archive, member, inside, budget) as content:
                yield from _archive(content, inside, depth + 1, budget)
        except UserError as error:
            yield _problem(inside, error.message, error.hint)
        except _BROKEN as error:
            why = str(error)
            yield _problem(inside, T("{path} is no Java archive: {why}", path=inside, why=why))


@contextmanager
def _unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, budget: _Budget
) -> Iterator[IO[bytes]]:
    """A nested archive's bytes, in memory or, when it is large, in a temporary file."""
    left = min(_LARGEST, budget.unpacked)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as content, archive.open(member) as file:
        while data := file.read(MIB):
            left -= len(data)
            budget.unpacked -= len(data)
            if left < 0:
                raise UserError(T("{path} is too large to be unpacked", path=path))
            content.write(data)
        content.seek(0)
        yield content


def _problem(path: str, message: Text, hint: Text | None = None) -> Problem:
    return Problem(ProblemCode.RECORD, message, path, hint)
