"""The worker: takes jobs from the queue one at a time and runs their handlers.

While a handler runs, a thread renews the lease on the job's row and on the queue's item, writes
its progress down and sees whether it was cancelled. A worker that dies is noticed by its lease
running out, and the job goes to another; a job that ended five workers is given up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

import structlog

from vigie.model.errors import SourceError, VigieError
from vigie.model.text import T
from vigie.ports.queues import Lease
from vigie.services import jobs
from vigie.services.isolation import as_bug, isolated, log_failure
from vigie.services.jobs import Job
from vigie.services.platform import Platform
from vigie.services.progress import JobStoppedError, Progress, Why
from vigie.services.telemetry import metrics, traces
from vigie.stores.relational.scopes import of_tenant

# Does the work of one kind of job. A mapping is its result, which the worker writes down; None
# says that the handler called `jobs.finish` itself, in the transaction of what it changed.
Handler: TypeAlias = Callable[[Platform, Job, Progress], Mapping[str, Any] | None]

WAIT = 1.0  # seconds that the queue is asked before the loop looks whether it is to stop
BEAT = 1.0  # seconds between two looks at a running job
GRACE = 30.0  # seconds that the current job gets when the worker is told to stop
_LONGEST_PAUSE = 30.0
_log = structlog.get_logger("vigie.worker")


class Worker:
    """Runs jobs in the thread that calls `run`, until `stop` is called from anywhere.

    `handlers` gives what to do for each kind of job; only jobs of these kinds are taken.
    """

    def __init__(
        self,
        platform: Platform,
        handlers: Mapping[str, Handler],
        *,
        grace: float = GRACE,
        beat: float = BEAT,
    ) -> None:
        self.platform = platform
        self.handlers = handlers
        self.grace = grace
        self.beat = beat
        self._stopping = threading.Event()
        self._leaving = threading.Event()
        self._current: Progress | None = None

    def stop(self) -> None:
        """End after the current job; that is handed back when it takes longer than `grace`.

        Safe to call from a signal handler.
        """
        self._stopping.set()
        patience = threading.Timer(self.grace, self._leave)
        patience.daemon = True
        patience.start()

    def run(self) -> None:
        """Take and run jobs until `stop`. What fails around them is logged and tried again."""
        if not self.handlers:
            self._stopping.wait()
        pause = 1.0
        while not self._stopping.is_set():
            ran = isolated(lambda: self.step(WAIT))
            if ran.error is None:
                pause = 1.0
                continue
            log_failure(_log, "worker.failed", ran.error)
            self._stopping.wait(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    def step(self, wait: float) -> bool:
        """Take one item and see it through; False when none came within `wait` seconds.

        Raises SourceError when the queue or the database does not answer.
        """
        lease = self.platform.queue.take(tuple(self.handlers), wait)
        if lease is None:
            return False
        if self._stopping.is_set():
            lease.again(0.0)
            return True
        job = jobs.claim(self.platform, lease.item)
        if job is None:
            # Done, cancelled, or another's: whatever is still to do is announced anew. Only
            # one that is not due yet (clocks differ) is waited for here.
            early = jobs.due_in(self.platform, lease.item)
            if early is None:
                lease.done()
            else:
                lease.again(early)
            return True
        with _named(job):
            self._see_through(job, lease)
        return True

    def _see_through(self, job: Job, lease: Lease) -> None:
        if job.attempt > jobs.MOST_ATTEMPTS:
            self._fail(job, lease, _given_up(jobs.MOST_ATTEMPTS), again=False)
            metrics.JOBS.labels(job.kind, "failed").inc()
            return
        _log.info("job.started", attempt=job.attempt)
        began = time.monotonic()
        progress = Progress()
        self._current = progress
        if self._leaving.is_set():
            progress.end(Why.LEAVING)
        keeper = _Keeper(self.platform, job, lease, progress, self.beat)
        keeper.start()
        running = metrics.JOBS_RUNNING.labels(job.kind)
        running.inc()
        try:
            with _traced(job) as span:
                ran = isolated(lambda: self._handle(job, progress))
                if ran.error is not None:
                    span.failed(type(ran.error).__name__)
        finally:
            self._current = None
            running.dec()
            keeper.leave()
        self._conclude(job, lease, ran.error)
        seconds = time.monotonic() - began
        metrics.job_left(job.kind, _outcome(job, ran.error), seconds)
        _log.info("job.left", seconds=round(seconds, 3))

    def _handle(self, job: Job, progress: Progress) -> None:
        if not jobs.is_wanted(self.platform, job):
            raise JobStoppedError(Why.CANCELLED)
        result = self.handlers[job.kind](self.platform, job, progress)
        if result is None:
            return
        with self.platform.database.begin(of_tenant(job.tenant)) as work:
            if not jobs.finish(work, self.platform, job, result):
                raise JobStoppedError(Why.LOST)

    def _conclude(self, job: Job, lease: Lease, error: Exception | None) -> None:
        match error:
            case None:
                lease.done()
            case JobStoppedError():
                self._stopped(job, lease, error.why)
            case SourceError():
                self._fail(job, lease, error, again=error.retryable)
            case VigieError():
                self._fail(job, lease, error, again=False)
            case _:
                self._fail(job, lease, error, again=False)

    def _stopped(self, job: Job, lease: Lease, why: Why) -> None:
        _log.info("job.stopped", why=why.value)
        if why is Why.LEAVING and jobs.hand_back(self.platform, job):
            lease.again(0.0)
            return
        jobs.end_cancelled(self.platform, job)
        # A lost job is in another's hands, or is announced anew.
        lease.done()

    def _fail(self, job: Job, lease: Lease, error: Exception, *, again: bool) -> None:
        log_failure(_log, "job.failed", error, again=again)
        told = error if isinstance(error, VigieError) else as_bug(error)
        # A receiver may have repeated a token in its refusal.
        told = self.platform.secrets.redactor.mask_error(told)
        delay = jobs.fail(self.platform, job, told, again=again)
        if delay is None:
            lease.done()
        else:
            lease.again(delay)

    def _leave(self) -> None:
        self._leaving.set()
        current = self._current
        if current is not None:
            current.end(Why.LEAVING)


class _Keeper(threading.Thread):
    """Keeps one job's leases while its handler runs, and tells the handler when to stop."""

    def __init__(
        self, platform: Platform, job: Job, lease: Lease, progress: Progress, beat: float
    ) -> None:
        super().__init__(name=f"keeper-{job.id}", daemon=True)
        self.platform = platform
        self.job = job
        self.lease = lease
        self.progress = progress
        self.beat = beat
        self._left = threading.Event()
        self._renewed = time.monotonic()
        self._extended = self._renewed

    def leave(self) -> None:
        """The handler has ended: renew no more. Returns when the thread has."""
        self._left.set()
        self.join()

    def run(self) -> None:
        """Look once a beat; write only when there is news or a third of the lease is over."""
        length = jobs.LEASE.total_seconds()
        while not self._left.wait(self.beat):
            ran = isolated(self._look)
            if ran.error is not None:
                log_failure(_log, "lease.not-renewed", ran.error)
                # By this machine's clock, from before the last call that was answered.
                if time.monotonic() - self._renewed > length:
                    self.progress.end(Why.LOST)
            elif ran.answer is False:
                self.progress.end(Why.CANCELLED)
                return

    def _look(self) -> bool:
        begun, news = time.monotonic(), self.progress.news()
        third = jobs.LEASE.total_seconds() / 3
        if news is None and begun - self._renewed < third:
            return jobs.is_wanted(self.platform, self.job)
        wanted = jobs.keep(self.platform, self.job, *(news or (None, None)))
        self._renewed = begun
        if begun - self._extended >= third:
            # Last, and not at once again: without it the job only comes to be offered twice.
            self._extended = begun
            self.lease.extend()
        return wanted


def _given_up(attempts: int) -> VigieError:
    return VigieError(
        T("the job was given up after {attempts} attempts", attempts=attempts),
        T("Each ended before its time, as a worker does that runs out of memory or is killed."),
    )


def _outcome(job: Job, error: Exception | None) -> str:
    """How it left, in a word."""
    if error is None:
        return "done"
    if isinstance(error, JobStoppedError):
        return error.why.value
    again = isinstance(error, SourceError) and error.retryable
    return "retry" if again and job.attempt < jobs.MOST_ATTEMPTS else "failed"


def _traced(job: Job) -> AbstractContextManager[traces.Span]:
    return traces.span(
        f"job {job.kind}", "CONSUMER", vigie__job=job.id, vigie__tenant=job.tenant,
        vigie__attempt=job.attempt,
    )  # fmt: skip


def _named(job: Job) -> AbstractContextManager[None]:
    """Every line of the log says which job it is about."""
    return structlog.contextvars.bound_contextvars(job=job.id, tenant=job.tenant, kind=job.kind)
