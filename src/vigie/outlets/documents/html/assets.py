"""The report's own files: templates, style and script, and their hashes for the CSP."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

_STYLES = ("tokens", "page", "charts", "findings", "drawer", "print")
_SCRIPTS = ("data", "view", "filter", "grid", "evidence", "drawer", "page")
_HERE = files(__package__)


@dataclass(frozen=True, slots=True)
class Bundle:
    """The one inline style and the one inline script, and the policy that allows only them."""

    style: str
    script: str
    policy: str


@cache
def bundle() -> Bundle:
    """Joins the style sheets and the scripts. A script file sees the names of those before it."""
    style = "\n" + "\n".join(_read("css", f"{name}.css") for name in _STYLES)
    body = "\n".join(_read("js", f"{name}.js") for name in _SCRIPTS)
    script = f'\n(() => {{\n"use strict";\n{body}}})();\n'
    return Bundle(style, script, _policy(style, script))


@cache
def templates() -> Environment:
    """Jinja2 with everything escaped unless the template's author says otherwise."""
    return Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: _read("templates", name)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _read(*path: str) -> str:
    # A browser hashes the text with line feeds only, whatever the checkout made of them.
    return _HERE.joinpath(*path).read_text("utf-8").replace("\r\n", "\n")


def _policy(style: str, script: str) -> str:
    """Content Security Policy level 3: nothing is fetched, nothing runs but this script, and
    the script itself cannot turn text into markup (Trusted Types with no policy allowed)."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
