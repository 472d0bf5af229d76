"""Whether anything answers at an address at all.

Scanners of web services take a host that is down for one without flaws.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from vigie.model.errors import SourceError
from vigie.model.text import T

_PORTS = {"http": 80, "https": 443}


def expect_answer(url: str, timeout: float = 10.0) -> None:
    """Raises SourceError unless a connection to the service can be made within the time.

    Behind a proxy only the proxy could tell, so nothing is asked then.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in getproxies() and not proxy_bypass(host):
        return
    try:
        with contextlib.closing(
            socket.create_connection((host, parts.port or _PORTS[parts.scheme]), timeout)
        ):
            return
    except OSError as error:
        raise SourceError(
            T("nothing answers at {target}: {why}", target=url, why=error.strerror or str(error)),
            T("See whether the service runs and can be reached from here."),
            retryable=True,
        ) from None


def is_loopback(url: str) -> bool:
    """True for an address on this very machine, as far as its name tells."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
