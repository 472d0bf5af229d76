"""The screens: files that `make web` built from web/, served beside the API.

What has a hash in its name never changes and is kept for a year; the page that names those files
is never kept. Files lie beside their compressed forms (`.br`, `.gz`), so nothing is compressed
while somebody waits. Every other address that no resource has is a place inside the screens and
gets the same page.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from vigie.faces.server.middleware import content_policy

BUILT: Final = Path(__file__).parent / "built"
UNBUILT: Final = Path(__file__).parent / "unbuilt.html"
NONCE: Final = "__VIGIE_NONCE__"  # stands in the built page; web/vite.config.ts writes it

# One name, never a path: what does not match is no file of ours.
_HASHED = re.compile(r"/built/([\w-][\w.-]*)", re.ASCII)
_LOOSE = re.compile(r"/([\w-]+\.(?:svg|js|txt|png|ico))", re.ASCII)
_OURS = ("/api/", "/.well-known/", "/built/")
_YEAR = "public, max-age=31536000, immutable"
_KINDS = {
    ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain",
    ".png": "image/png", ".ico": "image/x-icon", ".json": "application/json",
    ".woff2": "font/woff2",
}  # fmt: skip


def install(app: FastAPI, folder: Path = BUILT) -> None:
    """Answer with the screens what no resource answers."""
    app.router.default = Screens(folder, app.router.not_found)


class Screens:
    """The built files of a folder; `otherwise` answers what is none of the screens' business."""

    def __init__(self, folder: Path, otherwise: ASGIApp) -> None:
        self._folder = folder
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        answer = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            answer = await run_in_threadpool(self._answer, scope["path"], Headers(scope=scope))
        await (answer or self._otherwise)(scope, receive, send)

    def _answer(self, path: str, headers: Headers) -> Response | None:
        if match := _HASHED.fullmatch(path):
            return _file(self._folder / "built", match[1], headers, _YEAR)
        if match := _LOOSE.fullmatch(path):
            return _file(self._folder, match[1], headers, "no-cache")
        if path.startswith(_OURS) or path == "/api" or path.startswith("/api."):
            return None
        return self._page()

    def _page(self) -> Response:
        """The page with a nonce of its own for the styles that scripts make."""
        try:
            page = (self._folder / "index.html").read_text("utf-8")
        except FileNotFoundError:
            said = UNBUILT.read_text("utf-8")
            return HTMLResponse(said, headers={"Cache-Control": "no-store"})
        nonce = secrets.token_urlsafe(18)
        return HTMLResponse(
            page.replace(NONCE, nonce),
            headers={
                "Cache-Control": "no-store",
                "Content-Security-Policy": content_policy(f"'nonce-{nonce}'"),
            },
        )


def _file(folder: Path, name: str, headers: Headers, kept: str) -> Response | None:
    """The file, compressed as far as the other side reads it (RFC 9110, 12.5.3)."""
    kind = _KINDS.get(Path(name).suffix)
    if kind is None or not (folder / name).is_file():
        return None
    said = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    taken = {part.split(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")}
    for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
        if coding in taken and (found := folder / f"{name}{suffix}").is_file():
            said["Content-Encoding"] = coding
            return FileResponse(found, headers=said, media_type=kind)
    return FileResponse(folder / name, headers=said, media_type=kind)
