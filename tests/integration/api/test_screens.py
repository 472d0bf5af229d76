"""The screens beside the API: what is kept, what is compressed, what a page may do, and what a
checkout says in which nothing is built."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import anyio
import httpx
import pytest
from fastapi import FastAPI

from vigie.faces.server import problems, screens
from vigie.faces.server.app import routed
from vigie.faces.server.middleware import HEADERS, Marked

SECRET = "not to be served"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "built"
    (folder / "built").mkdir(parents=True)
    page = f'<html><meta name="vigie-nonce" nonce="{screens.NONCE}"><div id="root"></div></html>'
    (folder / "index.html").write_text(page)
    (folder / "built" / "main-a1b2.js").write_text("plain")
    (folder / "built" / "main-a1b2.js.br").write_text("as brotli")
    (folder / "built" / "main-a1b2.js.gz").write_text("as gzip")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "notes.md").write_text(SECRET)
    (tmp_path / "outside.js").write_text(SECRET)
    return folder


class Browser:
    """Asks the application without a network; `raw` is the body as it came."""

    def __init__(self, folder: Path) -> None:
        app = routed()
        problems.install(app)
        screens.install(app, folder)
        app.add_middleware(Marked)
        self._app: FastAPI = app
        self.raw = b""

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return anyio.run(self._ask, method, path, headers or {})

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, {n.replace("_", "-"): v for n, v in headers.items()})

    async def _ask(self, method: str, path: str, headers: Mapping[str, str]) -> httpx.Response:
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=self._app), base_url="http://here"
            ) as client,
            client.stream(method, path, headers=headers) as answer,
        ):
            self.raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        return httpx.Response(
            answer.status_code,
            headers={n: v for n, v in answer.headers.items() if n != "content-encoding"},
            content=self.raw,
            extensions={"coding": answer.headers.get("content-encoding")},
        )


@pytest.fixture
def client(built: Path) -> Browser:
    return Browser(built)


@pytest.mark.parametrize("path", ["/", "/findings", "/findings?severity=critical", "/a/b/c.d"])
def test_every_place_inside_the_screens_gets_the_page(client: Browser, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert '<div id="root">' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_each_page_has_a_nonce_of_its_own_for_styles_alone(client: Browser) -> None:
    seen = set()
    for _ in range(3):
        answer = client.get("/")
        said = re.search(r'nonce="([\w-]{20,})"', answer.text)
        assert said, answer.text
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["style-src"] == f"'self' 'nonce-{said[1]}'"
        assert policy["script-src"] == "'self'"
        assert policy["default-src"] == "'none'"
        seen.add(said[1])
    assert len(seen) == 3


def test_nothing_but_the_page_has_a_nonce(client: Browser) -> None:
    for path in ("/built/main-a1b2.js", "/health", "/api/v1/nothing"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy == HEADERS["Content-Security-Policy"]
        assert "nonce" not in policy and "unsafe" not in policy


@pytest.mark.parametrize(
    ("taken", "coding", "text"),
    [("br, gzip", "br", b"as brotli"), ("gzip;q=1.0", "gzip", b"as gzip"), ("", None, b"plain")],
)
def test_a_hashed_file_is_kept_for_a_year_and_comes_compressed(
    client: Browser, taken: str, coding: str | None, text: bytes
) -> None:
    answer = client.get("/built/main-a1b2.js", accept_encoding=taken)
    assert client.raw == text
    assert answer.extensions["coding"] == coding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_a_file_without_a_hash_is_asked_for_again(client: Browser) -> None:
    answer = client.get("/favicon.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/built/../outside.js", "/built/%2e%2e/outside.js", "/built/..%2f..%2foutside.js",
     "/built/gone-1234.js", "/built/", "/../outside.js", "/%2e%2e%2foutside.js", "/notes.md"],
)  # fmt: skip
def test_only_files_of_the_screens_are_served(client: Browser, path: str) -> None:
    answer = client.get(path)
    assert SECRET not in answer.text
    assert answer.status_code == 404 or '<div id="root">' in answer.text


@pytest.mark.parametrize("path", ["/api", "/api/v1/nothing", "/.well-known/x", "/built/gone.js"])
def test_what_belongs_to_others_stays_a_problem(client: Browser, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_reading_leads_to_the_screens(client: Browser) -> None:
    assert client.ask("POST", "/findings").status_code == 404
    assert client.ask("HEAD", "/findings").status_code == 200
    assert client.ask("POST", "/health").status_code == 405


def test_without_screens_a_page_says_in_both_languages_how_to_build_them(tmp_path: Path) -> None:
    client = Browser(tmp_path / "nothing")
    answer = client.get("/findings")
    assert answer.status_code == 200
    assert answer.text.count("make web") == 2
    assert 'lang="fr"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert client.get("/built/main-a1b2.js").status_code == 404
    assert client.get("/health").json() == {"status": "ok"}
