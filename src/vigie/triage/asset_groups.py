"""Which assets are one: by their contents first, then by manifests, and by names last.

A weaker clue never joins what a stronger one keeps apart: two images of one tag with other
layers are two, and so are the images of two architectures behind one index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from vigie.model.assets import Asset, AssetKind
from vigie.triage.asset_names import address, full_name, stable_name


@dataclass(slots=True)
class _Group:
    """Assets known to be one. `order` is the place of the first, to keep the reports' order."""

    order: int
    assets: list[Asset]
    layers: set[str] = field(default_factory=set)
    configs: set[str] = field(default_factory=set)
    manifests: set[str] = field(default_factory=set)

    @property
    def is_known(self) -> bool:
        return bool(self.layers or self.configs)


_Tokens = Callable[[_Group], Iterable[str]]
_Rivals = Callable[[Sequence[_Group]], bool]


def group_assets(assets: Sequence[Asset]) -> list[list[Asset]]:
    """Sets of assets that are one and the same, in the order in which they were first named."""
    groups = [_group(order, asset) for order, asset in enumerate(assets)]
    configs = {config for group in groups for config in group.configs}

    def contents(group: _Group) -> Iterable[str]:
        # Where containerd keeps the images, Docker gives the manifest as the image's id.
        return (*group.layers, *group.configs, *(group.manifests & configs))

    groups = _link(groups, contents, lambda _: False)
    groups = _link(groups, lambda group: group.manifests, _differ)
    groups = _link(groups, _names, lambda rivals: _differ(rivals) or _unlike(rivals))
    return [group.assets for group in groups]


def _group(order: int, asset: Asset) -> _Group:
    group = _Group(order, [asset])
    for digest in asset.digests:
        kind, _, value = digest.partition(":")
        if kind == "layers":
            group.layers.add(digest)
        else:
            (group.configs if kind == "config" else group.manifests).add(value)
    return group


def _link(groups: list[_Group], tokens: _Tokens, rivals: _Rivals) -> list[_Group]:
    """Groups that share a token become one, unless that would join rivals: then only those of
    them that have no contents of their own, for which nobody can say whose they are."""
    joined: list[_Group] = []
    for linked in _components(groups, tokens):
        if len(linked) == 1 or not rivals(linked):
            joined.append(_union(linked))
            continue
        vague = [group for group in linked if not group.is_known]
        joined += [group for group in linked if group.is_known]
        joined += [_union(vague)] if vague and not rivals(vague) else vague
    return sorted(joined, key=lambda group: group.order)


def _components(groups: list[_Group], tokens: _Tokens) -> list[list[_Group]]:
    """Groups that hang together over shared tokens."""
    home = list(range(len(groups)))

    def root(number: int) -> int:
        while home[number] != number:
            home[number] = home[home[number]]
            number = home[number]
        return number

    first: dict[str, int] = {}
    for number, group in enumerate(groups):
        for token in tokens(group):
            a, b = root(number), root(first.setdefault(token, number))
            home[max(a, b)] = min(a, b)
    found: dict[int, list[_Group]] = {}
    for number, group in enumerate(groups):
        found.setdefault(root(number), []).append(group)
    return list(found.values())


def _union(groups: list[_Group]) -> _Group:
    whole = groups[0]
    for group in groups[1:]:
        whole.assets += group.assets
        whole.layers |= group.layers
        whole.configs |= group.configs
        whole.manifests |= group.manifests
    return whole


def _differ(groups: Sequence[_Group]) -> bool:
    """True when two of them have known and different contents: equal ones are joined by now."""
    return (
        sum(bool(group.layers) for group in groups) > 1
        or sum(bool(group.configs) for group in groups) > 1
    )


def _unlike(groups: Sequence[_Group]) -> bool:
    """True for things of different kinds, or repositories at different addresses."""
    assets = [asset for group in groups for asset in group.assets]
    kinds = {asset.kind for asset in assets} - {AssetKind.UNKNOWN}
    return len(kinds) > 1 or len({a for asset in assets if (a := address(asset))}) > 1


def _names(group: _Group) -> set[str]:
    names: set[str] = set()
    for asset in group.assets:
        if asset.kind in (AssetKind.IMAGE, AssetKind.UNKNOWN):
            names.update(f"image:{full_name(n)}" for n in (asset.name, *asset.tags) if n)
        if asset.kind is not AssetKind.IMAGE and stable_name(asset):
            kinds = AssetKind if asset.kind is AssetKind.UNKNOWN else (asset.kind,)
            names.update(f"{kind}:{stable_name(asset)}" for kind in kinds)
    return names
