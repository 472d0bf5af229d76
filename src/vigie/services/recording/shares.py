"""Shares: what one import says of each asset that it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import UserError
from vigie.model.observations import Observation
from vigie.model.runs import Run
from vigie.model.text import T
from vigie.ports.reports import Report
from vigie.services.failures import TooLarge
from vigie.services.intake import Reading
from vigie.services.recording.sealing import seal_all
from vigie.services.recording.spilling import Spilled, Spills
from vigie.triage.asset_names import stable_name
from vigie.triage.assets import Assets, Identified, nameless
from vigie.triage.paths import plain_path

MOST_ASSETS = 10_000
_KINDS = {kind.value: kind for kind in AssetKind}


@dataclass(frozen=True, slots=True)
class Share:
    """One asset and what each run said of it. `names` find the asset in the store: the keys it
    may go by and the digests of its contents; none of them means another asset of the import.
    """

    identified: Identified
    names: frozenset[str]
    told: tuple[tuple[Run, Sequence[Observation]], ...]


class SetDown(Spilled[Observation]):
    """The observations of a report out of memory. `assets` are those that they name."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Observation, folder)
        self.assets: dict[Asset | None, None] = {}

    @classmethod
    def among(cls, spills: Spills) -> SetDown:
        """An empty one that is closed with the others."""
        return spills.keep(cls(spills.folder))

    def append(self, item: Observation) -> int:
        """Keep it; its number."""
        self.assets[item.asset] = None
        return super().append(item)


def set_down(readings: Iterable[Reading], spills: Spills) -> list[Reading]:
    """The same readings with their observations out of memory, where they are not already."""
    return [
        reading
        if reading.report is None or isinstance(reading.report.observations, SetDown)
        else replace(reading, report=_down(reading.report, spills))
        for reading in readings
    ]


def _down(report: Report, spills: Spills) -> Report:
    made = SetDown.among(spills)
    for observation in report.observations:
        made.append(observation)
    return replace(report, observations=made)


def asset_called(name: str) -> Asset:
    """The asset that a person means: "image:shop:1.0" says the kind, "shop" does not."""
    kind, colon, rest = name.strip().partition(":")
    if colon and kind in _KINDS and rest:
        return Asset(_KINDS[kind], rest)
    return Asset(AssetKind.UNKNOWN, name.strip())


def is_key(name: str) -> bool:
    """True for a name that an asset may go by; the others are digests."""
    return name.partition(":")[0] in _KINDS


def means(name: str, kind: AssetKind) -> bool:
    """Whether an asset of this kind may go by the name: one without a kind ("unknown:shop"), of
    this kind, or what is in it. While nobody knows its kind it may go by any."""
    named = _KINDS.get(name.partition(":")[0], AssetKind.UNKNOWN)
    return AssetKind.UNKNOWN in (kind, named) or named is kind


def shares_of(
    readings: Sequence[Reading], spills: Spills, about: Asset | None = None
) -> list[Share]:
    """What the readings say, asset by asset, in the order in which they first speak of them.

    `about` is the asset that the person named. Raises UserError when a report says nothing of
    what it looked at and nobody else does, TooLarge for more assets than one import may hold.
    """
    homes = _homes(readings, about)
    inner = [a for r in readings for a in _inside(r) if a is not None]
    assets = Assets([*(home for home in homes if home is not None), *inner])
    if len(assets.identified) > MOST_ASSETS:
        raise TooLarge(
            T("this speaks of more than {most} assets", most=MOST_ASSETS),
            T("Send it in parts."),
        )
    told: dict[str, list[tuple[Run, Sequence[Observation]]]] = {}
    identified: dict[str, Identified] = {}
    for reading, home in zip(readings, homes, strict=True):
        if home is None:
            continue
        for one, observations in _by_asset(reading, home, assets, spills).items():
            identified.setdefault(one.key, one)
            told.setdefault(one.key, []).append((reading.run, observations))
    shared = Counter(name for one in identified.values() for name in _names(one))
    return [
        Share(
            identified[key],
            frozenset(n for n in _names(identified[key]) if shared[n] == 1 or n == key),
            tuple(seal_all(pairs, identified[key], spills)),
        )
        for key, pairs in told.items()
    ]


