"""What is remembered of a download while it is not whole, so that it can be carried on."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgspec


class Note(msgspec.Struct):
    """What lies in the file beside it: from where, which version of it (its entity tag, or its
    date as HTTP writes it), how long it is, and whether all is here."""

    address: str
    version: str = ""
    length: int | None = None
    whole: bool = False


def headers_for(note: Note | None, here: int, known: str) -> dict[str, str]:
    """The headers that ask for no more than what is missing."""
    if note is not None and note.whole:
        return _unless(note.version)
    if note is not None and here and note.version and not note.version.startswith("W/"):
        return {"Range": f"bytes={here}-", "If-Range": note.version}
    return _unless(known)


def _unless(version: str) -> dict[str, str]:
    if not version:
        return {}
    tag = version.startswith(('"', "W/"))
    return {"If-None-Match" if tag else "If-Modified-Since": version}


def note_of_answer(address: str, response: httpx.Response) -> Note:
    """The note on a file that begins to come."""
    headers = response.headers
    length = headers.get("Content-Length", "")
    encoded = headers.get("Content-Encoding", "identity") != "identity"
    return Note(
        address,
        # What was packed for the way alone cannot be carried on by counting its bytes.
        "" if encoded else headers.get("ETag") or headers.get("Last-Modified", ""),
        int(length) if length.isdigit() and not encoded else None,
    )


def carries_on(response: httpx.Response, here: int) -> bool:
    """True when the bytes that come are those behind the ones that are here."""
    return str(response.headers.get("Content-Range", "")).startswith(f"bytes {here}-")


def _place(file: Path) -> Path:
    return file.with_suffix(".note")


def note_beside(file: Path) -> Note | None:
    """The note on this file; None when there is none, or no file."""
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(_place(file).read_bytes(), type=Note)
    except (OSError, msgspec.MsgspecError):
        return None


def write_note(file: Path, note: Note) -> None:
    """Keep the note beside this file."""
    beside = file.with_suffix(".note-new")
    beside.write_bytes(msgspec.json.encode(note))
    beside.replace(_place(file))


def forget(file: Path) -> None:
    """Remove the file and its note."""
    file.unlink(missing_ok=True)
    _place(file).unlink(missing_ok=True)


def size_of(file: Path) -> int:
    """How many bytes are here."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
