"""The ecosystems' own programs, each asked which of two versions is the higher.

A peer takes a folder to work in and pairs of versions, and answers -1, 0, 1 or None (it
refuses one of the two) for each. It raises NotMeasured when its program cannot be had.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measuring import NotMeasured, corpus

Pair = tuple[str, str]
Verdicts = list[int | None]
Peer = Callable[[Path, Sequence[Pair]], Verdicts]

_PROGRAMS = Path(__file__).resolve().parent / "version_programs"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotMeasured(f"{name} is not installed")
    return found


def _prepare(argv: Sequence[str], folder: Path) -> None:
    """Fetch or build; what fails (no network, no registry) is a peer that cannot be had."""
    done = subprocess.run(
        argv, cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise NotMeasured(f"{Path(argv[0]).name} could not fetch it ({' '.join(last)[:120]})")


def _ask(argv: Sequence[str], folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    """Give a program the file of pairs, tab between, as its last argument; read its verdicts."""
    file = folder / "pairs.tsv"
    file.write_text("".join(f"{a}\t{b}\n" for a, b in pairs), encoding="utf-8")
    done = subprocess.run(
        [*argv, str(file)], cwd=folder, capture_output=True, text=True, timeout=900, check=False
    )
    lines = done.stdout.split()
    if done.returncode or len(lines) != len(pairs):
        raise RuntimeError(
            f"{argv[:2]} answered {len(lines)} of {len(pairs)}: {done.stderr[-800:]}"
        )
    return [None if line == "?" else int(line) for line in lines]


def dpkg(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    _program("dpkg")
    return _ask(["sh", str(_PROGRAMS / "dpkg.sh")], folder, pairs)


def rpm(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    script = (_PROGRAMS / "rpm.lua").read_text(encoding="utf-8")
    file = folder / "pairs.tsv"
    file.write_text("".join(f"{a}\t{b}\n" for a, b in pairs), encoding="utf-8")
    argv = [_program("rpm"), "--define", f"pairs {file}", "--eval", f"%{{lua: {script}}}"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=True)
    return [int(line) for line in done.stdout.split()]


def apk(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    """The apk of this machine, else the one in an Alpine image of the corpus."""
    found = shutil.which("apk")
    argv = [found] if found else _apk_of_image(folder / "alpine")
    said = {"<": -1, "=": 0, ">": 1}
    verdicts: Verdicts = []
    for pair in pairs:
        check = subprocess.run(
            [*argv, "version", "--check", *pair], capture_output=True, text=True, check=False
        )
        if check.returncode or check.stdout.strip():  # it prints those that are invalid
            verdicts.append(None)
            continue
        done = subprocess.run(
            [*argv, "version", "-t", *pair], capture_output=True, text=True, check=True
        )
        verdicts.append(said[done.stdout.strip()])
    return verdicts


def _apk_of_image(folder: Path) -> list[str]:
    image = corpus("images", "alpine-310.docker.tar.gz")
    wanted = ("lib/", "usr/lib/", "sbin/apk")
    with tarfile.open(image) as outer:
        for layer in (m for m in outer if m.name.endswith("layer.tar")):
            with tarfile.open(fileobj=outer.extractfile(layer)) as inner:
                members = [m for m in inner if m.name.startswith(wanted)]
                inner.extractall(folder, members, filter="data")
    loader = next((folder / "lib").glob("ld-musl-*"), None)
    if loader is None:
        raise NotMeasured("the image holds no apk")
    return [
        str(loader),
        "--library-path",
        f"{folder / 'lib'}:{folder / 'usr/lib'}",
        str(folder / "sbin/apk"),
    ]


def alpm(_: Path, pairs: Sequence[Pair]) -> Verdicts:
    name = ctypes.util.find_library("alpm")
    if name is None:
        raise NotMeasured("libalpm is not installed")
    ask = ctypes.CDLL(name).alpm_pkg_vercmp
    ask.argtypes, ask.restype = [ctypes.c_char_p] * 2, ctypes.c_int
    return [ask(a.encode(), b.encode()) for a, b in pairs]


def packaging(_: Path, pairs: Sequence[Pair]) -> Verdicts:
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - a peer like the others

    def verdict(a: str, b: str) -> int | None:
        try:
            first, second = Version(a), Version(b)
        except InvalidVersion:
            return None
        return (first > second) - (first < second)

    return [verdict(a, b) for a, b in pairs]


def node(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    program = _program("node")
    root = subprocess.run(
        [_program("npm"), "root", "-g"], capture_output=True, text=True, check=True
    ).stdout.strip()
    module = f"{root}/npm/node_modules/semver"
    return _ask([program, str(_PROGRAMS / "npm.js"), module], folder, pairs)


def cargo(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    shutil.copytree(_PROGRAMS / "cargo", folder / "cargo")
    argv = [_program("cargo"), "build", "--release", "--quiet"]
    _prepare(argv, folder / "cargo")
    return _ask([str(folder / "cargo/target/release/ask")], folder, pairs)


def elixir(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask([_program("elixir"), str(_PROGRAMS / "hex.exs")], folder, pairs)


def go_mod(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask(_go(folder, "golang", "golang.org/x/mod@latest"), folder, pairs)


def go_toolchain(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask(_go(folder, "toolchain"), folder, pairs)


def osv(ecosystem: str) -> Peer:
    """OSV-Scanner's comparison, where the ecosystem's own program is not to be had."""

    def ask(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
        argv = _go(folder, "osv", "github.com/google/osv-scalibr/semantic@latest")
        return _ask([*argv, ecosystem], folder, pairs)

    return ask


def _go(folder: Path, name: str, *modules: str) -> list[str]:
    go = _program("go")
    (folder / name).mkdir()
    shutil.copy(_PROGRAMS / f"{name}.go", folder / name / "main.go")
    _prepare([go, "mod", "init", "ask"], folder / name)
    for module in modules:
        _prepare([go, "get", module], folder / name)
    _prepare([go, "build", "-o", "ask", "."], folder / name)
    return [str(folder / name / "ask")]


def maven(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    artifact = "org.apache.maven:maven-artifact:3.9.9"
    argv = [_program("mvn"), "-q", "-B", "dependency:copy", f"-Dartifact={artifact}"]
    _prepare([*argv, f"-DoutputDirectory={folder}"], folder)
    classes = f"{folder}/maven-artifact-3.9.9.jar"
    return _ask([_program("java"), "-cp", classes, str(_PROGRAMS / "Maven.java")], folder, pairs)


def ruby(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask([_program("ruby"), str(_PROGRAMS / "gem.rb")], folder, pairs)


def php(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    loader = Path("/usr/share/php/Composer/Semver/autoload.php")
    if not loader.exists():
        raise NotMeasured("composer/semver is not installed")
    return _ask([_program("php"), str(_PROGRAMS / "composer.php"), str(loader)], folder, pairs)


def r_language(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask([_program("Rscript"), str(_PROGRAMS / "cran.R")], folder, pairs)


def conan(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    return _ask([_python(folder, "conan>=2"), str(_PROGRAMS / "ask_conan.py")], folder, pairs)


def older_packaging(folder: Path, pairs: Sequence[Pair]) -> Verdicts:
    """The last packaging that still orders what PEP 440 refuses, as OSV does."""
    python = _python(folder, "packaging==21.3")
    return _ask([python, "-W", "ignore", str(_PROGRAMS / "ask_packaging.py")], folder, pairs)


def _python(folder: Path, requirement: str) -> str:
    environment = folder / "python"
    python = str(environment / "bin/python")
    if not environment.exists():
        _prepare([sys.executable, "-m", "venv", str(environment)], folder)
        _prepare([python, "-m", "pip", "install", "-q", requirement], folder)
    return python
