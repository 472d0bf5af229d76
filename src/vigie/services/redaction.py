"""Masks the secrets that were used, wherever they turn up again: in logs, errors and answers.

The last line of defence, not the first: values travel as `SecretValue`, which shows nothing. But a
receiver may repeat a token in its error, and a library may put a password into a URL.
"""

from __future__ import annotations

import base64
import html
import json
import sys
import threading
import traceback
import urllib.parse
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import replace
from typing import Any

from vigie.model.errors import VigieError
from vigie.model.text import Text
from vigie.ports.secrets import SecretValue

HIDDEN = "***"
# What is shorter stands in half of all words, and masking it would tell what it is.
SHORTEST = 4
# One line of a key or certificate is as telling as the whole.
_LINE = 16
_DEEPEST = 12
_PLAIN = (int, float, bool, type(None))


class Redactor:
    """Knows every value that was resolved in this process, as it is and as it is encoded.

    A structlog processor (`redactor` itself), a filter for `logging` (`filter`), and `mask` for
    any text. Safe to use from several threads. Values of fewer than four characters are not known.
    """

    __slots__ = ("_forms", "_lock")

    def __init__(self) -> None:
        # By their first characters, so that a text costs the same however many are known.
        self._forms: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Redactor(***)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("secret values are not written anywhere")

    def add(self, value: SecretValue) -> None:
        """Mask this value from here on."""
        with self._lock:
            for form in _forms(value):
                known = self._forms.get(form[:SHORTEST], ())
                if form not in known:
                    # The longest first, or what is left of it would stand there unmasked.
                    self._forms[form[:SHORTEST]] = tuple(sorted((*known, form), key=_length))

    def mask(self, text: str) -> str:
        """The text with *** for every value that is known."""
        pieces: list[str] = []
        start = at = 0
        while self._forms and at <= len(text) - SHORTEST:
            found = self._at(text, at)
            if found:
                pieces += text[start:at], HIDDEN
                at = start = at + found
            else:
                at += 1
        return "".join((*pieces, text[start:])) if pieces else text

    def mask_all(self, value: Any, depth: int = 0) -> Any:
        """What a log line or an answer holds, with every text in it masked."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, Text):
            return self.mask_text(value)
        if isinstance(value, _PLAIN):
            return value
        if depth < _DEEPEST and isinstance(value, Mapping):
            deeper = depth + 1
            return {self.mask_all(k, deeper): self.mask_all(v, deeper) for k, v in value.items()}
        if depth < _DEEPEST and isinstance(value, (list, tuple)):
            return [self.mask_all(item, depth + 1) for item in value]
        shown = repr(value)  # what a renderer would make of it
        masked = self.mask(shown)
        return value if masked == shown else masked

    def mask_text(self, text: Text) -> Text:
        """A sentence whose parameters are masked."""
        params = {name: self._param(value) for name, value in text.params.items()}
        return replace(text, template=self.mask(text.template), params=params)

    def mask_error(self, error: VigieError) -> VigieError:
        """The same error, its message and hint masked in place; for what is shown of it."""
        error.message, error.hint = self.mask_text(error.message), self.mask_text(error.hint)
        error.args = (str(error.message),)
        return error

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """As a structlog processor. Writes tracebacks out itself, without the values of locals:
        a renderer after it would do so where nothing is masked any more."""
        error = _exception(event.pop("exc_info", None))
        if error is not None:
            event["exception"] = "".join(traceback.format_exception(error)).rstrip()
        for key, value in event.items():
            event[key] = self.mask_all(value)
        return event

    def filter(self, record: Any) -> bool:
        """As a filter of the standard library's logging."""
        error = _exception(record.exc_info)
        if error is not None:
            record.exc_text = self.mask("".join(traceback.format_exception(error)).rstrip())
            record.exc_info = None
        record.msg, record.args = self.mask(record.getMessage()), None
        return True

    def _at(self, text: str, at: int) -> int:
        """How long the known value is that begins here; 0 for none."""
        for form in self._forms.get(text[at : at + SHORTEST], ()):
            if text.startswith(form, at):
                return len(form)
        return 0

    def _param(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(self._param(item) for item in value)
        return self.mask_all(value)


def _length(form: str) -> int:
    return -len(form)


def _exception(found: Any) -> BaseException | None:
    """What `exc_info` means: True is the one that is handled now."""
    if found is True:
        return sys.exc_info()[1]
    if isinstance(found, tuple):
        found = found[1] if len(found) > 1 else None
    return found if isinstance(found, BaseException) else None


def _forms(value: SecretValue) -> set[str]:
    """The value and the ways in which it is written elsewhere, none too short to be told apart."""
    plain = value.reveal()
    parts = [plain, *(line for line in plain.splitlines() if len(line) >= _LINE)]
    found = {form for part in parts for form in (part, part.strip(), *_encoded(part))}
    return {form for form in found if len(form) >= SHORTEST}


def _encoded(text: str) -> Iterator[str]:
    data = text.encode("utf-8", "surrogatepass")
    for quote in (urllib.parse.quote, urllib.parse.quote_plus):
        for safe in ("", "/"):
            quoted = quote(data, safe)
            yield from (quoted, _small_hex(quoted))
    yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
    yield from (repr(text)[1:-1], repr(data)[2:-1])
    yield from (html.escape(text), html.escape(text, quote=False))
    yield data.hex()
    if len(data) >= SHORTEST:
        yield from _in_base64(data)


def _small_hex(quoted: str) -> str:
    pieces = quoted.split("%")
    return "%".join([pieces[0], *(piece[:2].lower() + piece[2:] for piece in pieces[1:])])


def _in_base64(data: bytes) -> Iterator[str]:
    """Its base64, also as it stands inside that of more, as in `Authorization: Basic`: three
    bytes are four letters, so what comes before shifts it in three ways. Letters that hold bits
    of neighbours are left out."""
    for shift in range(3):
        padded = b"\0" * shift + data
        letters = base64.b64encode(padded).decode().rstrip("=")
        whole = letters[(0, 2, 3)[shift] : len(padded) * 8 // 6]
        yield from (whole, whole.replace("+", "-").replace("/", "_"))
