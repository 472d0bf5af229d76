"""Passwords: kept as argon2id, checked in constant work, refused when they are easily guessed.

The rules are NIST SP 800-63B's (5.1.1.2): long enough, not on a list of common ones, not made of
the person's own name; no rule about which characters, and no expiry. The list of common ones is
zxcvbn's (MIT).
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn import zxcvbn  # type: ignore[import-untyped]
from zxcvbn.matching import RANKED_DICTIONARIES  # type: ignore[import-untyped]

from vigie.model.errors import UserError
from vigie.model.text import T

MINIMUM_LENGTH = 12
MAXIMUM_BYTES = 1024
PRODUCT_WORDS = ("vigie",)
# What must be left when the person's own words and the common ones are taken out of it.
_OWN_AT_LEAST = 6
# zxcvbn's work grows with the square of the length, and so many characters say enough.
_SCORED_LENGTH = 72
# Crockford's: no i, l, o, u, so that it can be read out and typed from paper.
_READABLE = "0123456789abcdefghjkmnpqrstvwxyz"
_scoring = threading.Lock()


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether it was the right one. `renewed` is the hash to store instead, "" to keep the old:
    the stored one was made with weaker parameters."""

    holds: bool
    renewed: str = ""


class Passwords:
    """Hashes and checks with argon2id. One for the process: it bounds the memory of all checks.

    The parameters are RFC 9106's second recommendation (64 MiB, 3 passes), above OWASP's. A
    check takes that memory while it runs, so only `at_once` run at a time and the others wait.
    """

    def __init__(self, hasher: PasswordHasher | None = None, *, at_once: int = 4) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._room = threading.BoundedSemaphore(at_once)
        # Checked for people who do not exist: an answer that came sooner would say so.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """The string to store: algorithm, parameters, salt and hash (PHC format)."""
        with self._room:
            return self._hasher.hash(_prepared(password))

    def check(self, stored: str, password: str) -> PasswordCheck:
        """Compare with a stored hash; "" for a person who is unknown or has no password, which
        takes the same work and never holds."""
        try:
            prepared = _prepared(password)
        except UserError:
            return PasswordCheck(False)
        with self._room:
            holds = self._verify(stored or self._nobody, prepared) and bool(stored)
            if not holds or not self._hasher.check_needs_rehash(stored):
                return PasswordCheck(holds)
            return PasswordCheck(True, self._hasher.hash(prepared))

    def _verify(self, stored: str, prepared: str) -> bool:
        try:
            return self._hasher.verify(stored, prepared)
        except (VerificationError, InvalidHashError):
            return False


def require_good(
    password: str, own_words: Iterable[str] = (), *, minimum: int = MINIMUM_LENGTH
) -> None:
    """Raises UserError when it may not be chosen. `own_words` are the person's name, e-mail and
    tenant: it must not be made of those. `minimum` counts characters."""
    own = [*own_words, *PRODUCT_WORDS]
    prepared = _prepared(password)
    if len(prepared) < minimum:
        raise UserError(
            T("the password is too short: it needs at least {minimum} characters",
              minimum=minimum),
            T("A few words that have nothing to do with each other are easy to keep in mind."),
        )  # fmt: skip
    if _is_made_of(prepared, own):
        raise UserError(
            T("the password is made of your own name, your address or the product's name"),
            T("Those are what is tried first: choose something that is not about you."),
        )
    if _is_common(prepared) or strength(prepared, own) < 2:
        raise UserError(
            T("the password is one of those that are tried first"),
            T("Add something that others would not: a few more words, in no usual order."),
        )


def strength(password: str, own_words: Iterable[str] = ()) -> int:
    """How well it holds against guessing, 0 (at once) to 4 (very well): zxcvbn's score."""
    words = [word for text in own_words for word in (text, *_words(text))]
    with _scoring:  # it keeps the person's own words in a table that all calls share
        got = zxcvbn(password[:_SCORED_LENGTH], user_inputs=words)
    score: int = got["score"]
    return score


def first_password() -> str:
    """A password for the first administrator, shown once: 120 bits, readable from paper."""
    letters = "".join(secrets.choice(_READABLE) for _ in range(24))
    return "-".join(letters[at : at + 4] for at in range(0, 24, 4))


def _prepared(password: str) -> str:
    """One form for what looks the same on every keyboard (NFKC, as SP 800-63B asks)."""
    if len(password) > MAXIMUM_BYTES:
        raise _too_long()
    try:
        size = len(unicodedata.normalize("NFKC", password).encode())
    except UnicodeEncodeError as error:
        raise UserError(T("the password holds characters that are no text")) from error
    if size > MAXIMUM_BYTES:
        raise _too_long()
    return unicodedata.normalize("NFKC", password)


def _too_long() -> UserError:
    return UserError(T("the password is too long: at most {maximum} bytes", maximum=MAXIMUM_BYTES))


def _folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    """The words of a name or an address that are long enough to mean it; longest first."""
    words = re.split(r"[\W_]+", _folded(text)[:MAXIMUM_BYTES])
    return sorted({word for word in words if len(word) >= 3}, key=len, reverse=True)


def _is_made_of(password: str, own_words: Iterable[str]) -> bool:
    left = re.sub(r"[\W_]+", "", _folded(password))
    before = len(left)
    for word in sorted({w for text in own_words for w in _words(text)}, key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < before and len(left) < _OWN_AT_LEAST


def _is_common(password: str) -> bool:
    """On the list as it is, or with only digits and signs around a word of the list."""
    common = RANKED_DICTIONARIES["passwords"]
    folded = _folded(password)
    return folded in common or re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded) in common
