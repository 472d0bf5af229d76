"""Results on disk: read one back, and write an outlet's parts so that none is ever half there."""

from __future__ import annotations

import gc
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from vigie.model.errors import UserError
from vigie.model.plain import from_plain
from vigie.model.results import Result
from vigie.model.text import T, Text
from vigie.ports.outlets import Part

LARGEST = 1 << 30  # bytes; 100,000 findings with their evidence are about a third of it

_AGAIN = T("Write it again with --format json=FILE.")
_FINDING = msgspec.json.Decoder(dict[str, Any])


def load_result(path: Path, limit: int = LARGEST) -> Result:
    """The result that `--format json=FILE` wrote.

    Raises UserError when there is no such file, or it is longer than `limit` bytes, empty,
    truncated, no result, or a result of another major version of the layout.
    """
    data = _bytes_of(path, limit)
    if not data.strip():
        raise UserError(T("{path} is empty", path=str(path)), _AGAIN)
    try:
        raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        plain = {key: _decoded(key, value) for key, value in raw.items()}
        with _no_collection():
            return from_plain(plain)
    except UserError as error:
        raise UserError(T("{path}: {why}", path=str(path), why=error.message), error.hint) from None
    except msgspec.ValidationError:
        raise UserError(
            T("{path} is JSON but not a Vigie result", path=str(path)),
            T("Give a file written with --format json=FILE; for a scanner's report use merge."),
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UserError(_broken(path, error), _AGAIN) from None


@contextmanager
def _no_collection() -> Iterator[None]:
    """The collector would walk the growing result again and again: half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _decoded(key: str, value: msgspec.Raw) -> Any:
    # Findings are decoded one at a time: all of them as dicts would take gigabytes.
    if key == "findings":
        return map(_FINDING.decode, msgspec.json.decode(value, type=list[msgspec.Raw]))
    return msgspec.json.decode(value)


def _bytes_of(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise UserError(
            T("{path} cannot be read: {why}", path=str(path), why=error.strerror or str(error)),
            T("Check the name and the permissions."),
        ) from None
    if len(data) > limit:
        raise UserError(
            T("{path} is larger than {limit} MiB", path=str(path), limit=limit >> 20),
            T("Give a file written with --format json=FILE; for a scanner's report use merge."),
        )
    return data


def _broken(path: Path, error: Exception) -> Text:
    if "truncated" in str(error):
        return T("{path} is truncated: it ends in the middle", path=str(path))
    return T("{path} is not JSON that Vigie wrote", path=str(path))


def write_parts(parts: Iterable[Part], path: Path) -> list[Path]:
    """Write each part beside its place, then move all into place; returns where they are.

    A part's name goes before the suffix: "report.sarif" and "app" make "report-app.sarif".
    A reader never sees half a file, and when anything fails the old files stay as they were.
    A pipe or device is written to directly. Raises UserError when the place cannot be written.
    """
    aside: list[tuple[Path, Path]] = []
    try:
        for part in parts:
            place = _place(path, part.name)
            if place.exists() and not place.is_file():
                _write(place, part.chunks, "wb")
                aside.append((place, place))
            else:
                beside = place.with_name(f".{place.name[:200]}.{secrets.token_hex(6)}")
                aside.append((beside, place))
                _write(beside, part.chunks, "xb")
        for beside, place in aside:
            if beside != place:
                beside.replace(place)
        _sync_folders({place.parent for _, place in aside})
    except OSError as error:
        raise UserError(
            T("{path} cannot be written: {why}", path=str(path), why=error.strerror or str(error)),
            T("Check that the folder exists, that you may write there, and that it is not full."),
        ) from None
    finally:
        for beside, place in aside:
            if beside != place:
                beside.unlink(missing_ok=True)
    return [place for _, place in aside]


def _place(path: Path, name: str) -> Path:
    # Through a link: the file that it points at is replaced, not the link.
    named = path.with_name(f"{path.stem}-{name}{path.suffix}") if name else path
    return Path(os.path.realpath(named))


def _write(path: Path, chunks: Iterable[bytes], mode: str) -> None:
    with path.open(mode) as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        if mode == "xb":
            os.fsync(file.fileno())


def _sync_folders(folders: set[Path]) -> None:
    """A rename is on disk only when its folder is."""
    if os.name == "nt":
        return
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems cannot, and the rename has happened
                os.fsync(handle)
        finally:
            os.close(handle)
