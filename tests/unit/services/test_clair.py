"""What is offered to Clair, where, and what is made of its refusals.

With a stand-in (`tests/clair_server.py`); `tests/integration/test_clair.py` asks a real one too.
"""

from __future__ import annotations

import io
import json
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.clair_server import KEY, Answer, ClairServer, clair_server
from tests.plugs.image_samples import SampleImage, file, sha, tar_of, write_tar

from vigie.model.assets import Asset, AssetKind
from vigie.model.errors import SourceError, UserError
from vigie.model.plain import plain_reader
from vigie.model.runs import Problem
from vigie.ports.scanners import Target
from vigie.services import clair as module
from vigie.services.clair import Seen, clair_options, look
from vigie.services.targets import resolve_target
from vigie.sources.filesystems.registry.locations import RemoteImage, RemoteLayer
from vigie.sources.scanners.clair.client import ClairClient, IndexingFailed

APK = "P:apk-tools\nV:2.10.4-r2\no:apk-tools\n\nP:musl\nV:1.1.22-r3\n"
SAMPLE = SampleImage((tar_of([file("a", "a")]), tar_of([file("lib/apk/db/installed", APK)])))


@pytest.fixture
def clair() -> Iterator[ClairServer]:
    with clair_server(vulnerable={"apk-tools": ("CVE-2021-36159", "2.10.7-r0")}) as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path) -> Target:
    return resolve_target(str(write_tar(tmp_path / "shop.tar", SAMPLE.saved())))


def ask(target: Target, clair: ClairServer, folder: Path, **more: Any) -> Seen | None:
    options = clair_options(clair.address, **{"key": KEY, **more})
    return look(target, options, folder, pause=0.001)


