"""Which versions of a package there are, asked of pip, npm, go, cargo and mvn.

Sources: `pip index versions`, `npm view`, `go list -m -versions`, `cargo info`, Maven's
dependency:get. None always means 'could not be asked', never 'there are none'.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from vigie.sources.registries.running import Answer, call, locate

_MOST_VERSIONS = 10_000
_NAME = re.compile(r"(?!-)[@\w][\w.+~:/@-]{0,213}")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+!~:_-]{0,99}")
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")


class Registry(Protocol):
    """Asks one ecosystem's registry. `program` is the client's name."""

    program: str

    def versions(self, name: str) -> tuple[str, ...] | None:
        """Every version of the package; () when it does not exist, None when nobody can say."""

    def has(self, name: str, version: str) -> bool | None:
        """Whether this version exists; None when nobody can say."""


class _Listing:
    """A client that lists versions; `has` follows from it."""

    program = ""

    def versions(self, name: str) -> tuple[str, ...] | None:
        if not _NAME.fullmatch(name) or not locate(self.program):
            return None
        return _remembered(self.program, name, self._ask)

    def has(self, name: str, version: str) -> bool | None:
        known = self.versions(name)
        if known is None:
            return None
        plain = version.removeprefix("v")
        return any(one.removeprefix("v") == plain for one in known)

    def _ask(self, name: str) -> tuple[str, ...] | None:
        raise NotImplementedError


class Pip(_Listing):
    program = "pip"

    def _ask(self, name: str) -> tuple[str, ...] | None:
        answer = _in_empty_folder(
            [locate("pip"), "index", "versions", "--ignore-requires-python", "--no-input",
             "--disable-pip-version-check", "--", name]
        )  # fmt: skip
        if answer.fine:
            found = re.search(r"Available versions:(.*)", answer.out)
            return tuple(v.strip() for v in found[1].split(",")) if found else None
        return () if "No matching distribution found" in answer.err and _reached(answer) else None

    def hashes(self, name: str, version: str) -> tuple[str, ...]:
        """Of every file of a version, as uv tells them; () when it is not here or cannot."""
        uv = locate("uv")
        if not uv or not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
            return ()
        answer = _in_empty_folder(
            [uv, "pip", "compile", "--generate-hashes", "--no-deps", "--no-build", "--quiet",
             "--no-header", "-"],
            text=f"{name}=={version}\n",
        )  # fmt: skip
        return tuple(_HASH.findall(answer.out)) if answer.fine else ()


class Npm(_Listing):
    program = "npm"

    def _ask(self, name: str) -> tuple[str, ...] | None:
        answer = _in_empty_folder([locate("npm"), "view", "--json", name, "versions"])
        if not answer.fine:
            return () if "E404" in answer.err or "E404" in answer.out else None
        try:
            said = json.loads(answer.out or "null")
        except ValueError:
            return None
        said = [said] if isinstance(said, str) else said
        return tuple(v for v in said if isinstance(v, str)) if isinstance(said, list) else None


class Go(_Listing):
    program = "go"

    def _ask(self, name: str) -> tuple[str, ...] | None:
        env = {"GOFLAGS": "-mod=mod", "GOWORK": "off", "GOTOOLCHAIN": "local"}
        answer = _in_empty_folder([locate("go"), "list", "-m", "-versions", name], env=env)
        if not answer.fine:
            return None
        return tuple(answer.out.split()[1:])


class Cargo:
    program = "cargo"

    def versions(self, _name: str) -> tuple[str, ...] | None:
        """cargo has no command that lists them."""
        return None

    def has(self, name: str, version: str) -> bool | None:
        if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version) and locate("cargo")):
            return None
        answer = _in_empty_folder([locate("cargo"), "info", "--quiet", f"{name}@{version}"])
        if answer.fine:
            return True
        return False if "could not find" in answer.err else None


class Maven:
    program = "mvn"

    def versions(self, _name: str) -> tuple[str, ...] | None:
        """Maven has no command of its own that lists them."""
        return None

    def has(self, name: str, version: str) -> bool | None:
        if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version) and locate("mvn")):
            return None
        answer = _in_empty_folder(
            # Asked anew: Maven keeps for a day that something was not there.
            [locate("mvn"), "--batch-mode", "--quiet", "--update-snapshots", "dependency:get",
             f"-Dartifact={name}:{version}:pom", "-Dtransitive=false"]
        )  # fmt: skip
        if answer.fine:
            return True
        said = answer.out + answer.err
        missing = "Could not find artifact" in said or "was not found in" in said
        return False if missing and name in said else None


REGISTRIES: Mapping[str, Registry] = {
    "pypi": Pip(),
    "npm": Npm(),
    "golang": Go(),
    "cargo": Cargo(),
    "maven": Maven(),
}


def _in_empty_folder(
    argv: list[str], *, env: Mapping[str, str] | None = None, text: str = ""
) -> Answer:
    """In a folder of its own: a client must not read settings out of the target."""
    with tempfile.TemporaryDirectory(prefix="vigie-registry-") as folder:
        return call(argv, Path(folder), env=env, text=text)


def _reached(answer: Answer) -> bool:
    """False when pip found nothing only because it could not connect."""
    return "Retrying" not in answer.err and "onnection" not in answer.err


_KNOWN: dict[tuple[str, str], tuple[str, ...] | None] = {}


def _remembered(
    program: str, name: str, ask: Callable[[str], tuple[str, ...] | None]
) -> tuple[str, ...] | None:
    if (program, name) not in _KNOWN:
        found = ask(name)
        _KNOWN[program, name] = None if found is None else found[:_MOST_VERSIONS]
    return _KNOWN[program, name]
