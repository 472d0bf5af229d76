"""Which assets are one and the same, and what name survives a new tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vigie.model.assets import Asset, AssetKind, Criticality, Exposure
from vigie.model.runs import TargetAsset

_NAMELESS = frozenset({"", ".", "./", "/", "-"})
_HUB = re.compile(r"^(?:index\.)?docker\.io/(?:library/)?|^library/")
_TAG = re.compile(r":[^:/]+$")
_ADOPTERS = frozenset({AssetKind.IMAGE, AssetKind.REPOSITORY, AssetKind.SBOM, AssetKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Identified:
    """An asset of the result with `key`, its name in fingerprints: no tag, no digest."""

    target: TargetAsset
    key: str


class Assets:
    """Groups every asset that the reports speak of; `of` tells the group of one of them."""

    def __init__(self, seen: Sequence[Asset | None], target: str = "") -> None:
        self._named = list(dict.fromkeys(a for a in seen if a is not None and not _nameless(a)))
        self._groups = _group(self._named)
        self._home = self._find_home(target, any(a is None or _nameless(a) for a in seen))
        self.identified = self._identify()
        self._index = {
            asset: number for number, group in enumerate(self._groups) for asset in group
        }

    def of(self, asset: Asset | None) -> Identified:
        """The group an asset belongs to; what names none belongs to the home group."""
        if asset is None or _nameless(asset):
            return self.identified[self._home]
        return self.identified[self._index[asset]]

    def _find_home(self, target: str, needed: bool) -> int:
        """Where reports that name no asset belong: the target named by the person, else the
        only asset there is, else a group of their own."""
        if not needed:
            return 0
        if target:
            for number, group in enumerate(self._groups):
                if any(target in (a.name, stable_name(a), *a.tags) for a in group):
                    return number
        elif len(self._groups) == 1 and self._groups[0][0].kind in _ADOPTERS:
            return 0
        self._groups.append([Asset(AssetKind.UNKNOWN, target)])
        return len(self._groups) - 1

    def _identify(self) -> list[Identified]:
        merged = [_merge(group) for group in self._groups]
        keys = [_key(asset) for asset in merged]
        # Two versions of one image in one result: the tag has to tell them apart, and where
        # that is the same too, the content.
        named = [f"{asset.kind.value}:{asset.name}" for asset in merged]
        identified = []
        for number, (asset, key) in enumerate(zip(merged, keys, strict=True)):
            full = named[number] if keys.count(key) > 1 else key
            if keys.count(key) > 1 and named.count(full) > 1:
                full = f"{full}@{min(asset.digests, default=str(number))}"
            identified.append(Identified(TargetAsset(full or "target", asset), full))
        return identified


def stable_name(asset: Asset) -> str:
    """A name that outlives tags, digests and checkouts: "shop" for /build/123/shop."""
    name = asset.name.strip()
    if asset.kind is AssetKind.IMAGE:
        name = next((t for t in (name, *asset.tags) if t and not _is_file(t)), name)
        name = name.partition("@")[0]
        name = _HUB.sub("", _TAG.sub("", name))
    if asset.kind in (AssetKind.REPOSITORY, AssetKind.UNKNOWN, AssetKind.SBOM) or _is_file(name):
        name = name.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or name
    return name


def _is_file(name: str) -> bool:
    return name.startswith(("/", "./", "../", "~")) or name.endswith((".tar", ".tgz", ".tar.gz"))


def _nameless(asset: Asset) -> bool:
    return asset.name.strip() in _NAMELESS and not asset.digests and not asset.tags


def _key(asset: Asset) -> str:
    name = stable_name(asset)
    if not name and asset.digests:
        name = min(asset.digests)
    return f"{asset.kind.value}:{name}" if name else ""


def _group(assets: list[Asset]) -> list[list[Asset]]:
    """Sets of assets that share a digest, or a full name without contradicting digests."""
    groups: list[list[Asset]] = []
    for asset in assets:
        matching = [g for g in groups if any(_same(asset, other) for other in g)]
        for group in matching:
            groups.remove(group)
        groups.append([*(a for g in matching for a in g), asset])
    return groups


def _same(a: Asset, b: Asset) -> bool:
    if a.digests & b.digests:
        return True
    if _contradict(a, b):
        return False
    if AssetKind.UNKNOWN not in (a.kind, b.kind) and a.kind is not b.kind:
        return False
    if a.kind is AssetKind.IMAGE and b.kind is AssetKind.IMAGE:
        return bool(_full_names(a) & _full_names(b))
    return stable_name(a) == stable_name(b) != ""


def _contradict(a: Asset, b: Asset) -> bool:
    """Two images with known and different contents are different images, whatever they are
    called. Manifest digests differ between registries for one content, so they do not count."""
    for kind in ("config:", "layers:"):
        first = {d for d in a.digests if d.startswith(kind)}
        second = {d for d in b.digests if d.startswith(kind)}
        if first and second and not first & second:
            return True
    return False


def _full_names(asset: Asset) -> set[str]:
    names = {_HUB.sub("", name) for name in (asset.name, *asset.tags) if name}
    return {n if ":" in n.rpartition("/")[2] or "@" in n else f"{n}:latest" for n in names}


def _merge(group: list[Asset]) -> Asset:
    """One asset out of several names: the first name that is no file, everything known."""
    first = next((a for a in group if a.name and not _is_file(a.name)), group[0])
    return replace(
        first,
        kind=next((a.kind for a in group if a.kind is not AssetKind.UNKNOWN), first.kind),
        digests=frozenset(d for a in group for d in a.digests),
        tags=tuple(dict.fromkeys(t for a in group for t in a.tags)),
        distro=next((a.distro for a in group if a.distro), ""),
        exposure=next((a.exposure for a in group if a.exposure is not Exposure.UNKNOWN),
                      Exposure.UNKNOWN),
        criticality=next((a.criticality for a in group if a.criticality is not Criticality.UNKNOWN),
                         Criticality.UNKNOWN),
    )  # fmt: skip
