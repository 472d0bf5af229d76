"""Questions that wait for one answer: a second factor, a passkey, a sign-on on its way.

A question is named by an id and a secret of 128 bits; of the secret only the hash is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from vigie.model.access import NotSignedIn
from vigie.model.text import T
from vigie.services.platform import Platform
from vigie.stores.relational import access
from vigie.stores.relational.database import Work
from vigie.stores.relational.ids import new_id

_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was found; its row is locked."""

    id: str
    record: Mapping[str, Any]


def ask(
    work: Work, platform: Platform, kind: str, record: Mapping[str, Any], seconds: float
) -> str:
    """Keep a question; the word that its answer must come with."""
    question, secret = new_id(), secrets.token_hex(16)
    row = {
        "id": question, "kind": kind, "record": {**record, "hash": _hash(secret)},
        "expires_at": platform.clock() + timedelta(seconds=seconds),
    }  # fmt: skip
    access.add_challenge(work, row)
    return f"{question}.{secret}"


def find(work: Work, platform: Platform, kind: str, word: str) -> Question:
    """The question that a word names. Raises NotSignedIn when there is none (any more)."""
    question, _, secret = word[:_LONGEST].partition(".")
    row = access.challenge(work, question, kind, platform.clock())
    if row is None or not hmac.compare_digest(row["record"]["hash"], _hash(secret)):
        raise NotSignedIn(
            T("this sign-in took too long, or was finished already"), T("Begin it anew.")
        )
    return Question(row["id"], row["record"])


def end(work: Work, question: Question) -> None:
    """It was answered, one way or the other."""
    access.end_challenge(work, question.id)


def keep(work: Work, question: Question, record: Mapping[str, Any]) -> None:
    """Go on waiting, with this."""
    access.set_challenge(work, question.id, {**record, "hash": question.record["hash"]})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