def test_the_layers_of_an_archive_are_served_while_clair_looks(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    seen = ask(archive, clair, tmp_path)
    assert seen is not None and seen.found
    layers = clair.manifests[0]["layers"]
    assert clair.fetched == [layer["hash"] for layer in layers] == [sha(x) for x in SAMPLE.layers]
    assert all(layer["headers"] == {} for layer in layers)
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(layers[0]["uri"], timeout=5)
    assert [path.name for path in tmp_path.iterdir()] == ["shop.tar"]


def test_the_report_is_clairs_own_with_what_it_cannot_know(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    clair.updates["alpine"] = [{"updater": "alpine", "date": "2026-01-02T00:00:00Z"}]
    seen = ask(archive, clair, tmp_path)
    assert seen is not None
    report = json.loads(seen.report)
    facts = report.pop("vigie")
    assert report == clair.look_up(clair.manifests[0]["hash"])
    assert facts["database_date"] == "2026-01-02T00:00:00+00:00"
    assert facts["asset"]["tags"] == ["shop:1"]
    assert f"config:{sha(SAMPLE.config)}" in facts["asset"]["digests"]
    assert facts["problems"] == []


def test_what_clair_knows_it_fetches_no_more(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    first, second = ask(archive, clair, tmp_path), ask(archive, clair, tmp_path)
    assert first is not None and second is not None
    assert first.report == second.report
    assert len(clair.fetched) == 2
    assert clair.manifests[0]["layers"] != clair.manifests[1]["layers"]  # a new way each time


def test_it_waits_for_an_index_that_takes_long(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    clair.slowly = True
    seen = ask(archive, clair, tmp_path)
    assert seen is not None and seen.found


def test_nothing_found_is_another_answer(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    clair.vulnerable = {}
    seen = ask(archive, clair, tmp_path)
    assert seen is not None and not seen.found


def test_an_image_without_layers_is_nothing_for_it(clair: ClairServer, tmp_path: Path) -> None:
    empty = write_tar(tmp_path / "empty.tar", SampleImage(()).saved())
    assert ask(resolve_target(str(empty)), clair, tmp_path) is None
    assert clair.manifests == []


@pytest.mark.parametrize(
    ("form", "known"), [("layout", True), ("saved", False)], ids=["OCI", "docker save"]
)
def test_an_image_is_kept_under_its_manifest_if_it_has_one(
    clair: ClairServer, tmp_path: Path, form: str, known: bool
) -> None:
    items = SAMPLE.layout("gzip") if form == "layout" else SAMPLE.saved()
    ask(resolve_target(str(write_tar(tmp_path / "a.tar", items))), clair, tmp_path)
    manifest, _ = SAMPLE.blobs("gzip")
    assert (clair.manifests[0]["hash"] == sha(manifest)) == known


def test_a_part_of_an_image_is_not_kept_as_the_whole(clair: ClairServer, tmp_path: Path) -> None:
    manifest, blobs = SAMPLE.blobs("gzip")
    gone = next(d for d in blobs if d not in (sha(manifest), sha(SAMPLE.config)))
    left = [x for x in SAMPLE.layout("gzip") if not x.name.endswith(gone[7:])]
    seen = ask(resolve_target(str(write_tar(tmp_path / "a.tar", left))), clair, tmp_path)
    assert seen is not None and seen.found
    assert clair.manifests[0]["hash"] != sha(manifest)
    said = json.loads(seen.report)["vigie"]["problems"]
    assert "a layer is missing" in str(plain_reader(Problem)(said[0]).message)


def test_one_that_cannot_reach_us_is_told_where_to_look(
    clair: ClairServer, archive: Target, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="could not index") as caught:
        ask(archive, clair, tmp_path, serve="127.0.0.1", reach="http://127.0.0.1:9")
    assert "serve and reach" in str(caught.value.hint)
    secret = clair.manifests[0]["layers"][0]["uri"].split("/")[3]
    assert secret not in str(caught.value)


def test_its_words_hold_no_address_of_a_layer(
    clair: ClairServer, archive: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://store.example/blob?signature=topsecret&x=1"
    remote = RemoteImage(Asset(AssetKind.IMAGE, "a"), sha(b""), (RemoteLayer(sha(b"x"), url),))
    monkeypatch.setattr(module, "locate_image", lambda *_, **__: remote)
    query = url.partition("?")[2]
    for said in (url, url.replace("&", "\\u0026"), f"https://mirror.example/?{query}"):
        body = json.dumps({"message": f'fetcher: Get "{said}": no such host'}).encode()
        clair.instead["/indexer/api/v1/index_report"] = Answer(500, body)
        with pytest.raises(SourceError, match="no such host") as caught:
            ask(resolve_target("store.example/a:1"), clair, tmp_path)
        assert "topsecret" not in f"{caught.value}{caught.value.hint}"
        assert "store.example: see whether it can" in str(caught.value.hint)


def test_its_words_do_not_tell_the_way_to_our_layers_and_are_cut_short(
    clair: ClairServer, archive: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_clair: object, manifest: dict[str, Any]) -> None:
        way = manifest["layers"][0]["uri"].split("/")[3]
        secrets.append(way)
        raise IndexingFailed("x" * 980 + f"/{way}/" + "y" * 5000)

    secrets: list[str] = []
    monkeypatch.setattr(ClairClient, "index", fail)
    with pytest.raises(SourceError) as caught:
        ask(archive, clair, tmp_path)
    assert "x/…/yyyy" in str(caught.value)
    assert secrets[0][:8] not in str(caught.value)
    assert len(str(caught.value)) < 1100


def test_nothing_is_opened_before_clair_has_answered(tmp_path: Path) -> None:
    with clair_server(issuers=("quay",)) as clair, pytest.raises(UserError, match="let us in"):
        ask(Target(AssetKind.IMAGE, "x", tmp_path / "gone"), clair, tmp_path)


def test_one_elsewhere_may_not_come_unless_somebody_said_where(
    archive: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClairClient, "greet", lambda _self: "")
    for more, why in (
        ({}, "may not yet"),
        ({"serve": "0.0.0.0:0"}, "does not say where"),
        ({"serve": ":0"}, "does not say where"),
    ):
        with pytest.raises(UserError, match=why):
            look(archive, clair_options("https://clair.example", **more), tmp_path)


def test_a_password_goes_to_clair_only_encrypted() -> None:
    layer = RemoteLayer(sha(b""), "https://r.example/x", "Basic dTpw")
    image = RemoteImage(Asset(AssetKind.IMAGE, "a"), sha(b""), (layer,))
    with pytest.raises(UserError, match="without encryption"):
        module._keep_passwords(image, "http://clair.example")
    for safe in ("https://clair.example", "http://127.0.0.1:6060", "http://localhost"):
        module._keep_passwords(image, safe)
    token = RemoteLayer(sha(b""), "https://r.example/x", "Bearer short-lived")
    bearer = RemoteImage(image.asset, image.manifest, (token,))
    module._keep_passwords(bearer, "http://clair.example")
    assert "dTpw" not in repr(image)


def test_the_archive_stands_in_for_itself() -> None:
    """The sample is an archive that anybody else reads the same."""
    with tarfile.open(fileobj=io.BytesIO(SAMPLE.layers[1])) as layer:
        assert layer.getnames() == ["lib/apk/db/installed"]
