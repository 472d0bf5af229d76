"""Forms of images that are met besides the plain ones, and how a platform is chosen."""

from __future__ import annotations

import gzip
import json
import os
import struct
from pathlib import Path

import pytest
import zstandard

from tests.plugs.image_samples import (
    OCI,
    Item,
    SampleImage,
    described,
    file,
    folder,
    hard,
    index_of,
    layout_of,
    link,
    platform,
    sha,
    tar_of,
    write_tar,
)
from tests.plugs.test_hostile_images import files_of, of_layers, opened, says
from vigie.model.errors import UserError
from vigie.model.runs import ProblemCode
from vigie.sources.filesystems.images import open_image

# -- what Docker itself got wrong, and other forms that are met


def test_an_index_without_images_gives_way_to_manifest_json(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a", "x")]),))
    now = sample.saved_now()
    broken = file("index.json", '{"schemaVersion":2,"manifests":null}')
    items = [broken if item.name == "index.json" else item for item in now]
    with opened(tmp_path, items) as image:
        assert files_of(image) == {"a": b"x"}
        assert list(image.problems) == []


def test_a_layout_without_layers_gives_way_to_manifest_json(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a", "x")]),))
    manifest, blobs = sample.blobs("plain")
    empty = json.dumps(json.loads(manifest) | {"layers": None}).encode()
    items = layout_of([described(empty, f"{OCI}.manifest.v1+json")], {**blobs, sha(empty): empty})
    with opened(tmp_path, [*items, sample.saved_now()[-1]]) as image:
        assert files_of(image) == {"a": b"x"}
        assert image.asset.tags == ("shop:1",)


def test_layers_saved_as_links_to_others(tmp_path: Path) -> None:
    layer = tar_of([file("a", "x")])
    saved = SampleImage((layer, layer)).saved()
    path = f"{1:064x}/layer.tar"
    for target in (f"../{0:064x}/layer.tar", f"/{0:064x}/layer.tar"):
        items = [link(path, target) if item.name == path else item for item in saved]
        with opened(tmp_path, items) as image:
            assert files_of(image) == {"a": b"x"}
            assert list(image.problems) == []


def test_an_archive_of_several_images_says_which_is_read(tmp_path: Path) -> None:
    one, other = (SampleImage((tar_of([file(n)]),), (f"{n}:1",)) for n in ("a", "b"))
    first, second = one.saved(), other.saved()
    both = json.dumps(json.loads(first[-1].data) + json.loads(second[-1].data))
    items = [*first[:-1], file("manifest.json", both)]
    with opened(tmp_path, items) as image:
        assert image.asset.name == "a:1"
        assert says(image, "it holds 2 images; only a:1 is looked at")
    manifests: list[dict[str, object]] = []
    blobs: dict[str, bytes] = {}
    for sample in (one, other):
        manifest, more = sample.blobs("plain")
        blobs |= more
        note = {"annotations": {"org.opencontainers.image.ref.name": sample.tags[0]}}
        manifests.append(described(manifest, f"{OCI}.manifest.v1+json") | note)
    with opened(tmp_path, layout_of(manifests, blobs)) as image:
        assert says(image, "it holds 2 images; only a:1 is looked at")


def test_files_that_aufs_kept_for_hard_links(tmp_path: Path) -> None:
    layer = tar_of(
        [
            folder(".wh..wh.plnk"),
            file(".wh..wh.plnk/12.34", "kept"),
            hard("a", ".wh..wh.plnk/12.34"),
            hard("b", ".wh..wh.plnk/12.34"),
            folder(".wh..wh.orph"),
            file(".wh..wh.aufs"),
        ]
    )
    with of_layers(tmp_path, layer) as image:
        assert files_of(image) == {"a": b"kept", "b": b"kept"}
        assert list(image.problems) == []


def test_gzip_in_members_and_with_padding(tmp_path: Path) -> None:
    layer = tar_of([file("a", os.urandom(5000)), file("b", "x")])
    packed = gzip.compress(layer[:3000]) + gzip.compress(layer[3000:]) + bytes(700)
    manifest, blobs = SampleImage((layer,)).blobs("gzip")
    said = json.loads(manifest)
    said["layers"] = [described(packed, f"{OCI}.layer.v1.tar+gzip")]
    manifest = json.dumps(said).encode()
    blobs |= {sha(manifest): manifest, sha(packed): packed}
    with opened(tmp_path, layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)) as i:
        assert sorted(files_of(i)) == ["a", "b"]
        assert list(i.problems) == []


def test_zstd_in_frames_with_one_to_skip(tmp_path: Path) -> None:
    layer = tar_of([file("a", os.urandom(5000)), file("b", "x")])
    pack = zstandard.ZstdCompressor().compress
    skip = b"\x50\x2a\x4d\x18" + struct.pack("<I", 5) + b"chunk"
    packed = skip + pack(layer[:3000]) + skip + pack(layer[3000:]) + skip
    manifest, blobs = SampleImage((layer,)).blobs("zstd")
    said = json.loads(manifest)
    said["layers"] = [described(packed, f"{OCI}.layer.v1.tar+zstd")]
    manifest = json.dumps(said).encode()
    blobs |= {sha(manifest): manifest, sha(packed): packed}
    with opened(tmp_path, layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)) as i:
        assert sorted(files_of(i)) == ["a", "b"]
        assert list(i.problems) == []


