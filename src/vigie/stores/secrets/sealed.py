"""Secrets sealed in the data folder: one SQLite file, `secrets.db`, under a master key.

Found out: a changed value, a row in another's place (name, version, tenant), a row that was
removed, added or put back, another master key, a truncated file. Not found out: that the whole
file was replaced by an older copy of itself, unless this process has seen the newer one. The
names, tenants, times, sizes and number of secrets are not hidden.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.ports.secrets import (
    LARGEST,
    BackendPlug,
    Home,
    SecretInfo,
    SecretRef,
    SecretValue,
    check_tenant,
)
from vigie.stores.secrets import _envelope, _vault
from vigie.stores.secrets._envelope import Master, Row
from vigie.stores.secrets._master import Masters
from vigie.stores.secrets._vault import Keeping, Vault

FILE = "secrets.db"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of master keys: how many versions were wrapped anew, and the ids of both keys."""

    count: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Opened:
    """One transaction on a store whose list was found to be what was signed."""

    vault: Vault
    keeping: Keeping
    master: Master

    def sign(self) -> int:
        """Sign what was changed; the generation from here on."""
        return self.vault.keep(self.keeping, self.master).generation


class SealedBackend:
    """Reads and writes the file; keeps nothing open and holds no value."""

    name = "sealed"
    writable = True

    def __init__(
        self,
        home: Home,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        masters: Masters | None = None,
    ) -> None:
        self.path = home.folder / FILE
        self._masters = masters or Masters(home)
        self._clock = clock
        self._lock = threading.Lock()
        self._seen = 0

    def get(self, ref: SecretRef, /) -> SecretValue | None:
        with self._reading() as opened:
            rows = _meant(opened, ref)
            return self._unsealed(opened, rows[0]) if opened and rows else None

    def names(self, tenant: str, /) -> Sequence[SecretInfo]:
        check_tenant(tenant)
        newest: dict[str, SecretInfo] = {}
        with self._reading() as opened:
            for row in opened.vault.rows(tenant) if opened else ():
                newest.setdefault(row.name, self._info(row))
        return list(newest.values())

    def versions(self, ref: SecretRef, /) -> Sequence[SecretInfo]:
        with self._reading() as opened:
            return [self._info(row) for row in _meant(opened, ref)]

    def put(self, ref: SecretRef, value: SecretValue, /) -> SecretInfo:
        _check(value)
        with self._writing(first=True) as opened:
            if opened.vault.count() >= _vault.MOST_ROWS:
                raise UserError(
                    T("the store of secrets is full"), T("Remove what is no longer used.")
                )
            there = opened.vault.rows(ref.tenant, ref.name)
            version = there[0].version + 1 if there else 1
            created = self._clock().astimezone(UTC).isoformat(timespec="seconds")
            row = Row(ref.tenant, ref.name, version, created)
            opened.vault.add(_envelope.seal(opened.master, row, value))
            generation = opened.sign()
        self._remember(generation)
        return self._info(row)

    def remove(self, ref: SecretRef, /) -> bool:
        if not self._there():
            return False
        with self._writing() as opened:
            rows = opened.vault.rows(ref.tenant, ref.name)
            if ref.version and len(rows) > 1 and rows[0].version == ref.version:
                raise UserError(
                    T("version {version} of {name} is the newest and is not removed alone",
                      version=ref.version, name=ref.name),
                    T("Set a new version first, or remove the whole secret."),
                )  # fmt: skip
            gone = [row for row in rows if ref.version in (0, row.version)]
            for row in gone:
                opened.vault.drop(row)
            generation = opened.sign() if gone else 0
        self._remember(generation)
        return bool(gone)

    def rotate(
        self, *, passphrase: SecretValue | None = None, key_file: Path | None = None
    ) -> Rotation:
        """Wrap every data key with another master key: one from `passphrase`, the one in
        `key_file` (made when there is none), or else a new one in the usual file.

        All or nothing: killed at any moment, the old key or the new one opens everything.
        Raises UserError when there is no store yet or the key is the one that it has.
        """
        if not self._there():
            raise _nothing()
        with self._writing() as opened:
            if passphrase is not None:
                wanted, new = self._masters.from_passphrase(passphrase)
            elif key_file is not None:
                wanted, new = self._masters.from_file(key_file)
            else:
                wanted, new = self._masters.fresh()
            old = opened.master
            if new.id == old.id:
                raise UserError(
                    T("the store of secrets has this master key already"),
                    T("Name a file that is not there: a new key is made in it."),
                )
            rows = opened.vault.rows()
            for row in rows:
                opened.vault.rewrap(self._rewrapped(old, new, row))
            wanted = replace(wanted, generation=opened.keeping.generation)
            generation = _Opened(opened.vault, wanted, new).sign()
        self._remember(generation)
        self._masters.learn(new)
        with self._writing():
            pass  # the new key goes to its place while the store is locked
        return Rotation(len(rows), old.id, new.id)

    def _there(self) -> bool:
        """Whether there is a store. Raises SourceError when there was one."""
        if not self.path.exists() and self._seen:
            raise _changed(self.path, T("it was taken away"))
        return self.path.exists()

    @contextmanager
    def _reading(self) -> Iterator[_Opened | None]:
        """The store as it is now; None when nothing was ever put in."""
        if not self._there():
            yield None
            return
        seen = self._seen  # before it is looked at: others may write meanwhile
        with _vault.transaction(self.path, write=False) as vault:
            yield self._opened(vault, seen)

    @contextmanager
    def _writing(self, *, first: bool = False) -> Iterator[_Opened]:
        """The store, locked; with its first key when it has none yet and this is the `first`
        thing put in. Raises UserError when it has none."""
        seen = self._seen
        with _vault.transaction(self.path, write=True) as vault:
            opened = self._opened(vault, seen)
            if opened is None:
                if not first:
                    raise _nothing()
                opened = _Opened(vault, *self._masters.first())
            self._masters.settle(opened.keeping)
            yield opened

    def _opened(self, vault: Vault, seen: int) -> _Opened | None:
        """How the store is kept and its key, when its list is what was signed; None when
        nothing was ever put in. Raises SourceError when it was changed by others."""
        kept = vault.keeping()
        if kept is None:
            if vault.count() or seen:
                raise _changed(self.path, T("what says how it is kept is gone"))
            return None
        keeping, signature = kept
        master = self._masters.of(keeping)
        if not hmac.compare_digest(signature, vault.signature(keeping, master)):
            raise _changed(self.path, T("rows were changed, removed, added or put back"))
        if keeping.generation < seen:
            raise _changed(self.path, T("an older copy was put in its place"))
        self._remember(keeping.generation)
        return _Opened(vault, keeping, master)

    def _remember(self, generation: int) -> None:
        with self._lock:
            self._seen = max(self._seen, generation)

    def _unsealed(self, opened: _Opened, row: Row) -> SecretValue:
        try:
            return _envelope.unseal(opened.master, opened.vault.whole(row))
        except _envelope.BrokenSealError:
            raise self._broken(row) from None

    def _rewrapped(self, old: Master, new: Master, row: Row) -> Row:
        try:
            return _envelope.rewrap(old, new, row)
        except _envelope.BrokenSealError:
            raise self._broken(row) from None

    def _broken(self, row: Row) -> SourceError:
        return _changed(
            self.path,
            T("version {version} of {name} is not what was put in",
              version=row.version, name=row.name),
        )  # fmt: skip

    def _info(self, row: Row) -> SecretInfo:
        return SecretInfo(row.name, row.tenant, row.version, row.created, self.name)


def _meant(opened: _Opened | None, ref: SecretRef) -> list[Row]:
    """The versions that are meant, the newest first."""
    rows = opened.vault.rows(ref.tenant, ref.name) if opened else []
    return [row for row in rows if ref.version in (0, row.version)]


def _check(value: SecretValue) -> None:
    try:
        size = len(value.reveal().encode("utf-8"))
    except UnicodeEncodeError:
        size = -1
    if not 0 < size <= LARGEST:
        raise UserError(
            T("that cannot be the value of a secret"),
            T("A secret is UTF-8 text of 1 to {size} bytes.", size=LARGEST),
        )


def _nothing() -> UserError:
    return UserError(
        T("there is no store of secrets yet"), T("`vigie secrets set NAME` makes one.")
    )


def _changed(path: Path, why: Text) -> SourceError:
    return SourceError(
        T("the store of secrets {path} was tampered with: {why}", path=str(path), why=why),
        T("Nothing of it is used. Find out who could write the file, and put back a backup."),
    )


BACKEND = BackendPlug("sealed", "Encrypted in the data folder", SealedBackend, writable=True)
