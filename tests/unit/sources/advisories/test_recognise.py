"""Files are recognised by what is in them, a dump by where it lies and what it speaks of."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path

import pytest
from tests.advisory_samples import affects, osv, write_dump, write_epss, write_kev

from vigie.model.errors import UserError
from vigie.sources.advisories.recognise import Form, Piece, pieces_in


def only(path: Path) -> Piece:
    (piece,) = pieces_in(path)
    return piece


def write(path: Path, *records: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(r) for r in records))
    return path


def test_a_dump_as_in_the_bucket(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A"), osv("B")])
    assert only(path) == Piece(Form.OSV, "PyPI", (path,), "PyPI")
    assert only(tmp_path) == only(path)


def test_a_dump_of_one_release(tmp_path: Path) -> None:
    record = osv("A", affects("Debian:12", "x"))
    piece = only(write_dump(tmp_path / "Debian:12" / "all.zip", [record]))
    assert (piece.name, piece.covers, piece.whole) == ("Debian:12", "Debian:12", True)


def test_a_dump_that_lies_elsewhere_is_known_by_what_all_records_share(tmp_path: Path) -> None:
    mixed = osv("A", affects("PyPI", "x"), affects("npm", "y"))
    piece = only(write_dump(tmp_path / "downloads" / "all.zip", [mixed, osv("B")]))
    assert (piece.name, piece.covers, piece.whole) == ("PyPI", "PyPI", True)
    # The folder's name alone makes it no dump of npm.
    assert only(write_dump(tmp_path / "npm" / "all.zip", [osv("B")])).name == "PyPI"
    assert only(write_dump(tmp_path / "npm.zip", [mixed])).name == "npm"


def test_an_archive_of_anything(tmp_path: Path) -> None:
    records = [osv("A"), osv("B", affects("npm", "y"))]
    ours = only(write_dump(tmp_path / "ours.zip", records))
    assert (ours.name, ours.covers, ours.whole) == ("file:ours.zip", "", False)
    bucket = only(write_dump(tmp_path / "all.zip", records))
    assert (bucket.name, bucket.covers, bucket.whole) == ("OSV", "", True)


def test_loose_records(tmp_path: Path) -> None:
    one = write(tmp_path / "own" / "a.json", osv("A"))
    assert only(one) == Piece(Form.OSV, "file:a.json", (one,), whole=False)
    two = write(tmp_path / "own" / "b.jsonl", osv("B"), osv("C"))
    assert only(tmp_path / "own") == Piece(Form.OSV, "file:own", (one, two), whole=False)


def test_loose_records_in_a_folder_of_their_ecosystem_are_its_dump(tmp_path: Path) -> None:
    folder = tmp_path / "PyPI"
    files = tuple(write(folder / f"{n}.json", osv(n)) for n in "AB")
    assert only(folder) == Piece(Form.OSV, "PyPI", files, "PyPI")
    write(folder / "C.json", osv("C", affects("npm", "x")))
    assert only(folder).name == "file:PyPI"


def test_records_beside_their_dump_are_the_same_once_more(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "PyPI" / "all.zip", [osv("A")])
    write(tmp_path / "PyPI" / "A.json", osv("A"))
    assert only(tmp_path).files == (path,)


def test_the_other_feeds(tmp_path: Path) -> None:
    kev = write_kev(tmp_path / "any.json", "CVE-1")
    zipped = write_epss(tmp_path / "scores.bin", {"CVE-1": 0.5})
    plain = tmp_path / "scores.txt"
    plain.write_bytes(gzip.decompress(zipped.read_bytes()))
    assert only(kev) == Piece(Form.KEV, "kev", (kev,))
    assert only(zipped) == Piece(Form.EPSS, "epss", (zipped,))
    assert only(plain).form is Form.EPSS
    bundle = tmp_path / "x.tar"
    with tarfile.open(bundle, "w") as tar:
        tar.addfile(tarfile.TarInfo("manifest.json"))
    assert only(bundle) == Piece(Form.BUNDLE, "x.tar", (bundle,))


def test_a_mirror_on_a_disk(tmp_path: Path) -> None:
    write_dump(tmp_path / "osv" / "PyPI" / "all.zip", [osv("A")])
    write_dump(tmp_path / "osv" / "npm" / "all.zip", [osv("B", affects("npm", "x"))])
    write_kev(tmp_path / "kev.json", "CVE-1")
    (tmp_path / "README").write_text("hello")
    assert [piece.name for piece in pieces_in(tmp_path)] == ["PyPI", "npm", "kev"]


def test_deep_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "c" / "d" / "e" / "x.json", osv("A"))
    (tmp_path / "loop").symlink_to(tmp_path)
    with pytest.raises(UserError, match="nothing that can be imported"):
        pieces_in(tmp_path)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x1f\x8b", gzip.compress(b"x", mtime=0), b"\0" * 600]
)
def test_what_is_none_of_ours_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(UserError, match="nothing that can be imported"):
        pieces_in(path)
    with pytest.raises(UserError, match="does not exist"):
        pieces_in(tmp_path / "none")


@pytest.mark.corpus
def test_the_corpus(corpus: Path) -> None:
    names = [piece.name for piece in pieces_in(corpus / "advisories")]
    assert names == ["PyPI", "epss", "kev"]
