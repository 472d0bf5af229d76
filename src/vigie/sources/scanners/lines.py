"""What a program writes to its error output, as it comes: lines that are fit to be shown."""

from __future__ import annotations

import codecs
import re

from vigie.sources.scanners.stderr import HIDDEN, OF_A_KEY, redact, unadorned

LEFT_OUT = "…"  # a line that stands for others
LONGEST = 8192  # characters of a line; more of it is not looked at
BAR_SECONDS = 5.0  # between two states of a progress bar
_KEY_LINES = 250  # more than any private key has
_GAP = "\0"
# Going back to the start of the line, to write it anew.
_BACK = re.compile(r"\r|\x1b\[[01]?G")
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_KEY_ENDS = re.compile(r"-----END [A-Z ]*-----")


class Lines:
    """Makes lines of what is written, without colours and without what looks like a credential.

    Of a line that is written anew and anew (a progress bar) the last state is a line, and while it
    is written one every few seconds. Where something was lost (NUL) a line "…" stands, and neither
    the line before it nor that after it is shown: what is left of a credential is not recognised.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._open = ""
        self._bar = ""  # the last whole state of the open line
        self._shown = ""  # of the bar
        self._shown_at = float("-inf")
        self._key = 0  # lines of a private key yet to be hidden, at most
        self._lost = False  # the rest of this line is not shown

    def feed(self, data: bytes, now: float) -> list[str]:
        """The lines that this completes. `now` is in seconds and only goes on."""
        found: list[str] = []
        before, *after = self._decoder.decode(data).split(_GAP)
        self._take(before, found)
        for piece in after:
            self._forget()
            found.append(LEFT_OUT)
            self._take(piece, found)
        if self._bar and self._bar != self._shown and now - self._shown_at >= BAR_SECONDS:
            self._shown, self._shown_at = self._bar, now
            self._say(self._bar, found)
        return found

    def end(self) -> list[str]:
        """What is left when nothing more comes."""
        found: list[str] = []
        self._take(self._decoder.decode(b"", final=True), found)
        if self._open or self._bar:
            self._complete(found)
        return found

    def _take(self, text: str, found: list[str]) -> None:
        *ended, rest = text.split("\n")
        for piece in ended:
            self._write(piece)
            self._complete(found)
        self._write(rest)

    def _write(self, piece: str) -> None:
        """More of the open line."""
        states = _BACK.split(self._open + piece)
        self._open = states.pop()[:LONGEST]
        if self._lost and states:
            states, self._lost = states[1:], False
        self._bar = next((state for state in reversed(states) if state.strip()), self._bar)[
            :LONGEST
        ]

    def _complete(self, found: list[str]) -> None:
        line = self._open if unadorned(self._open).strip() else self._bar
        if not self._lost and line != self._shown:
            self._say(line, found)
        self._open = self._bar = self._shown = ""
        self._lost = False

    def _forget(self) -> None:
        self._open = self._bar = self._shown = ""
        self._key, self._lost = 0, True

    def _say(self, line: str, found: list[str]) -> None:
        line = unadorned(line).rstrip()
        if self._key:
            self._key = 0 if _KEY_ENDS.search(line) else self._key - 1
        elif line:
            begins = [*_KEY_BEGINS.finditer(line)]
            if begins and not _KEY_ENDS.search(line, begins[-1].end()):
                self._key = _KEY_LINES
            found.append(OF_A_KEY.sub(HIDDEN, redact(line)))
