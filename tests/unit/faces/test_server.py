"""What every request and answer of the server has in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.requests import Request
from tests.platforms import platform
from tests.servers import person

from vigie.faces.server import middleware
from vigie.faces.server.app import PREFIX, create_app, routers
from vigie.faces.server.callers import Guard, Public
from vigie.faces.server.lists import parameters, query_of
from vigie.faces.server.openapi import guards_of
from vigie.faces.server.problems import MEDIA_TYPE
from vigie.faces.server.revisions import _expected
from vigie.faces.server.speech import language_of, spoken
from vigie.model.access import Role
from vigie.model.errors import SourceError, UserError
from vigie.model.queries import Filter, Operator, Query
from vigie.model.text import ENGLISH, T
from vigie.services.failures import Conflict, NotFound, Outdated, TooLarge, TooMany
from vigie.services.submissions import IMPORT_LISTING
from vigie.stores.relational.database import Database
from vigie.stores.relational.ids import new_id
from vigie.wiring.words import words

SECRET = "the password is hunter2"  # what a bug may hold and no answer may say


def made(folder: Path) -> FastAPI:
    """The application, with routes that fail in every way there is."""
    place = platform(Database(f"sqlite:///{folder / 'x.db'}"), folder)
    app = create_app(place, lambda _connection, _platform: person(new_id(), Role.OWNER))
    failures: dict[str, Exception] = {
        "404": NotFound(T("there is no {noun} {id}", noun=T("job"), id="7")),
        "409": Conflict("taken"), "412": Outdated("old"), "413": TooLarge("big"),
        "422": UserError("wrong", "like this"), "429": TooMany("often", after=2.5),
        "502": SourceError("outside"), "503": SourceError("outside", retryable=True),
        "500": KeyError(SECRET),
    }  # fmt: skip
    for name, error in failures.items():
        app.add_api_route(f"/fail/{name}", _failing(error), include_in_schema=False)

    async def echo(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    app.add_api_route("/echo", echo, methods=["POST"], include_in_schema=False)
    return app


def _failing(error: Exception) -> Any:
    def fail() -> None:
        raise error

    return fail


def ask(folder: Path, method: str, path: str, **more: Any) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(made(folder), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vigie.test") as client:
            return await client.request(method, path, **more)

    return anyio.run(go)


@pytest.mark.parametrize("status", ["404", "409", "412", "413", "422", "429", "500", "502", "503"])
def test_every_failure_is_a_problem_document(tmp_path: Path, status: str) -> None:
    answer = ask(tmp_path, "GET", f"/fail/{status}")
    assert answer.status_code == int(status)
    assert answer.headers["content-type"] == MEDIA_TYPE
    body = answer.json()
    assert body["status"] == int(status)
    assert body["type"].startswith("urn:vigie:problem:")
    assert body["title"]
    assert body["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text


def test_when_to_come_back_is_said(tmp_path: Path) -> None:
    assert ask(tmp_path, "GET", "/fail/429").headers["retry-after"] == "3"
    assert ask(tmp_path, "GET", "/fail/503").headers["retry-after"] == "5"
    assert "retry-after" not in ask(tmp_path, "GET", "/fail/502").headers


def test_a_problem_speaks_the_readers_language(tmp_path: Path) -> None:
    french = ask(tmp_path, "GET", "/fail/404", headers={"Accept-Language": "de, fr;q=0.8"}).json()
    assert (french["title"], french["detail"]) == ("Introuvable", "tâche : aucun élément 7".replace(
        " :", "\u00a0:"))  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/health", 405),
        ("GET", f"{PREFIX}/jobs?limit=x", 422),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    answer = ask(tmp_path, method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)


def test_a_body_that_is_not_right_names_its_fields(tmp_path: Path) -> None:
    answer = ask(tmp_path, "POST", f"{PREFIX}/scans", json={"target": "", "odd": 1})
    assert answer.status_code == 422
    assert {e["field"] for e in answer.json()["errors"]} == {"body.target", "body.odd"}


@pytest.mark.parametrize("path", ["/health", f"{PREFIX}/nothing", "/fail/500"])
def test_every_answer_has_the_security_headers(tmp_path: Path, path: str) -> None:
    headers = ask(tmp_path, "GET", path).headers
    for name, value in middleware.HEADERS.items():
        assert headers[name] == value
    assert "unsafe-inline" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [("abcdef-123", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False)],
)
def test_a_decent_request_id_is_kept(tmp_path: Path, given_id: str, kept: bool) -> None:
    answer = ask(tmp_path, "GET", "/health", headers={"X-Request-ID": given_id})
    assert (answer.headers["x-request-id"] == given_id) is kept
    assert answer.headers["x-request-id"]


def test_a_body_is_taken_up_to_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "LARGEST_BODY", 1000)
    assert ask(tmp_path, "POST", "/echo", content=b"x" * 1000).json() == {"size": 1000}
    assert ask(tmp_path, "POST", "/echo", content=b"x" * 1001).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:  # no Content-Length says how much will come
        for _ in range(20):
            yield b"x" * 100

    answer = ask(tmp_path, "POST", "/echo", content=pieces())
    assert (answer.status_code, answer.headers["content-type"]) == (413, MEDIA_TYPE)


def test_a_body_that_never_ends_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"x"
        await anyio.sleep(60)
        yield b"x"

    assert ask(tmp_path, "POST", "/echo", content=slow()).status_code == 408


@pytest.mark.parametrize("length", ["99999999999999999999999999", "²", "-1", "x"])
def test_an_odd_length_is_no_bug(tmp_path: Path, length: str) -> None:
    said = {"Content-Length": length.encode("latin-1")}
    assert ask(tmp_path, "POST", "/echo", content=b"x", headers=said).status_code < 500


ROUTES = [r for _, router in routers() for r in router.routes if isinstance(r, APIRoute)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_endpoint_says_who_may_ask_it(route: APIRoute) -> None:
    """One that declares neither a permission nor why it is for everybody fails the build."""
    assert len(guards_of(route)) == 1


def test_there_are_endpoints_to_look_at() -> None:
    assert len(ROUTES) > 50


def test_the_description_tells_permissions_and_problems(tmp_path: Path) -> None:
    app = made(tmp_path)
    document = app.openapi()
    assert document["openapi"] == "3.1.0"
    routes = {r.operation_id or r.name: r for r in ROUTES}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert MEDIA_TYPE in operation["responses"]["default"]["content"], path
            guard = guards_of(routes[operation["operationId"]])[0]
            if isinstance(guard, Guard):
                assert operation["x-permissions"] == [guard.permission.value]
                assert operation["security"]
            else:
                assert isinstance(guard, Public)
                assert guard.why
    text = msgspec.json.encode(document).decode()
    assert "HTTPValidationError" not in text


def request_of(query: str = "", **headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode("latin-1")) for k, v in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "headers": raw, "state": {}})


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("fr", "fr"), ("fr-CA,en;q=0.9", "fr"), ("en;q=0.5, fr;q=0.6", "fr"),
     ("fr;q=0, en", "en"), ("de", "en"), ("*", "en"), ("fr;q=x", "en")],
)  # fmt: skip
def test_the_first_language_that_vigie_speaks(header: str, language: str) -> None:
    assert language_of(request_of(accept_language=header)) == language


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_no_accept_language_is_a_bug(header: str) -> None:
    assert language_of(request_of(accept_language=header)) in ("en", "fr")


def test_stored_sentences_are_said_in_the_readers_language() -> None:
    params = {"noun": {"template": "job"}, "id": "7"}
    why = {"template": "there is no {noun} {id}", "params": params}
    kept = {"n": 1, "why": why, "list": [{"template": ""}]}
    assert spoken(kept, ENGLISH) == {"n": 1, "why": "there is no job 7", "list": [""]}
    assert "tâche" in spoken(kept, words("fr"))["why"]


def test_a_sentence_of_a_result_is_said_in_the_language_of_the_reader() -> None:
    kept = {"error": {"message": {"en": "there is no job 7", "template": "there is no {noun} {id}",
                                  "params": {"noun": {"template": "job"}, "id": "7"}},
                      "hint": {"en": "job"}}}  # fmt: skip
    assert spoken(kept, ENGLISH)["error"] == {"message": "there is no job 7", "hint": "job"}
    assert spoken(kept, words("fr"))["error"]["hint"] == "tâche"


def test_a_question_is_read_from_the_address() -> None:
    asked = query_of(request_of(
        "severity=critical,high&status.not=fixed&q=log4j+shop&sort=-score&limit=7&fields=id,kind"
        "&facets=kind&cursor=abc"
    ))  # fmt: skip
    assert asked == Query(
        filters=(
            Filter("severity", Operator.IS, ("critical", "high")),
            Filter("status", Operator.NOT, ("fixed",)),
        ),
        search="log4j shop", sort="-score", cursor="abc", limit=7, fields=("id", "kind"),
        facets=("kind",),
    )  # fmt: skip


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=30), max_size=6))
def test_any_address_is_a_question_or_refused(asked: dict[str, str]) -> None:
    query = str(QueryParams({k: v.encode("utf-8", "replace").decode() for k, v in asked.items()
                             if k.isprintable()}))  # fmt: skip
    try:
        found = query_of(request_of(query))
    except UserError:
        return
    assert 1 <= found.limit <= 500


def test_a_list_tells_what_it_can_be_asked() -> None:
    told = {p["name"]: p for p in parameters(IMPORT_LISTING)["parameters"]}
    assert {"sort", "limit", "cursor", "fields", "q", "facets", "state", "created_at"} <= set(told)
    assert "-created_at" in told["sort"]["schema"]["enum"]
    assert "created_at.ge" in told["created_at"]["description"]


@pytest.mark.parametrize(("header", "revision"), [(None, None), ("*", None), ('"7"', 7),
                                                  ('W/"7"', 7), ("7", 7)])  # fmt: skip
def test_the_revision_that_was_read(header: str | None, revision: int | None) -> None:
    assert anyio.run(_expected, header) == revision


@pytest.mark.parametrize("header", ['"x"', '"-1"', '"1","2"', '"99999999999999"', '"²"'])
def test_what_is_no_revision_is_refused(header: str) -> None:
    with pytest.raises(UserError):
        anyio.run(_expected, header)
