"""Paths and code as reports give them, in one spelling, so that tools can agree on a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

_DRIVE = re.compile(r"^/[A-Za-z]:[\\/]")
# Bounded, so that a line of escaped quotes costs no more than its length; "don't" is no quote.
_QUOTED = re.compile(r"""(?<!\w)(["'`])((?:(?!\1)[^\n\\]|\\.){3,400})\1(?!\w)""")
# Hard-coded password, cryptographic key, credentials.
_CREDENTIALS = frozenset({"CWE-259", "CWE-321", "CWE-798"})
_CWE = re.compile(r"\bcwe[-_:/ ]{0,2}0*([1-9]\d{0,4})\b", re.IGNORECASE)

_SENTENCE = re.compile(r"(?<=[a-z)`'\"])\. (?=[A-Z])")


def clean_path(said: str) -> str:
    """A path without `file://` and leading `./`, with `/` between its parts.

    It stays as relative or absolute as it was said. `file://src/a.c`, which some tools write
    for a relative path, is `src/a.c`; `file:///C:/a.c` is `C:/a.c` (RFC 8089).
    """
    path = said.strip()
    if path[:5].lower() == "file:":
        path = unquote(path[5:])
        path = path[2:] if path.startswith("//") else path
    if "\\" in path and "/" not in path.lstrip("./"):
        path = path.replace("\\", "/")
    if _DRIVE.match(path):
        path = path[1:]
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def cwe_ids(*said: str) -> tuple[str, ...]:
    """The weaknesses named in texts such as "external/cwe/cwe-079": ("CWE-79",)."""
    return tuple(dict.fromkeys(f"CWE-{number}" for text in said for number in _CWE.findall(text)))


def first_sentence(text: str) -> str:
    """The first sentence on one line, for a title; "" for none."""
    return _SENTENCE.split(" ".join(text.split()), maxsplit=1)[0].rstrip(".")


def shows_credential(weaknesses: Iterable[str]) -> bool:
    """True where the code that shows such a weakness shows a password or key as well."""
    return any(weakness in _CREDENTIALS for weakness in weaknesses)


def quoted(*texts: str) -> tuple[str, ...]:
    """What stands in quotes in messages or lines of code, the longest first."""
    found = {literal for text in texts for _, literal in _QUOTED.findall(text)}
    return tuple(sorted(found, key=lambda literal: (-len(literal), literal)))


def plain_message(text: str, *secrets: str) -> str:
    """The text without any of the secrets' values in it."""
    for secret in secrets:
        if secret.strip():
            text = text.replace(secret, "…")
    return text
