"""What went wrong, as problem documents (RFC 9457). The only place with HTTP status codes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from vigie.faces.server.speech import words_for
from vigie.model.access import NotAllowed, NotSignedIn
from vigie.model.errors import SourceError, UserError, VigieError
from vigie.model.text import T, Text
from vigie.services.failures import Conflict, NotFound, Outdated, TooLarge, TooMany

MEDIA_TYPE = "application/problem+json"

# The first that fits; `type` is `urn:vigie:problem:<word>`.
_KINDS: tuple[tuple[type[VigieError], int, str, Text], ...] = (
    (NotSignedIn, 401, "not-signed-in", T("Sign in first")),
    (NotAllowed, 403, "not-allowed", T("Not allowed")),
    (NotFound, 404, "not-found", T("Not found")),
    (Outdated, 412, "outdated", T("Changed by somebody else")),
    (Conflict, 409, "conflict", T("Not possible as things stand")),
    (TooLarge, 413, "too-large", T("Too large")),
    (TooMany, 429, "too-many", T("Too many requests")),
    (UserError, 422, "wrong-input", T("Not understood")),
)
_BY_STATUS = {
    400: ("wrong-request", T("Not understood")),
    404: ("not-found", T("Not found")),
    405: ("wrong-method", T("Not a method of this resource")),
    408: ("too-slow", T("The request took too long to arrive")),
    413: ("too-large", T("Too large")),
}


class FieldProblem(BaseModel):
    """One field of the request and what is wrong with it."""

    field: str = Field(examples=["body.name"])
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong (RFC 9457), and what to do about it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:vigie:problem:not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "there is no finding 0190…",
                    "hint": "GET /api/v1/findings lists them.",
                    "request_id": "019aa5d0-0000-7000-8000-000000000000",
                }
            ]
        }
    )

    type: str = Field(examples=["urn:vigie:problem:not-found"])
    title: str
    status: int
    detail: str
    hint: str = ""
    request_id: str = ""
    errors: list[FieldProblem] = []


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem document."""
    app.add_exception_handler(VigieError, _of_vigie)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)


def problem(
    request: HTTPConnection,
    status: int,
    word: str,
    title: Text,
    detail: Text | str,
    hint: Text | str = "",
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem document, in the reader's language."""
    words = words_for(request)
    body: dict[str, Any] = {
        "type": f"urn:vigie:problem:{word}",
        "title": words(title),
        "status": status,
        "detail": words(detail) if isinstance(detail, Text) else detail,
        "hint": words(hint) if isinstance(hint, Text) else hint,
        "request_id": getattr(request.state, "request_id", ""),
        "errors": errors or [],
    }
    return Response(
        msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def problem_of(request: HTTPConnection, error: VigieError) -> Response:
    """The problem document of one of our own errors."""
    return _of_vigie(request, error)


def _of_vigie(request: HTTPConnection, error: Exception) -> Response:
    if isinstance(error, SourceError):
        status = 503 if error.retryable else 502
        return problem(
            request, status, "outside", T("Something outside Vigie failed"), error.message,
            error.hint, headers={"Retry-After": "5"} if error.retryable else None,
        )  # fmt: skip
    assert isinstance(error, VigieError)  # noqa: S101  it is registered for these alone
    status, word, title = next(
        (status, word, title) for kind, status, word, title in _KINDS if isinstance(error, kind)
    )
    headers: dict[str, str] = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(max(1, math.ceil(error.after)))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(request, status, word, title, error.message, error.hint, headers=headers)


def _of_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        {"field": ".".join(str(part) for part in one["loc"])[:200], "detail": str(one["msg"])[:500]}
        for one in error.errors()[:50]
    ]
    named = ", ".join(one["field"] for one in errors[:5])
    return problem(
        request, 422, "wrong-input", T("Not understood"),
        T("the request has something wrong at: {fields}", fields=named),
        T("/api/v1/openapi.json says what each field may hold."), errors=errors,
    )  # fmt: skip


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    word, title = _BY_STATUS.get(error.status_code, ("wrong-request", T("Not understood")))
    detail = T("{method} {path}", method=request.method, path=request.url.path[:200])
    return problem(request, error.status_code, word, title, detail, headers=error.headers)


def bug(request: Request) -> Response:
    """What nobody foresaw; of what it held nothing is said."""
    return problem(
        request, 500, "bug", T("This is a bug in Vigie"),
        T("what was asked could not be done because of a mistake in Vigie"),
        T("Report it with this request id; the server's log has the rest."),
    )  # fmt: skip
