"""Images that lie, break off or want to break out: refused or made harmless, and always said."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import resource
import struct
import tarfile
from collections.abc import Callable
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
    sha,
    tar_of,
    write_folder,
    write_tar,
    write_tgz,
)
from vigie.model.errors import UserError
from vigie.model.runs import ProblemCode
from vigie.sources.filesystems.images import Image, ImageLimits, open_image

MIB = 1024**2


def opened(tmp_path: Path, items: list[Item], limits: ImageLimits | None = None) -> Image:
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    source = write_tar(tmp_path / "image.tar", items)
    return open_image(source, work, limits or ImageLimits())


def of_layers(tmp_path: Path, *layers: bytes, limits: ImageLimits | None = None) -> Image:
    return opened(tmp_path, SampleImage(layers).saved(), limits)


def files_of(image: Image) -> dict[str, bytes]:
    return {entry.path: image.open(entry.path).read() for entry in image.entries()}


def says(image: Image, words: str) -> bool:
    """True when a problem that makes the image partial says so."""
    return any(
        words in str(problem.message) and problem.code is not ProblemCode.NOTE
        for problem in image.problems
    )


def refused(tmp_path: Path, items: list[Item], words: str, **limits: int) -> UserError:
    with pytest.raises(UserError, match=words) as caught:
        opened(tmp_path, items, ImageLimits(**limits))
    assert list((tmp_path / "work").iterdir()) == []  # nothing is left behind
    return caught.value


# -- names


@pytest.mark.parametrize("name", ["../escape", "a/../../escape", "..", "/../escape", "a/.."])
def test_a_name_that_leads_out_is_left_out(tmp_path: Path, name: str) -> None:
    with of_layers(tmp_path, tar_of([file(name, "bad"), file("good", "x")])) as image:
        assert files_of(image) == {"good": b"x"}
        assert says(image, "leads out of the image")
    assert not (tmp_path / "escape").exists()


def test_an_absolute_name_stays_inside_and_is_noted(tmp_path: Path) -> None:
    with of_layers(tmp_path, tar_of([file("//etc/passwd", "ours")])) as image:
        assert files_of(image) == {"etc/passwd": b"ours"}
        assert [p.code for p in image.problems] == [ProblemCode.NOTE]


def test_links_out_of_the_image_lead_to_what_is_inside(tmp_path: Path) -> None:
    layer = tar_of(
        [
            link("up", "../../../../../../etc/passwd"),
            link("top", "/etc/passwd"),
            hard("hard", "../../etc/shadow"),
            file("etc/passwd", "the image's own"),
            link("dir", "/"),
            file("dir/through", "x"),
        ]
    )
    with of_layers(tmp_path, layer) as image:
        assert image.open("up").read() == image.open("top").read() == b"the image's own"
        assert image.find("hard") is None
        assert says(image, "hard link in the layer leads to nothing")
        assert image.open("through").read() == b"x"


@pytest.mark.parametrize("name", [".wh.", ".wh..", ".wh...", "a/.wh..."])
def test_a_whiteout_of_what_is_no_name_takes_nothing_away(tmp_path: Path, name: str) -> None:
    lower = tar_of([file("a/b", "x"), file("c", "y")])
    with of_layers(tmp_path, lower, tar_of([file(name)])) as image:
        assert files_of(image) == {"a/b": b"x", "c": b"y"}
        assert says(image, "leads out")


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    layer = tar_of([link("a", "b"), link("b", "a"), link("me", "me/x"), file("a/x"), file("ok")])
    with of_layers(tmp_path, layer) as image:
        assert list(files_of(image)) == ["ok"]
        assert image.find("me/me/me") is None
        assert says(image, "links in a circle")


def test_a_chain_of_links_that_doubles_ends_quickly(tmp_path: Path) -> None:
    chain = [link(f"l{n}", f"l{n + 1}/../l{n + 1}/../l{n + 1}") for n in range(200)]
    with of_layers(tmp_path, tar_of([*chain, folder("l200")])) as image:
        assert image.find("l0/x") is None


def test_very_deep_and_long_names_are_left_out(tmp_path: Path) -> None:
    layer = tar_of([file("a/" * 3000 + "x"), file("b" * 5000), file("c/" * 2000 + "x", "deep")])
    with of_layers(tmp_path, layer) as image:
        assert list(files_of(image).values()) == [b"deep"]
        assert says(image, "longer than any system takes")


def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    kinds = (tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    items = [Item(f"dev/{n}", kind=kind) for n, kind in enumerate(kinds)]
    lower = tar_of([file("dev/0", "a file before")])
    with of_layers(tmp_path, lower, tar_of(items)) as image:
        assert files_of(image) == {}
        assert image.find("dev/0") is None


def test_names_that_are_no_text_can_be_opened_as_they_are_shown(tmp_path: Path) -> None:
    layer = bytearray(tar_of([file("caf?", "x")], tarfile.USTAR_FORMAT))
    layer[3] = 0xE9
    layer[148:156] = b"%06o\0 " % (sum(layer[:148]) + 8 * 32 + sum(layer[156:512]))
    with of_layers(tmp_path, bytes(layer)) as image:
        (entry,) = image.entries()
        assert entry.path == "caf\\xe9"
        assert image.open(entry.path).read() == b"x"
        entry.path.encode()  # can be written into any report


# -- archives that are not whole, or not what they say


def test_a_file_named_twice_is_the_last_one_and_noted(tmp_path: Path) -> None:
    with of_layers(tmp_path, tar_of([file("a", "1"), file("b"), file("a", "2")])) as image:
        assert files_of(image)["a"] == b"2"
        assert [str(p.message) for p in image.problems] == [
            "the layer names a twice; the last one counts"
        ]


@pytest.mark.parametrize("end", [600, 1536 + 100, 1536 + 512 + 10])
def test_a_layer_that_breaks_off_is_read_so_far_and_said(tmp_path: Path, end: int) -> None:
    whole = tar_of([file("first", "x"), file("second", b"y" * 2000)], tarfile.USTAR_FORMAT)
    sample = SampleImage((whole,))
    items = [
        dataclasses.replace(item, data=item.data[:end]) if item.data == whole else item
        for item in sample.saved()
    ]
    with opened(tmp_path, items) as image:
        assert "second" not in files_of(image)
        assert says(image, "not what its digest says")
        assert says(image, "damaged")
        assert image.asset.digests == frozenset()  # it is not that image


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_compressed_layer_that_breaks_off_is_said(tmp_path: Path, packing: str) -> None:
    layer = tar_of([file(f"f{n}", os.urandom(3000)) for n in range(200)])
    manifest, blobs = SampleImage((layer,)).blobs(packing)
    packed = json.loads(manifest)["layers"][0]["digest"]
    blobs[packed] = blobs[packed][:300_000]
    items = layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)
    with opened(tmp_path, items) as image:
        assert 50 < len(list(image.entries())) < 200
        for entry in image.entries():
            assert len(image.open(entry.path).read()) == 3000
        assert says(image, "damaged") or says(image, "digest")
        assert image.asset.digests == frozenset()


def test_damage_in_the_middle_of_gzip_is_said(tmp_path: Path) -> None:
    layer = tar_of([file(f"f{n}", os.urandom(3000)) for n in range(50)])
    manifest, blobs = SampleImage((layer,)).blobs("gzip")
    packed = json.loads(manifest)["layers"][0]["digest"]
    broken = bytearray(blobs[packed])
    broken[60_000:60_100] = bytes(100)
    blobs[packed] = bytes(broken)
    items = layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)
    with opened(tmp_path, items) as image:
        assert says(image, "damaged") or says(image, "digest")
        assert image.asset.digests == frozenset()


def test_a_layer_with_another_digest_makes_it_another_image(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a", "told")]),))
    manifest, blobs = sample.blobs("plain")
    blobs[sha(sample.layers[0])] = tar_of([file("a", "real")])
    items = layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)
    with opened(tmp_path, items) as image:
        assert files_of(image) == {"a": b"real"}
        assert says(image, "a layer is not what its digest says")
        assert image.asset.digests == frozenset()
        assert image.layers[0].digest == sha(tar_of([file("a", "real")]))


def test_a_missing_layer_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    lower, upper = tar_of([file("low", "x")]), tar_of([file("up", "y")])
    items = [item for item in SampleImage((lower, upper)).saved() if item.data != lower]
    with opened(tmp_path, items) as image:
        assert files_of(image) == {"up": b"y"}
        assert says(image, "a layer is missing")
        assert len(image.layers) == 1
        assert not any(one.startswith("layers:") for one in image.asset.digests)


@pytest.mark.parametrize(
    "path", ["../../../../etc/passwd", "/etc/passwd", "x/../../secret", "nothing", "", "link"]
)
def test_manifest_json_cannot_name_files_outside(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(tar_of([file("stolen", "x")]))
    sample = SampleImage((tar_of([file("a")]),))
    saved = sample.saved()
    manifest = json.loads(saved[-1].data)
    for key, value in (("Layers", [path]), ("Config", path)):
        lying = json.dumps([manifest[0] | {key: value}])
        items = [*saved[:-1], file("manifest.json", lying), link("link", "../../secret")]
        for write in (write_tar, _as_folder):
            source = write(tmp_path / f"{key}-{write.__name__}", items)
            if key == "Config":
                with pytest.raises(UserError, match="config of the image is missing"):
                    open_image(source, tmp_path)
                continue
            with open_image(source, tmp_path) as image:
                assert files_of(image) == {}
                assert says(image, "a layer is missing")


def _as_folder(path: Path, items: list[Item]) -> Path:
    write_folder(path, items)
    for item in items:
        if item.kind == tarfile.SYMTYPE:
            (path / item.name).symlink_to(item.target)
    return path


def test_blobs_of_a_folder_that_link_out_are_missing(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a")]),))
    source = write_folder(tmp_path / "image", sample.layout("plain"))
    blob = source / "blobs/sha256" / sha(sample.layers[0])[7:]
    blob.rename(tmp_path / "outside")
    blob.symlink_to(tmp_path / "outside")
    with open_image(source, tmp_path) as image:
        assert says(image, "a layer is missing")


def test_the_documents_must_match_their_digests(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a")]),))
    manifest, blobs = sample.blobs("plain")
    for digest in (sha(manifest), sha(sample.config)):
        changed = {**blobs, digest: blobs[digest] + b" "}
        items = layout_of([described(manifest, f"{OCI}.manifest.v1+json")], changed)
        refused(tmp_path, items, "is not what its digest says")


@pytest.mark.parametrize(
    "digest", ["sha256:../../../etc/passwd", "md5:abc", "sha256:ABC", "", "sha256:" + "a" * 63]
)
def test_a_digest_that_is_none_is_refused(tmp_path: Path, digest: str) -> None:
    sample = SampleImage((tar_of([file("a")]),))
    manifest, blobs = sample.blobs("plain")
    entry = described(manifest, f"{OCI}.manifest.v1+json") | {"digest": digest}
    refused(tmp_path, layout_of([entry], blobs), "no valid digest")


def test_configuration_and_manifest_that_disagree_are_said(tmp_path: Path) -> None:
    lower, upper = tar_of([file("a", "1")]), tar_of([file("b", "2")])
    saved = SampleImage((lower, upper)).saved()
    manifest = json.loads(saved[-1].data)
    manifest[0]["Layers"].append(manifest[0]["Layers"][0])
    with opened(tmp_path, [*saved[:-1], file("manifest.json", json.dumps(manifest))]) as image:
        assert says(image, "lists 2 layers, its manifest 3")
        assert image.asset.digests == frozenset()


def test_two_documents_that_speak_of_different_images_are_said(tmp_path: Path) -> None:
    one = SampleImage((tar_of([file("a", "1")]),))
    other = SampleImage((tar_of([file("b", "2")]),))
    items = [*one.layout("plain"), *other.saved()]
    with opened(tmp_path, items) as image:
        assert says(image, "holds 2 images")


def test_a_document_twice_in_an_archive_is_said(tmp_path: Path) -> None:
    saved = SampleImage((tar_of([file("a", "1")]),)).saved()
    with opened(tmp_path, [*saved, saved[-1]]) as image:
        assert says(image, "the archive holds manifest.json twice")


def test_a_document_that_is_index_and_manifest_is_refused(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a")]),))
    manifest, blobs = sample.blobs("plain")
    both = json.dumps(json.loads(manifest) | {"manifests": []}).encode()
    items = layout_of([described(both, f"{OCI}.manifest.v1+json")], {**blobs, sha(both): both})
    refused(tmp_path, items, "two things at once")


def test_indexes_nested_without_end_are_refused(tmp_path: Path) -> None:
    manifest, blobs = SampleImage((tar_of([file("a")]),)).blobs("plain")
    entry = described(manifest, f"{OCI}.manifest.v1+json")
    for _ in range(20):
        index = index_of([entry])
        blobs[sha(index)] = index
        entry = described(index, f"{OCI}.index.v1+json")
    refused(tmp_path, layout_of([entry], blobs), "nested too deeply")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"manifests": 3}', b'{"a":' * 100_000,
     b"[" * 1_000_000],
)  # fmt: skip
@pytest.mark.parametrize("name", ["index.json", "manifest.json"])
def test_documents_that_are_no_json_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    refused(tmp_path, [file("oci-layout", "{}"), file(name, content)], "image")


def test_a_gigantic_document_is_refused_unread(tmp_path: Path) -> None:
    items = [file("manifest.json", b" " * 9 * MIB)]
    refused(tmp_path, items, "too large")


def test_what_is_no_image_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, [file("README", "hello")], "holds no image")
    (tmp_path / "text").write_bytes(b"no archive " * 100)
    with pytest.raises(UserError, match="no readable archive"):
        open_image(tmp_path / "text", tmp_path / "work")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(UserError, match="holds no image"):
        open_image(tmp_path / "empty", tmp_path / "work")
    with pytest.raises(UserError, match="cannot be read"):
        open_image(tmp_path / "absent", tmp_path / "work")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="cannot be read"):
        open_image(tmp_path / "pipe", tmp_path / "work")
    (tmp_path / "image.xz").write_bytes(b"\xfd7zXZ\0" + bytes(1000))
    with pytest.raises(UserError, match="compressed with xz"):
        open_image(tmp_path / "image.xz", tmp_path / "work")


def test_an_artifact_is_no_image(tmp_path: Path) -> None:
    chart = json.dumps(
        {"schemaVersion": 2, "config": described(b"{}", "application/vnd.cncf.helm.config.v1+json"),
         "layers": []}
    ).encode()  # fmt: skip
    entry = described(chart, f"{OCI}.manifest.v1+json")
    refused(tmp_path, layout_of([entry], {sha(chart): chart}), "helm")


def test_a_cut_off_archive_is_said(tmp_path: Path) -> None:
    sample = SampleImage((tar_of([file("a", b"x" * 100_000)]),))
    items = sample.saved()
    data = tar_of([items[0], items[-1], *items[1:-1]])
    source = tmp_path / "cut.tar"
    source.write_bytes(data[: len(data) - 60_000])
    with open_image(source, tmp_path) as image:
        assert says(image, "cut off")
        assert says(image, "a layer is missing")


# -- headers


def test_a_gigantic_long_name_is_not_read(tmp_path: Path) -> None:
    for kind in (b"L", b"K", b"x"):
        layer = tar_of([file("before", "x")])[:1024] + _bomb(kind)
        with of_layers(tmp_path, layer) as image:
            assert files_of(image) == {"before": b"x"}
            assert says(image, "bytes long")


def _bomb(kind: bytes) -> bytes:
    """A header that says its name is two mebibytes long, and the name."""
    info = tarfile.TarInfo("long")
    info.size, info.type = 2 * MIB, kind
    return info.tobuf(tarfile.GNU_FORMAT) + b"n" * 2 * MIB + tar_of([file("n")])


def test_a_long_name_of_a_size_that_no_disk_has(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.size = 2**60
    layer = info.tobuf(tarfile.GNU_FORMAT)
    with of_layers(tmp_path, layer) as image:
        assert files_of(image) == {}
        assert says(image, "ends in the middle")


def test_a_sparse_file_is_not_read_and_what_follows_is(tmp_path: Path) -> None:
    with of_layers(tmp_path, _sparse(2**50) + tar_of([file("after", "x")])) as image:
        assert files_of(image) == {"after": b"x"}
        assert image.find("holes") is None
        assert says(image, "holes")


def _sparse(real: int) -> bytes:
    """A GNU sparse file of a petabyte whose map goes on in a block of its own."""
    info = tarfile.TarInfo("holes")
    info.size, info.type = 512, tarfile.GNUTYPE_SPARSE
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[482] = 1
    block[483:495] = b"\x80" + struct.pack(">Q", real).rjust(11, b"\0")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(512) + b"d" * 512


def test_a_pax_sparse_file_is_not_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("GNUSparseFile.1/x")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.name": "holes"}
        info.size = 4
        archive.addfile(info, io.BytesIO(b"data"))
    with of_layers(tmp_path, out.getvalue()) as image:
        assert files_of(image) == {}
        assert says(image, "file with holes was not read: holes")


# -- too much


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    bomb = tar_of([file("zeros", bytes(40 * MIB))])
    limits = {"harmless": 10 * MIB, "ratio": 100}
    refused(tmp_path, SampleImage((bomb,)).layout("gzip"), "decompression bomb", **limits)
    refused(tmp_path, SampleImage((bomb,)).layout("zstd"), "decompression bomb", **limits)


def test_a_zstd_bomb_does_not_fill_the_memory(tmp_path: Path) -> None:
    compressor = zstandard.ZstdCompressor(level=3).compressobj()
    bomb = b"".join(compressor.compress(bytes(MIB)) for _ in range(3000)) + compressor.flush()
    assert len(bomb) < MIB
    manifest, blobs = SampleImage((b"",)).blobs("zstd")
    said = json.loads(manifest)
    said["layers"] = [described(bomb, f"{OCI}.layer.v1.tar+zstd")]
    manifest = json.dumps(said).encode()
    blobs |= {sha(manifest): manifest, sha(bomb): bomb}
    items = layout_of([described(manifest, f"{OCI}.manifest.v1+json")], blobs)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(tmp_path, items, "decompression bomb", harmless=100 * MIB)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_more_than_may_be_unpacked_is_refused(tmp_path: Path) -> None:
    layer = tar_of([file("noise", os.urandom(3 * MIB))])
    layers = tuple(layer + bytes(n) for n in range(4))
    for packing in ("plain", "gzip", "zstd"):
        refused(tmp_path, SampleImage(layers).layout(packing), "unpacks to more", unpacked=9 * MIB)


def test_a_compressed_archive_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    source = write_tgz(tmp_path / "a.tgz", [file("zeros", bytes(40 * MIB))])
    with pytest.raises(UserError, match="bomb"):
        open_image(source, tmp_path, ImageLimits(harmless=10 * MIB, ratio=100))


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    layer = tar_of([folder(f"d{n}") for n in range(60)])
    other = tar_of([folder(f"e{n}") for n in range(60)])
    refused(tmp_path, SampleImage((layer, other)).saved(), "more than 100 files", entries=100)


def test_too_many_layers_are_refused(tmp_path: Path) -> None:
    layers = tuple(tar_of([file(f"f{n}")]) for n in range(12))
    refused(tmp_path, SampleImage(layers).saved(), "12 layers", layers=10)


def test_one_layer_named_often_is_unpacked_once(tmp_path: Path) -> None:
    layer = tar_of([file("a", os.urandom(MIB // 8))])
    items = SampleImage((layer,) * 100).layout("gzip")
    with opened(tmp_path, items, ImageLimits(unpacked=MIB // 4)) as image:
        assert len(image.layers) == 100
        assert list(files_of(image)) == ["a"]


def test_many_strange_entries_are_one_problem(tmp_path: Path) -> None:
    layer = tar_of([file(f"../{n}") for n in range(5000)])
    with of_layers(tmp_path, layer) as image:
        assert [str(p.message) for p in image.problems] == [
            "5,000 names in the layer lead out of the image and were left out, such as ../0"
        ]


# -- the disk


def test_the_workspace_alone_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file that is opened for writing lies in the workspace."""
    written: list[str] = []
    real: Callable[..., io.BufferedWriter] = io.open

    def spy(name: object, mode: str = "r", *rest: object, **more: object) -> object:
        if any(letter in mode for letter in "wxa+"):
            written.append(str(name))
        return real(name, mode, *rest, **more)

    items = [file("../../out", "x"), file("/abs", "y"), link("l", "/tmp"), file("l/z", "z")]
    source = write_tar(tmp_path / "a.tar", SampleImage((tar_of(items),)).layout("gzip"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(io, "open", spy)
    monkeypatch.setattr("builtins.open", spy)
    with open_image(source, work) as image:
        list(image.entries())
    assert written
    assert all(Path(name).is_relative_to(work) for name in written)
