"""Stable identities: short digests that survive a re-scan and shifted lines."""

from __future__ import annotations

import hashlib
import re

_SPACE = re.compile(r"\s+")


def digest(*parts: str, length: int = 32) -> str:
    """Hex SHA-256 over the parts, which cannot run into each other; cut to `length` digits."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        whole.update(len(data).to_bytes(8, "big"))
        whole.update(data)
    return whole.hexdigest()[:length]


def anchor(text: str | None) -> str:
    """Identity of a piece of code or a message, blind to white space; "" for none."""
    squeezed = _SPACE.sub(" ", text or "").strip()
    return digest("anchor", squeezed, length=16) if squeezed else ""


def secret_anchor(secret: str | None) -> str:
    """Identity of a secret's value: SHA-1, as detect-secrets stores it, so that tools agree.

    It is used to compare and is hashed again into the fingerprint; it is never written out.
    """
    if not secret:
        return ""
    return hashlib.sha1(secret.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def layers_digest(diff_ids: list[str] | tuple[str, ...]) -> str:
    """Identity of an image by its ordered layer diff ids, for `Asset.digests`; "" for none."""
    return f"layers:sha256:{digest(*diff_ids, length=64)}" if diff_ids else ""
