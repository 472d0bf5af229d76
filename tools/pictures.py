"""Takes pictures of every screen, light and dark, at 1440 and 400 pixels: `make pictures`.

python -m tools.pictures [--into FOLDER] [--lang fr] [--keep DIR] [--serve]

A platform of its own is started on an empty folder, or on the one that is kept, and filled once
with tools/example_month.py. Chromium takes the pictures (web/e2e/walk.mjs).
"""

from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.company.homes import Home, place

from tools.example_month import ROOT, SHOP, Site, fill, signed_in
from vigie.client import Client
from vigie.sources.scanners.locate import scanners_folder

OUT = ROOT / "out" / "pictures"
EMAIL = "admin@localhost"
_PASSWORD = re.compile(r"Password\s+(\S+)")
_PATIENCE = 180.0


@contextmanager
def example(folder: Path) -> Iterator[tuple[str, str]]:
    """A filled platform on this folder: its address, and the administrator's password."""
    home = Home("SQLite", "", folder)
    note = folder / "password"
    environ = {"VIGIE_SCAN_FOLDERS": str(SHOP), "VIGIE_OFFLINE": "true"}
    try:
        is_new = not note.exists()
        if not is_new:
            home.start("migrate").process.wait(_PATIENCE)  # it may be of an older version
        password = _first_start(home) if is_new else note.read_text()
        _, port = home.server(**environ)
        address = f"http://127.0.0.1:{port}"
        with signed_in(address, EMAIL, password) as client:
            if is_new:
                fill(Site(folder, client, client.get_me().tenant))
                note.write_text(password)
            home.start("worker", **environ)
            home.start("scheduler", **environ)
            _wait(client)
        yield address, password
    finally:
        home.stop()


def _first_start(home: Home) -> str:
    """The password of the administrator whom it makes. Scanners are those that are here."""
    if (here := scanners_folder()).is_dir():
        (home.folder / "scanners").symlink_to(here)
    up = home.start("up", "--once", "--no-first-scan", "--listen", "127.0.0.1:0")
    password = up.said(_PASSWORD)
    up.process.wait(_PATIENCE)
    return password


def _wait(client: Client) -> None:
    """Until what was asked for is done."""
    for job in client.every(client.list_jobs):
        client.wait_for_job(str(job.id), timeout=_PATIENCE)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--into", type=Path, default=OUT, help="where the pictures go")
    parser.add_argument("--lang", choices=("en", "fr"), default="en")
    parser.add_argument("--keep", type=Path, help="keep the filled platform, or use it again")
    parser.add_argument("--serve", action="store_true", help="take none; serve until Ctrl-C")
    asked = parser.parse_args()
    # A polite end is an end all the same: nothing that was started is left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with place(asked.keep and asked.keep.absolute()) as folder, example(folder) as (at, password):
        if asked.serve:
            print(f"{at}\n{EMAIL}\n{password}", flush=True)
            signal.pause()
            return 0
        command = ["node", "e2e/walk.mjs", at, EMAIL, password, str(asked.into.absolute())]
        walked = subprocess.run(
            [*command, "--pictures", "--lang", asked.lang], cwd=ROOT / "web", check=False
        )
    return walked.returncode


if __name__ == "__main__":
    raise SystemExit(main())
