"""Hackage: numbers with dots between; 1.0 is below 1.0.0.

Source: the Haskell Package Versioning Policy, https://pvp.haskell.org.
"""

from __future__ import annotations

from vigie.triage.versions.keys import DOTTED, Key, dotted


def key(version: str) -> Key | None:
    """The key of a version; None for anything but numbers."""
    return tuple(dotted(version)) if DOTTED(version) else None
