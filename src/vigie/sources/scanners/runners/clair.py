"""Clair v4: vulnerabilities of images, looked up by a server. quay/clair, Apache-2.0.

Nothing is installed here: `vigie clair`, a program of Vigie's own, tells the server where the
layers are and writes down what it answers. The pre-shared key goes to it in the environment or by
the name of a file, never on a command line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from vigie.model.assets import AssetKind
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.ports.plugs import Needs
from vigie.ports.scanners import Command, Conditions, Installation, Recipe, Target
from vigie.sources.scanners.endpoint import is_loopback
from vigie.sources.scanners.locate import service_address

_FOUND, _NOTHING, _UNABLE = 42, 43, 44  # as with the others, 1 stays for what nobody foresaw
_KEY = "CLAIR_PSK"
_INHERITS = (_KEY, "DOCKER_CONFIG", "REGISTRY_AUTH_FILE")
_PLAIN = ("matcher", "issuer", "serve", "reach", "platform")
_OF_THE_MACHINE = ("serve", "reach")  # the platform's workers have no settings but variables


class Clair:
    name = "clair"
    label = "Clair"
    format = "clair"
    needs = Needs(service="url")
    recipe: Recipe | None = None
    advice = T(
        "give the address of your Clair v4: url in [scanner.clair] of the settings, or {variable}",
        variable="CLAIR_URL",
    )
    has_database = True

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.IMAGE

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        settings = conditions.settings
        url = _checked(service_address(self.name, "url", settings), "url")
        report = workspace / "report.json"
        argv = [*_program(binary), "--report", str(report), "--url", url]
        for name in _PLAIN:
            own = name in _OF_THE_MACHINE
            value = service_address(self.name, name, settings) if own else settings.get(name, "")
            if value:
                address = name in ("matcher", "reach")
                argv += [f"--{name}", _checked(value, name) if address else value]
        if file := settings.get("psk_file", ""):
            argv += ["--psk-file", str(Path(file).expanduser().absolute())]
        place = str(target.path) if target.path is not None else f"image:{target.reference}"
        return Command(
            [*argv, "--", place],
            report=report,
            found=frozenset({_FOUND}),
            nothing=frozenset({_NOTHING}),
            unable=frozenset({_UNABLE}),
            env=_key(settings),
            inherits=_INHERITS,
            # One on this very machine is reached without any network.
            network=not (is_loopback(url) and is_loopback(settings.get("matcher") or url)),
        )

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return None  # a server brings itself up to date

    def version_command(self, binary: Path) -> Command:
        return Command([*_program(binary), "--about"])

    def read_version(self, output: str) -> Installation | None:
        try:
            said = json.loads(output)
        except ValueError:
            return None
        # Which version the server is, its API does not tell.
        return Installation(Path()) if isinstance(said, dict) and said.get("clair") else None


def _program(binary: Path) -> list[str]:
    # -P: what lies in the folder it starts in is never imported.
    return [str(binary), "-P", "-m", "vigie", "clair"]


def _key(settings: Mapping[str, str]) -> dict[str, str]:
    """The key for the environment of the program; that of ours is inherited."""
    key = settings.get("psk", "")
    # One that a file holds comes before one that happens to be in the environment.
    return {_KEY: key} if key or (settings.get("psk_file") and os.environ.get(_KEY)) else {}


def _checked(address: str, setting: str) -> str:
    """The address without a slash at its end. Raises UserError for one that is none."""
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.query or parts.fragment:
        raise UserError(
            T("{setting} of [scanner.clair] is no address of a server", setting=setting),
            T("Write it as https://clair.example."),
        )
    if "@" in parts.netloc:
        raise UserError(
            T("{setting} of [scanner.clair] holds a name or a password", setting=setting),
            T("Give it without: other programs on this machine would see it."),
        )
    return address.rstrip("/")


SCANNER = Clair()
