"""The master key: a file of its own, a systemd credential, or a passphrase through argon2id.

A key is 32 bytes, written in base64 as `openssl rand -base64 32` does. Which one a store needs
stands in the store as an id that tells nothing about the key.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.ports.secrets import Home, SecretValue
from vigie.stores.secrets._envelope import KEY, Master
from vigie.stores.secrets._reading import open_regular, read_value
from vigie.stores.secrets._vault import Keeping

KEY_FILE = "master.key"
CREDENTIAL = "vigie-master-key"
BY_KEY, BY_PASSPHRASE = "key", "passphrase"
SHORTEST_PASSPHRASE = 12
_FILE, _PHRASE = "VIGIE_MASTER_KEY_FILE", "VIGIE_MASTER_PASSPHRASE"
_PHRASE_FILE = "VIGIE_MASTER_PASSPHRASE_FILE"
_SALT = 16
# RFC 9106, the second recommendation: 3 passes over 64 MiB in 4 lanes.
COST = (3, 64 * 1024, 4)
# What a store may ask of us: it could have been changed to make us run out of memory.
_HIGHEST = (64, 2 * 1024 * 1024, 64)
_LARGEST = 4096


class Masters:
    """Finds the master key that a store needs, and makes new ones."""

    def __init__(self, home: Home, cost: tuple[int, int, int] = COST) -> None:
        self._environ = home.environ
        self._cost = cost
        self.file = Path(self._environ.get(_FILE) or home.folder / KEY_FILE)
        self._known: Master | None = None
        self._lock = threading.Lock()

    def of(self, keeping: Keeping) -> Master:
        """The key that this store needs. Raises UserError when what we were given is another."""
        with self._lock:  # argon2id takes its memory once, not once for each thread
            known = self._known
            if known is None or known.id != keeping.master:
                by_passphrase = keeping.kind == BY_PASSPHRASE
                known = self._entered(keeping) if by_passphrase else self._kept(keeping)
                self._known = known
            return known

    def learn(self, master: Master) -> None:
        """Go on with this one, which nobody gave us in our surroundings yet."""
        with self._lock:
            self._known = master

    def first(self) -> tuple[Keeping, Master]:
        """The key of a new store: the passphrase or the key that we were given, else a new file.

        Call it while the store is locked: two must not make one each.
        """
        phrase = self._passphrase()
        if phrase is not None:
            return self.from_passphrase(phrase)
        key = next((master for _, master in self._given()), None)
        if key is None:
            key = _made(self.file, _new_key())
        return Keeping(key.id, BY_KEY), key

    def fresh(self) -> tuple[Keeping, Master]:
        """A new key in a file beside the usual one; `settle` puts it in its place."""
        key = _new_key()
        master = _made(self._aside(_master(key).id), key)
        return Keeping(master.id, BY_KEY), master

    def from_file(self, path: Path) -> tuple[Keeping, Master]:
        """The key in this file, which is made when there is none."""
        master = _read_key(path, private=True) if path.exists() else _made(path, _new_key())
        return Keeping(master.id, BY_KEY), master

    def from_passphrase(self, phrase: SecretValue) -> tuple[Keeping, Master]:
        """A key from this passphrase, under a new salt. Raises UserError when it is too short."""
        if len(phrase.reveal()) < SHORTEST_PASSPHRASE:
            raise UserError(
                T("the master passphrase is too short"),
                T("Take at least {count} characters; six random words are good.",
                  count=SHORTEST_PASSPHRASE),
            )  # fmt: skip
        keeping = Keeping("", BY_PASSPHRASE, os.urandom(_SALT), *self._cost)
        master = _derived(phrase, keeping)
        return Keeping(master.id, BY_PASSPHRASE, keeping.salt, *self._cost), master

    def settle(self, keeping: Keeping) -> None:
        """Bring the key of a rotation that was interrupted to its place; forget those of
        rotations that never were. Call it while the store is locked."""
        mine = self._aside(keeping.master)
        if mine.exists():
            mine.replace(self.file)
            _sync(self.file.parent)
        left = re.compile(re.escape(self.file.name) + r"\.[0-9a-f]{32}")
        for path in self.file.parent.iterdir():
            if left.fullmatch(path.name):
                path.unlink()

    def _aside(self, master: str) -> Path:
        return self.file.with_name(f"{self.file.name}.{master}")

    def _kept(self, keeping: Keeping) -> Master:
        others: list[str] = []
        for where, master in self._given(keeping):
            if master.id == keeping.master:
                return master
            others.append(where)
        if others:
            raise UserError(
                T("the master key in {names} is not the one of this store of secrets",
                  names=tuple(others)),
                T("Give the key whose id is {id}.", id=keeping.master),
            )  # fmt: skip
        raise UserError(
            T("the master key of the store of secrets is missing: there is no {path}",
              path=str(self.file)),
            T("Put the key whose id is {id} back there, or name its file in {variable}.",
              id=keeping.master, variable=_FILE),
        )  # fmt: skip

    def _given(self, keeping: Keeping | None = None) -> Iterator[tuple[str, Master]]:
        """Every key within reach and where it lies: the credential, the file, and the one of a
        rotation whose end was cut off."""
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        credential = Path(folder) / CREDENTIAL if folder else None
        asides = [self._aside(keeping.master)] if keeping else []
        for path in (credential, *asides, self.file):
            if path is None:
                continue
            # systemd grants it by an access list whose mask stands in the bits of the group.
            # And what is not there now may be in its place by the time we look there.
            with suppress(FileNotFoundError):
                yield str(path), _read_key(path, private=path != credential)

    def _entered(self, keeping: Keeping) -> Master:
        phrase = self._passphrase()
        if phrase is None:
            raise UserError(
                T("the store of secrets needs its master passphrase"),
                T("Set {variable}, or name a file with it in {file}.",
                  variable=_PHRASE, file=_PHRASE_FILE),
            )  # fmt: skip
        cost = (keeping.passes, keeping.memory, keeping.lanes)
        if len(keeping.salt) != _SALT or any(
            not 1 <= asked <= most for asked, most in zip(cost, _HIGHEST, strict=True)
        ):
            raise SourceError(T("the store of secrets asks for an impossible argon2id"))
        master = _derived(phrase, keeping)
        if master.id != keeping.master:
            raise UserError(
                T("the master passphrase is not the one of this store of secrets"),
                T("Look at {variable} or {file}; no secret was read.",
                  variable=_PHRASE, file=_PHRASE_FILE),
            )  # fmt: skip
        return master

    def _passphrase(self) -> SecretValue | None:
        typed, named = self._environ.get(_PHRASE), self._environ.get(_PHRASE_FILE)
        if typed and named:
            raise UserError(
                T("both {variable} and {file} are set", variable=_PHRASE, file=_PHRASE_FILE),
                T("Leave out the one or the other."),
            )
        if named:
            # A mount of Docker's or Kubernetes' is readable for more than its owner on purpose.
            try:
                return _read(Path(named), private=False)
            except FileNotFoundError as error:
                raise _refused(Path(named), error.strerror or "") from None
        return SecretValue(typed) if typed else None


def _derived(phrase: SecretValue, keeping: Keeping) -> Master:
    return Master(
        hash_secret_raw(
            # However it was typed: é is one character or two.
            unicodedata.normalize("NFKC", phrase.reveal()).encode("utf-8", "surrogateescape"),
            keeping.salt,
            time_cost=keeping.passes,
            memory_cost=keeping.memory,
            parallelism=keeping.lanes,
            hash_len=KEY,
            type=Type.ID,
        )
    )


def _new_key() -> SecretValue:
    return SecretValue(base64.b64encode(os.urandom(KEY)).decode())


def _master(key: SecretValue) -> Master:
    """Raises ValueError when it is no base64 of 32 bytes."""
    return Master(_sized(base64.b64decode(key.reveal(), validate=True)))


def _sized(key: bytes) -> bytes:
    if len(key) != KEY:
        raise ValueError
    return key


def _made(path: Path, key: SecretValue) -> Master:
    """The key in a new file for its owner only, on the disk when this returns; whole or not
    there at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{key.reveal()}\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)  # never in place of another key
    finally:
        aside.unlink()
    _sync(path.parent)
    return _master(key)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_key(path: Path, *, private: bool) -> Master:
    with suppress(binascii.Error, ValueError):
        return _master(_read(path, private=private))
    raise _refused(path, T("it holds no key: 32 bytes in base64"))


def _read(path: Path, *, private: bool) -> SecretValue:
    """What a file with a key or a passphrase holds. A `private` one must be its owner's only;
    any must be closed to others who could write it. Raises UserError, and FileNotFoundError."""
    try:
        opened = open_regular(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    if opened is None:
        raise _refused(path, T("it is no regular file"))
    handle, facts = opened
    open_to = facts.st_mode & (0o077 if private else 0o022)
    if open_to or (private and facts.st_uid != os.geteuid()):
        os.close(handle)
        mode = f"{facts.st_mode & 0o7777:04o}"
        raise _refused(path, T("others may use it (mode {mode}, owner {owner})",
                               mode=mode, owner=facts.st_uid))  # fmt: skip
    value = read_value(handle, _LARGEST)
    if isinstance(value, Text):
        raise _refused(path, value)
    return value


def _refused(path: Path, why: Text | str) -> UserError:
    return UserError(
        T("the master key file {path} cannot be used: {why}", path=str(path), why=why),
        T("It must belong to the user that Vigie runs as, and be closed to others (chmod 600)."),
    )
