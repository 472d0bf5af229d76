"""The gate's page names every key there is, its files load, and its examples answer as shown."""

from __future__ import annotations

import re
import shlex
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest
import yaml

from tests.docs.pages import ROOT, Block, blocks
from vigie.faces.cli.main import run
from vigie.model.findings import Decision
from vigie.model.observations import Kind
from vigie.model.policy import ToolSuppressions, Unknown
from vigie.model.severity import Severity
from vigie.services import decisions
from vigie.services.decisions import load_corrections, load_policy, load_suppressions, ready_made

PAGE = ROOT / "docs" / "guides" / "gate.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = {block.title: block for block in blocks(PAGE) if block.title}
STRUCTS = [
    struct
    for struct in vars(decisions).values()
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct) and struct.__struct_fields__
]


def test_the_structs_of_the_files_were_found() -> None:
    assert len(STRUCTS) >= 9


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_key_is_explained(struct: type[msgspec.Struct]) -> None:
    keys = [field.encode_name for field in msgspec.structs.fields(struct)]
    assert [key for key in keys if f"`{key}`" not in TEXT and f"`{key}:" not in TEXT] == []


@pytest.mark.parametrize("words", [Decision, Kind, Severity, Unknown, ToolSuppressions])
def test_every_word_that_a_key_may_hold_is_named(words: type[StrEnum]) -> None:
    unsaid = [word.value for word in words if f"`{word.value}`" not in TEXT]
    assert unsaid == []


def test_no_rule_key_is_shown_that_does_not_exist() -> None:
    table = TEXT.partition("### Rules")[2].partition("###")[0]
    shown = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    known = {field.encode_name for field in msgspec.structs.fields(decisions._Rule)}
    assert shown == known - {"name"}


def test_the_files_load(tmp_path: Path) -> None:
    for name, block in FILES.items():
        (tmp_path / name).write_text(block.body)
    assert load_suppressions(tmp_path / "suppressions.yaml")
    assert len(load_corrections(tmp_path / "corrections.yaml")) == 2
    others = {"suppressions.yaml", "corrections.yaml", "grype.json"}
    policies = FILES.keys() - others
    assert len(policies) >= 4
    for name in policies:
        assert load_policy(str(tmp_path / name)).name


def test_the_long_example_uses_every_key_of_a_policy_and_a_rule() -> None:
    shown = yaml.safe_load(FILES["policy.yaml"].body)
    assert set(shown) == {f.encode_name for f in msgspec.structs.fields(decisions._Policy)}
    used = {key for rule in shown["block"] for key in rule}
    assert used == {f.encode_name for f in msgspec.structs.fields(decisions._Rule)}
    assert set(shown["require"]) == {
        f.encode_name for f in msgspec.structs.fields(decisions._Require)
    }


@pytest.mark.parametrize("name", ready_made())
def test_the_ready_made_policies_are_told_as_they_are(name: str) -> None:
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in
            re.findall(r"^\|.*\|$", TEXT.partition("## Ready-made")[2].partition("##")[0],
                       re.MULTILINE)]  # fmt: skip
    column = next(n for n, cell in enumerate(rows[0]) if cell == f"`{name}`")
    told = {row[0].strip("`"): row[column] for row in rows}
    policy = load_policy(name)
    assert told["unknown"] == policy.unknown.value
    assert told["tool_suppressions"] == policy.tool_suppressions.value
    assert told["database_age_days"] == str(policy.require.database_age_days)
    assert told["complete"] == ("yes" if policy.require.complete else "no")


def console() -> list[tuple[int, Block]]:
    codes = re.findall(r"^```console exit=(\d)$", TEXT, re.MULTILINE)
    shown = [block for block in blocks(PAGE) if block.lang == "console"]
    assert len(codes) == len(shown)
    return [(int(code), block) for code, block in zip(codes, shown, strict=True)]


@pytest.mark.parametrize(("code", "block"), console())
def test_the_examples_answer_as_shown(
    code: int,
    block: Block,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, file in FILES.items():
        (tmp_path / name).write_text(file.body)
    answered = -1
    lines = block.body.splitlines()
    for line in (line for line in lines if line.startswith("$ vigie ")):
        answered = run(shlex.split(line)[2:], {"HOME": str(tmp_path)})
    expected = "\n".join(line for line in lines if not line.startswith("$ "))
    assert capfd.readouterr().out.strip() == expected.strip()
    assert answered == code
