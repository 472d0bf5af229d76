from __future__ import annotations

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Kind, Observation, Rule
from vigie.sources.reports.subjects import sole_asset

SHOP = Asset(AssetKind.ENDPOINT, "https://shop.example")
MAIL = Asset(AssetKind.ENDPOINT, "https://mail.example")


def seen(asset: Asset | None) -> Observation:
    return Observation("demo", Kind.WEAKNESS, Rule("R1"), "record", asset=asset)


def test_one_asset_is_the_subject_and_several_are_not() -> None:
    assert sole_asset([seen(SHOP), seen(SHOP)]) == SHOP
    assert sole_asset([seen(SHOP), seen(MAIL)]) is None
    assert sole_asset([seen(SHOP), seen(None)]) is None
    assert sole_asset([]) is None
