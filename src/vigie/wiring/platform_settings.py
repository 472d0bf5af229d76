"""Settings of the platform: defaults < environment < command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.sources.data_folder import data_folder
from vigie.wiring.variables import value_of

MOST_WORKERS = 256


class Listen(msgspec.Struct, frozen=True):
    """Where the server listens. Port 0 is any that is free."""

    host: str = "127.0.0.1"
    port: int = 8480

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class PlatformSettings(msgspec.Struct, frozen=True):
    """How one process of the platform runs. "" and None mean not set.

    `data` is Vigie's data folder, where advisories and scanners lie too. Without addresses of
    engines everything lies in it: SQLite, a table for the queue, the cache in memory. `workers`
    0 leaves a processor to the API. `scan_folders` are the folders of this machine that people
    may have scanned, `scan_machine_login` lets this machine's registry logins serve every tenant;
    `proxies` whose word about the caller's address is believed; `offline`
    keeps scans from the network.
    """

    data: Path
    database_url: str = ""
    queue_url: str = ""
    cache_url: str = ""
    listen: Listen = Listen()
    address: str = ""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    workers: int = 0
    scan_folders: tuple[Path, ...] = ()
    scan_machine_login: bool = False
    proxies: tuple[str, ...] = ()
    security_policy: Path | None = None
    rate_limits: str = ""
    offline: bool = False

    def __repr__(self) -> str:
        """Without the addresses: they may hold passwords."""
        return f"PlatformSettings(data={str(self.data)!r}, listen={str(self.listen)!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("data", str(self.data)), ("listen", str(self.listen))]

    @property
    def embedded(self) -> bool:
        """Whether all of it is on this machine, in the folder."""
        return not self.database_url

    @property
    def database(self) -> str:
        """The database's URL; of SQLite in the folder when none was given."""
        return self.database_url or f"sqlite:///{self.data / 'vigie.db'}"

    @property
    def worker_count(self) -> int:
        """How many worker processes."""
        return self.workers or max(1, min(4, (os.cpu_count() or 1) - 1))

    def url(self, port: int) -> str:
        """Where people reach it, when the server listens on that port."""
        if self.address:
            return self.address
        scheme = "https" if self.tls_certificate else "http"
        return f"{scheme}://{Listen(self.listen.host, port)}"


def platform_settings(environ: Mapping[str, str], **typed: Any) -> PlatformSettings:
    """The settings that hold now. `typed` are texts of the command line, None when left out.

    Raises UserError that names the variable or option and what it may be.
    """

    def given(name: str) -> str:
        value = typed.get(name)
        return str(value) if value is not None else value_of(environ, f"VIGIE_{name.upper()}")

    named = typed.get("data")
    folder = Path(named).expanduser() if named else data_folder(environ)
    certificate, key = _file(given("tls_certificate")), _file(given("tls_key"))
    if (certificate is None) != (key is None):
        raise UserError(
            T("TLS needs a certificate and its key"),
            T("Set VIGIE_TLS_CERTIFICATE and VIGIE_TLS_KEY, or neither."),
        )
    return PlatformSettings(
        data=folder.absolute(),
        database_url=given("database_url"),
        queue_url=given("queue_url"),
        cache_url=given("cache_url"),
        listen=_listen(given("listen")),
        address=_address(given("address")),
        tls_certificate=certificate,
        tls_key=key,
        workers=_workers(given("workers")),
        scan_folders=tuple(
            Path(one).expanduser().absolute()
            for one in given("scan_folders").split(os.pathsep)
            if one
        ),
        scan_machine_login=_switch(given("scan_machine_login"), "VIGIE_SCAN_MACHINE_LOGIN"),
        proxies=tuple(one.strip() for one in given("proxies").split(",") if one.strip()),
        security_policy=_file(given("security_policy")),
        rate_limits=given("rate_limits"),
        offline=bool(typed.get("offline")),
    )


def _listen(text: str) -> Listen:
    if not text:
        return Listen()
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise UserError(
            T("{value!r} is no address to listen on", value=text),
            T("Give HOST:PORT, such as 127.0.0.1:8480 or [::]:8480."),
        )
    return Listen(host.removeprefix("[").removesuffix("]"), int(port))


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://")):
        raise _wrong("VIGIE_ADDRESS", T("the URL at which people reach it: https://vigie.example"))
    return text.rstrip("/")


def _workers(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or int(text[:9]) > MOST_WORKERS:
        raise _wrong("workers", T("a number from 0 to {most}", most=MOST_WORKERS))
    return int(text)


def _switch(text: str, name: str) -> bool:
    if text not in ("", "yes", "no"):
        raise _wrong(name, T("yes or no"))
    return text == "yes"


def _file(text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise UserError(
            T("there is no file {path}", path=text), T("Check the path and its permissions.")
        )
    return path


def _wrong(name: str, what: Text) -> UserError:
    return UserError(T("{name} cannot be read", name=name), T("Allowed: {what}", what=what))
