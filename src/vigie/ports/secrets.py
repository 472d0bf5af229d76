"""The seam for secret backends: a reference goes in, a value comes out, and is seen nowhere else.

A backend is a module in `vigie/stores/secrets/` that holds one object named `BACKEND`; a third
party registers the same object under the entry point group `vigie.secrets`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vigie.ports.plugs import Needs

SCHEME = "secret://"


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Which secret is meant: its `name`, in the realm of `tenant` ("" for the platform's own).

    `version` 0 is the newest. Written as `secret://name` or `secret://name?version=3`.
    """

    name: str
    tenant: str = ""
    version: int = 0


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
        return isinstance(other, SecretValue) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """What may be shown of a secret: never its value. Times are ISO 8601 UTC or ""."""

    name: str
    tenant: str = ""
    version: int = 1
    created: str = ""
    backend: str = ""


class SecretBackend(Protocol):
    """One place where secrets lie. Safe to use from several threads.

    `name` is the word for settings, `label` its name for people, `writable` whether `put` and
    `remove` work there.
    """

    name: str
    label: str
    needs: Needs
    writable: bool

    def get(self, ref: SecretRef) -> SecretValue | None:
        """The value, or None when this backend has no such secret.

        Raises SourceError when the backend cannot be asked or what it holds was tampered
        with: that is never the same as 'there is none'.
        """

    def names(self, tenant: str) -> Sequence[SecretInfo]:
        """What lies here for the tenant, without values, sorted by name."""

    def put(self, ref: SecretRef, value: SecretValue) -> SecretInfo:
        """Keep a new version. Raises UserError for a name that cannot be one or when this
        backend is not `writable`."""

    def remove(self, ref: SecretRef) -> bool:
        """Forget every version; False when there was none. Raises UserError when not `writable`."""
