"""Vigie's own engine: the packages of a target, and the advisories that are about them.

It gives a report like any other scanner's, so everything that follows is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

import vigie
from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import SourceError, UserError
from vigie.model.inventory import Inventory, Package
from vigie.model.observations import Kind, Observation, Rule, Verdict
from vigie.model.plain import plain_writer
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.packages import PackageReader
from vigie.ports.reports import Report, ReportParser
from vigie.ports.scanners import Target
from vigie.services.advisories import AdvisoryDatabase, open_index
from vigie.services.advisory_renewal import renew
from vigie.services.inventory import InventoryOptions, take_inventory
from vigie.sources.advisories.addresses import ECOSYSTEMS, Addresses
from vigie.triage.matching import Matches, has_advisories, homes, match

TOOL = "embedded"
LAYOUT = "1"
_COMPONENT = Rule("component")
_SOME, _WIDE = 5, 80  # names in a sentence, letters of each
_NOTHING = Problem(
    ProblemCode.STALE,
    T("there are no advisories at hand: Vigie did not look for vulnerabilities"),
    hint=T(
        "Get them once where Vigie runs: vigie db update, or vigie db import FILE without "
        "a network."
    ),
)


@dataclass(frozen=True, slots=True)
class Readers:
    """The plugs that the engine works with: package readers, and parsers for an SBOM."""

    packages: Mapping[str, PackageReader]
    reports: Mapping[str, ReportParser]


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to take the inventory, and whether advisories may be fetched for it, from where (None:
    the public addresses). Nothing is fetched when the inventory is taken offline."""

    inventory: InventoryOptions
    fetch: bool = True
    addresses: Addresses | None = None


def examine(target: Target, readers: Readers, options: EngineOptions) -> Report:
    """Take the inventory, get the advisories it asks for, and match them.

    Raises UserError for a target that cannot be opened, SourceError when a registry fails.
    """
    started = _now()
    inventory = take_inventory(target, readers.packages, readers.reports, options.inventory)
    if not inventory.packages:
        return _report(inventory, (), started, *_empty(target))
    # What the distribution brought, its own advisories speak for, where it has any.
    speaks = has_advisories(inventory.distribution)
    judged = [package for package in inventory.packages if not (package.owner and speaks)]
    wanted = homes(judged, inventory.distribution)
    notes = _fetched(wanted, options)
    index = open_index()
    if index is None:
        return _report(inventory, (), started, _NOTHING, *notes)
    with index:
        matches = match(judged, inventory.distribution, index)
        return replace(
            _report(
                inventory, matches.observations, started, *_shortfalls(matches, len(judged)), *notes
            ),
            database_date=_date(wanted, index),
            ecosystems=matches.checked,
        )


def _fetched(wanted: Iterable[str], options: EngineOptions) -> tuple[Problem, ...]:
    if not options.fetch or options.inventory.offline:
        return ()
    return renew(wanted, _now(), addresses=options.addresses)


def _date(wanted: Iterable[str], index: AdvisoryDatabase) -> str:
    """That of the advisories that are furthest behind, among those that were asked."""
    feeds = [index.feed_of(home) for home in wanted]
    return min((feed.current for feed in feeds if feed is not None), default=index.date)


def unable(error: UserError | SourceError) -> Report:
    """The report of a target that could not be looked at."""
    now = _now()
    hint = error.hint if error.hint.template else None
    problem = Problem(ProblemCode.REPORT, error.message, hint=hint)
    return Report(
        tool=TOOL,
        records=0,
        observations=(),
        problems=(problem,),
        version=vigie.__version__,
        started=now,
        ended=now,
        ecosystems=frozenset(),
    )


def inventory_report(inventory: Inventory) -> Report:
    """The inventory alone: nothing was looked for in it."""
    return _report(inventory, (), _now())


def _report(
    inventory: Inventory, matches: Sequence[Observation], started: str, *problems: Problem
) -> Report:
    observations = (*components_of(inventory), *matches)
    # What was not looked at comes before what is only worth knowing: lists are cut short.
    said = sorted((*problems, *inventory.problems), key=lambda p: p.code is ProblemCode.NOTE)
    return Report(
        tool=TOOL,
        records=len(observations),
        observations=observations,
        problems=tuple(said),
        version=vigie.__version__,
        started=started,
        ended=_now(),
        asset=inventory.asset,
        ecosystems=frozenset(),
    )


