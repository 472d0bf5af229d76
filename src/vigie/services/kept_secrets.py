"""Secrets that people set through the platform: written with their audit entry."""

from __future__ import annotations

from vigie.model.text import T
from vigie.ports.secrets import SecretInfo, SecretValue
from vigie.services.failures import NotFound
from vigie.services.platform import Caller, Platform


def put(platform: Platform, caller: Caller, name: str, value: SecretValue) -> SecretInfo:
    """Keep a new version. The entry is written first, and the secret before that is committed: no
    secret is set that the log does not know of. Raises UserError for a name that cannot be one."""
    with platform.database.begin(caller.scope) as work:
        work.audit(caller.entry("secret.put", "secret", name))
        return platform.secrets.put(name, value, caller.tenant)


def remove(platform: Platform, caller: Caller, name: str) -> None:
    """Forget every version. Raises NotFound, and UserError when it lies where nobody can write."""
    with platform.database.begin(caller.scope) as work:
        work.audit(caller.entry("secret.remove", "secret", name))
        if not platform.secrets.remove(name, caller.tenant):
            raise NotFound(T("there is no {noun} {id}", noun=T("secret"), id=name[:100]))
