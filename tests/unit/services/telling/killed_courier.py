"""A courier in a process of its own, to be killed.

Its arguments: URL FOLDER TENANT ADDRESS SECRET TOKEN.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.platforms import platform, plugged
from tests.unit.services.telling.telling_made import HERE, KnownSecrets

from vigie.services.outbound import Outbound
from vigie.services.secrets import Secrets
from vigie.services.telling.courier import Courier
from vigie.stores.relational.database import Database
from vigie.wiring.plugs import NOTIFIERS, TRACKERS, Plugs


def main(url: str, folder: str, tenant: str, address: str, secret: str, token: str = ""
         ) -> None:  # fmt: skip
    """Send what is due, for ever."""
    secrets = KnownSecrets()
    given = {"hook": address, "signing": secret, "token": token}
    secrets.values = {(tenant, name): value for name, value in given.items() if value}
    running = platform(
        Database(url), Path(folder), secrets=Secrets([secrets]), outbound=Outbound(HERE),  # type: ignore[list-item]
        plugs=plugged(notifiers=Plugs(NOTIFIERS), trackers=Plugs(TRACKERS)),
    )  # fmt: skip
    Courier(running, slots=4).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
