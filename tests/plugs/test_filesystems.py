"""One behaviour suite over every file system: the same content as a folder and as an image in
each form, beside layers that are applied the plain way."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugs import naive_layers, registry_server
from tests.plugs.image_samples import (
    OCI,
    Item,
    SampleImage,
    file,
    folder,
    hard,
    link,
    sha,
    tar_of,
    write_folder,
    write_tar,
    write_tgz,
)
from vigie.model.identity import layers_digest
from vigie.ports.filesystems import FileSystem
from vigie.sources.filesystems.folder import FolderSystem
from vigie.sources.filesystems.images import Image, open_image

LARGE = bytes(range(256)) * 2048  # more than is read at once

LOWER = [
    folder("usr"),
    folder("usr/lib"),
    folder("var/lib/apt/lists"),
    file("usr/lib/libssl.so", "old"),
    file("usr/lib/large", LARGE),
    file("usr/bin/tool", "#!/bin/sh", 0o755),
    link("lib", "usr/lib"),
    link("etc/alternatives/tool", "/usr/bin/tool"),
    link("bin/tool", "../etc/alternatives/tool"),
    link("out", "../../../../usr/bin/tool"),
    link("round", "round2"),
    link("round2", "round"),
    link("nowhere", "/not/there"),
    file("var/lib/apt/lists/index", "lists"),
    file("srv/gone", "gone"),
    file("srv/kept", "kept"),
    file("opt/thing/inside", "was a folder"),
    file("opt/other", "was a file"),
    file("données/café", "accents"),
    file("empty"),
    Item("dev/null", kind=tarfile.CHRTYPE),
    Item("run/pipe", kind=tarfile.FIFOTYPE),
]
UPPER = [
    file("srv/.wh.gone"),
    file("var/lib/apt/lists/.wh..wh..opq"),
    file("var/lib/apt/lists/new", "newer"),
    file("lib/libssl.so", "new"),  # through the link
    file("opt/thing", "now a file"),
    folder("opt/other"),
    file("opt/other/inside", "now a folder"),
    hard("srv/linked", "usr/bin/tool"),
]
LAYERS = (LOWER, UPPER)
SAMPLE = SampleImage(tuple(tar_of(items) for items in LAYERS))
EXPECTED = naive_layers.contents(naive_layers.apply_all(LAYERS))

FORMS: dict[str, Callable[[Path], Path]] = {
    "docker archive": lambda d: write_tar(d / "a.tar", SAMPLE.saved()),
    "docker archive, gzipped": lambda d: write_tgz(d / "a.tar.gz", SAMPLE.saved()),
    "docker archive of Docker 25": lambda d: write_tar(d / "a.tar", SAMPLE.saved_now()),
    "docker archive unpacked": lambda d: write_folder(d / "a", SAMPLE.saved()),
    "OCI folder, plain": lambda d: write_folder(d / "a", SAMPLE.layout("plain")),
    "OCI folder, gzip": lambda d: write_folder(d / "a", SAMPLE.layout("gzip")),
    "OCI folder, zstd": lambda d: write_folder(d / "a", SAMPLE.layout("zstd")),
    "OCI archive, gzip": lambda d: write_tar(d / "a.tar", SAMPLE.layout("gzip")),
    "OCI archive, zstd, gzipped": lambda d: write_tgz(d / "a.tar", SAMPLE.layout("zstd")),
}
NAMES = ["folder", *FORMS, "registry, gzip", "registry, zstd"]


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if registry_server.PROGRAM is None:
        pytest.skip("needs docker-registry (requirements/system.sh)")
    with registry_server.registry(tmp_path_factory.mktemp("registry")) as host:
        for packing in ("gzip", "zstd"):
            manifest, blobs = SAMPLE.blobs(packing)
            blobs.pop(sha(manifest))
            tags = {packing: (f"{OCI}.manifest.v1+json", manifest)}
            registry_server.push(host, "team/shop", blobs, tags)
        yield host


@pytest.fixture(params=NAMES)
def system(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileSystem]:
    name: str = request.param
    with ExitStack() as stack:
        if name == "folder":
            yield FolderSystem(on_disk(tmp_path / "root", LAYERS))
            return
        workspace = tmp_path / "workspace"
        workspace.mkdir()
        if name.startswith("registry"):
            host = request.getfixturevalue("registry")
            source: Path | str = f"{host}/team/shop:{name.partition(', ')[2]}"
        else:
            source = FORMS[name](tmp_path)
        yield stack.enter_context(open_image(source, workspace))


def on_disk(root: Path, layers: tuple[list[Item], ...]) -> Path:
    """The naive state written to disk."""
    root.mkdir()
    state = naive_layers.apply_all(layers)
    for path in sorted(state):
        there, where = state[path], root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(there, bytes):
            where.write_bytes(there)
        elif isinstance(there, naive_layers.Symlink):
            where.symlink_to(there.target)
        elif isinstance(there, str):
            where.mkdir(exist_ok=True)
        else:
            os.mkfifo(where)
    (root / "usr/bin/tool").chmod(0o755)
    (root / "srv/linked").unlink()
    (root / "srv/linked").hardlink_to(root / "usr/bin/tool")
    return root


def read(system: FileSystem, path: str) -> bytes:
    with system.open(path) as content:
        return content.read()


# -- every file system


def test_entries_are_what_layers_applied_the_plain_way_give(system: FileSystem) -> None:
    found = {entry.path: read(system, entry.path) for entry in system.entries()}
    assert found == EXPECTED


def test_entries_stand_once_in_a_stable_order(system: FileSystem) -> None:
    first = list(system.entries())
    assert first == list(system.entries())
    paths = [entry.path for entry in first]
    assert paths == sorted(set(paths), key=lambda path: path.split("/"))
    assert not any(path.startswith("/") or ".." in path.split("/") for path in paths)


def test_entries_tell_size_and_mode(system: FileSystem) -> None:
    entries = {entry.path: entry for entry in system.entries()}
    assert {path: entry.size for path, entry in entries.items()} == {
        path: len(data) for path, data in EXPECTED.items()
    }
    assert entries["usr/bin/tool"].executable and entries["srv/linked"].executable
    assert not entries["srv/kept"].executable


@pytest.mark.parametrize(
    ("path", "real"),
    [
        ("usr/bin/tool", "usr/bin/tool"),
        ("/usr/bin/tool", "usr/bin/tool"),
        ("usr//bin/./tool", "usr/bin/tool"),
        ("bin/tool", "usr/bin/tool"),
        ("lib/libssl.so", "usr/lib/libssl.so"),
        ("out", "usr/bin/tool"),
        ("../../usr/bin/tool", "usr/bin/tool"),
        ("lib/../bin/tool", "usr/bin/tool"),
        ("données/café", "données/café"),
    ],
)
def test_find_and_open_follow_links_inside_the_root(
    system: FileSystem, path: str, real: str
) -> None:
    entry = system.find(path)
    assert entry is not None
    assert (entry.path, entry.size) == (real, len(EXPECTED[real]))
    assert read(system, path) == EXPECTED[real]


@pytest.mark.parametrize(
    "path",
    ["", "/", "usr", "usr/lib", "lib", "round", "round/x", "nowhere", "srv/gone", "dev/null",
     "run/pipe", "usr/bin/tool/x", "not/there", "a\0b", "x" * 5000, "srv/.wh.gone"],
)  # fmt: skip
def test_what_is_no_file_is_not_found(system: FileSystem, path: str) -> None:
    assert system.find(path) is None
    with pytest.raises((OSError, ValueError)):
        system.open(path)


def test_content_is_seekable(system: FileSystem) -> None:
    for path in ("usr/lib/large", "srv/kept"):
        data = EXPECTED[path]
        with system.open(path) as content:
            assert content.seekable()
            assert content.seek(-3, io.SEEK_END) == len(data) - 3
            assert content.read() == data[-3:]
            assert content.read(1) == b""
            content.seek(1)
            assert content.read(2) == data[1:3]
            content.seek(1, io.SEEK_CUR)
            assert content.tell() == 4


def test_two_can_read_the_same_file_at_once(system: FileSystem) -> None:
    with system.open("usr/lib/large") as one, system.open("usr/lib/large") as other:
        one.read(300_000)
        assert other.read(10) == LARGE[:10]
        assert one.read(10) == LARGE[300_000:300_010]


def test_nothing_is_wrong_with_a_good_target(system: FileSystem) -> None:
    list(system.entries())
    assert list(system.problems) == []


# -- every image


@pytest.fixture(params=NAMES[1:])
def image(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Image]:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    if request.param.startswith("registry"):
        host = request.getfixturevalue("registry")
        source: Path | str = f"{host}/team/shop:{request.param.partition(', ')[2]}"
    else:
        source = FORMS[request.param](tmp_path)
    with open_image(source, workspace) as opened:
        yield opened


def test_an_image_is_one_asset_in_every_form(image: Image) -> None:
    ids = [sha(layer) for layer in SAMPLE.layers]
    assert {f"config:{sha(SAMPLE.config)}", layers_digest(ids)} <= image.asset.digests
    assert image.asset.kind.value == "image"
    assert image.platform == "linux/amd64"
    assert image.config["config"]["Env"] == ["PATH=/bin"]


def test_entries_name_the_layer_that_brought_them(image: Image) -> None:
    layers = {entry.path: entry.layer for entry in image.entries()}
    lower, upper = (sha(layer) for layer in SAMPLE.layers)
    assert layers["usr/bin/tool"] == lower
    assert layers["usr/lib/libssl.so"] == upper
    found = image.find("lib/libssl.so")
    assert found is not None and found.layer == upper


def test_layers_can_be_served_as_they_are_stored(image: Image) -> None:
    assert [layer.diff_id for layer in image.layers] == [sha(data) for data in SAMPLE.layers]
    for layer in image.layers:
        with layer.open() as stream:
            data = stream.read()
        assert sha(data) == layer.digest
        assert len(data) == layer.size
        magic = {"+gzip": b"\x1f\x8b", "+zstd": b"\x28\xb5\x2f\xfd", "": data[:4]}
        assert data.startswith(magic[layer.media_type.removeprefix(f"{OCI}.layer.v1.tar")])
        assert (layer.media_type == f"{OCI}.layer.v1.tar") == (data in SAMPLE.layers)


def test_nothing_is_left_in_the_workspace(image: Image, tmp_path: Path) -> None:
    assert list((tmp_path / "workspace").iterdir()) != []
    image.close()
    assert list((tmp_path / "workspace").iterdir()) == []
    with pytest.raises(OSError, match="closed"):
        image.open("usr/bin/tool")


def test_the_names_of_an_image(tmp_path: Path) -> None:
    for number, items in enumerate((SAMPLE.saved(), SAMPLE.saved_now(), SAMPLE.layout("gzip"))):
        with open_image(write_tar(tmp_path / f"{number}.tar", items), tmp_path) as opened:
            assert opened.asset.name == "shop:1"
            assert opened.asset.tags == ("shop:1",)
    nameless = dataclasses.replace(SAMPLE, tags=())
    with open_image(write_tar(tmp_path / "n.tar", nameless.saved()), tmp_path) as opened:
        assert (opened.asset.name, opened.asset.tags) == ("n.tar", ())


# -- random layers

_PARTS = st.sampled_from(["a", "b", "c", "ab"])
_PATHS = st.lists(_PARTS, min_size=1, max_size=3).map("/".join)
_TARGETS = st.one_of(
    _PATHS, _PATHS.map("/{}".format), _PATHS.map("../{}".format), st.sampled_from(["..", "/", "."])
)


def _whiteout(path: str, name: str) -> Item:
    above = path.rpartition("/")[0]
    return file(f"{above}/{name}" if above else name)


_ITEMS = st.one_of(
    st.builds(file, _PATHS, st.binary(max_size=3)),
    st.builds(folder, _PATHS),
    st.builds(link, _PATHS, _TARGETS),
    st.builds(hard, _PATHS, st.one_of(_PATHS, _PATHS.map("./{}".format), _PATHS.map("/{}".format))),
    st.builds(Item, _PATHS, kind=st.just(tarfile.CHRTYPE)),
    _PATHS.map(lambda path: _whiteout(path, f".wh.{path.rpartition('/')[2]}")),
    _PATHS.map(lambda path: _whiteout(path, ".wh..wh..opq")),
)
_LAYERS = st.lists(st.lists(_ITEMS, max_size=7), min_size=1, max_size=4)


@settings(max_examples=250, deadline=None)
@given(_LAYERS, st.lists(st.one_of(_PATHS, _TARGETS), max_size=6))
def test_random_layers_give_what_the_plain_way_gives(
    layers: list[list[Item]], paths: list[str]
) -> None:
    state = naive_layers.apply_all(layers)
    sample = SampleImage(tuple(tar_of(items) for items in layers))
    with tempfile.TemporaryDirectory() as name:
        source = write_tar(Path(name) / "a.tar", sample.saved())
        with open_image(source, Path(name)) as opened:
            found = {entry.path: read(opened, entry.path) for entry in opened.entries()}
            assert found == naive_layers.contents(state)
            for path in paths:
                real = naive_layers.find(state, path)
                there = state[real] if real is not None else None
                entry = opened.find(path)
                assert (entry.path if entry else None) == (
                    real if isinstance(there, bytes) else None
                )
                if isinstance(there, bytes):
                    assert read(opened, path) == there


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_LAYERS, st.lists(st.one_of(_PATHS, _TARGETS), max_size=6))
def test_a_folder_of_the_same_files_says_the_same(
    layers: list[list[Item]], paths: list[str]
) -> None:
    """The kernel's own idea of links, beside that of the tree in memory."""
    state = naive_layers.apply_all(layers)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "root"
        for path in sorted(state):
            there, where = state[path], root / path
            if isinstance(there, bytes):
                where.write_bytes(there)
            elif isinstance(there, naive_layers.Symlink):
                where.symlink_to(there.target)
            elif isinstance(there, str):
                where.mkdir()
            else:
                os.mkfifo(where)
        system = FolderSystem(root)
        found = {entry.path: read(system, entry.path) for entry in system.entries()}
        assert found == naive_layers.contents(state)
        for path in paths:
            real = naive_layers.find(state, path)
            entry = system.find(path)
            is_file = real is not None and isinstance(state[real], bytes)
            assert (entry.path if entry else None) == (real if is_file else None)


# -- real images


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["alpine-310", "alpine-311"])
def test_a_real_image_holds_what_tarfile_sees(corpus: Path, tmp_path: Path, name: str) -> None:
    source = corpus / "images" / f"{name}.docker.tar.gz"
    with tarfile.open(source) as outer:
        layer = next(m for m in outer.getmembers() if m.name.endswith("layer.tar"))
        stream = outer.extractfile(layer)
        assert stream is not None
        inner = tarfile.open(fileobj=io.BytesIO(stream.read()))  # noqa: SIM115 - in memory
        manifest = outer.extractfile("manifest.json")
        assert manifest is not None
        tags = json.load(manifest)[0]["RepoTags"]
    expected = {}
    for member in inner.getmembers():
        content = inner.extractfile(member) if member.isfile() or member.islnk() else None
        if content is not None:
            expected[member.name] = content.read()
    with open_image(source, tmp_path) as opened:
        assert {e.path: read(opened, e.path) for e in opened.entries()} == expected
        assert opened.asset.tags == tuple(tags)
        assert list(opened.problems) == []
        assert opened.platform == "linux/amd64"
        record = read(opened, "lib/apk/db/installed").decode()
        assert sum(line.startswith("P:") for line in record.splitlines()) == 14
