"""Fills an environment with the pinned packages of one registry, or builds the program there.

Every package is checked against the hash that Vigie ships for it (`vigie/catalog/scanners`).
Of a Go module that is the hash of its source; the source holds the hashes of all it needs, and
the build takes nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from vigie.model.errors import SourceError, UserError
from vigie.model.text import T, Text
from vigie.ports.scanners import Command, Recipe, Scanner
from vigie.sources.scanners.process import Bounds, Ending, Execution, execute
from vigie.sources.scanners.stderr import last_words

_BOUNDS = Bounds(timeout=1200.0)
_BUILD = Bounds(timeout=3600.0)  # a machine with two processors takes ten minutes
# They would send packages to another place than the environment, such as the user's own.
_ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIREMENT")
# Where modules come from, and where Go keeps what it fetched and built.
_GO = ("GOPROXY", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOSUMDB", "GONOSUMDB", "GOAUTH",
       "GOTOOLCHAIN", "GOROOT", "GOPATH", "GOCACHE", "GOMODCACHE", "GOTMPDIR", "GOENV")  # fmt: skip

Tell = Callable[[Text], None]


def fill(
    scanner: Scanner,
    recipe: Recipe,
    environment: Path,
    workspace: Path,
    tell: Tell,
    stop: threading.Event | None,
) -> None:
    """Put the recipe's packages into the environment, an empty folder.

    `tell` is told each step. Raises UserError when a program is missing that this takes,
    SourceError when the registry or the build fails.
    """
    fillers = {"pypi": _fill_from_pypi, "npm": _fill_from_npm, "go": _fill_from_go}
    fillers[recipe.registry](scanner, recipe, environment, workspace, tell, stop)


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
    hashes = _hashes(scanner)
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


def _fill_from_go(
    scanner: Scanner,
    recipe: Recipe,
    environment: Path,
    workspace: Path,
    tell: Tell,
    stop: threading.Event | None,
) -> None:
    go = shutil.which("go")
    if go is None:
        raise UserError(
            T("Go is not here, and {label} is built with it", label=scanner.label),
            T("Install Go 1.26 or later, or put the program itself on the PATH."),
        )
    tell(T("gets {package}", package=recipe.pins[0]))
    source = _fetch_module(scanner, recipe, go, workspace, stop)
    tell(T("builds it, which takes some minutes"))
    version = recipe.pins[0].rpartition("@")[2].removeprefix("v")
    argv = [go, "build", "-mod=readonly", "-trimpath", "-buildvcs=false"]
    argv += ["-ldflags", f"-s -w -X main.version={version}"]
    argv += ["-o", str(environment / "bin" / scanner.needs.binary), f"./{recipe.package}"]
    done = _run(argv, workspace, stop, inherits=_GO, env=_go_settings(), cwd=source, bounds=_BUILD)
    _expect_success(scanner, done, "go", _BUILD.timeout)


def _fetch_module(
    scanner: Scanner, recipe: Recipe, go: str, workspace: Path, stop: threading.Event | None
) -> Path:
    """A copy of the module's source whose hash is the one that was pinned."""
    pin = recipe.pins[0]
    argv = [go, "mod", "download", "-json", pin]
    done = _run(argv, workspace, stop, inherits=_GO, env=_go_settings())
    try:
        module = json.loads(_read(done.stdout))
    except ValueError:
        module = {}
    if why := module.get("Error"):
        done = replace(done, stderr=str(why))
    _expect_success(scanner, done, "go")
    wanted = _hashes(scanner).get(pin)
    if wanted is not None and module.get("Sum") != wanted:
        raise _other_packages(scanner, f"{pin} {module.get('Sum')}")
    # Go builds nothing in the folder where it keeps modules.
    return Path(shutil.copytree(module["Dir"], workspace / "source"))


def _go_settings() -> dict[str, str]:
    """What the user sets for builds of his own must not lead to another program."""
    return {"GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0", "GO111MODULE": "on"}


def _hashes(scanner: Scanner) -> dict[str, str]:
    """The hash of each pin that is shipped for this scanner's npm package or Go module."""
    pins = files("vigie.catalog").joinpath("scanners", f"{scanner.name}.json")
    return dict(json.loads(pins.read_text(encoding="utf-8"))) if pins.is_file() else {}


def _other_packages(scanner: Scanner, why: str) -> SourceError:
    return SourceError(
        T("the packages of {label} are not the ones that were pinned: {why}",
          label=scanner.label, why=why),
        T("Do not use them; see which registry or proxy hands them out."),
    )  # fmt: skip


def _run(
    argv: Sequence[str],
    workspace: Path,
    stop: threading.Event | None,
    *,
    inherits: Sequence[str] = (),
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    bounds: Bounds = _BOUNDS,
) -> Execution:
    without = {name: "" for name in _ELSEWHERE if name in os.environ}
    command = Command(argv, inherits=inherits, env={**without, **(env or {})}, cwd=cwd)
    return execute(command, workspace, bounds, stop=stop)


def _expect_success(
    scanner: Scanner, done: Execution, tool: str, timeout: float = _BOUNDS.timeout
) -> None:
    if done.ending is Ending.EXIT and done.code == 0:
        return
    if done.ending is Ending.STOPPED:
        raise SourceError(T("the installation of {label} was cancelled", label=scanner.label))
    why = last_words(done.stderr) or last_words(_read(done.stdout)) or done.error
    if any(word in done.stderr for word in ("HASH", "EINTEGRITY", "checksum mismatch")):
        raise _other_packages(scanner, why)
    if done.ending is Ending.TIMEOUT:
        why = str(T("no end after {seconds} s", seconds=round(timeout)))
    raise SourceError(
        T("{tool} could not install {label}: {why}", tool=tool, label=scanner.label, why=why),
        T(
            "See whether the package registry can be reached; a proxy is set with HTTPS_PROXY, "
            "a mirror in the settings of {tool}.",
            tool=tool,
        ),
        retryable=True,
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 65536))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
