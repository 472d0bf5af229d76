"""Puts the backends for secrets together as this platform's settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vigie.ports.secrets import Home
from vigie.services.redaction import Redactor
from vigie.services.secrets import ORDER, Secrets, open_secrets
from vigie.wiring.plugs import SECRETS, Plugs

ORDER_VARIABLE = "VIGIE_SECRETS_ORDER"


def secrets_of(
    folder: Path, environ: Mapping[str, str], redactor: Redactor | None = None
) -> Secrets:
    """The secrets of the platform with this data folder. `VIGIE_SECRETS_ORDER` names the backends
    that are asked and in which order, with commas between; a backend of others only counts when
    it is named there. Raises UserError for a name that there is none of."""
    asked = [name.strip() for name in environ.get(ORDER_VARIABLE, "").split(",")]
    order = [name for name in asked if name] or list(ORDER)
    plugs = Plugs(SECRETS)
    for name in order:
        plugs.need(name)  # says why a broken one does not count
    return open_secrets(plugs, Home(folder, environ), order, redactor)
