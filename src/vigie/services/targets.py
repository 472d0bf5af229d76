"""What did the person mean? From a word on the command line to a target and its asset."""

from __future__ import annotations

import configparser
import re
import socket
import tarfile
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.scanners import Target
from vigie.services.endpoints import resolve_address

_IMAGE_PREFIX = "image:"
# Repository, then a tag or a digest or both (OCI distribution specification, "pull").
_IMAGE = re.compile(
    r"(?:[\w.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
    r"(?P<version>(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?)"
)
# Entries of `docker save` and of OCI archives. The manifest often comes last, after gigabytes.
_OF_IMAGE = re.compile(
    r"manifest\.json|oci-layout|blobs/sha256/[0-9a-f]{64}|[0-9a-f]{64}(\.json|\.tar|/layer\.tar)"
)
_MOST_ENTRIES = 10_000
_PACKAGE_DATABASES = ("var/lib/dpkg", "lib/apk/db", "usr/lib/apk/db", "var/lib/rpm",
                      "usr/lib/sysimage/rpm", "var/lib/pacman")  # fmt: skip


def resolve_target(text: str) -> Target:
    """A folder, a root file system, a file, an image archive, an SBOM, an image or a service.

    `image:NAME` always means an image. Raises UserError for what does not exist or cannot be
    told.
    """
    if text.startswith(_IMAGE_PREFIX):
        return _image(text, text.removeprefix(_IMAGE_PREFIX))
    if "://" in text:
        return resolve_address(text)
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # "~somebody" whom this machine does not know is a name like another
        path = Path(text)
    try:
        exists = bool(text) and path.exists()
    except OSError as error:
        raise UserError(
            T("{target} cannot be read: {why}", target=text, why=error.strerror or "")
        ) from None
    if exists:
        return _on_disk(text, path.resolve())
    found = _IMAGE.fullmatch(text)
    if found and found["version"]:
        return _image(text, text)
    raise UserError(
        T("{target} does not exist", target=text),
        T("Give a folder, a file or an image archive; an image is written image:NAME or NAME:TAG."),
    )


def _image(text: str, name: str) -> Target:
    if not _IMAGE.fullmatch(name):
        raise UserError(
            T("{target} is no image reference", target=text),
            T("Write it as registry/name:tag."),
        )
    return Target(AssetKind.IMAGE, name, asset=Asset(AssetKind.IMAGE, name))


def _on_disk(text: str, path: Path) -> Target:
    try:
        kind = _kind(path)
    except PermissionError as error:
        raise UserError(  # about what was given, not about what was looked for in it
            T("{path} cannot be read: {why}", path=text, why=error.strerror or ""),
            T("Check the name and the permissions."),
        ) from None
    if kind is AssetKind.HOST:
        name = socket.gethostname() if path == Path(path.anchor) else path.name
    elif kind is AssetKind.REPOSITORY:
        folder = path if path.is_dir() else path.parent
        name = repository_name(folder)
    elif path.is_dir() or path.is_file():
        name = path.name
    else:
        raise UserError(T("{target} is neither a folder nor a file", target=text))
    return Target(kind, text, path, Asset(kind, name))


def _kind(path: Path) -> AssetKind:
    if path.is_dir():
        is_layout = (path / "oci-layout").is_file() and (path / "index.json").is_file()
        if is_layout:
            return AssetKind.IMAGE
        return AssetKind.HOST if _is_root(path) else AssetKind.REPOSITORY
    if not path.is_file():
        return AssetKind.UNKNOWN
    name = path.name.lower()
    if name.endswith((".tar", ".tar.gz", ".tgz")) and _is_image_archive(path):
        return AssetKind.IMAGE
    if name.endswith((".json", ".xml", ".spdx", ".cdx", ".bom", ".sbom")) and _is_sbom(path):
        return AssetKind.SBOM
    return AssetKind.REPOSITORY


def _is_root(path: Path) -> bool:
    """True for this machine's root and for the root file system of another one."""
    if path == Path(path.anchor):
        return True
    released = any((path / name).is_file() for name in ("etc/os-release", "usr/lib/os-release"))
    return released and any((path / database).exists() for database in _PACKAGE_DATABASES)


def _is_image_archive(path: Path) -> bool:
    """True for `docker save` and OCI archives. Reads names only, unpacks nothing."""
    try:
        with tarfile.open(path) as archive:
            for _, entry in zip(range(_MOST_ENTRIES), archive, strict=False):
                if _OF_IMAGE.fullmatch(PurePosixPath(entry.name).as_posix()):
                    return True
    except (tarfile.TarError, OSError, EOFError) as error:
        raise UserError(
            T("{target} is no readable archive: {why}", target=str(path), why=str(error)),
            T("Make it again with docker save or skopeo copy."),
        ) from None
    raise UserError(
        T("{target} is an archive, but not of an image", target=str(path)),
        T("Unpack it and give the folder."),
    )


def _is_sbom(path: Path) -> bool:
    """By its first and last bytes: some writers sort the keys, and "spdxVersion" comes last."""
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(max(0, path.stat().st_size - 4096))
        head = (head + file.read(4096)).replace(b"\0", b"")  # as PowerShell's UTF-16 has them
    marks = (b'"bomFormat"', b'"spdxVersion"', b"cyclonedx.org/schema/bom", b"SPDXVersion:")
    return any(mark in head for mark in marks)


def repository_name(folder: Path) -> str:
    """The git remote without scheme, user and `.git`, with the way below it; else the folder.

    So that a clone over SSH, one over HTTPS and one in another place are one repository.
    """
    for top in (folder, *folder.parents):
        git = top / ".git"
        if git.exists():
            remote = _remote(git)
            below = folder.relative_to(top).as_posix()
            if not remote:
                break
            return remote if below == "." else f"{remote}/{below}"
    return folder.name or str(folder)


def _remote(git: Path) -> str:
    """The address of `origin`, or of the only remote, out of git's own files."""
    try:
        config = configparser.RawConfigParser(strict=False, allow_no_value=True)
        config.read_string(_config_file(git).read_text(encoding="utf-8", errors="replace"))
    except (OSError, configparser.Error):
        return ""
    remotes = {
        section: config.get(section, "url", fallback="") or ""
        for section in config.sections()
        if section.startswith("remote ")
    }
    address = remotes.get('remote "origin"') or (
        next(iter(remotes.values())) if len(remotes) == 1 else ""
    )
    return _plain_address(address)


def _config_file(git: Path) -> Path:
    """Where the configuration lies, also for a work tree or submodule, whose .git is a file."""
    if git.is_dir():
        return git / "config"
    pointer = git.read_text(encoding="utf-8", errors="replace").partition("gitdir:")[2].strip()
    folder = (git.parent / pointer).resolve()
    shared = folder / "commondir"
    if shared.is_file():
        folder = (folder / shared.read_text(encoding="utf-8").strip()).resolve()
    return folder / "config"


def _plain_address(address: str) -> str:
    address = address.strip().strip('"')
    if "://" in address:
        parts = urlsplit(address)
        if parts.scheme == "file" or not parts.hostname:
            return _last(parts.path)
        return f"{parts.hostname}/{_without_git(parts.path)}"
    host, colon, path = address.partition(":")
    if colon and "/" not in host:
        return f"{host.rpartition('@')[2]}/{_without_git(path)}"
    return _last(address)


def _last(path: str) -> str:
    return _without_git(path).rpartition("/")[2]


def _without_git(path: str) -> str:
    return path.strip("/").removesuffix(".git")
