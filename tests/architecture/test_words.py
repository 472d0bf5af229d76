"""Every sentence for people exists in French, says the same, and can be translated at all."""

from __future__ import annotations

import ast
import string
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from tests.architecture.import_rule import ROOT, SOURCE

FRENCH = SOURCE / "vigie" / "catalog" / "words" / "fr"


def texts(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call of `T` or `Text`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in ("T", "Text"):
                yield node


def templates(call: ast.Call) -> Iterator[str]:
    """The English sentences in a call: one, or singular and plural."""
    sentences = [*call.args[:2], *(k.value for k in call.keywords if k.arg in ("plural",))]
    for value in sentences:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.value


def faults(call: ast.Call) -> list[str]:
    """What keeps a call from being translated."""
    found: list[str] = []
    for value in call.args[:2]:
        if isinstance(value, ast.JoinedStr):
            found.append("an f-string is filled in before it can be translated")
        if isinstance(value, ast.BinOp):
            found.append("a sentence put together with an operator has no translation")
        if isinstance(value, ast.Call):
            found.append("a formatted sentence has no translation")
    given = {keyword.arg for keyword in call.keywords}
    if isinstance(call.func, ast.Name) and call.func.id == "T" and None not in given:
        for template in templates(call):
            missing = placeholders(template) - {str(name) for name in given}
            if missing and given:
                found.append(f"{template!r} lacks {sorted(missing)}")
    return found


def placeholders(template: str) -> set[str]:
    return {
        name.split(".")[0].split("[")[0]
        for _, name, _, _ in string.Formatter().parse(template)
        if name is not None
    }


def french() -> dict[str, str]:
    catalogue: dict[str, str] = {}
    for file in sorted(FRENCH.glob("*.toml")):
        catalogue |= tomllib.loads(file.read_text(encoding="utf-8"))
    return catalogue


@dataclass(frozen=True)
class Said:
    """What stands in one source file: what is wrong with its sentences, these, and all strings."""

    faults: list[str]
    templates: list[str]
    strings: set[str]


@cache
def sources() -> dict[str, Said]:
    """Every source file, read once for all tests."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = list(texts(tree))
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found[name] = Said(
            [f"{name}:{call.lineno} {fault}" for call in calls for fault in faults(call)],
            [template for call in calls for template in templates(call)],
            {value for value in constants if isinstance(value, str)},
        )
    return found


def test_every_sentence_can_be_translated() -> None:
    assert [fault for said in sources().values() for fault in said.faults] == []


def test_every_sentence_has_its_french() -> None:
    known = french()
    missing: dict[str, list[str]] = defaultdict(list)
    for name, said in sources().items():
        for template in said.templates:
            if template not in known:
                missing[name].append(template)
    assert dict(missing) == {}


def test_french_keeps_the_placeholders() -> None:
    wrong = {
        english: spoken
        for english, spoken in french().items()
        if placeholders(english) != placeholders(spoken)
    }
    assert wrong == {}


def test_two_rooms_do_not_translate_one_sentence_differently() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for file in sorted(FRENCH.glob("*.toml")):
        for english, spoken in tomllib.loads(file.read_text(encoding="utf-8")).items():
            said[english].add(spoken)
    assert {english: ways for english, ways in said.items() if len(ways) > 1} == {}


def test_every_translation_is_of_a_sentence_that_exists() -> None:
    written = set().union(*(said.strings for said in sources().values()))
    data = "\n".join(
        path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*")
        if path.suffix in (".html", ".js", ".typ", ".toml", ".yaml", ".yml", ".j2")
        and FRENCH not in path.parents
    )
    stale = [english for english in french() if english not in written and english not in data]
    assert stale == []


@pytest.mark.parametrize(
    "code",
    [
        "T(f'{name} is wrong')",
        "T('one ' + name)",
        "T('{name} is wrong'.format(name=1))",
        "T('{name} is {what}', name=1)",
        "text.T(f'{x}')",
    ],
)
def test_a_sentence_that_cannot_be_translated_is_caught(code: str) -> None:
    (call, *_) = texts(ast.parse(code))
    assert faults(call)


@pytest.mark.parametrize("code", ["T('{name} is wrong', name=1)", "T('plain')", "T(word)"])
def test_a_sentence_that_can_is_left_alone(code: str) -> None:
    (call,) = texts(ast.parse(code))
    assert faults(call) == []


def test_placeholders_are_seen_through_their_formats() -> None:
    assert placeholders("{a!r} {b:.1f} {c.d} {{no}}") == {"a", "b", "c"}
