"""Installs scanners, each into an environment of its own, with pinned packages.

A scanner's folder holds its environments and a link `current` to the one in use. A new one is
built beside the old one and takes its place in one rename once the program in it has run, so a
broken installation never replaces a good one. (The environment itself cannot be renamed: the
programs in a virtual environment carry its path.)
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.ports.scanners import Command, Installation, Recipe, Scanner
from vigie.sources.scanners.locate import CURRENT, binary_inside, scanners_folder
from vigie.sources.scanners.process import Bounds, Ending, Execution, execute
from vigie.sources.scanners.stderr import last_words
from vigie.sources.scanners.version import read_installation

_BOUNDS = Bounds(timeout=1200.0)
# They would send packages to another place than the environment, such as the user's own.
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT")

Tell = Callable[[Text], None]


def install(
    scanner: Scanner,
    tell: Tell,
    folder: Path | None = None,
    *,
    stop: threading.Event | None = None,
) -> Installation:
    """Install one scanner, or replace its environment by a new one.

    `tell` is told each step. Raises UserError when it has no recipe or a program is missing,
    SourceError when the registry or the installed program fails; then all stays as it was.
    """
    recipe = scanner.recipe
    if recipe is None:
        raise UserError(
            T("{label} cannot be installed by Vigie", label=scanner.label), scanner.advice
        )
    home = (scanners_folder() if folder is None else folder) / scanner.name
    with (
        _alone(home, scanner),
        _workspace() as workspace,
        _half_built(home, recipe) as environment,
    ):
        fill = _fill_from_pypi if recipe.registry == "pypi" else _fill_from_npm
        fill(scanner, recipe, environment, workspace, tell, stop)
        installed = _try_out(scanner, recipe, environment, workspace, tell)
        _switch(home, environment)
    return installed


@contextlib.contextmanager
def _half_built(home: Path, recipe: Recipe) -> Iterator[Path]:
    """A folder for the new environment, which is gone again unless it came into use."""
    environment = Path(tempfile.mkdtemp(prefix=f"{_stamp(recipe)}-", dir=home))
    try:
        yield environment
    finally:
        # Also on Ctrl-C.
        if (home / CURRENT).resolve() != environment.resolve():
            shutil.rmtree(environment, ignore_errors=True)


def _stamp(recipe: Recipe) -> str:
    name = recipe.pins[0].lstrip("@").replace("/", "-")
    return "".join(c if c.isalnum() or c in ".-_" else "-" for c in name)


@contextlib.contextmanager
def _alone(home: Path, scanner: Scanner) -> Iterator[None]:
    """Keep a second installation of the same scanner out."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = os.open(home / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise UserError(
            T("{folder} cannot be written: {why}", folder=str(home), why=error.strerror or ""),
            T("Set VIGIE_DATA to a folder that you may write to."),
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(
            T("{label} is being installed by another process", label=scanner.label),
            T("Wait until it is done."),
        ) from None
    else:
        yield
    finally:
        os.close(lock)


@contextlib.contextmanager
def _workspace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vigie-install-") as name:
        yield Path(name)


def _fill_from_pypi(
    scanner: Scanner,
    recipe: Recipe,
    environment: Path,
    workspace: Path,
    tell: Tell,
    stop: threading.Event | None,
) -> None:
    tell(T("makes a virtual environment"))
    made = _run([_python(), "-I", "-m", "venv", str(environment)], workspace, stop)
    if made.ending is not Ending.EXIT or made.code != 0:
        raise UserError(
            T("no virtual environment can be made: {why}",
              why=last_words(made.stderr) or last_words(_read(made.stdout))),
            T("On Debian and Ubuntu: apt install python3-venv."),
        )  # fmt: skip
    tell(T("gets {package}", package=recipe.pins[0]))
    python = environment / "bin" / "python"
    argv = [str(python), "-I", "-m", "pip", "install", "--no-input", "--quiet"]
    # Wheels only: nothing of a package runs before it is in its environment.
    argv += ["--disable-pip-version-check", "--only-binary", ":all:"]
    pins = files("vigie.catalog").joinpath("scanners", f"{scanner.name}.txt")
    if pins.is_file():
        listed = workspace / "pins.txt"
        listed.write_bytes(pins.read_bytes())
        argv += ["--require-hashes", "--requirement", str(listed)]
    else:
        argv += list(recipe.pins)
    _expect_success(scanner, _run(argv, workspace, stop, inherits=("PIP_*",)), "pip")


