"""What RUN does in its shell: pipes that hide errors, cd, sudo, downloads run unseen."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.shell import Command, Script, script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_SHELLS = {
    "deb": 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    "rpm": 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    "apk": 'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]',
}
_RUNNERS = frozenset({"sh", "bash", "dash", "ash", "zsh", "python", "python3", "perl", "node"})
_FETCHERS = frozenset({"curl", "wget"})
# These end before they have read everything, which pipefail takes for an error of the one before.
_EARLY = frozenset({"head", "true", ":", "sed", "awk"})


def _piped(one: Instruction) -> Script | None:
    script = script_of(one)
    return script if script is not None and script.pipes else None


def _is_set(stage: Stage, one: Instruction) -> bool:
    """Whether a failing pipe fails already."""
    if "pipefail" in one.code:
        return True
    shell: Instruction | None = None
    for each in stage.chain:
        if each is one:
            break
        shell = each if each.keyword == "SHELL" else shell
    return shell is not None and any("pipefail" in word for word in shell.argument_list or ())


def _pipefail(case: Case) -> Iterator[Outcome]:
    for stage in case.stages if case.posix else ():
        runs = [one for one in stage.instructions if one.keyword == "RUN"]
        first = next((one for one in runs if _piped(one) and not _is_set(stage, one)), None)
        if first is None:
            continue
        why = _why_not(case, stage, first)
        if why is not None:
            yield Remark(first.start, why)
            continue
        reason = T("a build now stops when something in front of a pipe fails")
        yield case.put_before(first, [_SHELLS[stage.family]], reason)
        later = next(
            (
                one
                for one in stage.instructions
                if one.start > first.start
                and one.keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK")
                and one.argument_list is None
                and one.arguments.upper() != "NONE"
            ),
            None,
        )
        if later is not None and not any(o.start > later.start for o in runs):
            yield case.put_before(
                later,
                ['SHELL ["/bin/sh", "-c"]'],
                T("the shell that runs the container stays as it was"),
            )


def _why_not(case: Case, stage: Stage, first: Instruction) -> Text | None:
    """Why the shell cannot be changed from an instruction on."""
    if stage.last("SHELL") is not None:
        return T("SHELL is set here; its pipes could fail with -o pipefail")
    if stage.family not in _SHELLS:
        return T("what is in front of a pipe may fail unseen; whether the base image has a shell "
                 "with pipefail is not known")  # fmt: skip
    after = [one for one in stage.instructions if one.keyword == "RUN" and one.start >= first.start]
    children = [s for s in case.stages if s is not stage and first in s.chain]
    after += [one for s in children for one in s.instructions if one.keyword == "RUN"]
    for one in after:
        script = script_of(one)
        if script is None and not one.arguments.startswith("["):
            return T("pipes may fail unseen; not all of what runs after could be read")
        for command in script.commands if script is not None else ():
            if _depends(command, stage.family):
                return T("what is in front of a pipe may fail unseen; with pipefail {program} "
                         "could stop the build", program=command.program)  # fmt: skip
    return None


def _depends(command: Command, family: str) -> bool:
    """Whether a command may do something else under the new shell."""
    if command.before in ("|", "|&") and (
        command.program in ("head", "true", ":")
        or (command.program == "grep" and any(w.raw in ("-q", "-m1") for w in command.argv))
        or (
            command.program in _EARLY and any("q" in w.raw or "exit" in w.raw for w in command.argv)
        )
    ):
        return True
    if command.program == "yes" and command.after == "|":
        return True
    # dash's own echo takes \n for a line end, bash's does not.
    return (
        family != "apk"
        and command.program == "echo"
        and any("\\" in word.raw or word.raw == "-e" for word in command.argv[1:])
    )


def _cd(case: Case) -> Iterator[Outcome]:
    for stage, one in case.each("RUN") if case.posix else ():
        script = script_of(one)
        number = next((n for n, c in enumerate(script.commands) if c.program == "cd"), None) \
            if script is not None else None  # fmt: skip
        if script is None or number is None:
            continue
        first = script.commands[0]
        goal = first.argv[1].value if first.program == "cd" and len(first.argv) == 2 else None
        home = stage.folder_before(one)
        several = sum(command.program in ("cd", "pushd") for command in script.commands) > 1
        if not goal or goal == "-" or first.after != "&&" or not script.plain or several \
                or home is None or _user_before(stage, one):  # fmt: skip
            yield Remark(one.start, T("WORKDIR would say where this runs; it cannot take the place "
                                      "of this cd"))  # fmt: skip
            continue
        place = posixpath.normpath(posixpath.join(home, goal))
        reason = T("WORKDIR says where this runs, instead of cd")
        yield case.put_before(one, [f"WORKDIR {place}"] if place != home else [], reason)
        yield case.rewrite(one, first.words[0].start, script.commands[1].words[0].start, "", reason)
        following = stage.instructions[stage.instructions.index(one) + 1 :]
        if place != home and not (following and following[0].keyword == "WORKDIR"
                                  and following[0].arguments.startswith("/")):  # fmt: skip
            yield case.put_behind(one, [f"WORKDIR {home}"],
                                  T("what follows runs where it ran before"))  # fmt: skip


def _user_before(stage: Stage, one: Instruction) -> bool:
    return any(each.keyword == "USER" and each.start < one.start for each in stage.chain)


def _sudo(case: Case) -> Iterator[Outcome]:
    for stage, one in case.each("RUN"):
        script = script_of(one) if case.posix else None
        for command in script.commands if script is not None else ():
            words = command.words
            if words[0].raw != "sudo" or len(words) < 2:
                continue
            base = stage.base
            root = base is not None and base.starts_as_root and not _user_before(stage, one)
            if not root or words[1].is_option or re.match(r"\w+=", words[1].raw):
                yield Remark(one.start, T("sudo is not needed in a build: set USER before what "
                                          "needs another one"))  # fmt: skip
            else:
                yield case.rewrite(one, words[0].start, words[1].start, "",
                                   T("the build is root here already, without sudo"))  # fmt: skip


def _unseen(case: Case) -> Iterator[Outcome]:
    for _, one in case.each("RUN"):
        script = script_of(one) if case.posix else None
        if script is None:
            continue
        for before, command in zip(script.commands, script.commands[1:], strict=False):
            if before.program in _FETCHERS and before.after in ("|", "|&") \
                    and command.program in _RUNNERS:  # fmt: skip
                yield Remark(one.start, T("what is downloaded is run unseen: fetch it, check its "
                                          "hash, then run it"))  # fmt: skip
        for command in script.commands:
            options = {word.raw for word in command.argv[1:]}
            if (command.program == "curl" and any(_insecure(o) for o in options)) or (
                command.program == "wget" and "--no-check-certificate" in options
            ):
                yield Remark(one.start, T("the other side's certificate is not checked; it may be "
                                          "anybody's"))  # fmt: skip
            if any(w.value == "sudo" for w in command.argv[2:]) and command.program in (
                "apt-get", "apt", "apk", "yum", "dnf", "microdnf"
            ):  # fmt: skip
                yield Remark(one.start, T("sudo is installed: in a container it only helps "
                                          "whoever breaks in"))  # fmt: skip


def _insecure(option: str) -> bool:
    return option == "--insecure" or re.fullmatch(r"-[a-zA-Z]*k[a-zA-Z]*", option) is not None


RULES = (
    Rule("sudo", frozenset({"DL3004"}), _sudo),
    Rule("workdir", frozenset({"DL3003"}), _cd),
    Rule("pipefail", frozenset({"DL4006"}), _pipefail),
    Rule("unseen", frozenset(), _unseen),
)
