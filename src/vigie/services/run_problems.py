"""What can go wrong with the run of a scanner, in words: what happened and what to do."""

from __future__ import annotations

import re
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vigie.model.errors import VigieError
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T, Text
from vigie.ports.scanners import Scanner, Target
from vigie.sources.scanners.process import Ending, Execution
from vigie.sources.scanners.stderr import last_words, redact

_CLOCKS_DIFFER = 1.0  # days; a database from a day ahead has been made in another time zone


def missing(scanner: Scanner) -> Problem:
    """It was asked for and is not on this machine, or nobody said which server to ask."""
    if scanner.needs.service:
        return Problem(
            ProblemCode.MISSING,
            T("{label} has no server to ask", label=scanner.label),
            scanner.name,
            T("Set it up where Vigie runs: {advice}.", advice=scanner.advice),
        )
    hint = T("Get it where Vigie runs: {advice}.", advice=scanner.advice)
    return Problem(
        ProblemCode.MISSING, T("{label} is not installed", label=scanner.label), scanner.name, hint
    )


def skipped(scanner: Scanner, target: Target) -> Problem:
    """It was asked for and does not look at this kind of target."""
    return Problem(
        ProblemCode.SKIPPED,
        T("{label} does not look at {target}", label=scanner.label, target=target.reference),
        scanner.name,
        T("Leave it out for this target, or give it one that it can read."),
    )


def nothing_to_scan(scanner: Scanner, target: Target) -> Problem:
    """It was asked for and the target holds nothing that it reads."""
    return Problem(
        ProblemCode.SKIPPED,
        T(
            "{target} holds nothing that {label} reads",
            target=target.reference,
            label=scanner.label,
        ),
        scanner.name,
        T("Leave it out for this target, or see whether the folder is the right one."),
    )


def unable(scanner: Scanner, error: VigieError) -> Problem:
    """It cannot look as things are: no token, no network allowed…"""
    return Problem(ProblemCode.SKIPPED, error.message, scanner.name, error.hint)


def needs_network(scanner: Scanner) -> Problem:
    """It was asked for, asks a service, and the network was forbidden."""
    return Problem(
        ProblemCode.SKIPPED,
        T("{label} asks a service on the network, which was not allowed", label=scanner.label),
        scanner.name,
        T(
            "Let scans use the network where Vigie runs (leave out --offline), or do not ask "
            "for it."
        ),
    )


def left_out(scanner: Scanner, done: Execution, pattern: str) -> Problem | None:
    """It came to its end, but said on the way that it did not look at everything."""
    said = [line for line in done.stderr.splitlines() if re.search(pattern, line)]
    if not said:
        return None
    # What was searched for counts, also where it is said in passing.
    why = last_words("\n".join(said)) or redact(said[-1].strip())[:400]
    return Problem(
        ProblemCode.REPORT,
        T("{label} did not look at everything: {why}", label=scanner.label, why=why),
        scanner.name,
        T("See what it says; run it by hand on the target to learn more."),
    )  # fmt: skip


def cancelled(scanner: Scanner) -> Problem:
    return Problem(
        ProblemCode.CANCELLED,
        T("{label} was cancelled before it had finished", label=scanner.label),
        scanner.name,
        T("Scan again to have the whole result."),
    )


def unstartable(scanner: Scanner, error: VigieError) -> Problem:
    """Not even the process that watches over it could be started."""
    return Problem(ProblemCode.CRASHED, error.message, scanner.name, error.hint)


def ended_badly(scanner: Scanner, done: Execution, timeout: float) -> Problem:
    """It did not come to its end, or came to a bad one."""
    where = scanner.name
    label = scanner.label
    if done.ending is Ending.STOPPED:
        return cancelled(scanner)
    if done.ending is Ending.TIMEOUT:
        return Problem(
            ProblemCode.TIMEOUT,
            T("{label} was stopped: it had not finished after {seconds} s",
              label=label, seconds=round(timeout)),
            where,
            T("Scan a smaller target, or allow more time (on the command line: --timeout)."),
        )  # fmt: skip
    if done.ending is Ending.OUTPUT:
        message = T("{label} was stopped: it printed more than a report may hold", label=label)
        return Problem(ProblemCode.CRASHED, message, where, T("Scan a smaller target."))
    if done.ending is Ending.UNSTARTABLE:
        message = T("{label} could not be started: {why}", label=label, why=done.error)
        return Problem(ProblemCode.CRASHED, message, where, _install_again(scanner))
    if done.ending is Ending.LOST:
        message = T("{label} was killed by somebody else", label=label)
        return Problem(ProblemCode.CRASHED, message, where, _look_at_memory())
    return _crashed(scanner, done)


