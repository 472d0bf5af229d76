"""Which assets are one and the same, and what name survives a new tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.runs import TargetAsset
from vigie.triage.asset_groups import group_assets
from vigie.triage.asset_names import is_digest, is_file, stable_name

_NAMELESS = frozenset({"", ".", "./", "/", "-"})
_ABSOLUTE = re.compile(r"^(?:/|[A-Za-z]:[/\\]).*[^/\\]")
_ADOPTERS = frozenset({AssetKind.IMAGE, AssetKind.REPOSITORY, AssetKind.SBOM, AssetKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Identified:
    """An asset of the result with `key`, its name in fingerprints: no tag, no digest.

    `others` are keys that one of its reports alone, or a scan from elsewhere, would give it.
    `roots` are folders that it lay in, as "/build/1/shop/": paths in reports may begin so.
    """

    target: TargetAsset
    key: str
    others: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()


class Assets:
    """Groups every asset that the reports speak of; `of` tells the group of one of them."""

    def __init__(self, seen: Sequence[Asset | None], target: str = "") -> None:
        named = list(dict.fromkeys(a for a in seen if a is not None and not nameless(a)))
        self._groups = group_assets(named)
        self._target = target
        self._home = self._find_home(any(a is None or nameless(a) for a in seen))
        self.identified = self._identify()
        self._index = {
            asset: number for number, group in enumerate(self._groups) for asset in group
        }

    def of(self, asset: Asset | None) -> Identified:
        """The group an asset belongs to; what names none belongs to the home group."""
        if asset is None or nameless(asset):
            return self.identified[self._home]
        return self.identified[self._index[asset]]

    def _find_home(self, needed: bool) -> int:
        """Where reports that name no asset belong: the target named by the person, else the
        only asset there is, else a group of their own."""
        if not needed:
            return 0
        if self._target:
            for number, group in enumerate(self._groups):
                if any(self._target in (a.name, stable_name(a), *a.tags) for a in group):
                    return number
        elif len(self._groups) == 1 and self._groups[0][0].kind in _ADOPTERS:
            return 0
        self._groups.append([Asset(AssetKind.UNKNOWN, self._target)])
        return len(self._groups) - 1

    def _identify(self) -> list[Identified]:
        merged = [_merge(group) for group in self._groups]
        if len(merged) == 1 and self._target and not stable_name(merged[0]):
            merged[0] = replace(merged[0], name=self._target)  # better than a digest
        keys = [_key(asset) for asset in merged]
        # Two versions of one image in one result: the tag has to tell them apart, and where
        # that is the same too, the content.
        shared = Counter(keys)
        named = [f"{asset.kind.value}:{asset.name}" for asset in merged]
        often = Counter(named)
        identified = []
        for asset, group, key, name in zip(merged, self._groups, keys, named, strict=True):
            full = name if shared[key] > 1 else key
            others = dict.fromkeys(sorted(filter(None, map(_key, group))))
            if shared[key] > 1 and often[name] > 1:
                contents = [f"{full}@{digest}" for digest in sorted(asset.digests)] or [f"{full}@"]
                others.update(dict.fromkeys(contents))
                full = contents[0]
            if asset.kind is AssetKind.UNKNOWN and stable_name(asset):
                # A folder scanned as ".", which the person has named.
                others[_key(replace(asset, kind=AssetKind.REPOSITORY))] = None
            others.pop(full, None)
            identified.append(
                Identified(TargetAsset(full or "target", asset), full, (*others,), _roots(group))
            )
        return identified


class KnownAsset:
    """In place of `Assets` where everything is about one asset that is known already: its name
    in fingerprints is the one it has been given, whatever the reports call it."""

    def __init__(self, identified: Identified) -> None:
        self.identified = [identified]

    def of(self, _asset: Asset | None) -> Identified:
        """The asset."""
        return self.identified[0]


def nameless(asset: Asset) -> bool:
    """True for an asset that nothing identifies: no name but "here", no digest, no tag."""
    return asset.name.strip() in _NAMELESS and not asset.digests and not asset.tags


def _key(asset: Asset) -> str:
    name = stable_name(asset) or min(asset.digests, default="")
    return f"{asset.kind.value}:{name}" if name else ""


def _roots(group: list[Asset]) -> tuple[str, ...]:
    """Absolute folders, the deepest first."""
    folders = {
        asset.name.replace("\\", "/").rstrip("/") + "/"
        for asset in group
        if asset.kind is AssetKind.REPOSITORY and _ABSOLUTE.match(asset.name)
    }
    return tuple(sorted(folders, key=lambda folder: (-len(folder), folder)))


def _rank(asset: Asset) -> tuple[bool, bool, bool, int, str]:
    """Sort key: the best asset to name a group by, whatever order the reports come in."""
    name = stable_name(asset)
    poor = not asset.name or is_file(asset.name) or is_digest(asset.name)
    return not name, is_file(name), poor, len(name) + len(asset.name), asset.name


def _merge(group: list[Asset]) -> Asset:
    """One asset out of several names: the best name, and everything known."""
    kinds = {asset.kind for asset in group} - {AssetKind.UNKNOWN}
    best = min(group, key=_rank)
    named = replace(
        best,
        kind=next((kind for kind in AssetKind if kind in kinds), AssetKind.UNKNOWN),
        digests=frozenset(d for a in group for d in a.digests),
        tags=tuple(dict.fromkeys(t for a in group for t in a.tags)),
        distro=next((a.distro for a in group if a.distro), ""),
        exposure=next((a.exposure for a in group if a.exposure is not Exposure.UNKNOWN),
                      Exposure.UNKNOWN),
        criticality=next((a.criticality for a in group if a.criticality is not Criticality.UNKNOWN),
                         Criticality.UNKNOWN),
    )  # fmt: skip
    if is_digest(named.name) or is_file(named.name) or not named.name:
        real = sorted(t for t in named.tags if t and not is_digest(t) and not is_file(t))
        return replace(named, name=next(iter(real), named.name))
    return named
