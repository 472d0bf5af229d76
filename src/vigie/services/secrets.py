"""Secrets by reference: what settings hold is `secret://name`, and only the last step sees a value.

A tenant's reference means a secret of that tenant and of nobody else: there is no falling back to
the platform's own, nor to another tenant's. What the platform itself needs has the tenant "".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.secrets import (
    SCHEME,
    BackendPlug,
    Home,
    SecretBackend,
    SecretInfo,
    SecretRef,
    SecretValue,
    is_name,
)
from vigie.services.redaction import Redactor

# What is asked first answers: an operator's mount goes before what was typed in once.
ORDER = ("environment", "files", "sealed")
# As the store names the tenant of the platform's own rows.
_PLATFORM = str(UUID(int=0))
_REFERENCE = re.compile(r"secret://(?P<name>[^?#/]+)(?:\?version=(?P<version>[1-9][0-9]{0,8}))?")


def is_reference(text: str) -> bool:
    """Whether the text means to be a reference, well-formed or not."""
    return text.startswith(SCHEME)


def parse(reference: str, tenant: str = "") -> SecretRef:
    """What `secret://name` or `secret://name?version=3` means for this tenant ("" and the
    platform's own id mean the platform).

    Raises UserError for anything else. It repeats nothing of it: it may be the secret itself.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None or not is_name(found["name"]):
        raise UserError(
            T("that is no reference to a secret"),
            T("Write secret://NAME or secret://NAME?version=N, and set the value with "
              "`vigie secrets set NAME`."),
        )  # fmt: skip
    return SecretRef(found["name"], _realm(tenant), int(found["version"] or 0))


def needs_reference(setting: str, value: str) -> None:
    """Refuses a plain value where a secret belongs. `setting` is what people call the place.

    Raises UserError, which never repeats the value.
    """
    if not is_reference(value):
        raise UserError(
            T("{setting} must be a reference to a secret, not the secret itself", setting=setting),
            T("Set it with `vigie secrets set NAME` and write secret://NAME here. Change the "
              "secret if it was saved or sent anywhere."),
        )  # fmt: skip
    parse(value)


def _realm(tenant: str) -> str:
    return "" if tenant == _PLATFORM else tenant


class Secrets:
    """The backends in the order in which they are asked; what they answer is masked in logs.

    Every method raises SourceError when a backend cannot be asked, and asks no further one then:
    another might answer with another value.
    """

    def __init__(self, backends: Sequence[SecretBackend], redactor: Redactor | None = None) -> None:
        self._backends = tuple(backends)
        self.redactor = redactor or Redactor()

    def resolve(self, reference: str, tenant: str) -> SecretValue:
        """The value behind a reference. Raises UserError when there is none, with where it was
        looked for."""
        ref = parse(reference, tenant)
        for backend in self._backends:
            value = backend.get(ref)
            if value is not None:
                self.redactor.add(value)
                return value
        raise self._unknown(ref)

    def resolve_all(self, references: Mapping[str, str], tenant: str) -> dict[str, SecretValue]:
        """Several, by the names of the settings that hold them."""
        return {name: self.resolve(text, tenant) for name, text in references.items()}

    def require(self, reference: str, tenant: str) -> None:
        """Raises UserError when a reference leads nowhere; looks at no value."""
        ref = parse(reference, tenant)
        if not any(backend.versions(ref) for backend in self._backends):
            raise self._unknown(ref)

    def list(self, tenant: str) -> tuple[SecretInfo, ...]:
        """The tenant's secrets by name; of one that several backends hold, the one that answers."""
        found: dict[str, SecretInfo] = {}
        for backend in self._backends:
            for info in backend.names(_realm(tenant)):
                found.setdefault(info.name, info)
        return tuple(info for _, info in sorted(found.items()))

    def versions(self, name: str, tenant: str) -> tuple[SecretInfo, ...]:
        """Every version of one secret that a reference can mean, those of the backend that
        answers first."""
        ref = SecretRef(name, _realm(tenant))
        return tuple(info for backend in self._backends for info in backend.versions(ref))

    def put(self, name: str, value: SecretValue, tenant: str) -> SecretInfo:
        """Keep a new version in the backend that can be written. The caller writes the audit
        entry. Raises UserError for a name or value that cannot be one, and when another backend
        would answer in its place."""
        ref = SecretRef(name, _realm(tenant))
        target = self._writable()
        for backend in self._backends[: self._backends.index(target)]:
            if backend.versions(ref):
                raise UserError(
                    T("{name} comes from {backend}, which is asked first",
                      name=name, backend=backend.name),
                    T("Change it there, or take it away there."),
                )  # fmt: skip
        self.redactor.add(value)
        return target.put(ref, value)

    def remove(self, name: str, tenant: str, version: int = 0) -> bool:
        """Forget a secret, or one version; False when there was none. The caller writes the
        audit entry."""
        return self._writable().remove(SecretRef(name, _realm(tenant), version))

    def _writable(self) -> SecretBackend:
        for backend in self._backends:
            if backend.writable:
                return backend
        raise UserError(
            T("no backend for secrets can be written"),
            T("Asked are: {names}", names=tuple(backend.name for backend in self._backends)),
        )

    def _unknown(self, ref: SecretRef) -> UserError:
        names = tuple(backend.name for backend in self._backends)
        hint = T("Looked for in: {names}. Set it with `vigie secrets set {name}`.",
                 names=names, name=ref.name)  # fmt: skip
        if ref.tenant:
            hint = T("Looked for in: {names}, among the secrets of the tenant {tenant} only.",
                     names=names, tenant=ref.tenant)  # fmt: skip
        if ref.version:
            return UserError(
                T("there is no version {version} of the secret {name}",
                  version=ref.version, name=ref.name), hint)  # fmt: skip
        return UserError(T("there is no secret {name}", name=ref.name), hint)


def open_secrets(
    plugs: Mapping[str, BackendPlug],
    home: Home,
    order: Sequence[str] = ORDER,
    redactor: Redactor | None = None,
) -> Secrets:
    """The backends of this order. Raises UserError for a name that there is no backend of."""
    unknown = [name for name in order if name not in plugs]
    if unknown or not order or len(set(order)) != len(order):
        raise UserError(
            T("the order of the backends for secrets cannot be {names}", names=tuple(order)),
            T("Choose from: {names}", names=tuple(plugs)),
        )
    return Secrets([plugs[name].open(home) for name in order], redactor)


def rotate_master(
    home: Home, *, passphrase: SecretValue | None = None, key_file: Path | None = None
) -> tuple[int, str]:
    """Give the sealed store another master key: from a passphrase, from a file (made when there
    is none), or else a new one. How many versions were wrapped anew, and the new key's id."""
    from vigie.stores.secrets.sealed import SealedBackend  # noqa: PLC0415

    done = SealedBackend(home).rotate(passphrase=passphrase, key_file=key_file)
    return done.count, done.new
