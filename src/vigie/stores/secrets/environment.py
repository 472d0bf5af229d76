"""Secrets in environment variables: `VIGIE_SECRET_SLACK_TOKEN` is `secret://slack-token`.

A name is written in capitals, with `_` for its dots and hyphens; so `slack-token`, `slack.token`
and `Slack_Token` are one variable. A tenant's own are `VIGIE_SECRET__<TENANT>__<NAME>`, the id
written likewise. Two underscores in a row stand nowhere else, because neither a tenant nor a name
has two separators in a row: so no variable belongs to two tenants.
"""

from __future__ import annotations

from collections.abc import Sequence

from vigie.model.errors import SourceError
from vigie.model.text import T
from vigie.ports.secrets import (
    LARGEST,
    BackendPlug,
    Home,
    SecretInfo,
    SecretRef,
    SecretValue,
    check_tenant,
    is_name,
)
from vigie.stores.secrets._reading import read_only

PREFIX = "VIGIE_SECRET_"
_LABEL = T("the environment")


def variable(ref: SecretRef) -> str:
    """The variable that holds this secret."""
    return _prefix(ref.tenant) + ref.name.upper().replace("-", "_").replace(".", "_")


def _prefix(tenant: str) -> str:
    return f"{PREFIX}_{tenant.upper().replace('-', '_')}__" if tenant else PREFIX


class EnvironmentBackend:
    """Reads the variables that the platform was started with. An empty one is not set."""

    name = "environment"
    writable = False

    def __init__(self, home: Home) -> None:
        self._environ = home.environ

    def get(self, ref: SecretRef, /) -> SecretValue | None:
        name = variable(ref)
        if ref.version or not self._environ.get(name):
            return None  # a variable keeps no versions
        value = SecretValue(self._environ[name])
        _check(name, value)
        return value

    def names(self, tenant: str, /) -> Sequence[SecretInfo]:
        prefix = _prefix(check_tenant(tenant))
        found = []
        for name, value in self._environ.items():
            # Where names begin with an underscore, a tenant's begin.
            word = name[len(prefix) :].lower().replace("_", "-")
            if name.startswith(prefix) and name.isupper() and is_name(word) and value:
                found.append(SecretInfo(word, tenant, backend=self.name))
        return sorted(found, key=lambda info: info.name)

    def versions(self, ref: SecretRef, /) -> Sequence[SecretInfo]:
        there = not ref.version and self._environ.get(variable(ref))
        return [SecretInfo(ref.name, ref.tenant, backend=self.name)] if there else []

    def put(self, _ref: SecretRef, _value: SecretValue, /) -> SecretInfo:
        raise read_only(_LABEL)

    def remove(self, _ref: SecretRef, /) -> bool:
        raise read_only(_LABEL)


def _check(name: str, value: SecretValue) -> None:
    """Raises SourceError for what no text can be: too large, or bytes that are not UTF-8."""
    try:
        size = len(value.reveal().encode("utf-8"))
    except UnicodeEncodeError:  # bytes that were not UTF-8 reach Python as lone surrogates
        size = -1
    if size < 0 or size > LARGEST:
        raise SourceError(
            T("the variable {name} holds no secret: it is not UTF-8 text of at most {size} bytes",
              name=name, size=LARGEST),
            T("Set it anew, or give the secret in a file."),
        )  # fmt: skip


BACKEND = BackendPlug("environment", "Environment variables", EnvironmentBackend)
