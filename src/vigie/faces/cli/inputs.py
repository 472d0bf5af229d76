"""What bears on the answer besides the reports: feeds, VEX, suppressions, corrections, baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from vigie.faces.cli.session import Session
from vigie.model.assets import Criticality, Exposure
from vigie.model.errors import UserError
from vigie.model.policy import DEFAULT_PRIORITY, Policy
from vigie.model.results import Result
from vigie.model.text import T
from vigie.ports.reports import ReportParser
from vigie.services.advisories import FeedKind, advisories_folder
from vigie.services.conclude import ConcludeOptions, conclude
from vigie.services.decisions import load_corrections, load_policy, load_suppressions
from vigie.services.feeds import completed, feeds_at_hand, load_knowledge
from vigie.services.intake import Reading, read_paths
from vigie.services.results import load_result
from vigie.sources.reports.document import Limits
from vigie.triage.gate import judge
from vigie.wiring.plugs import REPORTS, Plugs
from vigie.wiring.settings import LimitSettings, Settings


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read and checked before work begins, so that nobody waits for a typing error."""

    options: ConcludeOptions
    parsers: Plugs
    limits: Limits
    policy: Policy | None = None
    max_feed_age: int = 7  # days


def read_inputs(settings: Settings, session: Session, *, target: str = "") -> Inputs:
    """Read the side inputs that the settings name. Raises UserError for the first that is wrong."""
    parsers = Plugs(REPORTS)
    limits = limits_of(settings.limits)
    vex = [Path(v) for v in settings.vex]
    policy = load_policy(settings.policy) if settings.policy else None
    this_day = today(session)
    options = ConcludeOptions(
        created=now(session),
        today=this_day,
        priority=policy.priority if policy is not None else DEFAULT_PRIORITY,
        target=target,
        knowledge=load_knowledge(_path(settings.kev), _path(settings.epss)),
        vex=read_paths(vex, readers(parsers), limits=limits) if vex else (),
        suppressions=load_suppressions(Path(settings.suppress)) if settings.suppress else (),
        corrections=load_corrections(Path(settings.corrections)) if settings.corrections else (),
        baseline=load_result(Path(settings.baseline)) if settings.baseline else None,
        exposure=Exposure(settings.exposure),
        criticality=Criticality(settings.criticality),
    )
    return Inputs(options, parsers, limits, policy, settings.scan.max_db_age)


def answer(readings: Sequence[Reading], inputs: Inputs, session: Session, *plugs: Plugs) -> Result:
    """The result of these readings, judged when there is a policy.

    Broken third-party plugs are told in it.
    """
    disabled = [problem for found in (inputs.parsers, *plugs) for problem in found.disabled]
    options = _with_feeds(inputs, session)
    options = replace(options, problems=(*options.problems, *disabled))
    for run in (reading.run for reading in readings):
        session.log("read", tool=run.tool, format=run.format, file=run.file, records=run.records,
                    observations=run.observations, outcome=run.outcome.value)  # fmt: skip
    result = conclude(readings, options)
    session.log("concluded", findings=len(result.findings), problems=len(result.problems))
    if inputs.policy is None:
        return result
    return replace(result, gate=judge(result, inputs.policy, inputs.options.today))


def _with_feeds(inputs: Inputs, session: Session) -> ConcludeOptions:
    """The options with what the database of advisories knows by now: a scan may have filled it."""
    options = inputs.options
    known = options.knowledge
    missing = [kind for kind, date in ((FeedKind.KEV, known.kev_date),
                                       (FeedKind.EPSS, known.epss_date)) if not date]  # fmt: skip
    folder = advisories_folder(session.environ)
    database, problems = feeds_at_hand(folder, options.today, inputs.max_feed_age, missing)
    return replace(
        options,
        knowledge=completed(known, database),
        problems=(*options.problems, *problems),
    )


def limits_of(limits: LimitSettings) -> Limits:
    """The settings' limits as the reader of reports wants them."""
    return Limits(
        size=limits.report_bytes,
        records=limits.report_records,
        depth=limits.report_depth,
        line=limits.line_bytes,
    )


def readers(parsers: Plugs, forced: str = "") -> dict[str, ReportParser]:
    """The parsers that a report is tried with: all that work, or the one of `--as FORMAT`.

    Raises UserError that lists the formats.
    """
    return {forced: parsers.need(forced)} if forced else parsers.working()


def now(session: Session) -> str:
    """Now, ISO 8601 UTC; SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the clock.

    Raises UserError when it is no moment of this calendar.
    """
    fixed = session.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        moment = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        raise UserError(
            T("SOURCE_DATE_EPOCH is no moment: {value}", value=fixed),
            T("It counts seconds since 1970, as reproducible-builds.org says."),
        ) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def today(session: Session) -> str:
    """The day, ISO, that waivers and suppressions are held against.

    Builds set SOURCE_DATE_EPOCH to a day in the past; an expired waiver must not come back
    to life by that.
    """
    return max(now(session)[:10], datetime.now(UTC).date().isoformat())


def _path(name: str) -> Path | None:
    return Path(name) if name else None
