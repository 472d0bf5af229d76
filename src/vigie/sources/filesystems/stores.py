"""Where an image on disk keeps its documents and blobs: a folder, or an archive of one."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from vigie.model.errors import UserError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.sources.filesystems.description import plain_name
from vigie.sources.filesystems.documents import Descriptor, check_digest, digest_of
from vigie.sources.filesystems.folder import FolderSystem
from vigie.sources.filesystems.headers import BrokenArchive, Header, Kind, read_headers
from vigie.sources.filesystems.limits import ImageLimits
from vigie.sources.filesystems.pieces import Piece
from vigie.sources.filesystems.unpacking import TAR, DamagedBlob, Workspace, media_type_of, unpack

_MOST_MEMBERS = 100_000
_MOST_LINKS = 10


class Store(Protocol):
    """Named pieces. A name that leads out of the store names nothing."""

    problems: list[Problem]

    def piece(self, name: str) -> Piece | None:
        """The file of that name, links inside the store followed."""


class FolderStore:
    """An image laid out in a folder."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.problems: list[Problem] = []
        self._system = FolderSystem(folder)
        self._folder = Path(folder).resolve()
        self._workspace = workspace
        self._open: dict[str, Piece] = {}

    def piece(self, name: str) -> Piece | None:
        entry = self._system.find(name) if plain_name(name) else None
        if entry is None:
            return None
        if entry.path not in self._open:
            self._open[entry.path] = self._workspace.open(self._folder / entry.path).whole()
        return self._open[entry.path]


class ArchiveStore:
    """An image in a tar archive, plain or compressed."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        """Raises UserError when it is no archive that can be read."""
        self.problems: list[Problem] = []
        self._name = path.name
        try:
            stored = workspace.open(path).whole()
            packed = media_type_of(stored) != TAR
            unpacked = unpack(stored, workspace, digests=False) if packed else None
        except OSError as error:
            raise UserError(
                T("{name} cannot be read: {error}", name=str(path), error=error.strerror or "")
            ) from None
        except DamagedBlob as error:
            raise self._unreadable(error.reason) from None
        self._archive = unpacked.content if unpacked else stored
        self._members = self._index(unpacked.damage if unpacked else None)

    def piece(self, name: str) -> Piece | None:
        name = plain_name(name)
        for _ in range(_MOST_LINKS):
            member = self._members.get(name)
            if member is None:
                return None
            if member.kind is Kind.FILE:
                return self._archive.part(member.offset, member.size)
            # Old versions of Docker save a layer once and link to it from the others.
            above = name.rpartition("/")[0] if member.kind is Kind.SYMLINK else ""
            name = _inside(above, member.link)
        return None

    def _index(self, damage: Text | None) -> dict[str, Header]:
        members: dict[str, Header] = {}
        twice: list[str] = []
        try:
            for header in read_headers(self._archive):
                name = plain_name(header.name)
                if header.kind not in (Kind.FILE, Kind.SYMLINK, Kind.HARDLINK) or not name:
                    continue
                if name in members:
                    twice.append(name)
                members[name] = header
                if len(members) > _MOST_MEMBERS:
                    raise UserError(T("{name} holds too many files for an image", name=self._name))
        except BrokenArchive as error:
            if not members:
                raise self._unreadable(error.reason) from None
            damage = damage or error.reason
        if damage:
            self._tell(T("the archive is cut off or damaged: {why}", why=damage))
        if twice:
            self._tell(T("the archive holds {names} twice; the last one counts", names=twice[:5]))
        return members

    def _tell(self, message: Text) -> None:
        self.problems.append(Problem(ProblemCode.REPORT, message, self._name))

    def _unreadable(self, why: Text) -> UserError:
        return UserError(
            T("{target} is no readable archive: {why}", target=self._name, why=why),
            T("Make it again with docker save or skopeo copy."),
        )


def _inside(folder: str, target: str) -> str:
    """Where a link in `folder` leads, "" when that is outside of the archive."""
    parts: list[str] = [] if target.startswith("/") else [p for p in folder.split("/") if p]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def read_document(store: Store, name: str, limits: ImageLimits) -> bytes | None:
    """A document of the store; None when there is none. Raises UserError when it is too large."""
    piece = store.piece(name)
    if piece is None:
        return None
    if piece.size > limits.document:
        raise UserError(T("{name} of the image is too large to be one", name=name[:100]))
    return piece.read(0, piece.size)


class StoredBlobs:
    """The blobs of an OCI layout, by their digests."""

    def __init__(self, store: Store, limits: ImageLimits) -> None:
        self._store = store
        self._limits = limits

    def piece(self, digest: str) -> Piece | None:
        """The blob, its digest not yet checked."""
        algorithm, _, value = check_digest(digest, "layer").partition(":")
        return self._store.piece(f"blobs/{algorithm}/{value}")

    def document(self, descriptor: Descriptor, what: str) -> bytes:
        """The blob, its digest checked. Raises UserError when it is missing or another."""
        algorithm, _, value = check_digest(descriptor.digest, what).partition(":")
        data = read_document(self._store, f"blobs/{algorithm}/{value}", self._limits)
        if data is None:
            raise UserError(
                T("{what} of the image is missing: {digest}", what=what, digest=descriptor.digest),
                T("Make it again with docker save or skopeo copy."),
            )
        if digest_of(data, descriptor.digest) != descriptor.digest:
            raise UserError(
                T(
                    "{what} of the image is not what its digest says: {digest}",
                    what=what,
                    digest=descriptor.digest,
                ),
                T("The image was damaged or changed; get it again."),
            )
        return data
