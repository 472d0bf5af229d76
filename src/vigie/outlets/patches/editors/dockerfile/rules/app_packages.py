"""Packages of pip and npm in RUN: no caches in the layer, lock files obeyed, fixed versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from vigie.model.text import T
from vigie.outlets.patches.editors._upgrades import by_name
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import context_text
from vigie.outlets.patches.editors.dockerfile.parsing import listed
from vigie.outlets.patches.editors.dockerfile.rules._managers import Call, cached, calls_of
from vigie.outlets.patches.editors.dockerfile.shell import Word
from vigie.outlets.patches.editors.dockerfile.stages import assignments
from vigie.ports.patches import Upgrade

_PIP_NAME = re.compile(
    r"(?P<q>[\"']?)(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)"
    r"(?P<extras>\[[\w, .-]*\])?(?:==(?P<version>[\w.+!-]+))?(?P=q)"
)
_NPM_NAME = re.compile(r"(?P<q>[\"']?)(?P<name>(?:@[\w.-]+/)?[A-Za-z0-9][\w.-]*)(?P<extras>)"
                       r"(?:@(?P<version>\d[\w.+-]*))?(?P=q)")  # fmt: skip
_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
# With these `npm ci` does what `npm install` would.
_SAME = listed(
    "--production --omit=dev --only=production --only=prod --no-audit --no-fund --ignore-scripts "
    "--legacy-peer-deps --silent --quiet --prefer-offline --verbose --no-progress -s -q -d "
    "--no-optional --omit=optional --unsafe-perm --foreground-scripts"
)


def _pip(case: Case) -> Iterator[Outcome]:
    for call in calls_of(case, "pip"):
        if not call.installs or cached(call.one) or call.has("--no-cache-dir"):
            continue
        set_already = any(
            name == "PIP_NO_CACHE_DIR" and value.lower() not in ("", "0", "false", "off", "no")
            for one in call.stage.chain
            if one.keyword == "ENV"
            for name, value in assignments(one.arguments)
        )
        if not set_already and "PIP_NO_CACHE_DIR" not in call.one.code:
            end = call.sub.end
            yield case.rewrite(call.one, end, end, " --no-cache-dir",
                               T("pip's cache does not stay in the image"))  # fmt: skip


def _pins(case: Case) -> Iterator[Outcome]:
    for kind, type_, pattern in (("pip", "pypi", _PIP_NAME), ("npm", "npm", _NPM_NAME)):
        wanted = by_name((u for u in case.upgrades if u.type == type_), _normal)
        for call in calls_of(case, kind):
            if not call.installs:
                continue
            open_ones: list[str] = []
            for word in call.named:
                match = pattern.fullmatch(word.raw)
                if match is None or _is_path(kind, word):
                    continue
                outcome = _pinned(case, call, word, match, wanted.get(_normal(match["name"]), []))
                if outcome is not None:
                    yield outcome
                elif not match["version"]:
                    open_ones.append(match["name"])
            if open_ones:
                yield Remark(
                    call.one.start,
                    T("no version is known for {names}; none is made up", names=tuple(open_ones)),
                )


def _normal(name: str) -> str:
    return name if name.startswith("@") else re.sub(r"[-_.]+", "-", name).lower()


def _is_path(kind: str, word: Word) -> bool:
    return kind == "npm" and "/" in word.raw and not word.raw.strip("\"'").startswith("@")


def _pinned(
    case: Case, call: Call, word: Word, match: re.Match[str], wanted: list[Upgrade]
) -> Outcome | None:
    said = match["version"] or ""
    for upgrade in wanted:
        if said == upgrade.version:
            case.tally.done[upgrade] = None
            return None
        if said and said != upgrade.installed:
            case.tally.leave(upgrade, T("{version} is asked for here, not {installed}",
                                        version=said, installed=upgrade.installed))  # fmt: skip
            continue
        case.tally.done[upgrade] = None
        sign = "==" if call.kind == "pip" else "@"
        text = (
            f"{match['q']}{match['name']}{match['extras'] or ''}{sign}{upgrade.version}{match['q']}"
        )
        reason = T("{package} is fixed to {version}, which mends what was found in it",
                   package=match["name"], version=upgrade.version)  # fmt: skip
        return case.rewrite(call.one, word.start, word.end, text, reason)
    return None


def _npm_ci(case: Case) -> Iterator[Outcome]:
    for call in calls_of(case, "npm"):
        if not call.installs or call.named or call.sub.value == "add":
            continue
        if any(word.raw not in _SAME for word in call.options):
            continue
        if any(command.program in ("cd", "pushd") for command in call.script.commands):
            yield Remark(call.one.start, T("npm ci would obey the lock file; this changes the "
                                           "folder first, so it was not looked for"))  # fmt: skip
            continue
        home = call.stage.folder_before(call.one)
        there = (home or "").rstrip("/")
        texts = {name: context_text(case, call.stage, f"{there}/{name}", call.one)
                 for name in (*_LOCKS, "package.json")}  # fmt: skip
        lock = texts[_LOCKS[1]] or texts[_LOCKS[0]]
        if home is None or lock is None:
            yield Remark(
                call.one.start,
                T(
                    "npm install takes whatever is newest: no lock file "
                    "is copied to this folder before, as npm ci needs"
                ),
            )
        elif not _agree(texts["package.json"], lock):
            yield Remark(
                call.one.start,
                T(
                    "the lock file does not agree with package.json; renew "
                    "it, then npm ci can take the place of this"
                ),
            )
        else:
            yield case.rewrite(call.one, call.sub.start, call.sub.end, "ci",
                               T("npm ci installs exactly what the lock file says"))  # fmt: skip


def _agree(manifest: str | None, lock: str) -> bool:
    """Whether a lock file asks for the same as its manifest; `npm ci` refuses it otherwise."""
    try:
        asked, locked = json.loads(manifest or ""), json.loads(lock)
        root = locked["packages"][""]
        return all(
            dict(asked.get(group) or {}) == dict(root.get(group) or {})
            for group in ("dependencies", "devDependencies", "optionalDependencies")
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


RULES = (
    Rule("pip-cache", frozenset({"DL3042"}), _pip),
    Rule("app-pins", frozenset({"DL3013", "DL3016"}), _pins),
    Rule("npm-ci", frozenset(), _npm_ci),
)
