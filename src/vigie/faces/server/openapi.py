"""The OpenAPI 3.1 file: what every operation has in common is said once, here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from vigie.faces.server.callers import Guard, Public
from vigie.faces.server.examples import exemplify
from vigie.faces.server.problems import MEDIA_TYPE, Problem

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_ABOUT = (
    "Everything Vigie knows and does. Lists share one language of filters, search, sort, pages "
    "and facets; errors are problem documents (RFC 9457); what people edit has an ETag; what "
    "creates takes an Idempotency-Key."
)


def describe(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Make `app.openapi()` complete: permissions, problems, how to sign in, examples. `routes`
    are all that the application has."""
    guards = {r.operation_id or r.name: guards_of(r) for r in routes}

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, guards)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def guards_of(route: APIRoute) -> list[Guard | Public]:
    """What a route declares about who may call it."""
    found: list[Guard | Public] = []
    waiting = list(route.dependant.dependencies)
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, (Guard, Public)):
            found.append(dependant.call)
        waiting += dependant.dependencies
    return found


def _document(app: FastAPI, guards: Mapping[str, list[Guard | Public]]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, description=_ABOUT, routes=app.routes
    )
    components = document.setdefault("components", {})
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = components.setdefault("schemas", {})
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "key": {"type": "http", "scheme": "bearer", "description": "An API key (vigie_…)."},
    }
    for path in document["paths"].values():
        for method in _METHODS:
            if method in path:
                _complete(path[method], guards.get(path[method]["operationId"], []))
    _let_lists_leave_out(schemas)
    exemplify(document)
    return document


def _let_lists_leave_out(schemas: dict[str, Any]) -> None:
    """A list gives only the fields that were asked for: none of an item's is sure to be there."""
    for page in [schema for name, schema in schemas.items() if name.startswith("PageOf_")]:
        items = page["properties"]["items"]["items"]
        name = items.get("$ref", "").rpartition("/")[2]
        if not schemas.get(name, {}).get("required"):
            continue
        listed = {key: value for key, value in schemas[name].items() if key != "required"}
        said = f"{listed.get('description', '')} In lists: only the fields that were asked for."
        schemas[f"Listed{name}"] = {**listed, "title": f"Listed{name}", "description": said}
        items["$ref"] = f"#/components/schemas/Listed{name}"


def _complete(operation: dict[str, Any], guards: list[Guard | Public]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses["default"] = {"description": "What went wrong.", "content": content}
    for answer in responses.values():
        for name, media in answer.get("content", {}).items():
            media.setdefault("schema", {"type": "object" if "json" in name else "string"})
    permissions = [g.permission.value for g in guards if isinstance(g, Guard)]
    if permissions:
        operation["security"] = [{"token": []}, {"key": []}]
        operation["x-permissions"] = permissions
    else:
        operation["security"] = []
