"""A worker that takes in one import and kills itself (SIGKILL) before its n-th statement.

Arguments: database, folder, tenant, job, the time (ISO 8601), n (0: it lives). Exit code 7: it
was not killed because there were fewer statements.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from sqlalchemy import event
from tests.platforms import Clock, platform

from vigie.ports.queues import WorkItem
from vigie.services import jobs
from vigie.services.imports import KIND, run_import
from vigie.services.progress import Progress
from vigie.stores.relational.database import Database


def main(url: str, folder: str, tenant: str, job_id: str, now: str, last: str) -> int:
    database = Database(url)
    running = platform(database, Path(folder), clock=Clock(datetime.fromisoformat(now)))
    job = jobs.claim(running, WorkItem(KIND, tenant, job_id))
    if job is None:
        return 3
    counted = count(1)

    def die(*_: Any) -> None:
        if next(counted) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", die)
    event.listen(database.engine, "commit", die)
    run_import(running, job, Progress())
    database.close()
    return 7


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