def _crashed(scanner: Scanner, done: Execution) -> Problem:
    code = done.code if done.code is not None else 0
    # Some complain where the report should stand, or where they chat.
    why = last_words(done.stderr) or last_words(_tail(done.stdout))
    if code < 0:
        message = T("{label} was killed by {signal}", label=scanner.label, signal=_signal(-code))
        hint = _look_at_memory()
    elif why:
        message = T("{label} failed with exit code {exit}: {why}",
                    label=scanner.label, exit=code, why=why)  # fmt: skip
        hint = T("See what it says; run it by hand on the target to learn more.")
    else:
        message = T("{label} failed with exit code {exit} and said nothing",
                    label=scanner.label, exit=code)  # fmt: skip
        hint = T("Run it by hand on the target to learn more.")
    return Problem(ProblemCode.CRASHED, message, scanner.name, hint)


def _tail(output: Path) -> str:
    """The end of a file of any size; "" when there is none."""
    try:
        with output.open("rb") as file:
            file.seek(max(0, output.stat().st_size - 65536))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def no_report(scanner: Scanner, done: Execution) -> Problem:
    """It came to a good end but left nothing to read."""
    why = last_words(done.stderr)
    message = (
        T("{label} left an empty report: {why}", label=scanner.label, why=why)
        if why
        else T("{label} left an empty report", label=scanner.label)
    )
    hint = T("An empty report is not 'no findings': run it by hand on the target to learn more.")
    return Problem(ProblemCode.REPORT, message, scanner.name, hint)


def unreadable_report(scanner: Scanner, error: VigieError) -> Problem:
    return Problem(
        ProblemCode.REPORT,
        T("the report of {label} cannot be read: {why}", label=scanner.label, why=error.message),
        scanner.name,
        error.hint,
    )


def found_without_records(scanner: Scanner, code: int) -> Problem:
    return Problem(
        ProblemCode.REPORT,
        T("{label} says that it found something (exit code {exit}), but its report holds nothing",
          label=scanner.label, exit=code),
        scanner.name,
        T("Run it by hand on the target to learn more."),
    )  # fmt: skip


def records_without_found(scanner: Scanner, code: int) -> Problem:
    return Problem(
        ProblemCode.NOTE,
        T("{label} says that it found nothing (exit code {exit}), but its report holds findings",
          label=scanner.label, exit=code),
        scanner.name,
    )  # fmt: skip


def unknown_age(scanner: Scanner) -> Problem:
    return Problem(
        ProblemCode.STALE,
        T("{label} does not say how old its database is", label=scanner.label),
        scanner.name,
        T("Bring its database up to date."),
    )


def stale(scanner: Scanner, date: str, now: datetime, most_days: int) -> Problem | None:
    """Its database is older than it may be; None when it is fresh enough."""
    days = age_in_days(date, now)
    if days is None:
        return unknown_age(scanner)
    if days < -_CLOCKS_DIFFER:
        return Problem(
            ProblemCode.STALE,
            T("the database of {label} bears a date yet to come, {date}: its age is unknown",
              label=scanner.label, date=date[:10]),
            scanner.name,
            T("See whether this machine's clock is right; bring the database up to date."),
        )  # fmt: skip
    if days <= most_days:
        return None
    # Days of the calendar, as `vigie db` counts them.
    dates = (now.date() - (now - timedelta(days=days)).date()).days
    return Problem(
        ProblemCode.STALE,
        T("the database of {label} is {count} day old, more than {most}",
          "the database of {label} is {count} days old, more than {most}",
          label=scanner.label, count=max(dates, most_days + 1), most=most_days),
        scanner.name,
        T("Let it reach the network to bring its database up to date, or allow a greater age."),
    )  # fmt: skip


def not_refreshed(scanner: Scanner, why: str) -> Problem:
    """Its database could not be brought up to date; whether that matters is said apart."""
    return Problem(
        ProblemCode.NOTE,
        T("the database of {label} could not be brought up to date: {why}",
          label=scanner.label, why=why),
        scanner.name,
    )  # fmt: skip


def age_in_days(date: str, now: datetime) -> float | None:
    """Age of an ISO 8601 date; None when it is none. A date without a zone is UTC."""
    try:
        then = datetime.fromisoformat(date)
    except ValueError:
        return None
    then = then if then.tzinfo is not None else then.replace(tzinfo=UTC)
    return (now - then).total_seconds() / 86400


def _install_again(scanner: Scanner) -> Text:
    return T("Install it again where Vigie runs: {advice}.", advice=scanner.advice)


def _look_at_memory() -> Text:
    return T("See whether the machine ran out of memory; scan a smaller target or fewer at once.")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
