"""Secrets in mounted files: `/run/secrets/slack-token` is `secret://slack-token`.

One file a secret, as Docker and Kubernetes mount them; `VIGIE_SECRETS_DIR` names another folder.
A tenant's own lie in a subfolder with its id. Kubernetes replaces a whole volume by turning the
link `..data`, so links are followed, but never out of the realm's own folder.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from vigie.model.errors import SourceError
from vigie.model.text import T, Text
from vigie.ports.secrets import (
    BackendPlug,
    Home,
    SecretInfo,
    SecretRef,
    SecretValue,
    check_tenant,
    is_name,
)
from vigie.stores.secrets._reading import open_regular, read_only, read_value

VARIABLE = "VIGIE_SECRETS_DIR"
USUAL = "/run/secrets"
# A volume that is replaced between looking and opening is looked at again.
_TRIES = 3
_MOST = 10_000
# Files that open the sealed store may lie in the same mount; they are nobody's secret to refer to.
_KEYS = ("VIGIE_MASTER_KEY_FILE", "VIGIE_MASTER_PASSPHRASE_FILE")
_LABEL = T("the folder of secret files")


class FilesBackend:
    """Reads a folder anew each time, because a mount changes while the platform runs."""

    name = "files"
    writable = False

    def __init__(self, home: Home) -> None:
        self._root = Path(home.environ.get(VARIABLE) or USUAL)
        self._keys = [Path(home.environ[key]) for key in _KEYS if home.environ.get(key)]

    def get(self, ref: SecretRef, /) -> SecretValue | None:
        if ref.version:
            return None  # a file keeps no versions
        for _ in range(_TRIES):
            path = self._place(ref)
            if path is None:
                return None
            try:
                return _value(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _unreadable(path, error.strerror or str(error)) from None
        raise SourceError(
            T("{path} changes faster than it can be read", path=str(self._root / ref.name)),
            retryable=True,
        )

    def names(self, tenant: str, /) -> Sequence[SecretInfo]:
        folder = self._realm(check_tenant(tenant))
        if folder is None:
            return []
        try:
            with os.scandir(folder) as entries:
                listed = [entry.name for _, entry in zip(range(_MOST), entries, strict=False)]
        except OSError as error:
            raise _unreadable(folder, error.strerror or str(error)) from None
        found = [SecretRef(name, tenant) for name in sorted(listed) if is_name(name)]
        return [info for ref in found for info in self.versions(ref)]

    def versions(self, ref: SecretRef, /) -> Sequence[SecretInfo]:
        there = not ref.version and self._place(ref) is not None
        return [SecretInfo(ref.name, ref.tenant, backend=self.name)] if there else []

    def put(self, _ref: SecretRef, _value: SecretValue, /) -> SecretInfo:
        raise read_only(_LABEL)

    def remove(self, _ref: SecretRef, /) -> bool:
        raise read_only(_LABEL)

    def _realm(self, tenant: str) -> Path | None:
        """The real folder of a tenant, None when there is none."""
        root = _real(self._root)
        folder = _real(self._root / tenant) if tenant and root else root
        if root is None or folder is None or not folder.is_dir():
            return None
        if tenant and root not in folder.parents:
            raise _leads_out(self._root / tenant)
        return folder

    def _place(self, ref: SecretRef) -> Path | None:
        """The real file of a secret, None when there is none or a folder stands there."""
        folder = self._realm(ref.tenant)
        path = _real(folder / ref.name) if folder else None
        if folder is None or path is None or path.is_dir():
            return None
        if folder not in path.parents:
            raise _leads_out(folder / ref.name)
        return None if any(_real(key) == path for key in self._keys) else path


def _real(path: Path) -> Path | None:
    """The path without links; None when nothing is there."""
    try:
        return path.resolve(strict=True)
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except (OSError, RuntimeError) as error:  # Python 3.11 tells of a loop by RuntimeError
        why = error.strerror if isinstance(error, OSError) else ""
        raise _unreadable(path, why or T("its links lead in a circle")) from None


def _value(path: Path) -> SecretValue:
    """What the file holds. Raises OSError, and SourceError when it is no text of that size."""
    opened = open_regular(path)
    value = read_value(opened[0]) if opened else T("it is no regular file")
    if isinstance(value, Text):
        raise _unreadable(path, value)
    return value


def _unreadable(path: Path, why: Text | str) -> SourceError:
    return SourceError(
        T("the secret file {path} cannot be used: {why}", path=str(path), why=why),
        T("Vigie's user must be able to read it, as UTF-8 text and nothing else."),
    )


def _leads_out(path: Path) -> SourceError:
    return SourceError(
        T("the secret file {path} is a link that leads out of its folder", path=str(path)),
        T("Put the file itself there: one tenant's folder never reaches another's."),
    )


BACKEND = BackendPlug("files", "Mounted files (Docker, Kubernetes)", FilesBackend)
