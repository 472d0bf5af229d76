"""RPM packages out of rpm's database in each of its forms: SQLite, ndb and Berkeley DB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vigie.model.errors import UserError
from vigie.model.inventory import Package
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import Entry, FileSystem
from vigie.ports.packages import PackageFile, Surroundings
from vigie.sources.packages.readers._systems import system_package
from vigie.sources.packages.readers.rpm import berkeley, ndb, sqlite
from vigie.sources.packages.readers.rpm.header import record_of

_FOLDERS = ("/var/lib/rpm", "/usr/lib/sysimage/rpm", "/usr/share/rpm")
# As rpm prefers them: what an older form left behind beside a newer one is not used any more.
_FORMS = ("rpmdb.sqlite", "Packages.db", "Packages")
_MAGIC = ((b"SQLite format 3\0", sqlite.headers), (b"RpmP", ndb.headers))


class _Rpm:
    name = "rpm"
    label = "RPM"
    types = frozenset({"rpm"})
    patterns: Sequence[str] = tuple(f"{folder}/{form}" for folder in _FOLDERS for form in _FORMS)
    binaries = False
    installed = True

    def read(self, file: PackageFile, around: Surroundings, /) -> Iterator[Package | Problem]:
        """Every package but the keys that rpm keeps among them. Raises UserError for a form of
        database that is none of the three, ValueError for a broken one."""
        if _has_newer_form(file, around):
            return
        for number, blob in headers(file, around):
            try:
                record = record_of(blob)
            except ValueError as error:
                yield Problem(
                    ProblemCode.RECORD,
                    T("record {number} is no RPM header: {why}", number=number, why=str(error)),
                )
                continue
            if record is not None:
                yield system_package(record, around, file.path)


READER = _Rpm()


def _has_newer_form(file: PackageFile, around: Surroundings) -> bool:
    folder, _, name = file.path.rpartition("/")
    newer = _FORMS[: _FORMS.index(name)] if name in _FORMS else ()
    return any(around.system.find(f"{folder}/{form}") for form in newer)


def database_of(system: FileSystem) -> Entry | None:
    """rpm's database in the form that it uses; None when there is none."""
    places = (f"{folder[1:]}/{form}" for form in _FORMS for folder in _FOLDERS)
    return next((entry for entry in map(system.find, places) if entry is not None), None)


def headers(file: PackageFile, around: Surroundings) -> Iterator[tuple[int, bytes]]:
    """Each record's number and header. Raises UserError for an unknown form of database,
    ValueError for a broken one."""
    start = file.content.read(32)
    file.content.seek(0)
    for magic, form in _MAGIC:
        if start.startswith(magic):
            return _within(file, around, form(file, around))
    if berkeley.recognises(start):
        return _within(file, around, berkeley.headers(file, around))
    raise UserError(
        T("this form of RPM database cannot be read"),
        T("Known are SQLite, ndb and Berkeley DB in its hash form."),
    )


def _within(
    file: PackageFile, around: Surroundings, records: Iterator[tuple[int, bytes]]
) -> Iterator[tuple[int, bytes]]:
    """The headers. Raises ValueError when they are more than the database has room for: then
    it leads to the same bytes again and again."""
    journal = around.system.find(f"{file.path}-wal")
    left = file.content.seek(0, 2) + (journal.size if journal else 0)
    file.content.seek(0)
    for number, blob in records:
        left -= len(blob)
        if left < 0:
            raise ValueError("its records overlap")
        yield number, blob