def _homes(readings: Sequence[Reading], about: Asset | None) -> list[Asset | None]:
    """What each reading is about; None for a failed run of which nobody knows."""
    said = [reading.report.asset if reading.report is not None else None for reading in readings]
    known = [None if asset is None or nameless(asset) else asset for asset in said]
    groups = Assets([asset for asset in known if asset is not None]).identified
    if about is not None and len(groups) <= 1:
        return [_called(about, asset) for asset in known]
    only = groups[0].target.asset if len(groups) == 1 else None
    homes = [asset or about or only for asset in known]
    for reading, home in zip(readings, homes, strict=True):
        if home is None and reading.report is not None and not _speaks_for_itself(reading):
            raise UserError(
                T("{name} does not say what it looked at", name=_name_of(reading)),
                T("Name the asset, as in image:shop:1.0, repository:shop or host:db1."),
            )
    return [
        home or (_first_inside(reading) if reading.report is not None else None)
        for reading, home in zip(readings, homes, strict=True)
    ]


def _speaks_for_itself(reading: Reading) -> bool:
    """True when every observation names its own asset, and there is one."""
    inside = _inside(reading)
    return bool(inside) and all(asset is not None and not nameless(asset) for asset in inside)


def _first_inside(reading: Reading) -> Asset | None:
    return next(iter(_inside(reading)), None)


def _inside(reading: Reading) -> Collection[Asset | None]:
    """The assets that the observations name, each once; None when one names none."""
    if reading.report is None:
        return ()
    observations = reading.report.observations
    if isinstance(observations, SetDown):
        return observations.assets
    return dict.fromkeys(o.asset for o in observations)


def _called(about: Asset, seen: Asset | None) -> Asset:
    """The asset under the person's name, with what its report knows of its contents."""
    if seen is None:
        return about
    kind = seen.kind if about.kind is AssetKind.UNKNOWN else about.kind
    if kind is not seen.kind:
        return replace(about, kind=kind)
    named = (seen.name,) if kind is AssetKind.IMAGE and seen.name != about.name else ()
    return replace(
        seen, kind=kind, name=about.name,
        tags=tuple(dict.fromkeys((*about.tags, *named, *seen.tags))),
        digests=seen.digests | about.digests,
    )  # fmt: skip


def _by_asset(
    reading: Reading, home: Asset, assets: Assets, spills: Spills
) -> dict[Identified, Sequence[Observation]]:
    """The observations of each asset; the run's own is there also when nothing is said of it."""
    observations = reading.report.observations if reading.report is not None else ()
    inside = _inside(reading)
    one = assets.of(home)
    if isinstance(observations, SetDown) and not one.roots and all(a is None for a in inside):
        return {one: observations}
    found: dict[Identified, Spilled[Observation]] = {}
    if reading.report is None or not _speaks_for_itself(reading):
        found[one] = spills.of(Observation)
    for observation in observations:
        own = observation.asset
        one = assets.of(own if own is not None and not nameless(own) else home)
        if one not in found:
            found[one] = spills.of(Observation)
        found[one].append(_placed(observation, one))
    return dict(found)


def _placed(observation: Observation, home: Identified) -> Observation:
    """Without its asset, and with paths from the asset's own folder: where a build lay is no
    part of what it says, or each build would say everything anew."""
    if not home.roots:
        return observation if observation.asset is None else replace(observation, asset=None)
    places = tuple(
        replace(place, path=plain_path(place.path, home.roots))
        if place.path.startswith(home.roots)
        else place
        for place in observation.locations
    )
    return replace(observation, asset=None, locations=places)


def _names(one: Identified) -> set[str]:
    asset = one.target.asset
    names = {one.key, *one.others, *asset.digests}
    if asset.kind is AssetKind.UNKNOWN and stable_name(asset):
        # A name without a kind may mean an image as well as a folder.
        names.add(f"image:{stable_name(replace(asset, kind=AssetKind.IMAGE))}")
    return names - {""}


def _name_of(reading: Reading) -> str:
    return reading.run.file.rpartition("/")[2] or reading.run.tool
