"""The sealed store of a data folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from vigie.ports.secrets import Home, SecretRef, SecretValue
from vigie.stores.secrets.sealed import SealedBackend


def stock(folder: Path, secrets: Mapping[SecretRef, str]) -> dict[str, str]:
    backend = SealedBackend(Home(folder, {}))
    for ref, value in secrets.items():
        backend.put(ref, SecretValue(value))
    return {}


def spoil(folder: Path, _environ: dict[str, str], ref: SecretRef) -> None:
    with closing(sqlite3.connect(folder / "secrets.db")) as connection, connection:
        # One bit of the value; its tag, which the list is signed over, stays.
        connection.execute(
            "UPDATE secret SET sealed = CAST(substr(sealed, 1, 12) || x'00' || substr(sealed, 14)"
            " AS BLOB) WHERE tenant = ? AND name = ?",
            (ref.tenant, ref.name),
        )
