"""Opening image archives, beside reading them with `tarfile`."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import NotMeasured, Row, corpus, run_python

TITLE = "Opening images"
ABOUT = (
    "Applying the layers of an image archive, listing every file and reading the package "
    "databases, digests checked (opened); the embedded engine's whole scan of it, all readers and "
    "no advisories (scanned); beside walking every member of every layer and reading its "
    "content with Python's `tarfile`, twice. The whole process each, start-up included, best of 3. "
    "The large archive is our own: 5 layers, 12,000 files of which a third does not compress. "
    "Aim: no slower than reading twice."
)

_SIZE = 200 * 1024**2
_LAYERS, _FILES = 5, 12_000
_DATABASES = ("var/lib/dpkg/status", "lib/apk/db/installed", "etc/os-release")

_OPEN = """
import sys, tempfile
from pathlib import Path
from vigie.sources.filesystems.images import open_image
with tempfile.TemporaryDirectory(dir=sys.argv[2]) as folder:
    with open_image(Path(sys.argv[1]), Path(folder)) as image:
        files = list(image.entries())
        wanted = {wanted!r}
        read = [image.open(name).read() for name in wanted if image.find(name)]
        assert read and not image.problems, image.problems
print(len(files))
"""
_SCAN = """
import os, sys
from vigie.faces.cli.main import run
report = os.path.join(sys.argv[2], "report.json")
code = run(["engine", sys.argv[1], "--report", report, "--offline"], dict(os.environ))
assert code in (0, 42), code
print(os.path.getsize(report))
"""
_READ = """
import sys, tarfile
for _ in range(2):
    files = 0
    with tarfile.open(sys.argv[1]) as outer:
        for member in outer:
            content = outer.extractfile(member) if member.isfile() else None
            if content is None or not member.name.endswith("layer.tar"):
                continue
            with tarfile.open(fileobj=content) as inner:
                for file in inner:
                    data = inner.extractfile(file) if file.isfile() else None
                    if data is not None:
                        data.read()
                        files += 1
print(files)
"""


def measure() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name) / "large.tar"
        _make(plain)
        packed = Path(name) / "large.tar.gz"
        with plain.open("rb") as source, gzip.open(packed, "wb", 6) as target:
            shutil.copyfileobj(source, target, 1024**2)
        archives = [("own, plain", plain), ("own, gzipped", packed)]
        try:
            for real in ("alpine-310", "alpine-311"):
                archives.append((real, corpus("images", f"{real}.docker.tar.gz")))
        except NotMeasured:
            pass  # the figures of the large archive stand without them
        for label, path in archives:
            yield _compare(label, path, Path(name))


def _compare(label: str, path: Path, folder: Path) -> Row:
    ours = [_run(_OPEN.format(wanted=_DATABASES), path, folder) for _ in range(3)]
    whole = [_run(_SCAN, path, folder) for _ in range(3)]
    twice = [_run(_READ, path, folder) for _ in range(3)]
    opened, scanned, read = (min(s for s, _, _ in runs) for runs in (ours, whole, twice))
    return {
        "archive": label,
        "size": f"{path.stat().st_size / 1024**2:.0f} MiB",
        "files": f"{ours[0][2]:,}",
        "opened": f"{opened:.2f} s",
        "scanned": f"{scanned:.2f} s",
        "read twice": f"{read:.2f} s",
        "ratio": f"{scanned / read:.2f} ×",
        "peak memory": f"{max(memory for _, memory, _ in whole):.0f} MiB",
        "tarfile's": f"{max(memory for _, memory, _ in twice):.0f} MiB",
    }


def _run(code: str, path: Path, folder: Path) -> tuple[float, float, int]:
    cost = run_python(code, str(path), str(folder))
    return cost.seconds, cost.memory, int(cost.output)


def _make(path: Path) -> None:
    """An archive as the old `docker save` wrote it, the same in every run."""
    chance = random.Random(3)
    words = [bytes(chance.choices(b"abcdefghijklmnopqrstuvwxyz\n", k=7)) for _ in range(4000)]
    layers = [_layer(chance, words, number) for number in range(_LAYERS)]
    ids = ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]
    said = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": ids}}
    names = [f"{number:064x}/layer.tar" for number in range(_LAYERS)]
    manifest = [{"Config": "config.json", "RepoTags": ["bench:1"], "Layers": names}]
    with tarfile.open(path, "w") as archive:
        for name, layer in zip(names, layers, strict=True):
            _add(archive, name, layer)
        _add(archive, "config.json", json.dumps(said).encode())
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def _layer(chance: random.Random, words: list[bytes], number: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        if not number:
            _add(archive, "etc/os-release", b"ID=bench\n")
        status = b"".join(b"Package: p%d\nVersion: %d\n\n" % (n, number) for n in range(2000))
        _add(archive, "var/lib/dpkg/status", status)
        for file in range(_FILES // _LAYERS):
            size = int(_SIZE / _FILES * chance.expovariate(1))
            if file % 3:
                text = b" ".join(chance.choices(words, k=200))
                data = (text * (size // len(text) + 1))[:size]
            else:
                data = chance.randbytes(size)
            _add(archive, f"usr/lib/part{file % 97}/l{number}-{file}.bin", data)
    return out.getvalue()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
