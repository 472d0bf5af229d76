"""Paths do not depend on where the target lies or how it was named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vigie.model.assets import Asset, AssetKind
from vigie.model.observations import Kind, Location, Observation, Rule
from vigie.ports.reports import Report
from vigie.ports.scanners import Target
from vigie.services.placing import place_report
from vigie.services.targets import resolve_target


def report(*paths: str, asset: Asset | None = None) -> Report:
    places = tuple(Location(path=path, start_line=3) for path in paths)
    seen = Observation(
        "tool", Kind.WEAKNESS, Rule("R1"), "results[0]", locations=places, asset=asset
    )
    return Report("tool", 1, (seen,), asset=asset)


def placed(target: Target, *paths: str) -> list[str]:
    observations = place_report(report(*paths), target).observations
    return [place.path for seen in observations for place in seen.locations]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "real" / "shop").mkdir(parents=True)
    (tmp_path / "real" / "shop" / "Dockerfile").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    return tmp_path / "link" / "shop"


def test_every_way_to_name_a_file_is_the_same(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = ["app/main.py"] * 4
    ways = (
        "app/main.py",
        "./app/main.py",
        f"{shop.resolve()}/app/main.py",
        f"file://{shop.resolve()}/app/main.py",
    )
    assert placed(resolve_target(str(shop)), *ways) == expected
    assert placed(resolve_target(str(shop)), f"{shop}/app/main.py") == ["app/main.py"]
    monkeypatch.chdir(shop.parent)
    assert placed(resolve_target("shop"), *ways) == expected
    monkeypatch.chdir(shop)
    assert placed(resolve_target("."), *ways) == expected


def test_a_file_is_named_as_in_its_folder(shop: Path) -> None:
    target = resolve_target(str(shop / "Dockerfile"))
    names = ("Dockerfile", "./Dockerfile", str(shop / "Dockerfile"))
    assert placed(target, *names) == ["Dockerfile"] * 3
    assert place_report(report("x"), target).asset == resolve_target(str(shop)).asset


def test_paths_outside_stay_as_they_are(shop: Path) -> None:
    outside = [f"{shop}-other/main.py", "/etc/passwd", "../x.py"]
    assert placed(resolve_target(str(shop)), *outside) == outside
    assert placed(resolve_target(str(shop)), str(shop)) == [""]


def test_lines_and_the_rest_are_kept(shop: Path) -> None:
    (seen,) = place_report(report(f"{shop}/a.py"), resolve_target(str(shop))).observations
    assert seen.locations == (Location(path="a.py", start_line=3),)


def test_the_asset_is_the_targets(shop: Path) -> None:
    target = resolve_target(str(shop))
    other = Asset(AssetKind.REPOSITORY, os.fspath(shop))
    done = place_report(report("a.py", asset=other), target)
    assert done.asset == target.asset
    assert done.observations[0].asset is None


def test_an_image_keeps_what_identifies_its_content() -> None:
    target = resolve_target("shop:1.0")
    seen = Asset(
        AssetKind.IMAGE,
        "x",
        frozenset({"config:sha256:1"}),
        ("shop:1.0", "shop:latest"),
        "debian-12",
    )
    asset = place_report(report("usr/bin/x", asset=seen), target).asset
    assert asset == Asset(AssetKind.IMAGE, "shop:1.0", seen.digests, seen.tags, "debian-12")
