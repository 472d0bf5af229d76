"""How far long work is: a live display on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vigie.faces.cli.session import Session
from vigie.model.runs import Outcome
from vigie.model.text import T, Text
from vigie.ports.progress import SILENT, Job, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

_MARKS = {Outcome.COMPLETE: "✓", Outcome.PARTIAL: "!", Outcome.FAILED: "✗"}
_STYLES = {Outcome.COMPLETE: "green", Outcome.PARTIAL: "yellow", Outcome.FAILED: "red"}


class Lines:
    """One plain line when a job starts and one when it ends."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def planned(self, jobs: Sequence[Job]) -> None:
        """Nothing to show before work begins."""

    def started(self, job: Job) -> None:
        if job.subject:
            self.session.note(T("{label} starts {subject}", label=job.label, subject=job.subject))
        else:
            self.session.note(T("{label} starts", label=job.label))

    def advanced(self, job: Job, step: Text) -> None:
        if self.session.verbosity > 0:
            self.session.note(T("{label}: {what}", label=job.label, what=step))

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None:
        self.session.note(_ending(job, outcome, summary, seconds))


class Live:
    """A line for each job with a spinner, redrawn in place."""

    def __init__(self, session: Session, bars: Bars) -> None:
        self.session = session
        self.bars = bars
        self.rows: dict[Job, TaskID] = {}

    def planned(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self.rows[job] = self.bars.add_task(self._row(job, T("waiting")), start=False, total=1)

    def started(self, job: Job) -> None:
        self.bars.start_task(self.rows[job])
        self.advanced(job, T("running"))

    def advanced(self, job: Job, step: Text) -> None:
        self.bars.update(self.rows[job], description=self._row(job, step))

    def finished(self, job: Job, outcome: Outcome, summary: Text, seconds: float) -> None:
        from rich.markup import escape  # noqa: PLC0415

        style = _STYLES[outcome]
        line = escape(self.session.said(_ending(job, outcome, summary, seconds)))
        self.bars.update(self.rows[job], visible=False)
        self.bars.print(f"[{style}]{line}[/]" if outcome is not Outcome.COMPLETE else line)

    def _row(self, job: Job, step: Text) -> str:
        from rich.markup import escape  # noqa: PLC0415

        subject = f" {self.session.said(job.subject)}" if job.subject else ""
        return escape(f"{job.label}{subject}: {self.session.said(step)}")


@contextmanager
def shown(session: Session) -> Iterator[Progress]:
    """A progress display that suits where standard error goes."""
    if session.verbosity < 0:
        yield SILENT
    elif not sys.stderr.isatty():
        yield Lines(session)
    else:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bars  # noqa: PLC0415
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        colour = session.coloured(stdout=False)
        console = Console(stderr=True, no_color=not colour, highlight=False)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Bars(*columns, console=console, transient=True) as bars:
            yield Live(session, bars)


def _ending(job: Job, outcome: Outcome, summary: Text, seconds: float) -> Text:
    return T(
        "{mark} {label}: {summary} ({seconds} s)",
        mark=_MARKS[outcome],
        label=job.label,
        summary=summary,
        seconds=round(seconds, 1),
    )
