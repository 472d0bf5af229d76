"""What the server can say has words on the screens. Their French is tested in web/src/words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from vigie.model.access import SCOPES, Permission, Role
from vigie.model.assets import AssetKind
from vigie.model.findings import Decision, Status
from vigie.model.observations import Kind
from vigie.model.runs import Outcome
from vigie.model.severity import Severity
from vigie.ports.notifiers import Delivered, Matter
from vigie.services.telling.messages import EVENTS
from vigie.wiring.platform_settings import PlatformSettings
from vigie.wiring.work import handlers

SOURCE = ROOT / "src" / "vigie"
NOUNS = "words/nouns.ts"
AUDIT = "rooms/settings/audit/actions.ts"
DELIVERIES = "rooms/settings/deliveries/states.tsx"
ROLES = "rooms/settings/users/roles.ts"
_KEY = re.compile(r'^\s+"?([\w.: -]+?)"?: \(\) =>', re.MULTILINE)
_ACTION = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
# What is called with an action among its arguments.
_MAKES_ENTRIES = frozenset({"entry", "Entry", "_entry", "audit_own", "_audit", "_tell"})


@pytest.mark.parametrize(
    ("file", "table", "said"),
    [
        (NOUNS, "SEVERITY", Severity),
        (NOUNS, "DECISION", Decision),
        (NOUNS, "KIND", Kind),
        (NOUNS, "STATUS", Status),
        (NOUNS, "ASSET_KIND", AssetKind),
        (NOUNS, "OUTCOME", Outcome),
        (NOUNS, "JOB", list(handlers(PlatformSettings(data=Path())))),
        (ROLES, "ROLE", Role),
        (ROLES, "RESOURCE", {one.resource for one in Permission}),
        (ROLES, "VERB", {one.verb for one in Permission}),
        ("rooms/settings/keys/scopes.tsx", "NAMES", SCOPES),
        (DELIVERIES, "MATTERS", [*Matter, "ticket"]),
        ("rooms/settings/channels/channel.ts", "OUTCOMES", Delivered),
        ("rooms/settings/rules/rule.ts", "EVENTS", EVENTS),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_each_of_the_servers_words_has_a_name(file: str, table: str, said: Iterable[str]) -> None:
    assert {str(one) for one in said} - named(file, table) == set()


def test_each_state_has_a_name() -> None:
    states = set(_given("state", "services"))
    assert {"queued", "running", "done", "failed", "cancelled", "waiting", "sending"} <= states
    assert states - named(NOUNS, "STATE") - named(DELIVERIES, "STATES") == set()


def test_each_change_of_a_finding_has_a_name() -> None:
    rooms = ("services/triage", "services/recording", "services/telling/opening.py")
    happened = {*_given("what", *rooms), *_told(*rooms)}
    assert {"found", "joined", "triaged", "revoked", "expired", "ticket"} <= happened
    assert happened - named("rooms/findings/History.tsx", "HAPPENED") == set()


def test_each_action_of_the_audit_log_has_a_name() -> None:
    actions = set(_actions())
    assert {"policy.change", "user.read", "asset.archive", "finding.triage"} <= actions
    assert len(actions) > 70
    kinds = {action.partition(".")[0] for action in actions}
    deeds = {action.partition(".")[2] for action in actions}
    assert kinds - named(AUDIT, "SUBJECT") == set()
    assert deeds - named(AUDIT, "DEED") == set()


@cache
def named(file: str, table: str) -> frozenset[str]:
    """The keys of a table of names in the screens."""
    text = (ROOT / "web" / "src" / file).read_text(encoding="utf-8")
    found = re.search(rf"^const {table}\b.*? = \{{$(.*?)^\}};$", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{file} has no {table}"
    return frozenset(_KEY.findall(found[1]))


@cache
def _trees(folder: str) -> tuple[ast.Module, ...]:
    place = SOURCE / folder
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in files)


def _nodes(*folders: str) -> Iterator[ast.AST]:
    return (node for folder in folders for tree in _trees(folder) for node in ast.walk(tree))


def _words(node: ast.AST | None) -> Iterator[str]:
    """The words that an expression can be: one, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)


def _given(name: str, *folders: str) -> Iterator[str]:
    """Words that are written under this name: `name="x"` of a call, `{"name": "x"}`."""
    for node in _nodes(*folders):
        if isinstance(node, ast.keyword) and node.arg == name:
            yield from _words(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    yield from _words(value)


def _told(*folders: str) -> Iterator[str]:
    """What is told of a finding: `self._tell(finding, "closed", …)`."""
    for node in _nodes(*folders):
        if isinstance(node, ast.Call) and _name(node.func) == "_tell" and len(node.args) == 3:
            yield from _words(node.args[1])


def _actions() -> Iterator[str]:
    """What is given to whatever makes an entry, and `action = "x.y"`; records say what they did to
    each noun that has them, sensitive reads of what."""
    nouns: set[str] = set()
    for node in _nodes("services", "stores/relational", "faces/server", "faces/cli/commands"):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            given = [word for one in node.args for word in _words(one)]
            if name in _MAKES_ENTRIES:
                yield from (word for word in given if _ACTION.fullmatch(word))
            elif name == "note":
                yield from (f"{word}.read" for word in given)
            elif name == "Noun" and len(node.args) == 2:
                nouns.update(given)
        elif isinstance(node, ast.Assign | ast.keyword) and _names(node) == "action":
            yield from (word for word in _words(node.value) if _ACTION.fullmatch(word))
    for noun in nouns - {"asset", "component", "run", "rule", "event"}:  # only read as records
        yield from (f"{noun}.{deed}" for deed in ("create", "change", "remove"))


def _names(node: ast.Assign | ast.keyword) -> str:
    """What an assignment or an argument calls its value."""
    if isinstance(node, ast.Assign):
        return _name(node.targets[0])
    return node.arg or ""


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
