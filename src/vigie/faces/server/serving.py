"""Serves the application in a thread of its own, on an address that is known to be free."""

from __future__ import annotations

import errno
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from vigie.faces.server.patience import USUAL, Patience, patient
from vigie.model.errors import UserError
from vigie.model.text import T

_BACKLOG = 2048
_GRACE = 5  # seconds that requests get when the server stops
_SILENT = 75  # seconds until a connection that asks nothing is closed; more than proxies wait
_PATIENCE = 60.0  # seconds that the start may take


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of the certificate (with its chain) and its key; `minimum` is "1.2" or "1.3"."""

    certificate: Path
    key: Path
    minimum: str = "1.3"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises UserError when the address cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        where = f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            raise UserError(
                T("something else listens on {where} already", where=where),
                T("Choose another: --listen {host}:{port}", host=host, port=port % 65_535 + 1),
            ) from None
        raise UserError(
            T("this machine cannot listen on {where}: {why}",
              where=where, why=error.strerror or str(error)),
            T("Choose another address: --listen HOST:PORT."),
        ) from None  # fmt: skip


class Serving:
    """The application on a socket; `alive` is False once it ended by itself."""

    def __init__(
        self,
        app: FastAPI,
        listener: socket.socket,
        *,
        address: str = "",
        tls: Tls | None = None,
        proxies: Sequence[str] = (),
        patience: Patience = USUAL,
    ) -> None:
        self.address = address  # where people reach it
        self._listener = listener
        self._app = app
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http=patient(patience),
            limit_concurrency=patience.connections,
            ws="websockets-sansio",
            # Whose X-Forwarded-For is believed; anybody may write one.
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            timeout_keep_alive=_SILENT,
            timeout_graceful_shutdown=_GRACE,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        _load(config, tls)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it serves."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Returns when requests are answered. Raises RuntimeError when the start fails."""
        self._thread.start()
        end = time.monotonic() + _PATIENCE
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > end:
                raise RuntimeError("the server did not start; the log says why")
            time.sleep(0.01)

    def stop(self) -> None:
        """Answer what was asked, then end. Whoever listens to events is told to go."""
        if (listeners := getattr(self._app.state, "listeners", None)) is not None:
            listeners.end()
        self._server.should_exit = True
        self._thread.join(_GRACE * 2)
        self._listener.close()

    def _run(self) -> None:
        self._server.run([self._listener])


def _load(config: uvicorn.Config, tls: Tls | None) -> None:
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        if tls is None:
            raise
        raise UserError(
            T("the certificate {certificate} with the key {key} cannot be used: {why}",
              certificate=str(tls.certificate), key=str(tls.key), why=error.strerror or str(error)),
            T("Both are PEM files; the certificate comes first, then its chain."),
        ) from None  # fmt: skip
    if tls is not None and config.ssl is not None:
        config.ssl.minimum_version = (
            ssl.TLSVersion.TLSv1_2 if tls.minimum == "1.2" else ssl.TLSVersion.TLSv1_3
        )
