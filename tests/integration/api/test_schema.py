"""The whole API against its own description, on a real server: schemathesis sends what the
description allows and what it forbids; nothing may answer 5xx, or other than described."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, Phase
from schemathesis import Case, GenerationMode, checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as described
from tests.api_description import api_description
from tests.integration.api.world import World, opened
from tests.platforms import START, member
from tests.servers import person
from tests.store_fixtures import Store
from tests.unit.services.recording.readings_made import flaw, reading

from vigie.services.recording import record
from vigie.stores.cache.memory import MemoryCache
from vigie.stores.relational.scopes import SYSTEM
from vigie.stores.relational.tables.access import USERS
from vigie.wiring.secrets import secrets_of
from vigie.wiring.words import words

DOCUMENT = api_description()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
# Streams do not end by themselves, so nobody can wait for their whole answer; they are tried in
# test_events.py and test_background.py.
STREAMS = ("stream_events", "stream_job")
OPERATIONS: dict[str, Any] = {
    found.ok().definition.raw["operationId"]: found.ok()
    for found in SCHEMA.get_all_operations()
    if isinstance(found, Ok)
}
NAMES = sorted(OPERATIONS.keys() - set(STREAMS))
# Not `positive_data_acceptance`: that cron lines, policies and filters make sense is said by the
# server, not by JSON Schema.
CHECKS = [
    checks.not_a_server_error,
    described.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
FEW, MANY = 2, 60  # examples of an operation and mode
TRIED: Counter[str] = Counter()


@contextmanager
def served(store: Store, folder: Path) -> Iterator[tuple[World, dict[str, str]]]:
    """The API with something in it, and the owner's header."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    cache = MemoryCache()
    given = {"words": words, "cache": cache, "secrets": secrets_of(folder / "sealed", {})}
    with opened(store, folder / "platform", **given) as world:
        record(world.place, member(world.tenant), [reading("grype", flaw("grype", "CVE-2024-1"))])
        owner = person(world.tenant)
        with store.database.begin(SYSTEM) as work:
            row = {"id": owner.id, "email": "ada@vigie.example", "created_at": START}
            work.run(sa.insert(USERS), [row])
        yield world, world.badges.of(owner)
    cache.close()
    structlog.reset_defaults()


@pytest.fixture
def api(store: Store, tmp_path: Path) -> Iterator[tuple[World, dict[str, str]]]:
    with served(store, tmp_path) as found:
        yield found


def trying(world: World, headers: dict[str, str], name: str, mode: GenerationMode,
           count: int) -> list[str]:  # fmt: skip
    """What went wrong in `count` requests of this operation."""
    operation, wrong = OPERATIONS[name], []
    base = str(world.client.base_url).rstrip("/")

    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Case[Any]) -> None:
        TRIED[mode.value] += 1
        answer = case.call(base_url=base, headers=headers, timeout=60)
        TRIED[f"{answer.status_code // 100}xx"] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (schemathesis.core.failures.FailureGroup, AssertionError) as failure:
            wrong.append(f"{name} ({mode.value}): {answer.status_code} {str(failure)[:1500]}")

    try:
        tried()
    except hypothesis.errors.Unsatisfiable:
        TRIED["nothing to send"] += 1  # nothing can be wrong about no parameters
    return wrong


def whole(api: tuple[World, dict[str, str]], count: int) -> list[str]:
    wrong: list[str] = []
    for name in NAMES:
        for mode in GenerationMode:
            wrong += trying(*api, name, mode, count)[:2]
    return wrong


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_api_answers_as_it_is_described(api: Any) -> None:
    TRIED.clear()
    wrong = whole(api, FEW)
    print(dict(TRIED))
    assert wrong == [], "\n\n".join(wrong)
    assert sum(TRIED[mode.value] for mode in GenerationMode) > 3 * len(NAMES)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_api_answers_as_it_is_described_at_length(api: Any) -> None:
    TRIED.clear()
    wrong = whole(api, int(os.environ.get("VIGIE_SCHEMA_EXAMPLES", MANY)))
    print(dict(TRIED))
    assert wrong == [], "\n\n".join(wrong)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("badge", ["", "Bearer wrong", "Bearer .", "Basic eDp5", "x"])
def test_without_a_right_badge_nothing_but_what_is_public_answers(api: Any, badge: str) -> None:
    world, _ = api
    headers = {"Authorization": badge} if badge else {}
    let_in = []
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if not operation["security"]:
                continue
            answer = world.client.request(
                method, path.replace("{", "").replace("}", ""), headers=headers
            )
            if answer.status_code != 401:
                let_in.append(f"{operation['operationId']} {answer.status_code}")
            else:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.headers["www-authenticate"]
    assert let_in == []


GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"name": ',
    "no UTF-8": b"\xff\xfe\x00{",
    "NUL": b'{"name": "a\\u0000b", "source": "\\u0000", "target": "\\u0000", "title": "\\u0000"}',
    "a lone surrogate": b'{"name": "\\ud800", "source": "\\ud800", "target": "\\udfff"}',
    "deep": b"[" * 20_000 + b"]" * 20_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "a huge number": b'{"limit": 1' + b"0" * 5000 + b', "enabled": 1e999}',
    "NaN": b'{"name": NaN, "score": Infinity}',
    "a list": b"[1, 2, 3]",
    "a word": b'"x"',
    "null": b"null",
    "keys without number": b"{" + b",".join(b'"k%d": 1' % n for n in range(20_000)) + b"}",
    "a large word": b'{"name": "' + b"x" * 900_000 + b'"}',
}
TYPES = ("application/json", "text/plain", "multipart/form-data", "application/xml; charset=x", "")


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_garbage_is_refused_in_words(api: Any) -> None:
    """Every operation with a body, whatever it is sent: a problem document, never a bug."""
    world, badge = api
    tried, wrong = 0, []
    for path, methods in DOCUMENT["paths"].items():
        for method in methods.keys() - {"get", "delete"}:
            for number, (name, body) in enumerate(GARBAGE.items()):
                kind = TYPES[number % len(TYPES)] if number % 2 else TYPES[0]
                address = path.replace("{", "").replace("}", "")
                headers = {**badge, "Content-Type": kind}
                answer = world.client.request(method, address, content=body, headers=headers)
                tried += 1
                if answer.status_code >= 500:
                    wrong.append(f"{method} {path} {name} ({kind}): {answer.text[:300]}")
    print({"bodies tried": tried})
    assert wrong == []
    assert tried > 200


ODD = ("%00", "a%00b", "%ff", "..%2f..", "x" * 3000, "9" * 400, "%F0%9F%92%A9", "'; DROP TABLE x--",
       "%0d%0aX-Evil:1", "{}")  # fmt: skip


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_odd_addresses_are_answered_in_words(api: Any) -> None:
    world, badge = api
    tried, wrong = 0, []
    for name in NAMES:
        operation = OPERATIONS[name]
        if operation.method.upper() != "GET":
            continue
        asked = [
            p["name"] for p in operation.definition.raw.get("parameters", ()) if p["in"] == "query"
        ]
        for number, odd in enumerate(ODD):
            address = re.sub(r"{\w+}", odd.replace("\\", ""), operation.path)
            parameters = asked[number::10] or asked[:1]
            query = "&".join(f"{parameter}={odd}" for parameter in parameters)
            answer = world.client.get(f"{address}?{query}", headers=badge)
            tried += 1
            if answer.status_code >= 500 and name != "get_readiness":
                wrong.append(f"{name} {odd[:40]} {query[:200]}: {answer.text[:200]}")
    print({"addresses tried": tried})
    assert wrong == []
