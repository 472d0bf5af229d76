"""The seam through which long work says how far it is. A face shows it, a test records it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vigie.model.runs import Outcome
from vigie.model.text import Text


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `name` is a scanner's name, `label` its name for people,
    `subject` the target as it was typed ("" for an installation)."""

    name: str
    label: str
    subject: str = ""


class Progress(Protocol):
    """Told what happens, in this order for each job. Called from several threads at once."""

    def planned(self, jobs: Sequence[Job]) -> None:
        """These jobs will run. Called once, before any other."""

    def started(self, job: Job) -> None:
        """The job runs from now on; the others wait for a free place."""

    def advanced(self, job: Job, step: Text) -> None:
        """What the job is doing now ("updates its database"). Any number of times."""

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None:
        """The job is over. Called once for each planned job, started or not."""


class Silent:
    """Shows nothing."""

    def planned(self, jobs: Sequence[Job]) -> None: ...

    def started(self, job: Job) -> None: ...

    def advanced(self, job: Job, step: Text) -> None: ...

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None: ...


SILENT = Silent()
