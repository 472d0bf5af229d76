"""Lists and caches of package managers: fetched and thrown away in one layer."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Change, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import context_text
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.rules._managers import Call, cached, calls_of
from vigie.outlets.patches.editors.dockerfile.shell import Command, script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_APT_LISTS = "/var/lib/apt/lists"
_CLEAN = {"dnf": "dnf clean all", "yum": "yum clean all", "microdnf": "microdnf clean all",
          "dnf5": "dnf5 clean all", "zypper": "zypper clean --all"}  # fmt: skip
_INSTALLS = re.compile(r"\bapt(?:-get)?\b[^\n&|;]*\s(?:install|build-dep)\b")
_UPDATES = re.compile(r"\bapt(?:-get)?\b[^\n&|;]*\supdate\b")


def _apt(case: Case) -> Iterator[Outcome]:
    calls = list(calls_of(case, "apt-get"))
    installing = {call.one: call.stage for call in calls if call.installs}
    if not installing and not calls:
        return
    unsure = next(filter(None, (_unsure(case, stage) for stage in case.stages)), None)
    if unsure is not None:
        yield Remark(
            unsure.start,
            T("what runs here may need the lists of packages that another layer has fetched"),
        )
        return
    for one in installing:
        yield from _whole(case, one, [c for c in calls if c.one is one])
    for call in calls:
        if call.sub.value == "update" and call.one not in installing:
            yield from _alone(call, list(installing))


def _whole(case: Case, one: Instruction, calls: list[Call]) -> Iterator[Outcome]:
    """One instruction that installs: it fetches the lists itself, and throws them away."""
    if cached(one, "/var/lib/apt"):
        return
    first = next(call for call in calls if call.installs)
    before = calls[: calls.index(first)]
    if not any(call.sub.value == "update" for call in before):
        start = first.command.words[0].start
        sudo = "sudo " if first.command.words[0].raw == "sudo" else ""
        yield case.rewrite(
            one, start, start, f"{sudo}apt-get update && ",
            T("the lists of packages are fetched in the layer that installs, never old ones"),
        )  # fmt: skip
    if any(_removes_lists(command) for command in first.script.commands):
        return
    yield _appended(case, one, first, f"rm -rf {_APT_LISTS}/*",
                    T("the lists of packages do not stay in the image"))  # fmt: skip


def _removes_lists(command: Command) -> bool:
    return command.program == "rm" and any(_APT_LISTS in word.raw for word in command.argv)


def _appended(case: Case, one: Instruction, call: Call, text: str, reason: Text) -> Outcome:
    if not call.script.plain:
        return Remark(
            one.start,
            T("{command} belongs at the end of this, where its shell allows it", command=text),
        )
    place = len(one.code.rstrip())
    sudo = "sudo " if call.command.words[0].raw == "sudo" else ""
    return case.rewrite(one, place, place, case.chained(one) + sudo + text, reason)


def _alone(call: Call, installing: list[Instruction]) -> Iterator[Outcome]:
    """An update that is a layer of its own."""
    one = call.one
    others = [c for c in call.script.commands if c is not call.command]
    later = [each for each in installing if each.start > one.start]
    if others or one.flags or one.ignored or not later or not call.script.plain:
        if not any(each.start > one.start for each in installing) and not others:
            yield Remark(one.start, T("the lists of packages are fetched here and nothing is "
                                      "installed from them"))  # fmt: skip
        return
    yield Change(
        one.start,
        one.end,
        "",
        T("the lists of packages are fetched in the layer that installs, never old ones"),
    )


def _unsure(case: Case, stage: Stage) -> Instruction | None:
    """The first RUN that may install from lists that it does not fetch."""
    for one in stage.instructions:
        if one.keyword != "RUN":
            continue
        script = script_of(one)
        if script is None:
            text = case.file.text[one.start : one.end]
            if _INSTALLS.search(text) and not _UPDATES.search(text):
                return one
            continue
        for command in script.commands:
            path = _local_script(command)
            if path and _may_install(case, stage, one, path):
                return one
    return None


def _local_script(command: Command) -> str:
    """The path of a script that a command runs, "" for none."""
    argv = [word.value for word in command.argv]
    if argv and command.program in ("sh", "bash", "dash", "ash", "source", "."):
        if "-c" in argv:
            return ""
        paths = [value for value in argv[1:] if value and not value.startswith("-")]
        return paths[0] if paths else ""
    first = argv[0] if argv else None
    return first if first and (first.startswith(("./", "../")) or first.endswith(".sh")) else ""


def _may_install(case: Case, stage: Stage, one: Instruction, path: str) -> bool:
    home = stage.folder_before(one)
    if home is None and not path.startswith("/"):
        return True
    text = context_text(case, stage, posixpath.normpath(posixpath.join(home or "/", path)), one)
    if text is None:
        return True
    return _INSTALLS.search(text) is not None and _UPDATES.search(text) is None


def _apk(case: Case) -> Iterator[Outcome]:
    calls = list(calls_of(case, "apk"))
    for call in calls:
        if call.installs and not call.has("--no-cache") and not cached(call.one, "/apk"):
            end = call.sub.end
            yield case.rewrite(call.one, end, end, " --no-cache",
                               T("the index of packages does not stay in the image"))  # fmt: skip
        if call.sub.value == "update" and not cached(call.one, "/apk"):
            yield from _apk_update(case, call, calls)


def _apk_update(case: Case, call: Call, calls: list[Call]) -> Iterator[Outcome]:
    beside = [c for c in calls if c.one is call.one and c is not call]
    reason = T("--no-cache fetches the index itself")
    if {c.sub.value for c in calls if c is not call} - {"add", "del", "update"}:
        return
    commands = call.script.commands
    number = commands.index(call.command)
    if beside and call.command.after == "&&" and number + 1 < len(commands):
        yield case.rewrite(call.one, call.command.words[0].start,
                           commands[number + 1].words[0].start, "", reason)  # fmt: skip
    elif (
        len(commands) == 1
        and any(c.installs for c in calls)
        and not (call.one.flags or call.one.ignored)
    ):
        yield Change(call.one.start, call.one.end, "", reason)


def _rpm(case: Case) -> Iterator[Outcome]:
    calls = list(calls_of(case, "dnf", "zypper"))
    for one in dict.fromkeys(call.one for call in calls if call.installs):
        beside = [call for call in calls if call.one is one]
        first = next(call for call in beside if call.installs)
        program = first.command.program
        cleans = any(call.sub.value in ("clean", "cc") for call in beside)
        removes = any(c.program == "rm" and "/var/cache" in one.code for c in first.script.commands)
        if not cleans and not removes and not cached(one, "/var/cache"):
            yield _appended(case, one, first, _CLEAN[program],
                            T("what was downloaded does not stay in the image"))  # fmt: skip


RULES = (
    Rule("lists", frozenset({"DL3009"}), _apt),
    Rule("apk-cache", frozenset({"DL3019"}), _apk),
    Rule("rpm-cache", frozenset({"DL3032", "DL3036", "DL3040"}), _rpm),
)
