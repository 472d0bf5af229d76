"""Examples of the OpenAPI file: each body, answer and parameter shows one, made of what its
fields say themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ID = "019aa5d0-0000-7000-8000-000000000001"
_BY_FORMAT = {
    "date-time": "2026-03-01T12:00:00Z",
    "date": "2026-03-01",
    "uuid": _ID,
    "uri": "https://vigie.example/",
    "email": "ada@vigie.example",
}
# What a field of this name holds anywhere, where it shows no example of its own.
_BY_NAME = {
    "id": _ID,
    "asset": "shop",
    "name": "shop",
    "actor": "Ada",
    "owner": "payments",
    "target": "registry.example/shop:1.4",
    "url": "https://tracker.example/SHOP-7",
    "version": "1.4.2",
    "idempotency-key": "build-4711-push",
    "if-match": '"1"',
    "if-none-match": '"1"',
    "revision": 1,
    "fingerprint": "3f1c0a9be2d44871",
    "cursor": "",
    "next": "",
}
_PLAIN: dict[str, Any] = {
    "string": "text", "integer": 1, "number": 0.5, "boolean": True, "null": None, "object": {},
}  # fmt: skip
_DEEPEST = 8
_WORDS = re.compile(r"\^\(?(?:\?:)?([\w|-]+)\)?\$")  # a pattern that lists words
_SHOWN = ("path", "header")  # query parameters: all of a list's at once would be no example


def exemplify(document: dict[str, Any]) -> None:
    """Give each body, answer and parameter of this OpenAPI document an example, where it has a
    schema and none yet. The document is changed in place."""
    schemas = document.get("components", {}).get("schemas", {})
    for operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] in _SHOWN and "example" not in parameter:
                parameter["example"] = example_of(parameter["schema"], schemas, parameter["name"])
        for media in contents(operation):
            if "schema" in media and not {"example", "examples"} & media.keys():
                media["example"] = example_of(media["schema"], schemas)


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of an OpenAPI document."""
    for path in document["paths"].values():
        yield from (one for one in path.values() if isinstance(one, dict) and "responses" in one)


def contents(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every media type of an operation's body and answers."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from holder.get("content", {}).values()


def example_of(
    schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "", depth: int = 0
) -> Any:
    """A value that the schema describes (JSON Schema 2020-12), as telling as it can be."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name, depth + 1)
    for word in ("example", "const"):
        if word in schema:
            return schema[word]
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            chosen: Mapping[str, Any] = next(
                (one for one in schema[word] if one.get("type") != "null"), {}
            )
            return example_of(chosen, schemas, name, depth + 1)
    return _of_type(schema, schemas, name, depth)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type", "object")
    if kind == "object" and depth < _DEEPEST:
        fields = schema.get("properties", {})
        return {n: example_of(field, schemas, n, depth + 1) for n, field in fields.items()}
    if kind == "array":
        shown = depth < _DEEPEST and "items" in schema
        return [example_of(schema["items"], schemas, name, depth + 1)] if shown else []
    words = _WORDS.fullmatch(schema.get("pattern", ""))
    if words:
        return words[1].split("|")[0]
    if schema.get("format") in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if kind == "string" and name.endswith("_id"):
        return _ID
    if name in _BY_NAME and isinstance(_BY_NAME[name], type(_PLAIN.get(kind))):
        return _BY_NAME[name]
    return schema.get("default", schema.get("minimum", _PLAIN.get(kind)))
