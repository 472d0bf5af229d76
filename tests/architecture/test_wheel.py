"""What is shipped: all that the product reads of itself, and the screens, lie in the wheel."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

from hatchling.builders.wheel import WheelBuilder

from tests.architecture.import_rule import ROOT

SCREENS = Path("src/vigie/faces/server/screens/built")


def test_the_package_and_the_screens_lie_in_the_wheel(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src", "pyproject.toml", "README.md", "LICENSE", ".gitignore"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    checkout = tmp_path / "a checkout"
    tracked = [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
    for name in tracked:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, checkout / name)
    made = [SCREENS / "index.html", SCREENS / "built" / "index-1a2b.js.br"]
    for path in made:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text("made by the build")
    [wheel] = WheelBuilder(str(checkout)).build(directory=str(tmp_path), versions=["standard"])
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = [name for name in tracked if name.startswith("src/")] + [str(path) for path in made]
    assert {name.removeprefix("src/") for name in wanted} - names == set()
    assert not any(name.startswith(("tests/", "web/", "bench/")) for name in names)
