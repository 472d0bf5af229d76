"""Where the server is and by which key it knows us; the key never stands on a command line."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from vigie.model.errors import UserError
from vigie.model.text import T

KEY = "VIGIE_API_KEY"
KEY_FILE = "VIGIE_API_KEY_FILE"
_LONGEST_KEY = 4096


def server_of(address: str) -> str:
    """The address of a server without a / at its end.

    Raises UserError when it is none, holds a name or a password, or would send the key in the
    clear: http:// is for this machine alone.
    """
    hint = T("Write it as https://vigie.example.")
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UserError(T("this is no address of a server"), hint) from None
    if "@" in parts.netloc:
        raise UserError(
            T("an address of a server holds no user and no password"),
            T("The key is taken from {key} or from the file that {file} names.",
              key=KEY, file=KEY_FILE),
        )  # fmt: skip
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise UserError(T("{address} is no address of a server", address=address[:200]), hint)
    if parts.scheme == "http" and not _is_here(host):
        raise UserError(
            T("{address} would send the key in the clear", address=address[:200]),
            T("Use https://; http:// is only for this machine."),
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def key_of(environ: Mapping[str, str]) -> str:
    """The API key of `VIGIE_API_KEY`, or of the file that `VIGIE_API_KEY_FILE` names. Raises
    UserError when there is none, or none that could be sent."""
    key = environ.get(KEY, "").strip()
    if not key and environ.get(KEY_FILE):
        key = _read(Path(environ[KEY_FILE]).expanduser())
    if not key:
        raise UserError(
            T("there is no API key"),
            T("Put it into {key}, or its file's name into {file}; Settings → API keys makes one.",
              key=KEY, file=KEY_FILE),
        )  # fmt: skip
    if len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()) or " " in key:
        raise UserError(
            T("the API key is none: it holds more than one word"), T("Copy it whole and alone.")
        )
    return key


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST_KEY + 2).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or T("it is no text")
        raise UserError(
            T("the file of the API key cannot be read: {why}", why=why),
            T("Check what {file} names.", file=KEY_FILE),
        ) from None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
