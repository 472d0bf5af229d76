"""One spelling for one file, wherever the folder lay."""

from __future__ import annotations

import pytest

from vigie.triage.paths import plain_path


@pytest.mark.parametrize(
    ("path", "roots", "expected"),
    [
        ("src/a.py", (), "src/a.py"),
        ("/src/a.py", (), "src/a.py"),
        ("./src/a.py", (), "src/a.py"),
        (".//./src/a.py", (), "src/a.py"),
        ("src\\a.py", (), "src/a.py"),
        ("/build/1/shop/src/a.py", ("/build/1/shop/",), "src/a.py"),
        ("C:\\work\\shop\\a.py", ("C:/work/shop/",), "a.py"),
        ("/build/1/shopping/a.py", ("/build/1/shop/",), "build/1/shopping/a.py"),
        (".github/workflows/ci.yml", (), ".github/workflows/ci.yml"),
        ("..", (), ".."),
        ("", ("/build/",), ""),
    ],
)
def test_plain_path(path: str, roots: tuple[str, ...], expected: str) -> None:
    assert plain_path(path, roots) == expected
