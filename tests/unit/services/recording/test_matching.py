"""A folder and an image of one name are two assets, also where a report named neither's kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading
from tests.unit.services.recording.world import World, world

from vigie.model.assets import Asset, AssetKind
from vigie.services.recording.shares import means
from vigie.stores.relational.tables.assets import ASSET_NAMES, ASSETS

FOLDER = Asset(AssetKind.REPOSITORY, "shop")
IMAGE = Asset(AssetKind.IMAGE, "shop:1")
NAMED = Asset(AssetKind.UNKNOWN, "shop")
_LETTERS = {FOLDER: "f", IMAGE: "i", NAMED: "n"}


def tell(made: World, *said: Asset) -> None:
    """One after the other; what a tool says of each is another flaw."""
    for asset in said:
        letter = _LETTERS[asset]
        made.record(reading(f"tool-{letter}", flaw(f"tool-{letter}", f"CVE-{letter}"), asset=asset))


def seen(made: World) -> dict[str, tuple[str, str, str]]:
    """Of each asset by its key: its kind, its names, and what it was said to have."""
    names, findings = made.rows("asset_names"), made.rows("findings")
    rules = {row["id"]: row["name"][-1].lower() for row in made.rows("rules")}
    return {
        row["key"]: (
            row["kind"],
            " ".join(sorted(n["name"] for n in names if n["asset_id"] == row["id"])),
            "".join(sorted(rules[f["rule_id"]] for f in findings if f["asset_id"] == row["id"])),
        )
        for row in made.rows("assets")
    }


@pytest.mark.parametrize(
    ("said", "folder", "image"),
    [
        ((FOLDER, IMAGE), "f", "i"),
        ((IMAGE, FOLDER), "f", "i"),
        ((NAMED, IMAGE), "", "in"),
        # What nobody knew the kind of is that which is spoken of first.
        ((NAMED, IMAGE, FOLDER), "f", "in"),
        ((NAMED, FOLDER, IMAGE), "fn", "i"),
        ((IMAGE, NAMED, FOLDER), "f", "in"),
        ((FOLDER, NAMED, IMAGE), "fn", "i"),
        ((NAMED, IMAGE, FOLDER, IMAGE, FOLDER, IMAGE), "f", "in"),
        ((NAMED, FOLDER, IMAGE, FOLDER, IMAGE, FOLDER), "fn", "i"),
    ],
    ids=lambda said: "".join(map(_LETTERS.__getitem__, said)) if isinstance(said, tuple) else said,
)
def test_a_folder_and_an_image_of_one_name_are_two(
    store: Store, tmp_path: Path, said: tuple[Asset, ...], folder: str, image: str
) -> None:
    made = world(store, tmp_path)
    tell(made, *said)
    vague = {"repository:shop": "n" in folder, "image:shop": "n" in image}
    assert seen(made) == {
        key: (kind, f"{key} unknown:shop" if vague[key] else key, held)
        for key, kind, held in (
            ("repository:shop", "repository", folder), ("image:shop", "image", image),
        )
        if held
    }  # fmt: skip


def test_what_is_known_of_a_finding_stays_when_the_kind_becomes_known(
    store: Store, tmp_path: Path
) -> None:
    made = world(store, tmp_path)
    homes = []
    for asset in (NAMED, FOLDER, IMAGE, FOLDER):
        made.record(reading("tool", flaw("tool", "CVE-2024-1"), asset=asset))
        homes.append({row["id"]: row["asset_id"] for row in made.rows("findings")})
    ((finding, home),) = homes[0].items()
    assert homes[1] == {finding: home}
    assert homes[2] == homes[3]
    assert homes[2].pop(finding) == home
    assert len(homes[2]) == 1
    history = [row for row in made.rows("finding_history") if row["finding_id"] == finding]
    assert [row["what"] for row in history] == ["found"]


def test_one_that_is_called_without_a_kind_finds_what_it_was_before(
    store: Store, tmp_path: Path
) -> None:
    made = world(store, tmp_path)
    tell(made, NAMED, FOLDER, IMAGE, NAMED)
    assert seen(made)["repository:shop"][2] == "fn"
    assert len(made.rows("findings")) == 3


@pytest.mark.parametrize(
    ("kind", "key", "comes", "then"),
    [
        ("image", "image:shop", FOLDER, IMAGE),
        ("repository", "image:shop", FOLDER, IMAGE),
        ("repository", "image:shop", IMAGE, FOLDER),
    ],
)
def test_two_that_an_older_version_took_for_one_are_told_apart(
    store: Store, tmp_path: Path, kind: str, key: str, comes: Asset, then: Asset
) -> None:
    made = world(store, tmp_path)
    tell(made, NAMED)
    ((name, _),) = [(row["id"], row) for row in made.rows("assets")]
    with store.database.begin(made.caller.scope) as work:
        values: dict[str, Any] = {"kind": kind, "key": key}
        work.run(sa.update(ASSETS).where(work.mine(ASSETS), ASSETS.c.id == name).values(**values))
        found = work.run(sa.select(ASSET_NAMES.c.name).where(work.mine(ASSET_NAMES))).scalars()
        assert set(found) == {"image:shop", "repository:shop", "unknown:shop"}
    tell(made, comes)
    assert len(made.rows("assets")) == (1 if comes.kind.value == kind else 2)
    tell(made, then, comes, then)
    held = {key: (kind, names) for key, (kind, names, _) in seen(made).items()}
    own = f"{kind}:shop"
    (other,) = {"image:shop", "repository:shop"} - {own}
    assert held == {
        own: (kind, f"{own} unknown:shop"),
        other: (other.partition(":")[0], other),
    }


def test_a_report_about_a_folder_that_is_also_called_without_a_kind_is_about_the_folder(
    store: Store, tmp_path: Path
) -> None:
    made = world(store, tmp_path)
    tell(made, NAMED, IMAGE)
    one = reading("tool-f", flaw("tool-f", "CVE-f"), asset=FOLDER)
    other = reading("tool-g", flaw("tool-g", "CVE-g"), asset=NAMED)
    made.record(one, other)
    found = seen(made)
    assert found["repository:shop"] == ("repository", "repository:shop", "fg")
    assert found["image:shop"] == ("image", "image:shop unknown:shop", "in")


def test_what_is_in_it_says_more_than_a_name(store: Store, tmp_path: Path) -> None:
    made = world(store, tmp_path)
    digest = frozenset({"layers:sha256:aa"})
    made.record(reading("a", flaw("a", "CVE-a"), asset=Asset(AssetKind.IMAGE, "shop:1", digest)))
    made.record(reading("b", flaw("b", "CVE-b"), asset=Asset(AssetKind.UNKNOWN, "x", digest)))
    made.record(reading("c", flaw("c", "CVE-c"), asset=Asset(AssetKind.SBOM, "y.json", digest)))
    assert [row["kind"] for row in made.rows("assets")] == ["image"]


def test_a_name_means_its_kind() -> None:
    image = AssetKind.IMAGE
    assert means("image:shop", image)
    assert means("unknown:shop", image)
    assert means("layers:sha256:aa", image)
    assert not means("repository:shop", image)
    assert means("repository:shop", AssetKind.UNKNOWN)
