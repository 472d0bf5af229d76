"""Makes the server of a platform as its settings ask for."""

from __future__ import annotations

import socket

from vigie.faces.server.app import create_app
from vigie.faces.server.serving import Serving, Tls
from vigie.services.platform import Platform
from vigie.services.rate_limits import rates_of
from vigie.wiring.platform import at_address
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.work import scan_rules


def serving_of(platform: Platform, settings: PlatformSettings, listener: socket.socket) -> Serving:
    """The API of this platform on a socket that listens; not started yet.

    Raises UserError when the certificate cannot be used, or a rate limit is none.
    """
    address = settings.url(listener.getsockname()[1])
    tls = None
    if settings.tls_certificate is not None and settings.tls_key is not None:
        minimum = platform.policy.tls.version
        tls = Tls(settings.tls_certificate, settings.tls_key, minimum)
    app = create_app(at_address(platform, address))
    app.state.rates = rates_of(settings.rate_limits)
    app.state.scan_rules = scan_rules(settings)
    return Serving(app, listener, address=address, tls=tls, proxies=settings.proxies)
