"""Files that people write: doubled and misspelt keys, odd sizes and odd bytes are errors."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.strict_files import convert_strictly, parse_strictly, read_strictly

GUIDE = T("See the guide.")


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    colour: str
    sizes: list[int] = []


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("colour: grün\nsizes: [1, 2]\n", encoding="utf-8")
    assert read_strictly(path, Shape, GUIDE) == Shape("grün", [1, 2])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"colour: red\ncolour: blue\n", "stands there twice"),
        (b"colour: red\ncolor: blue\n", "color"),
        (b"colour: 7\n", "colour"),
        (b"sizes: []\n", "colour"),
        (b"\xff\xfe", "not UTF-8"),
        (b"colour: [", "not valid YAML"),
        (b"colour: !!python/object/apply:os.getcwd []", "not valid YAML"),
        (b"[" * 100_000, "not valid YAML"),
        (b"x" * (4 * 1024**2 + 1), "too large"),
    ],
    ids=["twice", "misspelt", "type", "missing", "bytes", "broken", "python", "deep", "large"],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(data)
    with pytest.raises(UserError, match=says) as caught:
        read_strictly(path, Shape, GUIDE)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_strictly(tmp_path / "none.yaml", Shape, GUIDE)


def test_the_guide_is_the_hint() -> None:
    with pytest.raises(UserError) as caught:
        convert_strictly(parse_strictly("colour: 1", "text"), "text", Shape, GUIDE)
    assert caught.value.hint == GUIDE
