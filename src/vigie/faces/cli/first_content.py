"""The first content of a new platform: what is scanned by itself, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.session import Session
from vigie.model.text import T, Text
from vigie.services.founding import first_tenant
from vigie.services.jobs import OPEN_STATES
from vigie.services.platform import Platform
from vigie.stores.relational.scopes import of_tenant
from vigie.stores.relational.tables.operations import JOBS, SCANS
from vigie.wiring.work import first_scans

_STATES: Mapping[str, Text] = {
    "queued": T("waiting"),
    "running": T("running"),
    "done": T("finished"),
    "failed": T("failed"),
    "cancelled": T("cancelled"),
}


class FirstContent:
    """The jobs of the first content; nothing is asked for twice in the life of a platform."""

    def __init__(self, session: Session, platform: Platform) -> None:
        self.session = session
        self.platform = platform
        self.tenant = ""
        self._jobs: dict[str, str] = {}  # by id, what each looks at
        self._told: dict[str, str] = {}
        self._states: dict[str, str] = {}

    def begin(self) -> None:
        """Ask for it, unless this platform has been asked before."""
        self.tenant = first_tenant(self.platform)
        self._jobs = dict(first_scans(self.platform, self.tenant))

    def is_in(self) -> bool:
        """Whether nothing of it is left to do."""
        return all(self._states.get(job, "queued") not in OPEN_STATES for job in self._jobs)

    @property
    def code(self) -> int:
        """Fine when all of it came in."""
        whole = all(self._states.get(job) == "done" for job in self._jobs)
        return ExitCode.FINE if whole else ExitCode.INCOMPLETE

    def tell(self) -> None:
        """Say a line for each job that has got further."""
        if self.is_in():
            return
        with self.platform.database.read(of_tenant(self.tenant)) as work:
            query = sa.select(JOBS.c.id, JOBS.c.state, JOBS.c.error, SCANS.c.summary).where(
                work.mine(JOBS), JOBS.c.id.in_(list(self._jobs)), JOBS.c.id == SCANS.c.job_id,
                work.mine(SCANS),
            )  # fmt: skip
            rows = work.run(query).all()
        for row in rows:
            self._states[row.id] = row.state
            if self._told.get(row.id) != row.state:
                self._told[row.id] = row.state
                self._say(row)
        if self.is_in():
            self.session.note(T("The first content is in."))

    def _say(self, row: Any) -> None:
        target, summary = self._jobs[row.id], row.summary or {}
        self.session.note(T("Scan of {target}: {state}", target=target, state=_STATES[row.state]))
        if row.state == "done":
            count = summary.get("seen", 0)
            self.session.note(T("  {count} finding", "  {count} findings", count=count))
            if set(summary.get("runs", {})) - {"complete"}:
                self.session.note(
                    T("  Not everything was looked at. What was not is unknown, not safe.")
                )
        if row.state == "failed" and row.error:
            told = row.error["message"]
            why = Text(told["template"], told["params"], told["plural"])
            self.session.note(T("  why: {why}", why=why))
