"""An image saved from a registry is the same image, in a form that every scanner reads."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import httpx
import pytest
from tests.plugs.image_samples import OCI, PACKERS, SampleImage, file, sha, tar_of

from vigie.model.errors import SourceError, UserError
from vigie.model.identity import layers_digest
from vigie.sources.filesystems.images import ImageLimits, open_image
from vigie.sources.filesystems.registry.access import Access
from vigie.sources.filesystems.registry.credentials import Credentials
from vigie.sources.filesystems.registry.saving import save_image
from vigie.sources.scanners.archives import layout_of

LAYERS = (tar_of([file("a", "a")]), tar_of([file("b", "b")]))
SAMPLE = SampleImage(LAYERS)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def access(blobs: dict[str, bytes], manifest: bytes, **options: object) -> Access:
    known = {**blobs, "1": manifest, sha(manifest): manifest}

    def answer(request: httpx.Request) -> httpx.Response:
        data = known.get(request.url.path.rpartition("/")[2])
        return httpx.Response(404 if data is None else 200, stream=httpx.ByteStream(data or b""))

    return Access(
        client=lambda: httpx.Client(transport=httpx.MockTransport(answer)),
        credentials=lambda _registry: Credentials(),
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("packed", PACKERS)
def test_it_is_who_it_was(tmp_path: Path, packed: str) -> None:
    manifest, blobs = SAMPLE.blobs(packed)
    archive = tmp_path / "image.tar"
    asset = save_image("r.example/team/app:1", archive, access(blobs, manifest))
    with open_image(archive, tmp_path) as image:
        assert {entry.path for entry in image.entries()} == {"a", "b"}
        assert image.asset.name == asset.name == "r.example/team/app:1"
        assert image.asset.digests == {*asset.digests, layers_digest([sha(x) for x in LAYERS])}
        assert f"manifest:{sha(manifest)}" in asset.digests
        assert list(image.problems) == []
    assert asset.tags == ("r.example/team/app:1", f"r.example/team/app@{sha(manifest)}")
    assert [path.name for path in tmp_path.iterdir()] == ["image.tar"]


def test_both_lists_name_what_lies_in_it(tmp_path: Path) -> None:
    manifest, blobs = SAMPLE.blobs("gzip")
    archive = tmp_path / "image.tar"
    save_image(f"r.example/app@{sha(manifest)}", archive, access(blobs, manifest))
    assert layout_of(archive) == "docker"
    with tarfile.open(archive) as tar:
        names = set(tar.getnames())
        [saved] = json.load(tar.extractfile("manifest.json"))  # type: ignore[arg-type]
        [said] = json.load(tar.extractfile("index.json"))["manifests"]  # type: ignore[arg-type]
    assert {saved["Config"], *saved["Layers"], "oci-layout"} < names
    assert (saved["RepoTags"], said["digest"]) == ([], sha(manifest))
    assert said["mediaType"] == f"{OCI}.manifest.v1+json"


def test_nothing_is_left_of_what_could_not_be_had(tmp_path: Path) -> None:
    manifest, blobs = SAMPLE.blobs("gzip")
    layer = json.loads(manifest)["layers"][1]["digest"]
    with pytest.raises(SourceError, match=r"r\.example has no"):
        save_image(
            "r.example/app:1",
            tmp_path / "image.tar",
            access({k: v for k, v in blobs.items() if k != layer}, manifest),
        )
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UserError, match="larger than"):
        save_image("r.example/app:1", tmp_path / "image.tar", access(blobs, manifest),
                   ImageLimits(download=1))  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_it_ends_when_it_is_to_stop(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    manifest, blobs = SAMPLE.blobs("gzip")
    with pytest.raises(StopError):
        save_image("r.example/app:1", tmp_path / "i.tar", access(blobs, manifest, still=stop))
    assert list(tmp_path.iterdir()) == []
