"""Instructions that have a better form: MAINTAINER, ADD, repeated ones, and shell-form CMD."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Change, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.contents import context_text, roots, sources_of
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.shell import script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_ARCHIVE = re.compile(
    r"\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tlz|tzst|gz|bz2|xz|lzma|zst|Z)$", re.IGNORECASE
)
_REMOTE = re.compile(r"^(?:https?|ftp|ssh|git)://|^git@|\.git(?:#.*)?$", re.IGNORECASE)
_ADD_ONLY = frozenset({"checksum", "keep-git-dir", "unpack"})
_BUILTINS = frozenset({"cd", "export", "source", ".", "set", "ulimit", "umask", "eval", "trap",
                       "exit", "read", "wait", ":"})  # fmt: skip
# Entry points that run whatever they are given.
_INITS = frozenset({"tini", "dumb-init", "docker-init", "catatonit"})
_KEPT = ("CMD", "ENTRYPOINT", "HEALTHCHECK")


def _maintainer(case: Case) -> Iterator[Outcome]:
    for _, one in case.each("MAINTAINER"):
        said = one.arguments.strip("\"'")
        quoted = said.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
        if not case.posix or "\\" in said:
            continue
        end = len(one.code.rstrip())
        yield case.rewrite(
            one, len(one.code) - len(one.code.lstrip()), end,
            f'LABEL org.opencontainers.image.authors="{quoted}"',
            T("MAINTAINER is deprecated; this label says the same"),
        )  # fmt: skip


def _repeated(case: Case) -> Iterator[Outcome]:
    for stage in case.stages:
        for keyword in _KEPT:
            said = [one for one in stage.instructions if one.keyword == keyword]
            for one in (each for each in said[:-1] if not each.ignored):
                yield Change(
                    one.start,
                    one.end,
                    "",
                    T("only the last {keyword} of a stage counts", keyword=keyword),
                )


def _add(case: Case) -> Iterator[Outcome]:
    for _, one in case.each("ADD"):
        sources, _ = sources_of(one)
        if any(flag.name in _ADD_ONLY for flag in one.flags):
            continue
        if any(_REMOTE.search(source) for source in sources):
            if any(source.lower().startswith(("http:", "https:")) for source in sources):
                yield Remark(one.start, T("what is downloaded is not checked; give ADD its "
                                          "--checksum=sha256:…"))  # fmt: skip
            continue
        if (sources or one.heredocs) and not any(_may_unpack(case, s) for s in sources):
            start = len(one.code) - len(one.code.lstrip())
            yield case.rewrite(
                one,
                start,
                start + 3,
                "COPY",
                T("COPY does nothing but copy; ADD may also download and unpack"),
            )


def _may_unpack(case: Case, source: str) -> bool:
    """Whether ADD may find an archive there: it looks at the content, not at the name."""
    name = posixpath.basename(source)
    if _ARCHIVE.search(name) or "$" in source:
        return True
    if source.endswith("/") or name in (".", ".."):
        return False
    wild = any(sign in name for sign in "*?[")
    if wild:
        return "." not in name.rpartition("*")[2]
    if "." in name.lstrip("."):
        return False
    root = source.lstrip("/").removeprefix("./")
    return any(case.read(r + root) == "" for r in roots(case))


def _exec_form(case: Case) -> Iterator[Outcome]:
    for stage in case.stages:
        own = stage.instructions
        entry = next((one for one in reversed(own) if one.keyword == "ENTRYPOINT"), None)
        command = next((one for one in reversed(own) if one.keyword == "CMD"), None)
        for one in (entry, command):
            if one is None or one.argument_list is not None or one.arguments.startswith("["):
                continue
            why = _bound(one, entry, command) or _unready(case, stage, one)
            words = None if why is not None else _words(one)
            if words is None:
                yield Remark(
                    one.start,
                    why
                    or T(
                        "only a shell can run this; in the JSON form the "
                        "program itself would get the signals"
                    ),
                )
                continue
            start = one.code.index(one.arguments, one.body)
            yield case.rewrite(
                one, start, start + len(one.arguments), json.dumps(words, ensure_ascii=False),
                T("in the JSON form the program itself gets the signals that stop the container"),
            )  # fmt: skip


def _bound(one: Instruction, entry: Instruction | None, command: Instruction | None) -> Text | None:
    """Why the form of one cannot change without changing what the other means."""
    if entry is None or command is None:
        return None
    if one is entry:
        return T("in the JSON form this ENTRYPOINT would get what CMD says, which it does not now")
    listed = entry.argument_list
    if listed is None:
        return T("the ENTRYPOINT is in the shell form and ignores this")
    if posixpath.basename(listed[0] if listed else "") in _INITS:
        return None
    return T("the ENTRYPOINT gets this with a shell around it, and may count on that")


def _words(one: Instruction) -> list[str] | None:
    script = script_of(one)
    if script is None or len(script.commands) != 1:
        return None
    words = list(script.commands[0].words)
    if words and words[0].raw == "exec":
        words = words[1:]
    values = [word.value for word in words]
    if not values or any(value is None for value in values):
        return None
    found = [value for value in values if value is not None]
    return None if found[0] in _BUILTINS or "=" in found[0] or not found[0] else found


def _unready(case: Case, stage: Stage, one: Instruction) -> Text | None:
    """A script without a first line that says its shell runs in a shell only."""
    if not case.posix or (stage.base is not None and stage.base.family == "windows"):
        return T("it is not known which shell runs this")
    shell = stage.last("SHELL")
    if shell is not None and "sh" not in posixpath.basename((shell.argument_list or ("",))[0]):
        return T("it is not known which shell runs this")
    words = _words(one)
    first = words[0] if words else ""
    if not first.endswith(".sh") and not first.startswith(("./", "../")):
        return None
    home = stage.folder_before(None)
    if not first.startswith("/") and home is None:
        return T("it is not known whether {path} says which shell runs it", path=first)
    text = context_text(case, stage, posixpath.normpath(posixpath.join(home or "/", first)))
    built = "target/" in first or "dist/" in first or "build/" in first
    if text is None and not (built and not first.endswith(".sh")):
        return T("it is not known whether {path} says which shell runs it", path=first)
    if text is not None and not text.startswith("#!"):
        return T("{path} does not say which shell runs it: begin it with #!/bin/sh", path=first)
    return None


RULES = (
    Rule("maintainer", frozenset({"DL4000"}), _maintainer),
    Rule("repeated", frozenset({"DL3012", "DL4003", "DL4004"}), _repeated),
    Rule("copy", frozenset({"DL3020"}), _add),
    Rule("exec-form", frozenset({"DL3025"}), _exec_form),
)
