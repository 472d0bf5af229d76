"""The OpenAPI file is complete, valid and what the server says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from tests.api_description import api_description
from tools import openapi

from vigie.faces.server.app import routers
from vigie.faces.server.examples import contents, example_of, operations

DOCUMENT = api_description()


def media_of(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for operation in operations(document):
        for media in contents(operation):
            yield operation["operationId"], media


def test_the_file_is_what_the_server_says(update_golden: bool) -> None:
    if update_golden:
        openapi.main()
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text(), "run `make openapi`"


def test_every_operation_says_who_may_call_it_and_how_it_fails() -> None:
    found = list(operations(DOCUMENT))
    assert len(found) > 50
    public = {one["operationId"] for one in found if not one["security"]}
    assert {"get_health", "get_readiness"} <= public
    guarded = [one for one in found if one["security"]]
    assert all(one["x-permissions"] for one in guarded)
    assert {"list_findings", "create_import", "judge_gate"} <= {o["operationId"] for o in guarded}
    for one in found:
        assert "application/problem+json" in one["responses"]["default"]["content"]
        assert one["description"], one["operationId"]


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [one["operationId"] for one in operations(DOCUMENT)]
    assert sorted(names) == sorted(set(names))
    routes = sum(
        len(getattr(route, "methods", ())) for _, router in routers() for route in router.routes
    )
    assert len(names) == routes


def test_every_body_and_answer_has_an_example_that_fits_its_schema() -> None:
    wrong = []
    for name, media in media_of(DOCUMENT):
        schema = {**media["schema"], "components": DOCUMENT["components"]}
        assert "example" in media or "examples" in media, name
        fault = jsonschema.Draft202012Validator(schema).iter_errors(media.get("example"))
        wrong += [f"{name} {one.json_path}: {one.message}" for one in fault]
    assert wrong == []


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 3}, 3),
        ({"anyOf": [{"type": "null"}, {"type": "string", "examples": ["a"]}]}, "a"),
        ({"enum": ["x", "y"]}, "x"),
        ({"type": "array", "items": {"type": "string", "format": "date"}}, ["2026-03-01"]),
        ({"type": "object", "properties": {"n": {"type": "number", "default": 2.5}}}, {"n": 2.5}),
        ({"$ref": "#/components/schemas/S"}, True),
        ({"type": "null"}, None),
    ],
)
def test_an_example_is_made_of_what_the_schema_says(schema: Any, expected: Any) -> None:
    assert example_of(schema, {"S": {"type": "boolean"}}) == expected


def test_a_schema_of_itself_ends() -> None:
    schemas = {"S": {"type": "object", "properties": {"s": {"$ref": "#/components/schemas/S"}}}}
    jsonschema.validate(example_of(schemas["S"], schemas), {"type": "object"})
