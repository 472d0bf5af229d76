"""Which plug wants which file."""

from __future__ import annotations

import pytest

from vigie.model.patterns import Patterns

OWNERS = [
    ("dpkg", ["/var/lib/dpkg/status", "/var/lib/dpkg/status.d/*"]),
    ("apk", ["lib/apk/db/installed"]),
    ("wheel", ["*.dist-info/METADATA"]),
    ("jar", ["*.jar", "*.war"]),
    ("go", ["go.mod"]),
    ("requirements", ["requirements*.txt", "requirements/*.txt"]),
    ("installed", ["node_modules/**/package.json"]),
]


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("var/lib/dpkg/status", ["dpkg"]),
        ("rootfs/var/lib/dpkg/status", []),
        ("var/lib/dpkg/status.d/base", ["dpkg"]),
        ("var/lib/dpkg/status.d/deep/base", []),
        ("usr/lib/apk/db/installed", ["apk"]),
        ("lib/apk/db/installed", ["apk"]),
        ("xlib/apk/db/installed", []),
        ("usr/lib/python3/dist-packages/a-1.dist-info/METADATA", ["wheel"]),
        ("a-1.dist-info/METADATA", ["wheel"]),
        ("dist-info/METADATA", []),
        ("opt/app.jar", ["jar"]),
        ("app.jar.txt", []),
        ("go.mod", ["go"]),
        ("x/go.mod", ["go"]),
        ("go.mod/x", []),
        ("requirements-dev.txt", ["requirements"]),
        ("requirements/dev.txt", ["requirements"]),
        ("requirements/deep/dev.txt", []),
        ("node_modules/a/package.json", ["installed"]),
        ("app/node_modules/@s/a/package.json", ["installed"]),
        ("package.json", []),
        ("", []),
    ],
)
def test_a_path_goes_to_those_that_want_it(path: str, owners: list[str]) -> None:
    assert Patterns(OWNERS).owners(path) == owners


def test_an_owner_comes_once() -> None:
    assert Patterns([("a", ["x.*", "x.y", "*.y"])]).owners("x.y") == ["a"]
