"""Runs a stand-in until it is interrupted: prints its address and what a channel needs."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import threading

from tests.tracker_servers import KINDS, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tracker_servers")
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    with run(options.kind, options.port) as server, contextlib.suppress(KeyboardInterrupt):
        print(server.address, flush=True)
        settings = " ".join(f"{name}={value}" for name, value in server.settings.items())
        print(f"{settings} token={server.token}", file=sys.stderr, flush=True)
        over.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
