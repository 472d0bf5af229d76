"""The shared readers of JSON, YAML and TOML: lines, limits, traps; and who reaches what."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.model.errors import UserError
from vigie.model.inventory import Scope
from vigie.ports.filesystems import Entry
from vigie.ports.packages import PackageFile
from vigie.sources.packages.readers._json_places import JsonNode, json_of
from vigie.sources.packages.readers._records import neighbour, package, spread_scopes
from vigie.sources.packages.readers._toml_tables import load_toml, tables_of
from vigie.sources.packages.readers._yaml_places import YamlMap, yaml_of


def file(text: str | bytes) -> PackageFile:
    data = text.encode() if isinstance(text, str) else text
    return PackageFile(Entry("a/file", len(data)), io.BytesIO(data))


def leaves(node: JsonNode, path: str = "") -> dict[str, int | None]:
    found = {path: node.line}
    for name, child in node.members():
        found |= leaves(child, f"{path}/{name}")
    for number, child in enumerate(node.items()):
        found |= leaves(child, f"{path}/{number}")
    return found


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)


@given(value=st.dictionaries(st.text(max_size=4), VALUES))
def test_every_value_stands_where_it_is_told(value: dict[str, object]) -> None:
    """json.dumps with an indent puts each value on a line of its own, in order."""
    text = json.dumps(value, indent=1)
    lines = [line for line in leaves(json_of(file(text), "x")).values() if line is not None]
    assert lines == sorted(lines)
    assert lines[0] == 1
    assert max(lines) <= text.count("\n") + 1
    whole = sum(1 for _ in leaves(json_of(file(text), "x")))
    assert len(lines) == whole


def test_lines_of_json() -> None:
    text = '\n{"a": {"b\\"{": 1,\n "c": [\n 2, "}",\n {"d": 3}]}}'
    assert leaves(json_of(file(text), "x")) == {
        "": 2,
        "/a": 2,
        '/a/b"{': 2,
        "/a/c": 3,
        "/a/c/0": 4,
        "/a/c/1": 4,
        "/a/c/2": 5,
        "/a/c/2/d": 5,
    }


def test_a_name_that_comes_twice_only_costs_the_lines() -> None:
    node = json_of(file('{"a": 1,\n"b": 2,\n"a": 30,\n"c": 4}'), "x")
    assert {name: child.value() for name, child in node.members()} == {"a": 30, "b": 2, "c": 4}
    assert [child.line for _, child in node.members()] == [None, None, None]


@pytest.mark.parametrize("text", ["", "1", '"a"', "{", "{} {}", "[" * 5000, b'{"a\xff": 1}'])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises((UserError, ValueError)):
        list(json_of(file(text), "x").members())


def test_a_byte_order_mark_is_no_content() -> None:
    assert dict(json_of(file(b'\xef\xbb\xbf{"a": 1}'), "x").members())["a"].value() == 1
    assert yaml_of(file(b"\xef\xbb\xbfa: 1"), "x") == {"a": "1"}


def test_yaml_is_text_as_it_is_written() -> None:
    root = yaml_of(
        file("a: 1.10\nb: yes\nc: ~\nd: 'null'\ne: 2020-01-01\nf:\n  - x\n  - y: z\n"), "x"
    )
    assert root == {
        "a": "1.10",
        "b": "yes",
        "c": None,
        "d": "null",
        "e": "2020-01-01",
        "f": ["x", {"y": "z"}],
    }
    assert root.lines["f"] == 6
    assert root.list("f").lines == [7, 8]


def test_yaml_aliases_are_followed_and_bounded() -> None:
    assert yaml_of(file("a: &x {b: '1'}\nc: *x\nd: &y z\n*y : 2\n"), "x") == {
        "a": {"b": "1"},
        "c": {"b": "1"},
        "d": "z",
        "z": "2",
    }
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"k{i}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)
    )
    with pytest.raises(UserError, match="values"):
        yaml_of(file(bomb), "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a",
        "a: [",
        "a: *b",
        "a: &a [*a]",
        "? [a]\n: b",
        "a:\n" + "- " * 500,
        "a: \x00",
        "[" * 99,
    ],
)
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        yaml_of(file(text), "x")


def test_yaml_answers_for_what_is_not_there() -> None:
    root = YamlMap()
    assert (root.text("a"), root.map("a"), root.list("a")) == ("", {}, [])


def test_tables_know_their_lines_unless_they_are_written_inline() -> None:
    text = "[[p]]\nn = 1\n[p.q]\n\n [[ p ]] # x\nn = 2\n[[r]]\n"
    assert [(t["n"], line) for t, line in tables_of(load_toml(text), text, "p")] == [(1, 1), (2, 5)]
    inline = "p = [{n = 1}, {n = 2}]"
    assert [line for _, line in tables_of(load_toml(inline), inline, "p")] == [None, None]
    fooled = "[[p]]\nn = '''\n[[p]]\n'''\n"
    assert [line for _, line in tables_of(load_toml(fooled), fooled, "p")] == [None]


@pytest.mark.parametrize("key", ["a" + ".a" * 60, "'a'" + " . 'a'" * 60])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_very_many_parts_is_refused(key: str, form: str) -> None:
    with pytest.raises(ValueError, match="parts"):
        load_toml(form.format(key))


def test_the_first_root_that_reaches_it_decides() -> None:
    graph = {"a": ["b"], "b": ["a", "c"], "d": ["c", "e"]}
    roots = [(Scope.RUNTIME, ["a"]), (Scope.DEVELOPMENT, ["d"])]
    assert spread_scopes(graph, roots) == {
        "a": Scope.RUNTIME,
        "b": Scope.RUNTIME,
        "c": Scope.RUNTIME,
        "d": Scope.DEVELOPMENT,
        "e": Scope.DEVELOPMENT,
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("b", "a/b"), ("../b", "b"), ("../../b", ""), ("/b", ""), ("c/../b", "a/b"), ("..\\b", "")],
)
def test_a_neighbour_stays_inside(name: str, wanted: str) -> None:
    assert neighbour("a/file", name) == wanted


def test_a_package_without_a_real_name_is_refused() -> None:
    for name in ("", "a" * 2000):
        with pytest.raises(ValueError, match="package"):
            package("npm", name)
