"""Downloads a feed: bounded, checked, and carried on where it was cut off.

What has come so far lies in a file beside a note of where it came from and which version of it
it is, so another run, or another process after this one was killed, asks only for the rest
(RFC 9110: Range with If-Range, and If-None-Match for what is here already).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx

import vigie
from vigie.model.errors import SourceError, UserError
from vigie.model.text import T
from vigie.sources.advisories.notes import (
    Note,
    carries_on,
    forget,
    headers_for,
    note_beside,
    note_of_answer,
    size_of,
    write_note,
)

Tell = Callable[[int, int | None], None]

_MOST_TRIES = 200
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient to be: seconds to connect and between two bytes, how often to try again in
    vain, the first pause between tries, and the least bytes that must come in a window of
    seconds."""

    connect: float = 15.0
    silence: float = 60.0
    tries: int = 5
    pause: float = 1.0
    window: float = 60.0
    least: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file as it was sent. `version` is its entity tag, or its date as HTTP writes it,
    "" when it has neither."""

    path: Path
    version: str = ""


class _CutOff(Exception):  # noqa: N818 - a reason to try again, which nobody else sees
    """It ended too early, or not yet began."""


class _Patience:
    """Whether to try again, and after how many seconds: as long as there is progress."""

    def __init__(self, manners: Manners, here: int) -> None:
        self.manners = manners
        self.here = here
        self.tries = self.vain = 0

    @property
    def pause(self) -> float:
        return min(self.manners.pause * 2 ** (self.vain - 1), 30.0) if self.vain else 0.0

    def ends(self, error: Exception, here: int) -> bool:
        """Told of a try that failed, and how many bytes are here now."""
        self.tries += 1
        self.vain = 0 if here >= self.here + self.manners.least else self.vain + 1
        self.here = max(self.here, here)
        # Where nobody answers at all, waiting seldom helps.
        self.vain += isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        return self.vain >= self.manners.tries or self.tries >= _MOST_TRIES


class Downloader:
    """Downloads into one folder. Several threads may use it at once, each for its own file."""

    def __init__(
        self, folder: Path, manners: Manners | None = None, stop: threading.Event | None = None
    ) -> None:
        self.folder = folder
        self.manners = manners or Manners()
        self.stop = stop or threading.Event()
        timeout = httpx.Timeout(self.manners.silence, connect=self.manners.connect)
        headers = {"User-Agent": f"vigie/{vigie.__version__}", "Accept-Encoding": "identity"}
        try:
            self._client = httpx.Client(timeout=timeout, headers=headers, follow_redirects=True)
        except (ImportError, ValueError) as error:
            raise UserError(
                T("the proxy that is set cannot be used: {why}", why=str(error)),
                T("See HTTPS_PROXY, HTTP_PROXY and ALL_PROXY."),
            ) from None

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()

    def fetch(
        self, address: str, name: str, *, known: str = "", most: int, tell: Tell | None = None
    ) -> Fetched | None:
        """The file at this address, under `name` in the folder; None when it is still the
        version that is `known`.

        `tell` is told the bytes that are here and how many there are in all, when known. Raises
        SourceError when it cannot be had or is larger than `most` bytes, UserError when the
        folder cannot be written.
        """
        file = self.folder / f"{name}.download"
        patience = _Patience(self.manners, size_of(file))
        while not self.stop.is_set():
            try:
                with _on_disk(self.folder):
                    return self._try(address, file, known, most, tell)
            except (_CutOff, httpx.TransportError) as error:
                if patience.ends(error, size_of(file)):
                    raise _unreachable(address, str(error) or type(error).__name__) from None
            except (httpx.InvalidURL, httpx.TooManyRedirects) as error:
                raise UserError(
                    T("{address} is no address to download from: {why}",
                      address=address, why=str(error)),
                    T("See [advisories] in the settings."),
                ) from None  # fmt: skip
            self.stop.wait(patience.pause)
        raise _cancelled()

    def text(self, address: str, most: int) -> str:
        """A short text. Raises SourceError when it cannot be had."""
        self.forget("listing")
        fetched = self.fetch(address, "listing", most=most)
        text = fetched.path.read_bytes().decode("utf-8", "replace") if fetched is not None else ""
        self.forget("listing")
        return text

    def forget(self, name: str) -> None:
        """Remove what was downloaded under this name."""
        forget(self.folder / f"{name}.download")

    def _try(
        self, address: str, file: Path, known: str, most: int, tell: Tell | None
    ) -> Fetched | None:
        note = note_beside(file)
        if note is not None and note.address != address:
            note = None
        here = size_of(file) if note is not None else 0
        headers = headers_for(note, here, known)
        with self._client.stream("GET", address, headers=headers) as response:
            _refuse_plain(address, response)
            status = response.status_code
            if status == HTTPStatus.NOT_MODIFIED:
                return _fetched(file, note) if note is not None and note.whole else None
            if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                forget(file)
                raise _CutOff("the part that is here does not fit")
            _refuse_status(address, status)
            if status != HTTPStatus.PARTIAL_CONTENT or note is None:
                here, note = 0, note_of_answer(address, response)
            elif not carries_on(response, here):
                forget(file)
                raise _CutOff("another part came than was asked for")
            self._take(response, file, here, note, most, tell)
        return _fetched(file, note)

    def _take(
        self,
        response: httpx.Response,
        file: Path,
        here: int,
        note: Note,
        most: int,
        tell: Tell | None,
    ) -> None:
        """Write what comes behind the bytes that are here."""
        if note.length is not None and note.length > most:
            raise _too_large(note.address, most)
        if not here:
            file.unlink(missing_ok=True)
            write_note(file, note)
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        # Without a size of pieces, each is handed on as it comes, so a cut loses nothing.
        pieces = response.iter_bytes() if encoded else response.iter_raw()
        with file.open("ab") as out:
            for piece in self._paced(pieces):
                here += len(piece)
                if here > most:
                    raise _too_large(note.address, most)
                out.write(piece)
                if tell is not None:
                    tell(here, note.length)
            out.flush()
            os.fsync(out.fileno())
        if note.length is not None and here != note.length:
            raise _CutOff(f"{here} of {note.length} bytes came")
        note.whole = True
        write_note(file, note)

    def _paced(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces, as long as nobody says stop and they do not merely trickle."""
        since, came = time.monotonic(), 0
        for piece in pieces:
            if self.stop.is_set():
                raise _cancelled()
            came += len(piece)
            passed = time.monotonic() - since
            if passed > self.manners.window:
                if came < self.manners.least:
                    raise _CutOff(f"only {came} bytes came in {passed:.0f} s")
                since, came = time.monotonic(), 0
            yield piece


