"""A secret may lie in a file; what is wrong with it is said without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.model.errors import UserError
from vigie.wiring.platform_settings import platform_settings
from vigie.wiring.variables import value_of

NAME = "VIGIE_DATABASE_URL"


def test_a_file_stands_for_a_value(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://vigie_app:hunter2@db/vigie\n")
    environ = {f"{NAME}_FILE": str(file)}
    assert value_of(environ, NAME) == "postgresql://vigie_app:hunter2@db/vigie"
    settings = platform_settings(environ, data=tmp_path)
    assert settings.database == "postgresql://vigie_app:hunter2@db/vigie"
    assert value_of({NAME: "sqlite:///x"}, NAME) == "sqlite:///x"
    assert value_of({}, NAME) == ""


def test_both_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("hunter2")
    with pytest.raises(UserError) as refused:
        value_of({NAME: "hunter3", f"{NAME}_FILE": str(file)}, NAME)
    assert "hunter" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"x" * 70_000])
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError) as refused:
        value_of({f"{NAME}_FILE": str(file)}, NAME)
    assert "xxx" not in str(refused.value)
