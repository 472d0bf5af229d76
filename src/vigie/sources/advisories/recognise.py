"""What files handed in are: dumps of advisories, KEV, EPSS or a bundle, by their content.

A dump of an ecosystem lies as in the OSV bucket: `<Ecosystem>/all.zip` or `<Ecosystem>/*.json`.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.sources.advisories.addresses import ECOSYSTEMS
from vigie.sources.advisories.osv import ecosystems_of_all

_PEEK = 4096
_DEPTH = 4  # folders below the one that was named
_JSON = (".json", ".jsonl", ".ndjson")


class Form(StrEnum):
    OSV = "osv"
    KEV = "kev"
    EPSS = "epss"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Piece:
    """Files that are one feed. `name` is the feed's. For advisories, `covers` is the ecosystem
    that is taken from them ("" all of them), and `whole` that they are all there is of it."""

    form: Form
    name: str
    files: tuple[Path, ...]
    covers: str = ""
    whole: bool = True


def pieces_in(path: Path) -> list[Piece]:
    """What this file or folder holds, KEV and EPSS last.

    Raises UserError when there is no such file, or nothing in it is known.
    """
    if not path.exists():
        raise UserError(
            T("{name} does not exist", name=str(path)), T("Give a file or a folder to import.")
        )
    found = list(_in_folder(path) if path.is_dir() else _of_files([path], path.parent))
    if not found:
        raise UserError(
            T("{name} holds nothing that can be imported", name=str(path)),
            T("Give OSV dumps or records, the KEV catalogue, EPSS scores, or a bundle."),
        )
    return sorted(found, key=lambda piece: piece.form is not Form.OSV)


def _in_folder(path: Path) -> Iterator[Piece]:
    top = len(path.parts)
    for folder, below, names in os.walk(path):  # links to folders are not followed
        here = Path(folder)
        below[:] = sorted(below) if len(here.parts) - top < _DEPTH else []
        yield from _of_files([here / name for name in sorted(names)], here)


def _of_files(files: Sequence[Path], folder: Path) -> Iterator[Piece]:
    """The feeds among the files of one folder; its loose records are one."""
    loose: list[Path] = []
    for file in files:
        form = _form(file)
        if form is Form.OSV and file.suffix.lower() in _JSON:
            loose.append(file)
        elif form is Form.OSV:
            yield _dump(file)
        elif form is Form.BUNDLE:
            yield Piece(form, file.name, (file,))
        elif form is not None:
            yield Piece(form, form.value, (file,))
    # Beside its dump, the records of an ecosystem are the same once more.
    if loose and not any(file.name == "all.zip" for file in files):
        yield _records(loose, folder)


def _form(file: Path) -> Form | None:
    """What a file is by its first bytes; None for what is none of ours."""
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        head = opened.read(_PEEK)
    if head.startswith(b"PK"):
        return Form.OSV
    if head[257:262] == b"ustar":
        return Form.BUNDLE
    if head.startswith(b"\x1f\x8b"):
        return Form.EPSS if _is_epss(_unpacked(file)) else None
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        is_kev = b'"vulnerabilities"' in head and b'"cveID"' in head
        if is_kev or b'"catalogVersion"' in head:
            return Form.KEV
        return Form.OSV if file.suffix.lower() in _JSON else None
    return Form.EPSS if _is_epss(head) else None


def _is_epss(head: bytes) -> bool:
    return head.startswith((b"#model_version", b"cve,epss"))


def _unpacked(file: Path) -> bytes:
    try:
        with gzip.open(file) as opened:
            return opened.read(_PEEK)
    except (OSError, EOFError, zlib.error):
        return b""


def _dump(file: Path) -> Piece:
    """An archive is all there is of the one ecosystem that each of its records speaks of."""
    shared = ecosystems_of_all(file)
    for named in (file.parent.name, file.stem):
        if named.partition(":")[0] in shared:
            return Piece(Form.OSV, named, (file,), named)
    if len(shared) == 1:
        (ecosystem,) = shared
        return Piece(Form.OSV, ecosystem, (file,), ecosystem)
    if not shared and file.name == "all.zip":
        return Piece(Form.OSV, "OSV", (file,))  # the bucket's own, of all ecosystems
    return Piece(Form.OSV, f"file:{file.name}", (file,), whole=False)


def _records(files: Sequence[Path], folder: Path) -> Piece:
    """Loose records are additions, unless their folder says which ecosystem they are."""
    named = folder.name
    base = named.partition(":")[0]
    if base in ECOSYSTEMS and len(files) > 1 and base in ecosystems_of_all(*files):
        return Piece(Form.OSV, named, tuple(files), named)
    name = files[0].name if len(files) == 1 else folder.resolve().name
    return Piece(Form.OSV, f"file:{name}", tuple(files), whole=False)