def test_an_image_without_layers_is_an_image(tmp_path: Path) -> None:
    with opened(tmp_path, SampleImage(()).layout("plain")) as image:
        assert files_of(image) == {}
        assert image.find("x") is None
        assert list(image.problems) == []


# -- platforms


def several_platforms() -> list[Item]:
    entries: list[dict[str, object]] = []
    blobs: dict[str, bytes] = {}
    for architecture, variant in (("amd64", ""), ("arm64", "v8"), ("arm", "v7"), ("arm", "v6")):
        content = f"{architecture}{variant}"
        sample = SampleImage((tar_of([file("for", content)]),), (), architecture, variant)
        manifest, more = sample.blobs("gzip")
        blobs |= more
        entry = described(manifest, f"{OCI}.manifest.v1+json")
        entries.append(entry | platform("linux", architecture, variant))
    proof = json.dumps({"config": described(b"{}", "x"), "layers": []}).encode()
    blobs[sha(proof)] = proof
    note = {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    entries.append(
        described(proof, f"{OCI}.manifest.v1+json") | platform("unknown", "unknown") | note
    )
    inner = index_of(entries)
    blobs[sha(inner)] = inner
    return layout_of([described(inner, f"{OCI}.index.v1+json")], blobs)


@pytest.mark.parametrize(
    ("asked", "content"),
    [("linux/amd64", "amd64"), ("linux/x86_64", "amd64"), ("linux/arm64", "arm64v8"),
     ("linux/arm64/v8", "arm64v8"), ("linux/arm", "armv7"), ("linux/arm/v6", "armv6")],
)  # fmt: skip
def test_the_platform_is_chosen_out_of_a_nested_index(
    tmp_path: Path, asked: str, content: str
) -> None:
    source = write_tar(tmp_path / "a.tar", several_platforms())
    with open_image(source, tmp_path, platform=asked) as image:
        assert image.open("for").read().decode() == content
        assert list(image.problems) == []


def test_a_platform_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    source = write_tar(tmp_path / "a.tar", several_platforms())
    with pytest.raises(UserError, match="not there for linux/s390x") as caught:
        open_image(source, tmp_path, platform="linux/s390x")
    assert "linux/amd64, linux/arm64/v8, linux/arm/v7, linux/arm/v6" in str(caught.value.hint)


def test_the_only_image_is_read_whatever_its_platform(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a")]),), (), "arm64")
    with opened(tmp_path, sample.saved()) as image:
        assert image.platform == "linux/arm64"
        assert [p.code for p in image.problems] == [ProblemCode.NOTE]
        assert str(image.problems[0].message) == "the image is for linux/arm64"
