"""The pages 'add a …', followed literally in a copy of the tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.following import Follower, copy_of_the_tree
from tests.docs.pages import ROOT, commands

DOCS = ROOT / "docs"
SCAN = "--with embedded --offline --max-db-age 36500"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_of_the_tree(tmp_path)


def test_the_page_about_parsers_works_literally(tree: Path) -> None:
    page = DOCS / "add-a-parser.md"
    follower = Follower(tree)
    written = follower.write(page)
    assert "src/vigie/sources/reports/parsers/acme.py" in written
    typed = list(commands(page))
    own = typed.index("pip install ./vigie-acme")
    said = follower.type(typed[:own])
    assert "left-pad" in said
    assert "joined because" in said
    assert " passed" in said
    assert " failed" not in said
    golden = tree / "tests/golden/reports/acme/shop.json.golden"
    assert "CVE-2024-12345" in golden.read_text(encoding="utf-8")
    said = follower.type(typed[own:])
    assert "acme-nightly" in said
    assert "left-pad" in said


def test_the_page_about_scanners_works_literally(tree: Path) -> None:
    page = DOCS / "add-a-scanner.md"
    follower = Follower(tree)
    written = follower.write(page)
    assert "src/vigie/sources/scanners/runners/acme.py" in written
    said = follower.type(list(commands(page)))
    assert "2.1" in said
    assert "right-pad" in said
    assert " passed" in said


@pytest.mark.slow
def test_the_page_about_package_readers_works_literally(tree: Path) -> None:
    page = DOCS / "add-a-package-reader.md"
    follower = Follower(tree)
    assert "src/vigie/sources/packages/readers/acme_lock.py" in follower.write(page)
    typed = list(commands(page))
    own = typed.index("pip install ./vigie-acme")
    said = follower.type(typed[:own])
    assert "pkg:npm/right-pad@2.0.0" in said
    assert "centre-pad" not in said
    assert "ACME-2026-1" in said
    assert "pads on the wrong side" in said
    assert "pads for ever" not in said
    assert " passed" in said
    assert " failed" not in said
    said = follower.type(typed[own:])
    assert "acme-nightly" in said
    assert "pkg:npm/centre-pad@0.1.0" in said
    broken_plugs_are_told(follower, "vigie_acme")


@pytest.mark.slow
def test_the_page_about_patches_works_literally(tree: Path) -> None:
    page = DOCS / "add-a-patch.md"
    follower = Follower(tree)
    follower.write(DOCS / "add-a-package-reader.md")
    follower.type(list(commands(DOCS / "add-a-package-reader.md")))
    assert "src/vigie/outlets/patches/editors/acme.py" in follower.write(page)
    typed = list(commands(page))
    own = typed.index("pip install ./vigie-acme-patch")
    said = follower.type(typed[:own])
    assert "-left-pad 1.0.0\n+left-pad 1.3.0" in said
    assert (tree / "shop/acme.lock").read_text() == (
        "# what the shop is built with\nleft-pad 1.3.0\nright-pad 2.0.0   # for the till\n"
    )
    assert " passed" in said
    assert " failed" not in said
    said = follower.type(typed[own:])
    assert "+++ b/acme-nightly.lock" in said
    broken_plugs_are_told(follower, "vigie_acme_patch")


def broken_plugs_are_told(follower: Follower, module: str) -> None:
    """An installed plug that cannot be imported is named with its reason, and stops nothing."""
    (installed,) = follower.tree.glob(f"environment/lib/python*/site-packages/{module}.py")
    works = installed.read_text()
    reader = module == "vigie_acme"
    for broken in ("import no_such_module_anywhere\n", works.replace("import annotations", "pad")):
        installed.write_text(broken)
        code = 3 if reader else 0  # what a reader would have read was not looked at
        asked = [f"vigie fix shop {SCAN}"]
        if reader:
            asked += [f"vigie scan shop {SCAN}", "vigie sbom shop"]
        for line in asked:
            said = follower.type([line], code)
            why = "no_such_module_anywhere" if "anywhere" in broken else "SyntaxError"
            kind = "package reader" if reader else "patch editor"
            assert f"{kind} 'acme-nightly' is disabled: " in said, line
            assert why in said
            assert "left-pad" in said
    method = "read" if reader else "edit"
    fails = f"    def {method}(self, *_args):\n        raise KeyError('x')\n"
    installed.write_text(works.replace("    patterns", f"{fails}\n    patterns"))
    said = follower.type(["vigie sbom shop" if reader else asked[0]], code)
    assert "failed at acme-nightly.lock: KeyError: 'x'" in said
    assert "left-pad" in said


@pytest.mark.parametrize(
    "name", ["add-a-parser.md", "add-a-scanner.md", "add-a-package-reader.md", "add-a-patch.md"]
)
def test_the_pages_code_is_as_tidy_as_ours(name: str, tree: Path) -> None:
    follower = Follower(tree)
    ours = [t for t in follower.write(DOCS / name) if t.startswith("src/")]
    ours = [title for title in ours if title.endswith(".py")]
    for check in (["ruff", "check"], ["mypy", "--strict"]):
        done = subprocess.run(
            [sys.executable, "-m", *check, *ours],
            cwd=tree,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
