"""Dumps of OSV records in every form they come in, whole, broken and hostile."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.advisory_samples import affects, osv, write_dump

from vigie.model.errors import UserError
from vigie.ports.advisories import AdvisoryRecord, UnreadRecord
from vigie.sources.advisories.osv import Limits, ecosystems_of_all, read_osv

SMALL = Limits(record=2000, records=5, document=10_000, ratio=2, slack=20_000)


def ids(*paths: Path, limits: Limits | None = None) -> list[str]:
    """Ids in their order; what is unread with a "!" before its name."""
    found = read_osv(*paths, limits=limits) if limits is not None else read_osv(*paths)
    return [r.advisory.id if isinstance(r, AdvisoryRecord) else f"!{r.name}" for r in found]


def write(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(r) for r in records))
    return path


def test_a_dump_of_the_bucket(tmp_path: Path) -> None:
    assert ids(write_dump(tmp_path / "all.zip", [osv("B"), osv("A")])) == ["B", "A"]


def test_a_folder_and_what_is_below_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    write(tmp_path / "b.json", osv("B"))
    write(tmp_path / "a.json", osv("A"))
    write(tmp_path / "deep" / "c.json", osv("C"))
    (tmp_path / "notes.txt").write_text("no record")
    assert ids(tmp_path) == ["A", "B", "C"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path / "in" / "a.json", osv("A"))
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    assert ids(tmp_path / "in") == ["A"]


def test_json_files(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", osv("A"))
    lines = write(tmp_path / "lines.jsonl", osv("B"), osv("C"))
    listed = write(tmp_path / "list.json", [osv("D"), osv("E")])
    answer = write(tmp_path / "answer.json", {"vulns": [osv("F")]})
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(osv("G"), indent=2))
    assert ids(one, lines, listed, answer, pretty) == ["A", "B", "C", "D", "E", "F", "G"]


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("A.json", json.dumps(osv("A")))
        archive.writestr("BAD.json", "{")
        archive.writestr("NEW.json", json.dumps({"id": "NEW-1", "affected": 7}))
        archive.writestr("README.md", "no record")
        archive.writestr("again.json", json.dumps(osv("A")))
        archive.writestr("C.json", json.dumps(osv("C")))
    assert ids(path) == ["A", "!BAD.json", "!NEW-1", "!A", "C"]


def test_a_line_that_is_broken_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(f"{json.dumps(osv('A'))}\n\n{{broken\n{json.dumps(osv('B'))}\n")
    assert ids(path) == ["A", "!lines.jsonl:3", "B"]


def test_a_member_whose_sum_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("A.json", json.dumps(osv("A")))
        archive.writestr("B.json", json.dumps(osv("B")))
    path.write_bytes(path.read_bytes().replace(b'"id": "A"', b'"id": "Z"'))
    assert ids(path) == ["!A.json", "B"]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_cut_off_dump_is_refused(tmp_path: Path, kept: float) -> None:
    path = write_dump(tmp_path / "all.zip", [osv(f"A-{n}") for n in range(50)])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(UserError, match="archive"):
        ids(path)


def test_too_much_is_refused(tmp_path: Path) -> None:
    many = write_dump(tmp_path / "many.zip", [osv(f"A-{n}") for n in range(6)])
    with pytest.raises(UserError, match="more than 5 records"):
        ids(many, limits=SMALL)
    large = osv("L", details="x" * 3000)
    small = osv("S")
    assert ids(write_dump(tmp_path / "l.zip", [large, small]), limits=SMALL) == ["!L.json", "S"]
    assert ids(write(tmp_path / "l.jsonl", small, large, osv("T")), limits=SMALL) == [
        "S", "!l.jsonl:2", "T",
    ]  # fmt: skip
    assert ids(write(tmp_path / "l.json", large), limits=SMALL) == ["!l.json"]
    huge = write(tmp_path / "huge.json", osv("H", details="x" * 20_000))
    assert ids(huge, limits=SMALL) == ["!huge.json"]


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    limits = Limits(record=100_000, ratio=20, slack=0)
    path = write_dump(tmp_path / "b.zip", [osv(f"B-{n}", details="x" * 90_000) for n in range(9)])
    with pytest.raises(UserError, match="far more than its size"):
        ids(path, limits=limits)
    assert len(ids(path, limits=Limits(ratio=20))) == 9


def test_a_size_that_the_archive_lies_about_changes_nothing(tmp_path: Path) -> None:
    path = write_dump(tmp_path / "all.zip", [osv("A", details="x" * 5000)])
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")  # its uncompressed size
    path.write_bytes(data)
    assert ids(path, limits=SMALL) == ["!A.json"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        ids(tmp_path / "none.json")


def test_which_ecosystem_a_dump_is_of(tmp_path: Path) -> None:
    both = osv("A", affects("PyPI", "x"), affects("npm", "x"))
    assert ecosystems_of_all(write_dump(tmp_path / "1.zip", [both, osv("B")])) == {"PyPI"}
    debian = osv("D", affects("Debian:12", "x"), affects("Debian:11", "x"))
    assert ecosystems_of_all(write_dump(tmp_path / "2.zip", [debian])) == {"Debian"}
    assert ecosystems_of_all(write_dump(tmp_path / "3.zip", [osv("B"), debian])) == frozenset()
    assert ecosystems_of_all(write(tmp_path / "4.json", {"id": "Q"}, 7)) == frozenset()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from([b"{", b"[", b'"id"', b":", b'"A"', b",", b"}", b"]", b"\n", b"PK\x03\x04",
                         b"null", b"\xff", json.dumps(osv("A")).encode()]),
        max_size=12,
    )
)  # fmt: skip
def test_any_file_gives_records_reasons_or_an_error(tmp_path: Path, parts: list[bytes]) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(b"".join(parts))
    try:
        found = list(read_osv(path))
    except UserError:
        return
    assert all(isinstance(one, AdvisoryRecord | UnreadRecord) for one in found)
    assert [r.advisory.id for r in found if isinstance(r, AdvisoryRecord)] in ([], ["A"])


@pytest.mark.corpus
def test_a_real_dump_is_read_whole(corpus: Path) -> None:
    found = list(read_osv(corpus / "advisories" / "osv" / "PyPI" / "all.zip"))
    records = [one for one in found if isinstance(one, AdvisoryRecord)]
    assert len(records) == len(found) == 2661
    assert sum(bool(one.advisory.withdrawn) for one in records) == 10
    # One speaks of commits alone.
    assert sum(len(one.affected) for one in records) == 2660
