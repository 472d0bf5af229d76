"""Results on disk: what is read back, what is refused, and that nothing is ever half written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.plugs.sample_result import english, many, rich

from vigie.model.errors import UserError
from vigie.outlets.formats.json import OUTLET
from vigie.ports.outlets import Part
from vigie.services.results import load_result, write_parts


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "result.json"
    write_parts(OUTLET.render(rich(), english()), path)
    return path


def test_what_was_written_is_read_back(saved: Path, tmp_path: Path) -> None:
    assert load_result(saved) == rich()
    write_parts(OUTLET.render(many(200), english()), tmp_path / "many.json")
    assert load_result(tmp_path / "many.json") == many(200)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"hello", "is not JSON"),
        (b"[1, 2]", "is JSON but not a Vigie result"),
        (b"null", "is JSON but not a Vigie result"),
        (b'{"matches": []}', "it has no schema_version"),
        (b'{"schema_version": "7.0"}', "this result has layout 7.0"),
        (b'{"schema_version": "1.0", "target": "x"}', "created is missing"),
        (b'{"schema_version": "1.0", "findings": 3}', "is JSON but not a Vigie result"),
        (
            b'{"schema_version": "1.0", "target": "x", "created": "", "findings": [3]}',
            "is JSON but",
        ),
        (b'{"schema_version": "1.0", "target": "\xff"}', "is not JSON"),
        (b'{"plan":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "is not JSON"),
    ],
)
def test_what_is_no_result_is_refused_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        load_result(path)
    assert message in str(error.value)
    assert "odd.json" in str(error.value)
    assert "\n" not in str(error.value)
    assert str(error.value.hint)


def test_a_truncated_result_says_so_wherever_it_ends(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in (1, 100, len(whole) // 2, len(whole) - 3):
        saved.write_bytes(whole[:length])
        with pytest.raises(UserError, match="is truncated"):
            load_result(saved)


def test_one_that_is_too_large_is_not_read_whole(saved: Path) -> None:
    with pytest.raises(UserError, match="is larger than 0 MiB"):
        load_result(saved, limit=1000)
    assert load_result(saved, limit=saved.stat().st_size) == rich()


def test_one_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(UserError, match="cannot be read"):
            load_result(path)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_parts_are_named_before_the_suffix(tmp_path: Path) -> None:
    parts = [Part([b"a", b"b"]), Part([b"c"], name="image")]
    written = write_parts(parts, tmp_path / "out.sarif")
    assert [path.name for path in written] == ["out.sarif", "out-image.sarif"]
    assert [path.read_bytes() for path in written] == [b"ab", b"c"]
    assert names(tmp_path) == ["out-image.sarif", "out.sarif"]


def failing() -> Iterator[bytes]:
    yield b"half"
    raise OSError(28, "No space left on device")


def test_half_written_output_replaces_nothing(tmp_path: Path) -> None:
    good = tmp_path / "out.json"
    good.write_bytes(b"good")
    with pytest.raises(UserError, match="cannot be written: No space left"):
        write_parts([Part([b"first"]), Part(failing(), "second")], good)
    assert good.read_bytes() == b"good"
    assert names(tmp_path) == ["out.json"]


def test_a_bug_in_an_outlet_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_parts([Part(broken())], tmp_path / "out.json")
    assert names(tmp_path) == []


def test_a_folder_that_is_missing_or_in_the_way(tmp_path: Path) -> None:
    for place in (tmp_path / "none" / "out.json", tmp_path):
        with pytest.raises(UserError, match="cannot be written") as error:
            write_parts([Part([b"x"])], place)
        assert str(error.value.hint)


def test_a_link_is_followed_and_others_may_read_what_they_may(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    real.write_bytes(b"old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    write_parts([Part([b"new"])], link)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    plain = tmp_path / "plain.json"
    plain.touch()
    assert stat.S_IMODE(real.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    write_parts([Part([b"x"])], Path(os.devnull))
    assert not Path(os.devnull).is_file()
