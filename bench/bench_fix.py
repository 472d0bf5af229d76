"""`vigie fix --write` on a project with a dozen vulnerable pins: before, predicted, after."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Row, corpus, vigie

TITLE = "Fixes that are proved"
ABOUT = (
    "A project with fourteen pins, a dozen of them with known flaws, is written; "
    "`vigie fix --write --offline` is run on it with the embedded engine over the advisories of "
    "the corpus. The prediction is made before a file is changed; the last count is what the "
    "second scan found."
)

PINS = {
    "Django": "3.2.1", "flask": "1.0", "requests": "2.19.0", "urllib3": "1.25.1",
    "jinja2": "2.10", "PyYAML": "5.1", "pillow": "8.0.0", "cryptography": "3.2",
    "lxml": "4.6.1", "aiohttp": "3.7.0", "tornado": "6.0", "Werkzeug": "0.15.0",
    "sqlalchemy": "1.3.0", "six": "1.16.0",
}  # fmt: skip


def _requirements() -> str:
    return "# the shop\n" + "".join(f"{name}=={at}  # why\n" for name, at in PINS.items())


FORMS = {"requirements.txt": _requirements()}
JUMPS = ("patch", "minor", "major")


def measure() -> Iterator[Row]:
    archive = corpus("advisories", "osv", "PyPI", "all.zip")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environ = {**os.environ, "VIGIE_DATA": str(home / "data")}
        subprocess.run(vigie("db", "import", str(archive)), env=environ, check=True,
                       capture_output=True)  # fmt: skip
        for name, text in FORMS.items():
            for jump in JUMPS:
                yield _fixed(home / jump / "shop", name, text, jump, environ)


def _fixed(project: Path, name: str, text: str, jump: str, environ: dict[str, str]) -> Row:
    project.mkdir(parents=True)
    (project / name).write_text(text)
    started = time.perf_counter()
    done = subprocess.run(
        vigie("fix", str(project), "--write", "--offline", "--with", "embedded",
              "--max-db-age", "100000", "--jump", jump, "--format", "json", "--quiet"),
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(f"vigie fix ended with {done.returncode}: {done.stderr[-800:]}")
    said = json.loads(done.stdout)
    proof = said["proof"]
    after = (project / name).read_text().splitlines()
    changed = sum(old != new for old, new in zip(text.splitlines(), after, strict=True))
    return {
        "file": name,
        "longest jump": jump,
        "upgrades": len(said["steps"]),
        "lines changed": changed,
        "findings before": proof["before"]["total"],
        "predicted": proof["predicted"]["total"],
        "after": proof["after"]["total"],
        "as predicted": "yes" if proof["met"] and done.returncode == 0 else "no",
        "both scans, s": f"{seconds:.1f}",
    }
