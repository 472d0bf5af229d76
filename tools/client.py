"""Makes src/vigie/client/made/ of docs/api/openapi.json: a struct a schema, a method an operation.

python -m tools.client

What every request has in common (retries, errors, streams) is written by hand in
src/vigie/client/connection.py; what is made here only says what each operation sends and answers.
"""

from __future__ import annotations

import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs" / "api" / "openapi.json"
MADE = ROOT / "src" / "vigie" / "client" / "made"

JSON, FORM, EVENTS = "application/json", "multipart/form-data", "text/event-stream"
HEAD = "# Made by tools/client.py from docs/api/openapi.json: `make openapi`.\n"
SHAPES = '''"""Bodies and answers of the API. What the server may leave out is None in an answer;
what is left out of a body stays as it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

'''
OPERATIONS = '''# ruff: noqa: A002, PLR0913, PLR0917
"""The operations of the API, one method each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Required, TypedDict, Unpack

from vigie.client.connection import Connection, part
from vigie.client.made import shapes
from vigie.client.streams import Download, ServerEvent, Upload

Value = str | float | bool | datetime | Sequence[str]

'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_DATES = {"date-time": "datetime", "date": "date"}

Schema = Mapping[str, Any]


def files(document: Schema) -> dict[str, str]:
    """The text of each made file, in order. The same document gives the same bytes."""
    return {
        "shapes.py": _formatted(HEAD + SHAPES + "\n\n".join(_shapes(document))),
        "operations.py": _formatted(HEAD + OPERATIONS + "\n\n".join(_operations(document))),
    }


def main() -> None:
    """Write them anew."""
    for name, text in files(json.loads(SOURCE.read_text(encoding="utf-8"))).items():
        (MADE / name).write_text(text, encoding="utf-8")
        print(f"wrote {MADE / name}")


def class_name(schema: str) -> str:
    """`PageOf_Finding_` is FindingPage, `Body_x` and generics become plain words."""
    page = re.fullmatch(r"PageOf_(\w+?)_", schema)
    return f"{page[1]}Page" if page else "".join(w[:1].upper() + w[1:] for w in schema.split("_"))


def type_of(schema: Schema, *, prefix: str = "") -> str:
    """The Python type of a schema; Any where Python has no word for it."""
    if "$ref" in schema:
        return prefix + class_name(schema["$ref"].rpartition("/")[2])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return f"Literal[{', '.join(repr(value) for value in values)}]"
    if "anyOf" in schema or "oneOf" in schema:
        return _union([type_of(s, prefix=prefix) for s in schema.get("anyOf", schema.get("oneOf"))])
    kind = schema.get("type")
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}), prefix=prefix)}]"
    if kind == "object":
        values = schema.get("additionalProperties") or next(
            iter(schema.get("patternProperties", {}).values()), True
        )
        return f"dict[str, {type_of(values, prefix=prefix) if isinstance(values, dict) else 'Any'}]"
    if isinstance(kind, list):
        return _union([_PLAIN.get(one, "Any") for one in kind])
    return _DATES.get(schema.get("format", ""), _PLAIN.get(kind or "", "Any"))


def _union(kinds: list[str]) -> str:
    """msgspec tells apart one object from one array, but no two objects."""
    plain = {*_PLAIN.values(), *_DATES.values()}
    objects = [k for k in kinds if k not in plain and not k.startswith("list[")]
    ordered = sorted(dict.fromkeys(kinds), key=lambda kind: kind == "None")
    return "Any" if "Any" in kinds or len(set(objects)) > 1 else " | ".join(ordered)


# ── shapes ──────────────────────────────────────────────────────────────────────────────────────


def _shapes(document: Schema) -> Iterator[str]:
    schemas = document["components"]["schemas"]
    forms = {_ref(b[FORM]["schema"]) for b in map(_bodies, _every(document)) if FORM in b}
    sent = _reached(
        schemas, [b[JSON]["schema"] for b in map(_bodies, _every(document)) if JSON in b]
    )
    for name in sorted(schemas.keys() - forms):
        schema = schemas[name]
        if "properties" in schema:
            yield _struct(class_name(name), schema, sent=name in sent)
        else:
            yield f"{class_name(name)} = {type_of(schema)}"


def _reached(schemas: Schema, waiting: list[Any]) -> set[str]:
    """The names of all schemas that these speak of."""
    found: set[str] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = _ref(one)
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def _struct(name: str, schema: Schema, *, sent: bool) -> str:
    options = "kw_only=True, frozen=True" + (", omit_defaults=True" if sent else "")
    lines = [f"class {name}(Struct, {options}):", f"    {_doc(schema.get('description', ''))}", ""]
    required = schema.get("required", ())
    for field, about in schema["properties"].items():
        lines.append("    " + _field(field, about, required=field in required, sent=sent))
    return "\n".join(lines) + "\n"


def _field(name: str, schema: Schema, *, required: bool, sent: bool) -> str:
    kind, own = type_of(schema), _identifier(name)
    if required:
        return f"{own}: {kind}" + (f" = field(name={name!r})" if own != name else "")
    if sent:
        kind, default = (kind if kind == "Any" else f"{kind} | UnsetType"), "UNSET"
    elif schema.get("default") is not None and "$ref" not in schema:
        default = repr(schema["default"])
    else:
        default = "None"
        kind = kind if kind == "Any" or kind.endswith("None") else f"{kind} | None"
    if own != name:
        default = f"field(default={default}, name={name!r})"
    return f"{own}: {kind} = {default}"


# ── operations ──────────────────────────────────────────────────────────────────────────────────


def _operations(document: Schema) -> Iterator[str]:
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    operations.sort(key=lambda one: (one[2]["tags"][:1], one[0], one[1]))
    for _, _, operation in operations:
        if _in(operation, "query"):
            yield _query(operation)
    methods = "\n".join(_method(document, *one) for one in operations)
    yield f'class Operations(Connection):\n    """Every operation of the API."""\n\n{methods}'


def _query(operation: Schema) -> str:
    lines = []
    taken = {p["name"] for p in _in(operation, "path")}  # `where` can still ask for these
    for parameter in (p for p in _in(operation, "query") if p["name"] not in taken):
        schema = parameter["schema"]
        kind = type_of(schema, prefix="shapes.").removesuffix(" | None")
        kind = "Value" if kind == "str" and "pattern" not in schema else kind
        kind = f"Required[{kind}]" if parameter.get("required") else kind
        lines.append(f'    "{parameter["name"]}": {kind},')
    body = "\n".join(lines)
    name = _query_name(operation)
    return f'{name} = TypedDict("{name}", {{\n{body}\n}}, total=False)'


def _query_name(operation: Schema) -> str:
    return class_name(operation["operationId"]) + "Query"


def _method(document: Schema, path: str, method: str, operation: Schema) -> str:
    first = ["self", *(f"{_identifier(p['name'])}: str" for p in _in(operation, "path"))]
    named: list[str] = []
    given: list[str] = []
    bodies, headers = _bodies(operation), {p["name"].lower() for p in _in(operation, "header")}
    if JSON in bodies:
        first.append(f"body: {type_of(bodies[JSON]['schema'], prefix='shapes.')}")
        given.append("body=body")
    elif FORM in bodies:
        form = document["components"]["schemas"][_ref(bodies[FORM]["schema"])]
        named += _form(form)
        pairs = ", ".join(f'"{name}": {_identifier(name)}' for name in form["properties"])
        given.append(f"form={{{pairs}}}")
    elif bodies:
        raise ValueError(f"{operation['operationId']} takes {sorted(bodies)}: teach it to tools")
    if "if-match" in headers:
        named.append("if_match: int | str | None = None")
        given.append("if_match=if_match")
    if "idempotency-key" in headers:
        named.append("idempotency_key: str | None = None")
        given += ['headers={"Idempotency-Key": idempotency_key}', "once=True"]
    if "last-event-id" in headers:
        named.append('last_event_id: str = ""')
        given.append("last_event_id=last_event_id")
    if _in(operation, "query"):
        if any(p["name"] == "fields" for p in _in(operation, "query")):
            named.append("where: Mapping[str, Value] | None = None")
            given.append("where=where")
        named.append(f"**asked: Unpack[{_query_name(operation)}]")
        given.append("query=asked")
    star = ["*"] if named and not named[0].startswith("**") else []
    answer, call = _answer(operation, method.upper(), _address(path), given)
    signature = f"def {operation['operationId']}({', '.join(first + star + named)}) -> {answer}:"
    return f"    {signature}\n        {_doc(operation['description'])}\n        {call}\n"


def _form(form: Schema) -> list[str]:
    needed, rest = [], []
    for name, schema in form["properties"].items():
        kind = "Upload" if "contentMediaType" in schema else type_of(schema, prefix="shapes.")
        if name in form.get("required", ()):
            needed.append(f"{_identifier(name)}: {kind}")
        else:
            rest.append(f"{_identifier(name)}: {kind} | None = None")
    return needed + rest


def _answer(operation: Schema, method: str, path: str, given: list[str]) -> tuple[str, str]:
    """Its type, and the statement that asks for it."""
    good = [r for status, r in operation["responses"].items() if status.startswith("2")]
    content = good[0].get("content", {}) if good else {}
    arguments = ", ".join(given)
    if JSON in content:
        kind = type_of(content[JSON]["schema"], prefix="shapes.")
        return kind, f'return self._ask("{method}", {path}, {kind}, {arguments})'
    if EVENTS in content:
        return "Iterator[ServerEvent]", f"return self._follow({path}, {arguments})"
    if content:
        return "Download", f'return self._download("{method}", {path}, {arguments})'
    return "None", f'self._ask("{method}", {path}, {arguments})'


def _address(path: str) -> str:
    filled = re.sub(r"{(\w+)}", lambda m: f"{{part({_identifier(m[1])})}}", path)
    return f'f"{filled}"' if filled != path else f'"{path}"'


def _every(document: Schema) -> list[Schema]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _bodies(operation: Schema) -> dict[str, Any]:
    found: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    return found


def _in(operation: Schema, where: str) -> list[Schema]:
    return [one for one in operation.get("parameters", ()) if one["in"] == where]


def _ref(schema: Schema) -> str:
    ref = schema.get("$ref", "")
    return ref.rpartition("/")[2] if isinstance(ref, str) else ""


def _identifier(name: str) -> str:
    word = re.sub(r"\W", "_", name)
    return f"{word}_" if keyword.iskeyword(word) or word == "self" else word


def _doc(text: str) -> str:
    said = " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''")
    words, lines, line = said.split(" "), [], ""
    for word in words:
        if len(line) + len(word) > 84:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return '"""' + "\n        ".join([*lines, line]) + '"""'


def _formatted(text: str) -> str:
    """By ruff as it is pinned: what is made is read like what is written."""
    ruff = [sys.executable, "-m", "ruff"]
    name = ["--stdin-filename", str(MADE / "made.py"), "-"]
    for arguments in (["check", "--fix", "--quiet", "--exit-zero", *name], ["format", *name]):
        done = subprocess.run([*ruff, *arguments], input=text, capture_output=True, text=True,
                              check=True, cwd=ROOT)  # fmt: skip
        text = done.stdout
    return text


if __name__ == "__main__":
    main()
