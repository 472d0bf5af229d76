"""Carries the database of advisories to machines without a network: keys, and signed bundles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.advisories import open_index
from vigie.stores.advisories.bundle import write_bundle
from vigie.stores.advisories.keys import load_private, new_key

__all__ = ["Exported", "export", "new_key"]


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that was written: how many bytes, and the id of the key that signed it."""

    bundle: Path
    size: int
    key: str


def export(bundle: Path, key: Path, now: str, *, folder: Path | None = None) -> Exported:
    """Write the database as one bundle, signed with the key in this file.

    Raises UserError when there is no database, no key, or no room.
    """
    signer = load_private(key)
    index = open_index(folder)
    if index is None:
        raise UserError(
            T("there is no database of advisories yet"),
            T("Make one with vigie db update, or with vigie db import."),
        )
    with index:
        try:
            name = write_bundle(index.path, index.feeds, bundle, signer, now)
        except OSError as error:
            raise UserError(
                T("{path} cannot be written: {why}",
                  path=str(bundle), why=error.strerror or str(error)),
                T("Check that the folder exists, that you may write there, and that it is not "
                  "full."),
            ) from None  # fmt: skip
    return Exported(bundle, bundle.stat().st_size, name)
