"""A courier in a process of its own, to be killed: python -m … URL FOLDER TENANT ADDRESS SECRET."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.platforms import platform, plugged
from tests.unit.services.telling.telling_made import HERE, KnownSecrets

from vigie.services.outbound import Outbound
from vigie.services.secrets import Secrets
from vigie.services.telling.courier import Courier
from vigie.stores.relational.database import Database
from vigie.wiring.plugs import NOTIFIERS, Plugs


def main(url: str, folder: str, tenant: str, address: str, secret: str) -> None:
    """Send what is due, for ever."""
    secrets = KnownSecrets()
    secrets.values = {(tenant, "hook"): address, (tenant, "signing"): secret}
    running = platform(
        Database(url), Path(folder), secrets=Secrets([secrets]), outbound=Outbound(HERE),  # type: ignore[list-item]
        plugs=plugged(notifiers=Plugs(NOTIFIERS)),
    )  # fmt: skip
    Courier(running, slots=4).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