def components_of(inventory: Inventory) -> Iterator[Observation]:
    """One inventory statement for each package."""
    for number, package in enumerate(inventory.packages):
        yield Observation(
            tool=TOOL,
            kind=Kind.LICENCE,
            rule=_COMPONENT,
            record=f"packages[{number}]",
            verdict=Verdict.NOT_APPLICABLE,
            component=package.component,
            locations=(package.location,),
        )


def written(report: Report) -> Iterator[bytes]:
    """The report in the layout that the parser `embedded` reads, piece by piece."""
    encode = msgspec.json.Encoder().encode
    head = {
        "vigie_engine": LAYOUT,
        "version": report.version,
        "database_date": report.database_date,
        "started": report.started,
        "ended": report.ended,
        **({"asset": plain_writer(Asset)(report.asset)} if report.asset is not None else {}),
        "ecosystems": sorted(report.ecosystems or ()),
        "problems": [plain_writer(Problem)(problem) for problem in report.problems],
    }
    yield encode(head)[:-1] + b',"observations":['
    write = plain_writer(Observation)
    for number, observation in enumerate(report.observations):
        yield (b",\n" if number else b"\n") + encode(write(observation))
    yield b"\n]}\n"


def _empty(target: Target) -> Iterator[Problem]:
    """An image or a machine always holds something; a folder of code may ask for nothing."""
    if target.kind in (AssetKind.IMAGE, AssetKind.HOST):
        yield Problem(
            ProblemCode.NOTE,
            T("no package was found in {target}: what runs there is unknown",
              target=target.reference),
        )  # fmt: skip


def _shortfalls(matches: Matches, judged: int) -> Iterator[Problem]:
    """What was compared with no advisory, and why: unknown, and said as such. A few packages are
    worth a note; where it is all of them, nothing was looked at."""
    left_out = len(matches.unversioned) + len(matches.unnamed)
    code = ProblemCode.RECORD if left_out == judged else ProblemCode.NOTE
    for name, count in sorted(matches.unchecked.items()):
        yield _unchecked(name, count)
    if matches.unversioned:
        yield Problem(
            code,
            T("{count} package has no version and was not checked: {names}",
              "{count} packages have no version and were not checked: {names}",
              count=len(matches.unversioned), names=_some(matches.unversioned)),
            hint=T("Pin them, or scan what is installed."),
        )  # fmt: skip
    if matches.unnamed:
        yield Problem(
            code,
            T("{count} package is not fully named and was not checked: {names}",
              "{count} packages are not fully named and were not checked: {names}",
              count=len(matches.unnamed), names=_some(matches.unnamed)),
            hint=T("A jar without pom.properties does not say which group it is of, a component "
                   "without a purl not which registry."),
        )  # fmt: skip
    if matches.incomparable:
        yield Problem(
            ProblemCode.RECORD,
            T("{count} package has a version that cannot be compared: {names}",
              "{count} packages have versions that cannot be compared: {names}",
              count=len(matches.incomparable), names=_some(matches.incomparable)),
        )  # fmt: skip


def _unchecked(name: str, count: int) -> Problem:
    if name.partition(":")[0] in ECOSYSTEMS:
        return Problem(
            ProblemCode.STALE,
            T("no advisories for {name} are at hand: {count} package was not checked",
              "no advisories for {name} are at hand: {count} packages were not checked",
              name=name, count=count),
            hint=T("Get them where Vigie runs: vigie db update, or vigie db import FILE."),
        )  # fmt: skip
    return Problem(
        ProblemCode.SKIPPED,
        T("OSV has no advisories for {name}: {count} package was not checked",
          "OSV has no advisories for {name}: {count} packages were not checked",
          name=name, count=count),
        hint=T("Scan with another scanner as well; where Vigie runs, vigie scanners lists them."),
    )  # fmt: skip


def _some(packages: Sequence[Package]) -> str:
    """A few names; the rest is in the inventory."""
    said = (f"{p.component.name} {p.component.version}".strip() for p in packages)
    names = dict.fromkeys(name if len(name) <= _WIDE else f"{name[:_WIDE]}…" for name in said)
    return ", ".join(list(names)[:_SOME]) + (" …" if len(names) > _SOME else "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
