"""Writes a patch: every file aside first, then all into place, and back again if one fails."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.outlets.patches.unified import unified
from vigie.ports.patches import Edit
from vigie.sources.data_folder import data_folder


def write_patch(root: Path, edits: Sequence[Edit], when: str, undo: Path | None = None) -> Path:
    """Apply the edits to the folder; returns the file that undoes them (`patch -R -p1`).

    Nothing is written when a file is no longer what the patch was made from. `when` is ISO 8601
    and part of the undo file's name. Raises UserError; then the folder is as it was.
    """
    places = [_place(root, edit) for edit in edits]
    kept = _keep_undo(edits, undo or _undo_file(root, when))
    aside: list[tuple[Path, Path, Edit]] = []
    done: list[tuple[Path, Edit]] = []
    try:
        for place, edit in zip(places, edits, strict=True):
            aside.append((_write_aside(place, edit.after), place, edit))
        for _, place, edit in aside:
            _refuse_changed(place, edit)  # at the last moment: writing may have taken a while
        for beside, place, edit in aside:
            beside.replace(place)
            done.append((place, edit))
        _sync({place.parent for place in places})
    except (OSError, UserError) as error:
        for place, edit in done:
            with suppress(OSError):
                _write_aside(place, edit.before).replace(place)
        kept.unlink(missing_ok=True)
        if isinstance(error, UserError):
            raise
        raise UserError(
            T("{path} cannot be written: {why}", path=str(error.filename or root),
              why=error.strerror or str(error)),
            T("Nothing was changed. Check the permissions and the space that is left."),
        ) from None  # fmt: skip
    finally:
        for beside, _, _ in aside:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
    return kept


def _place(root: Path, edit: Edit) -> Path:
    """Where the file really lies. Through a link the file that it points at is replaced."""
    place = Path(os.path.realpath(root / edit.path))
    if not place.is_relative_to(root):
        raise UserError(
            T("{path} leads out of the folder", path=edit.path), T("Nothing was changed.")
        )
    _refuse_changed(place, edit)
    return place


def _refuse_changed(place: Path, edit: Edit) -> None:
    try:
        same = place.read_bytes() == edit.before.encode("utf-8", "surrogateescape")
    except FileNotFoundError:
        same = not edit.before
    except OSError:
        same = False
    if not same:
        raise UserError(
            T("{path} has changed since the patch was made", path=edit.path),
            T("Nothing was changed. Run it again."),
        )


def _write_aside(place: Path, text: str) -> Path:
    beside = place.with_name(f".{place.name[:200]}.{secrets.token_hex(6)}")
    try:
        with beside.open("xb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            before = place.stat()
            beside.chmod(stat.S_IMODE(before.st_mode))
            with suppress(OSError):  # only root may give a file away
                os.chown(beside, before.st_uid, before.st_gid)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        # A person knows the file, not the one that is written beside it.
        raise OSError(error.errno, error.strerror, str(place)) from None
    return beside


def _undo_file(root: Path, when: str) -> Path:
    stamp = "".join(sign for sign in when if sign.isalnum())
    return data_folder() / "undo" / f"{root.name or 'root'}-{stamp}-{secrets.token_hex(3)}.patch"


def _keep_undo(edits: Sequence[Edit], undo: Path) -> Path:
    try:
        undo.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with undo.open("xb") as file:
            file.write(unified(edits).encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise UserError(
            T("{path} cannot be written: {why}", path=str(undo), why=error.strerror or str(error)),
            T("Nothing was changed: there would be no way back. Set VIGIE_DATA to another folder."),
        ) from None
    return undo


def _sync(folders: set[Path]) -> None:
    """A rename is on disk only when its folder is."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):  # some file systems cannot
                os.fsync(handle)
        finally:
            os.close(handle)
