"""Runs scanners for the commands that scan, with a progress display."""

from __future__ import annotations

from collections.abc import Sequence

from vigie.faces.cli.inputs import Inputs, answer
from vigie.faces.cli.progress import shown
from vigie.faces.cli.session import Session
from vigie.model.results import Result
from vigie.services.scan import DEFAULT_EXCLUDED, ScanOptions, resolve_target, scan
from vigie.wiring.plugs import SCANNERS, Plugs
from vigie.wiring.settings import Settings


def scan_targets(
    targets: Sequence[str], settings: Settings, inputs: Inputs, session: Session
) -> Result:
    """The answer about these targets. Raises UserError before any scanner starts."""
    resolved = [resolve_target(target) for target in targets]
    scanners = Plugs(SCANNERS)
    working = scanners.working()
    with shown(session) as progress:
        readings = scan(resolved, working, inputs.parsers, _options(settings), progress)
    return answer(readings, inputs, session, scanners)


def _options(settings: Settings) -> ScanOptions:
    return ScanOptions(
        wanted=settings.scan.with_,
        timeout=settings.scan.timeout,
        jobs=settings.scan.jobs,
        max_database_age_days=settings.scan.max_db_age,
        offline=settings.scan.offline,
        excluded=(*DEFAULT_EXCLUDED, *settings.scan.exclude),
        settings=_own(settings),
    )


def _own(settings: Settings) -> dict[str, dict[str, str]]:
    """Each scanner's own settings; Vigie's engine fetches advisories where Vigie does."""
    own = dict(settings.scanner)
    places = settings.advisories
    mirrors = {"osv": places.osv, "kev": places.kev, "epss": places.epss}
    own["embedded"] = {**{n: m for n, m in mirrors.items() if m}, **own.get("embedded", {})}
    return own