def _python() -> str:
    """The Python to make environments with: `venv` takes the one that ours was made from."""
    return sys.executable


def _fill_from_npm(
    scanner: Scanner,
    recipe: Recipe,
    environment: Path,
    workspace: Path,
    tell: Tell,
    stop: threading.Event | None,
) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise UserError(
            T("npm is not here, and {label} comes from the npm registry", label=scanner.label),
            T("Install Node.js 20 or later, or get {label} another way: {advice}",
              label=scanner.label, advice=scanner.advice),
        )  # fmt: skip
    tell(T("gets {package}", package=recipe.pins[0]))
    locked = _write_package(scanner, recipe, environment)
    argv = [npm, "ci" if locked else "install", "--prefix", str(environment)]
    argv += ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    if not locked:
        argv += ["--save-exact", *recipe.pins]
    done = _run(
        argv,
        workspace,
        stop,
        inherits=("NPM_CONFIG_*", "npm_config_*"),
        env={"npm_config_cache": str(workspace / "npm")},
        cwd=environment,
    )
    _expect_success(scanner, done, "npm")


def _write_package(scanner: Scanner, recipe: Recipe, environment: Path) -> bool:
    """Write what npm reads; True when it holds the hash of every package."""
    pins = files("vigie.catalog").joinpath("scanners", f"{scanner.name}.json")
    hashes = json.loads(pins.read_text(encoding="utf-8")) if pins.is_file() else {}
    wanted = dict(pin.rsplit("@", 1) for pin in recipe.pins)
    about = {"name": f"vigie-{scanner.name}", "version": "0.0.0", "private": True}
    package = {**about, "dependencies": wanted}
    (environment / "package.json").write_text(json.dumps(package), encoding="utf-8")
    if not all(pin in hashes for pin in recipe.pins):
        return False
    packages: dict[str, object] = {"": package}
    for pin in recipe.pins:
        name, version = pin.rsplit("@", 1)
        packages[f"node_modules/{name}"] = {"version": version, "integrity": hashes[pin]}
    lock = {**about, "lockfileVersion": 3, "requires": True, "packages": packages}
    (environment / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return True


def _run(
    argv: Sequence[str],
    workspace: Path,
    stop: threading.Event | None,
    *,
    inherits: Sequence[str] = (),
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Execution:
    without = {name: "" for name in _ELSEWHERE if name in os.environ}
    command = Command(argv, inherits=inherits, env={**without, **(env or {})}, cwd=cwd)
    return execute(command, workspace, _BOUNDS, stop=stop)


def _expect_success(scanner: Scanner, done: Execution, tool: str) -> None:
    if done.ending is Ending.EXIT and done.code == 0:
        return
    if done.ending is Ending.STOPPED:
        raise SourceError(T("the installation of {label} was cancelled", label=scanner.label))
    why = last_words(done.stderr) or last_words(_read(done.stdout)) or done.error
    if "HASH" in done.stderr or "EINTEGRITY" in done.stderr:
        raise SourceError(
            T("the packages of {label} are not the ones that were pinned: {why}",
              label=scanner.label, why=why),
            T("Do not use them; see which registry or proxy hands them out."),
        )  # fmt: skip
    if done.ending is Ending.TIMEOUT:
        why = str(T("no end after {seconds} s", seconds=round(_BOUNDS.timeout)))
    raise SourceError(
        T("{tool} could not install {label}: {why}", tool=tool, label=scanner.label, why=why),
        T(
            "See whether the package registry can be reached; a proxy is set with HTTPS_PROXY, "
            "a mirror in the settings of {tool}.",
            tool=tool,
        ),
        retryable=True,
    )


def _try_out(
    scanner: Scanner, recipe: Recipe, environment: Path, workspace: Path, tell: Tell
) -> Installation:
    tell(T("tries it out"))
    binary = environment / binary_inside(recipe, scanner.needs.binary)
    found = read_installation(scanner, binary, workspace) if binary.is_file() else None
    if found is None:
        raise SourceError(
            T("{label} was installed but does not run", label=scanner.label),
            T("Its packages may not suit this system; {advice}", advice=scanner.advice),
        )
    return found


def _switch(home: Path, environment: Path) -> None:
    """Make the new environment the current one in one step, then remove the others."""
    link = home / f".{environment.name}.link"
    link.symlink_to(environment.name)
    link.replace(home / CURRENT)
    for other in home.iterdir():
        if other.is_dir() and not other.is_symlink() and other != environment:
            shutil.rmtree(other, ignore_errors=True)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 65536))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
