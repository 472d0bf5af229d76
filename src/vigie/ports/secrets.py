"""The seam for secret backends: a reference goes in, a value comes out, and is seen nowhere else.

A backend is a module in `vigie/stores/secrets/` that holds one `BackendPlug` named `BACKEND`; a
third party registers the same object under the entry point group `vigie.secrets`.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.plugs import NOTHING, Needs

SCHEME = "secret://"
# What one value may measure, in bytes of UTF-8: a chain of certificates fits.
LARGEST = 64 * 1024
HIGHEST_VERSION = 999_999_999

# Single separators between letters and digits, so that neither can be mistaken for a path, and
# no name of one realm for one of another where both are written in a row (VIGIE_SECRET__T__NAME).
_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_TENANT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME, _LONGEST_TENANT = 128, 64


def is_name(text: str) -> bool:
    """Whether a secret may be called that: ASCII letters and digits, with single `.`, `_` or `-`
    between; at most 128 characters."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def is_tenant(text: str) -> bool:
    """Whether a tenant may be called that here: "" (the platform's own), or small ASCII letters
    and digits with single `-` between, as ids are; at most 64 characters."""
    return not text or (len(text) <= _LONGEST_TENANT and _TENANT.fullmatch(text) is not None)


def check_tenant(text: str) -> str:
    """The tenant as it was given. Raises UserError when it cannot be one."""
    if not is_tenant(text):
        raise UserError(
            T("{tenant!r} cannot be a tenant of secrets", tenant=text[:_LONGEST_TENANT]),
            T("Give the tenant's id: small letters and digits, with single hyphens between."),
        )
    return text


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Which secret is meant: its `name`, in the realm of `tenant` ("" for the platform's own).

    `version` 0 is the newest. Written as `secret://name` or `secret://name?version=3`. One that
    exists is well-formed: making it raises UserError for a name or tenant that cannot be one.
    """

    name: str
    tenant: str = ""
    version: int = 0

    def __post_init__(self) -> None:
        check_tenant(self.tenant)
        if not is_name(self.name):
            # Not repeated: somebody may have typed the value where the name belongs.
            raise UserError(
                T("a secret cannot be called that"),
                T("Letters and digits, with single dots, hyphens or underscores between, "
                  "such as slack-token."),
            )  # fmt: skip
        if not 0 <= self.version <= HIGHEST_VERSION:
            raise UserError(
                T("a secret has no version {version}", version=self.version),
                T("Versions count from 1; without one, the newest is meant."),
            )


@dataclass(frozen=True, slots=True)
class Home:
    """Where the platform runs: its data `folder` and its environment variables."""

    folder: Path
    environ: Mapping[str, str]


class SecretValue:
    """A value that does not show itself: not in `repr`, not in `str`, not in a log or a trace.

    `reveal` is the only way to it, so each place that uses one can be found.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "SecretValue(***)"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return repr(self)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret value is not written anywhere")

    def __eq__(self, other: object) -> bool:
        # In constant time: an answer that came sooner would tell how much was right.
        return isinstance(other, SecretValue) and hmac.compare_digest(
            self._value.encode("utf-8", "surrogatepass"),
            other._value.encode("utf-8", "surrogatepass"),
        )

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """What may be shown of a secret: never its value. Times are ISO 8601 UTC or "".

    `version` counts from 1; 0 where the backend keeps no versions.
    """

    name: str
    tenant: str = ""
    version: int = 0
    created: str = ""
    backend: str = ""


class SecretBackend(Protocol):
    """One place where secrets lie. Safe to use from several threads and processes.

    Every method may raise UserError for what a person can mend (a wrong passphrase, a file that
    others may read), and SourceError when the backend cannot be asked or what it holds was
    tampered with. Neither ever looks like 'there is none'.
    """

    name: str
    writable: bool

    def get(self, ref: SecretRef, /) -> SecretValue | None:
        """The value, or None when this backend has no such secret, or not in that version."""

    def names(self, tenant: str, /) -> Sequence[SecretInfo]:
        """The newest of each secret of the tenant, without values, sorted by name."""

    def versions(self, ref: SecretRef, /) -> Sequence[SecretInfo]:
        """Every version of one secret, the newest first; none when there is no such secret."""

    def put(self, ref: SecretRef, value: SecretValue, /) -> SecretInfo:
        """Keep a new version, durably when this returns; the reference's own version says
        nothing. Raises UserError when this backend is not `writable` or the value is empty or
        larger than LARGEST."""

    def remove(self, ref: SecretRef, /) -> bool:
        """Forget every version, or only the one that is named; False when there was none.
        Raises UserError when not `writable`, and for the newest version alone: its number would
        be given out again."""


@dataclass(frozen=True, slots=True)
class BackendPlug:
    """A kind of backend. `name` is the word for settings, `label` its name for people,
    `writable` whether `put` and `remove` work there.

    `open` makes the backend of one platform; it touches nothing yet.
    """

    name: str
    label: str
    open: Callable[[Home], SecretBackend]
    needs: Needs = NOTHING
    writable: bool = False
