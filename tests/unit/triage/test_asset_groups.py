"""Which assets are one: by contents, manifests and names, in whatever order they come."""

from __future__ import annotations

from itertools import permutations

from vigie.model.assets import Asset, AssetKind
from vigie.triage.asset_groups import group_assets


def image(name: str = "", *digests: str) -> Asset:
    return Asset(AssetKind.IMAGE, name, frozenset(digests))


def repository(name: str) -> Asset:
    return Asset(AssetKind.REPOSITORY, name)


def groups(*assets: Asset) -> list[int]:
    """For each asset the first one of its group, the same in whatever order they are named."""
    seen = set()
    for order in permutations(assets):
        found = [set(group) for group in group_assets(order)]
        homes = [next(group for group in found if asset in group) for asset in assets]
        seen.add(tuple(homes.index(home) for home in homes))
    assert len(seen) == 1
    return list(seen.pop())


def test_images_meet_over_any_shared_content() -> None:
    assert groups(image("a", "config:sha256:1"), image("b", "config:sha256:1")) == [0, 0]
    assert groups(image("a", "layers:sha256:1"), image("b", "layers:sha256:1")) == [0, 0]
    assert groups(image("a", "manifest:sha256:1"), image("b", "manifest:sha256:1")) == [0, 0]


def test_docker_gives_the_manifest_as_image_id_where_containerd_keeps_the_images() -> None:
    trivy = image("shop:1", "config:sha256:1", "layers:sha256:9")
    clair = image("sha256:1", "manifest:sha256:1")
    assert groups(trivy, clair) == [0, 0]


def test_one_tag_with_other_contents_is_another_image_in_whatever_order() -> None:
    one, other = image("shop:1", "layers:sha256:1"), image("shop:1", "layers:sha256:2")
    assert groups(one, other) == [0, 1]
    # Whose a report without digests is, nobody can say.
    assert groups(one, image("shop:1"), other) == [0, 1, 2]
    assert groups(one, image("docker.io/library/shop:1")) == [0, 0]


def test_architectures_behind_one_index_stay_apart() -> None:
    index = "manifest:sha256:index"
    amd = image("shop:1", index, "config:sha256:1", "layers:sha256:11")
    arm = image("shop:1", index, "config:sha256:2", "layers:sha256:22")
    assert groups(amd, arm) == [0, 1]
    assert groups(amd, image("shop:1", index)) == [0, 0]
    assert groups(amd, arm, image("sha256:index", index)) == [0, 1, 2]


def test_other_tags_and_other_images_are_others() -> None:
    assert groups(image("shop:1"), image("shop:2")) == [0, 1]
    assert groups(image("a/shop:1"), image("b/shop:1")) == [0, 1]
    assert groups(image("shop"), image("shop:latest")) == [0, 0]
    assert groups(image("shop"), repository("shop")) == [0, 1]


def test_repositories_of_one_name_at_two_addresses_are_two() -> None:
    a, b = repository("https://git.example/a/api"), repository("git@git.example:b/api.git")
    assert groups(a, b) == [0, 1]
    assert groups(a, repository("git@git.example:a/api.git")) == [0, 0]
    assert groups(a, repository("/build/1/api")) == [0, 0]
