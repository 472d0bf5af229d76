"""The pages say what the code does: commands, options, tables, links, exit codes."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import msgspec
import pytest

from tests.docs.listing import HOMES, TABLES, filled
from tests.docs.pages import ROOT, blocks, commands, pages
from vigie.faces.cli.commands.fix import FORMS
from vigie.faces.cli.exit import ExitCode
from vigie.faces.cli.main import ENTRIES as EVERY
from vigie.faces.cli.main import GROUP
from vigie.model.policy import DEFAULT_PRIORITY, Condition
from vigie.services.decisions import (
    load_corrections,
    load_policy,
    load_suppressions,
    ready_made,
)
from vigie.wiring.plugs import OUTLETS, REPORTS, SCANNERS, Plugs
from vigie.wiring.settings import load_settings

PAGES = pages()
every_page = pytest.mark.parametrize(
    "page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES]
)

CHOICES = {
    "--format": set(Plugs(OUTLETS)),
    "--as": {*Plugs(REPORTS), "acme", "acme-nightly"},
    "--with": {"auto", "acme", *Plugs(SCANNERS)},
    "--lang": {"en", "fr"},
}

ENTRIES = [name for name, entry in EVERY.items() if not entry.hidden]


def command_of(name: str) -> click.Command:
    found = GROUP.get_command(click.Context(GROUP), name)
    assert found is not None, f"there is no command {name}"
    return found


def faults(line: str) -> list[str]:
    """What is wrong with a `vigie …` command line as a page shows it."""
    words = shlex.split(re.split(r"\s(?:\||>|&&|;)\s?", line)[0])[1:]
    if not words or words[0].startswith("-"):
        known = {o for p in GROUP.params for o in p.opts} | {"--help"}
        return [f"vigie has no {word}" for word in words if word not in known]
    if words[0] not in ENTRIES:
        return [f"there is no command {words[0]}"]
    command = command_of(words[0])
    options = {name: p for p in command.params for name in p.opts if name.startswith("-")}
    found = []
    for place, word in enumerate(words):
        name, _, value = word.partition("=")
        if not name.startswith("-") or name in ("-", "--help"):
            continue
        if name not in options:
            found.append(f"vigie {words[0]} has no {name}")
            continue
        value = value or (words[place + 1] if place + 1 < len(words) else "")
        known = CHOICES.get(name, set())
        if words[0] == "fix" and name == "--format":
            known = set(FORMS)  # a plan and its patch are no result
        for choice in value.split(",") if name in CHOICES else ():
            if choice.partition("=")[0] not in known:
                found.append(f"{name} has no {choice}")
        if name == "--policy" and not value.endswith((".yaml", ".yml")):
            found += [f"no policy {value}"] if value not in ready_made() else []
    return found


@every_page
def test_every_command_of_a_page_exists(page: Path) -> None:
    wrong = [
        f"{line}: {fault}"
        for line in commands(page)
        if line.startswith("vigie ")
        for fault in faults(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ENTRIES)
def test_every_example_of_the_help_exists(name: str) -> None:
    examples = getattr(command_of(name), "examples", ())
    assert examples
    lines = [e.line for e in examples if e.line.startswith("vigie ")]
    assert [fault for line in lines for fault in faults(line.replace("generic-", ""))] == []


@pytest.mark.parametrize(
    "line",
    [
        "vigie scna .",
        "vigie scan . --fromat json",
        "vigie scan . --format docx=x",
        "vigie merge x --as grip",
        "vigie scan . --with nessus",
        "vigie gate r.json --policy strictest",
        "vigie --verison",
    ],
)
def test_a_command_that_does_not_exist_is_caught(line: str) -> None:
    assert faults(line)


@every_page
def test_words_in_running_text_exist_too(page: Path) -> None:
    inline = re.findall(r"`(vigie [^`\n]+)`", page.read_text(encoding="utf-8"))
    named = [line.split() for line in inline]
    assert [w for w in named if not w[1].startswith(("-", "…")) and w[1] not in ENTRIES] == []


@every_page
def test_every_make_target_of_a_page_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {w for c in commands(page) if c.startswith("make ") for w in c.split()[1:2]}
    named |= set(re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8")))
    assert named <= targets


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        text = text.replace(block.body, "")
    links = re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


@every_page
def test_tables_of_plugs_are_what_the_plugs_are(page: Path, update_golden: bool) -> None:
    text = page.read_text(encoding="utf-8")
    if update_golden:
        page.write_text(filled(text), encoding="utf-8")
        text = filled(text)
    assert text == filled(text), "run: make tables"


@pytest.mark.parametrize("name", HOMES)
def test_pages_carry_their_tables(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert {t for t in TABLES if f"<!-- table: {t} -->" in text} == HOMES[name]
    assert set().union(*HOMES.values()) == set(TABLES)


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_every_exit_code_is_explained(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    told = {int(code) for code in re.findall(r"^\| `?(\d+)`? \|", text, re.MULTILINE)}
    assert told >= {code.value for code in ExitCode} - {ExitCode.BROKEN_PIPE.value}


def test_every_command_has_its_place_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in ENTRIES if f"vigie {name}" not in text] == []


def test_the_glossary_has_every_noun_of_the_model() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    nouns = ("Asset", "Component", "Observation", "Finding", "Rule", "Run", "Problem", "Verdict",
             "Fingerprint", "Instance", "Severity", "Decision", "Plan", "Gate", "Waiver", "Claim",
             "Suppression", "Coverage", "Agreement", "Baseline", "Package", "Inventory",
             "Distribution", "Owner", "Layer", "Advisory", "Affected", "Feed", "Bundle", "Upgrade",
             "Patch", "Step", "Jump", "Outlook")  # fmt: skip
    assert [noun for noun in nouns if f"**{noun}**" not in text] == []


def test_the_settings_page_shows_every_setting_and_only_such(tmp_path: Path) -> None:
    page = ROOT / "docs" / "guides" / "settings.md"
    (block,) = [block for block in blocks(page) if block.title == "config.toml"]
    (tmp_path / "config.toml").write_text(block.body)
    settings = load_settings(environ={}, config=tmp_path / "config.toml")
    shown = tomllib.loads(block.body)
    for struct, keys in ((settings, shown), (settings.scan, shown["scan"]),
                         (settings.limits, shown["limits"])):  # fmt: skip
        assert {field.encode_name for field in msgspec.structs.fields(struct)} == set(keys)
    limits = load_settings(environ={}, folder=tmp_path / "none").limits
    assert settings.limits == limits, "the page shows the defaults"


def written(page: Path, title: str, folder: Path) -> Path:
    """The file that the page shows under this title."""
    (block,) = [block for block in blocks(page) if block.title == title]
    path = folder / title
    path.write_text(block.body, encoding="utf-8")
    return path


def test_the_files_of_the_gate_page_are_read_as_they_stand(tmp_path: Path) -> None:
    page = ROOT / "docs" / "guides" / "gate.md"
    policy = load_policy(str(written(page, "policy.yaml", tmp_path)))
    conditions = {name for rule in policy.rules for name in rule.when.__slots__
                  if getattr(rule.when, name) not in (None, ())}  # fmt: skip
    assert conditions == set(Condition.__slots__), "the page shows every condition"
    assert policy.waivers
    assert policy.priority == DEFAULT_PRIORITY, "the page shows the defaults"
    assert load_suppressions(written(page, "suppressions.yaml", tmp_path))
    actions = [c.action for c in load_corrections(written(page, "corrections.yaml", tmp_path))]
    assert actions == ["join", "split"]


def test_every_ready_made_policy_is_on_the_gate_page() -> None:
    text = (ROOT / "docs" / "guides" / "gate.md").read_text(encoding="utf-8")
    assert [name for name in ready_made() if f"`{name}`" not in text] == []


def test_every_page_that_the_code_names_exists() -> None:
    named = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