def _refuse_plain(address: str, response: httpx.Response) -> None:
    if address.startswith("https:") and response.url.scheme != "https":
        raise SourceError(
            T("{address} leads to a place without encryption", address=address),
            T("See [advisories] in the settings."),
        )


def _refuse_status(address: str, status: int) -> None:
    if status in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        return
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER:
        raise _CutOff(f"HTTP {status}")
    if status in _GONE:
        raise SourceError(
            T("there is nothing at {address} (HTTP {status})", address=address, status=status),
            T("See whether the name is right; a mirror is set under [advisories] in the settings."),
        )
    raise SourceError(
        T("{address} does not hand it out (HTTP {status})", address=address, status=status),
        T("Get the file another way and give it to vigie db import, or set a mirror."),
    )


def _unreachable(address: str, why: str) -> SourceError:
    return SourceError(
        T("{address} cannot be downloaded: {why}", address=address, why=why),
        T("Run it again to carry on; a proxy is set with HTTPS_PROXY, a mirror under "
          "[advisories] in the settings."),
        retryable=True,
    )  # fmt: skip


def _too_large(address: str, most: int) -> SourceError:
    return SourceError(
        T("{address} is larger than {limit} MiB", address=address, limit=most >> 20),
        T("That is no feed of advisories; see [advisories] in the settings."),
    )


def _cancelled() -> SourceError:
    return SourceError(T("the download was cancelled"), T("Run it again to carry on."))


@contextmanager
def _on_disk(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise UserError(
            T("{folder} cannot be written: {why}", folder=str(folder), why=error.strerror or ""),
            T("Set VIGIE_DATA to a folder that you may write to, on a disk with room."),
        ) from None


def _fetched(file: Path, note: Note) -> Fetched:
    return Fetched(file, note.version)
