"""cargo-auditable: kinds, what is direct, and sections that are not what they say."""

from __future__ import annotations

import json
import zlib

import pytest
from tests.plugs.one_reader import by_name, read_one
from tests.plugs.package_samples.cargo_auditable import SAMPLES
from tests.plugs.package_samples.programs import elf

from vigie.model.inventory import Scope
from vigie.sources.packages.readers.cargo_auditable import READER


def test_kinds_and_dependencies_are_told() -> None:
    found = by_name(read_one(READER, SAMPLES[0][0]))
    assert found["adler-demo"].scope is Scope.RUNTIME
    assert found["cc-demo"].scope is Scope.DEVELOPMENT
    assert found["adler-demo"].component.direct is True
    assert found["shop"].component.direct is None
    assert found["shop"].requires == ("pkg:cargo/adler-demo@1.0.2", "pkg:cargo/cc-demo@1.1.0")


@pytest.mark.parametrize(
    "content",
    [
        b"junk",
        zlib.compress(b"[]"),
        zlib.compress(b'{"packages": [{"name": 3}]}'),
        zlib.compress(json.dumps({"packages": []}).encode())[:-3],
        zlib.compress(b" " * (65 * 1024 * 1024)),
    ],
)
def test_a_section_of_something_else_is_told(content: bytes) -> None:
    found = read_one(READER, {"bin/x": elf(".dep-v0", content)})
    assert found.packages == []
    assert ".dep-v0" in str(found.problems[0].message)


def test_a_dependency_outside_of_the_list_is_left_out() -> None:
    text = json.dumps({"packages": [{"name": "a", "version": "1", "dependencies": [0, 7, -1]}]})
    found = read_one(READER, {"bin/x": elf(".dep-v0", zlib.compress(text.encode()))})
    assert found.packages[0].requires == ("pkg:cargo/a@1",)
