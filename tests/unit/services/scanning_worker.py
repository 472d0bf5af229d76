"""A worker that makes one scan with a scanner that stands in for others.

Arguments: database, folder, tenant, job, the folder that may be scanned.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.platforms import platform, plugged
from tests.stand_ins import StandIn

from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.progress import Progress
from vigie.services.scan_targets import ScanRules
from vigie.services.scanning import run_scan
from vigie.services.secrets import Secrets
from vigie.stores.relational.database import Database


def main(url: str, folder: str, tenant: str, job_id: str, code: str) -> int:
    database = Database(url)
    plugs = plugged(scanners={"stand-in": StandIn()})
    running = platform(database, Path(folder), plugs=plugs, secrets=Secrets([]))
    job = jobs.claim(running, WorkItem("scan", tenant, job_id))
    if job is None:
        return 3
    run_scan(running, job, Progress(), ScanRules(folders=(Path(code),), scanners=Path(folder)))
    database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
