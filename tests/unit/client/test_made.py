"""The made part of the client is what the OpenAPI file says, and nothing is lost on the way."""

from __future__ import annotations

import inspect
import json
from typing import Any, get_type_hints

import msgspec
import pytest
from tools import client as making

from vigie.client.made import operations, shapes
from vigie.client.made.operations import Operations

DOCUMENT: dict[str, Any] = json.loads(making.SOURCE.read_text(encoding="utf-8"))
EVERY = [operation for path in DOCUMENT["paths"].values() for operation in path.values()]


def test_the_made_files_are_what_the_document_says(update_golden: bool) -> None:
    if update_golden:
        making.main()
    for name, text in making.files(DOCUMENT).items():
        assert (making.MADE / name).read_text(encoding="utf-8") == text, "run `make openapi`"


def test_every_operation_is_a_method_with_its_parameters() -> None:
    for operation in EVERY:
        method = getattr(Operations, operation["operationId"])
        taken = inspect.signature(method).parameters
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                assert parameter["name"] in taken
            elif parameter["in"] == "query":
                assert "asked" in taken
        assert ("body" in taken) == ("application/json" in making._bodies(operation))
        assert inspect.getdoc(method)


def test_every_example_is_read_by_the_struct_of_its_schema() -> None:
    """What the server shows as an answer, the client understands."""
    read = 0
    for operation in EVERY:
        for status, response in operation["responses"].items():
            media = response.get("content", {}).get("application/json")
            if not status.startswith("2") or not media or not media["schema"]:
                continue
            kind = eval(
                making.type_of(media["schema"], prefix="shapes."), {"shapes": shapes, "Any": Any}
            )
            found = msgspec.json.decode(json.dumps(media["example"]), type=kind)
            assert found is not None
            read += 1
    assert read > 40


def test_every_struct_can_be_used() -> None:
    found = 0
    for struct in vars(shapes).values():
        if not (isinstance(struct, type) and issubclass(struct, msgspec.Struct)):
            continue
        if struct is not msgspec.Struct:
            get_type_hints(struct, vars(shapes))
            msgspec.json.Decoder(struct)
            found += 1
    assert found > 60
    assert vars(operations)["Operations"] is Operations


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer"}, "int"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "str | None"),
        ({"anyOf": [{"type": "null"}, {"type": "number"}]}, "float | None"),
        ({"anyOf": [{"$ref": "#/x/A"}, {"$ref": "#/x/B"}]}, "Any"),
        ({"type": "array", "items": {"$ref": "#/x/PageOf_Job_"}}, "list[JobPage]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "dict[str, int]"),
        ({"type": "object"}, "dict[str, Any]"),
        ({"enum": ["a", "b"]}, "Literal['a', 'b']"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": ["string", "null"]}, "str | None"),
        ({}, "Any"),
    ],
)
def test_a_schema_has_its_python_type(schema: Any, expected: str) -> None:
    assert making.type_of(schema) == expected


def test_names_that_python_keeps_for_itself_are_moved_aside() -> None:
    schema = {"properties": {"class": {"type": "string"}, "from-x": {"type": "integer"}},
              "required": ["class"]}  # fmt: skip
    made = making._struct("S", schema, sent=True)
    assert "class_: str = field(name='class')" in made
    assert "from_x: int | UnsetType = field(default=UNSET, name='from-x')" in made


def test_a_body_that_nobody_knows_stops_the_making() -> None:
    operation = {"operationId": "x", "description": "", "responses": {},
                 "requestBody": {"content": {"text/csv": {}}}}  # fmt: skip
    with pytest.raises(ValueError, match="text/csv"):
        making._method({}, "/x", "post", operation)
