"""A server of the real door in a process of its own: `python -m tests.access_server URL FOLDER`
prints its address and serves until standard input ends."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.platforms import platform
from tests.servers import listening
from vigie.faces.server.authentication import authenticate
from vigie.services.platform import now
from vigie.stores.relational.database import Database


def main() -> None:
    database = Database(sys.argv[1])
    place = platform(database, Path(sys.argv[2]), clock=now)
    with listening(place, authenticate) as address:
        print(address, flush=True)
        sys.stdin.read()
    database.close()


if __name__ == "__main__":
    main()
