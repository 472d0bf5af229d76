"""Takes the inventory of a target: opens what it is, and reads every package in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.inventory import Distribution, Inventory, Package
from vigie.model.observations import Location, Verdict
from vigie.model.runs import Problem, ProblemCode
from vigie.model.text import T
from vigie.ports.filesystems import Entry, FileSystem
from vigie.ports.packages import PackageReader
from vigie.ports.reports import ReportParser
from vigie.ports.scanners import Target
from vigie.services.intake import read_file
from vigie.services.skipping import skip_of_host, skip_of_project
from vigie.sources.filesystems.folder import FolderSystem
from vigie.sources.filesystems.images import open_image
from vigie.sources.packages.distribution import read_distribution
from vigie.sources.packages.ownership import with_owners
from vigie.sources.packages.reading import distinct, read_packages
from vigie.triage.matching import has_advisories

_SHOWN = 3
_MOST_TOLD = 100  # problems of one kind; an archive can be made to have millions
_TAG_VALUE = b"SPDXVersion:"
_SBOMS = ("cyclonedx", "spdx")


@dataclass(frozen=True, slots=True)
class InventoryOptions:
    """How to look. `excluded` are names of folders to leave out of a project, `platform` which
    image of an index of several ("linux/amd64"), `workspace` a private folder that exists.
    `offline` forbids to ask a registry."""

    workspace: Path
    excluded: tuple[str, ...] = ()
    platform: str = "linux/amd64"
    offline: bool = False
    told: Callable[[int], None] | None = field(default=None, compare=False)


def take_inventory(
    target: Target,
    readers: Mapping[str, PackageReader],
    parsers: Mapping[str, ReportParser],
    options: InventoryOptions,
) -> Inventory:
    """Every package of the target. `readers` are package readers, `parsers` read an SBOM.

    Raises UserError for a target that cannot be opened, SourceError when a registry fails.
    """
    if target.kind is AssetKind.SBOM and target.path is not None:
        return _of_sbom(target, target.path, parsers)
    with _opened(target, options) as (system, asset):
        distribution = read_distribution(system)
        fitting = {n: r for n, r in readers.items() if _fits(r, target.kind)}
        found = read_packages(system, fitting, distribution, told=options.told)
        distro = asset.distro or (distribution.label if distribution is not None else "")
        return Inventory(
            asset=replace(asset, distro=distro),
            packages=tuple(with_owners(system, distinct(found.packages), distribution)),
            distribution=distribution,
            problems=tuple(_folded(found.problems)),
            looked_at=frozenset(found.looked_at),
        )


def _fits(reader: PackageReader, kind: AssetKind) -> bool:
    """In an image or on a machine only what is installed is there: a lock file that lies in it
    belongs to some example or test, or says again what is installed beside it."""
    return reader.installed or kind not in (AssetKind.IMAGE, AssetKind.HOST)


def _folded(problems: Sequence[Problem]) -> Iterator[Problem]:
    """A note that many files give is given a few times, and then counted: it must not hide
    what could not be read. That is counted as well, in the end."""
    seen: Counter[tuple[str, ProblemCode]] = Counter()
    more: Counter[ProblemCode] = Counter()
    for problem in problems:
        kind = problem.message.template, problem.code
        seen[kind] += 1
        if seen[kind] <= (_SHOWN if problem.code is ProblemCode.NOTE else _MOST_TOLD):
            yield problem
        else:
            more[problem.code] += 1
    for code, count in more.items():
        yield Problem(
            code,
            T("{count} more file of which the same is to be said",
              "{count} more files of which the same is to be said", count=count),
        )  # fmt: skip


@contextmanager
def _opened(target: Target, options: InventoryOptions) -> Iterator[tuple[FileSystem, Asset]]:
    path = target.path
    asset = target.asset or Asset(target.kind, target.reference)
    if target.kind is AssetKind.IMAGE:
        if path is None and options.offline:
            raise UserError(
                T("{target} is in a registry, and the network is not to be used",
                  target=target.reference),
                T("Save it to an archive (docker save, skopeo copy) and scan that."),
            )  # fmt: skip
        source = path if path is not None else target.reference
        with open_image(source, options.workspace, platform=options.platform) as image:
            yield image, image.asset
        return
    if path is None:
        raise UserError(
            T("{target} is nothing that holds packages", target=target.reference),
            T("Give a folder, an image, an image archive or an SBOM."),
        )
    if target.kind is AssetKind.HOST:
        yield FolderSystem(path, skip=skip_of_host(path)), asset
    elif path.is_dir():
        yield FolderSystem(path, skip=skip_of_project(path, options.excluded)), asset
    else:
        only = path.name
        folder = FolderSystem(path.parent, skip=lambda _: True)
        yield _One(folder, only), asset


class _One:
    """One file of a folder; what it refers to beside it can be opened all the same."""

    def __init__(self, folder: FolderSystem, name: str) -> None:
        self._folder = folder
        self._name = name
        self.find, self.open = folder.find, folder.open

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._folder.problems)

    def entries(self) -> Iterator[Entry]:
        found = self._folder.find(self._name)
        if found is not None:
            yield found


def _of_sbom(target: Target, path: Path, parsers: Mapping[str, ReportParser]) -> Inventory:
    """The components of an SBOM, with what it says of the operating system."""
    with path.open("rb") as file:
        if file.read(len(_TAG_VALUE)) == _TAG_VALUE:
            raise UserError(
                T("{target} is SPDX in its tag-value form, which Vigie does not read",
                  target=target.reference),
                T("Have it written as JSON: pyspdxtools -i FILE -o FILE.spdx.json"),
            )  # fmt: skip
    readings = read_file(path, {name: parsers[name] for name in _SBOMS})
    reports = [reading.report for reading in readings if reading.report is not None]
    packages = [
        Package(o.component, (o.locations or (Location(),))[0], reader=o.tool)
        for report in reports
        for o in report.observations
        # What has neither type nor version is the thing that the list is about, no package in it.
        if o.component is not None
        and (o.component.type or o.component.version)
        and o.verdict is Verdict.NOT_APPLICABLE
    ]
    packages = list(dict.fromkeys(packages))
    system = next((found for found in map(_system, packages) if found is not None), None)
    if system is not None:
        packages = [package for package in packages if _system(package) is None]
    seen = next((report.asset for report in reports if report.asset is not None), None)
    asset = target.asset or seen or Asset(AssetKind.SBOM, path.name)
    return Inventory(
        asset=asset,
        packages=tuple(packages),
        distribution=_distribution(packages) or system,
        problems=tuple(problem for report in reports for problem in report.problems),
        looked_at=frozenset(p.component.type for p in packages if p.component.type),
    )


def _system(package: Package) -> Distribution | None:
    """The operating system that an SBOM lists as a component among its packages."""
    said = package.component
    found = Distribution(said.name.lower(), said.version)
    bare = not said.type and not said.purl
    return found if bare and said.version and has_advisories(found) else None


def _distribution(packages: Sequence[Package]) -> Distribution | None:
    """What most of the packages say they belong to: "debian-12" is Debian 12."""
    said = Counter(p.component.distro for p in packages if p.component.distro)
    if not said:
        return None
    id_, _, version = said.most_common(1)[0][0].partition("-")
    return Distribution(id_, version)
