"""The outermost guard of the server: a mistake of ours is answered as a problem, and logged."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vigie.faces.server.problems import bug


class Guarded:
    """Answers what nobody foresaw with 500 and nothing of what it held. It stands inside the
    middleware that marks answers, so that this one has its id and headers too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            if scope["type"] != "http":
                raise
            structlog.get_logger().exception("bug", path=scope["path"])
            if not begun:
                await bug(Request(scope, receive))(scope, receive, send)
