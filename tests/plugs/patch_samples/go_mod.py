"""go.mod files."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.plugs.patch_samples import Sample
from vigie.ports.patches import Upgrade


def _up(name: str, old: str, new: str) -> Upgrade:
    return Upgrade("golang", name, old, new)


_MOD = """\
// the shop
module example.org/shop

go 1.21.3

require github.com/gin-gonic/gin v1.6.0 // keep

require (
\tgolang.org/x/net v0.1.0 // indirect
\tgithub.com/foo/bar v2.0.0+incompatible
\texample.org/other v1.5.2
\tgithub.com/five/v5 v5.0.0
)

replace example.org/other => ../other
"""

SAMPLES = [
    Sample(
        "blocks, single lines, indirect ones and what go.sum has",
        "go.mod",
        {"go.mod": _MOD, "go.sum": "golang.org/x/text v0.3.0 h1:aaaa=\n"},
        (
            _up("github.com/gin-gonic/gin", "v1.6.0", "1.9.1"),
            _up("golang.org/x/net", "0.1.0", "v0.17.0"),
            _up("github.com/foo/bar", "2.0.0", "2.1.0"),
            _up("github.com/five/v5", "5.0.0", "5.0.1"),
            _up("example.org/other", "1.5.2", "1.5.3"),
            _up("golang.org/x/text", "0.3.0", "0.3.8"),
            _up("golang.org/x/absent", "0.3.0", "0.3.8"),
            _up("stdlib", "1.21.3", "1.21.5"),
        ),
        {
            "go.mod": (
                ("1.21.3", "1.21.5"), ("v1.6.0", "v1.9.1"), ("v0.1.0", "v0.17.0"),
                ("v2.0.0", "v2.1.0"),
                ("v5.0.0\n", "v5.0.1\n\tgolang.org/x/text v0.3.8 // indirect\n"),
            )
        },
        left=("example.org/other",),
        renew="go get github.com/five/v5@v5.0.1 github.com/foo/bar@v2.1.0 "
        "github.com/gin-gonic/gin@v1.9.1 golang.org/x/net@v0.17.0 golang.org/x/text@v0.3.8 "
        "&& go mod tidy",
    ),
    Sample(
        "the toolchain line comes first",
        "cmd/go.mod",
        {"cmd/go.mod": "module x\r\n\r\ngo 1.21\r\n\r\ntoolchain go1.21.3\r\n"},
        (_up("stdlib", "1.21.3", "1.22.7"),),
        {"cmd/go.mod": (("1.21.3", "1.22.7"),)},
    ),
    Sample(
        "another major version is another module",
        "go.mod",
        {"go.mod": "module x\n\nrequire github.com/a/b v1.0.0\n"},
        (_up("github.com/a/b", "1.0.0", "3.0.0"), _up("stdlib", "1.20", "1.21")),
        {},
        left=("github.com/a/b", "stdlib"),
    ),
]  # fmt: skip

BROKEN = ["<html>", "module x\x00"]


def asked(text: str) -> dict[str, str]:
    """Module and version, as go itself reads them."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("no go on this machine")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "go.mod")
        path.write_bytes(text.encode())
        done = subprocess.run(
            [go, "mod", "edit", "-json", str(path)], capture_output=True, check=True
        )
    whole = json.loads(done.stdout)
    found = {one["Path"]: one["Version"] for one in whole.get("Require") or ()}
    return {**found, "go": whole.get("Go", ""), "toolchain": whole.get("Toolchain", "")}
