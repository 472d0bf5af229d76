"""How calls of package managers are read: the subcommand, its options, and the packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vigie.outlets.patches.editors.dockerfile.changes import Case
from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.shell import Command, Script, Word, script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage

# Options whose value is a word of its own.
_VALUED = {
    "apt-get": frozenset({"-o", "--option", "-c", "--config-file", "-t", "--target-release", "-a"}),
    "apk": frozenset({"-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--wait",
                      "--cache-dir", "--keys-dir", "--repositories-file"}),
    "dnf": frozenset({"-c", "--config", "--enablerepo", "--disablerepo", "--repo", "--repoid",
                      "--installroot", "--releasever", "--setopt", "-x", "--exclude", "-d", "-e"}),
    "zypper": frozenset({"-r", "--repo", "--root", "-R", "-t", "--type", "-p", "-C"}),
    "pip": frozenset({"-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "-t",
                      "--extra-index-url", "-f", "--find-links", "--target", "--prefix", "-e",
                      "--editable", "--trusted-host", "--timeout", "--retries", "--root",
                      "--proxy", "--platform", "--python-version", "--progress-bar"}),
    "npm": frozenset({"--prefix", "--registry", "--loglevel", "-w", "--workspace", "--omit",
                      "--include"}),
}  # fmt: skip
_KINDS = {"apt-get": "apt-get", "apt": "apt-get", "apk": "apk", "dnf": "dnf", "yum": "dnf",
          "microdnf": "dnf", "dnf5": "dnf", "zypper": "zypper", "npm": "npm"}  # fmt: skip
TYPES = {"apt-get": "deb", "apk": "apk", "dnf": "rpm", "zypper": "rpm"}
INSTALLS = {
    "apt-get": frozenset({"install"}),
    "apk": frozenset({"add"}),
    "dnf": frozenset({"install"}),
    "zypper": frozenset({"install", "in"}),
    "pip": frozenset({"install"}),
    "npm": frozenset({"install", "i", "add"}),
}
_PIP = re.compile(r"pip(?:3(?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a package manager. `kind` is that of the table above, `program` its first word."""

    stage: Stage
    one: Instruction
    script: Script
    command: Command
    kind: str
    program: Word
    sub: Word
    options: tuple[Word, ...]
    named: tuple[Word, ...]

    @property
    def installs(self) -> bool:
        return (self.sub.value or "") in INSTALLS[self.kind]

    def has(self, *options: str) -> bool:
        """Whether an option is there; short ones may be run together ("-yq")."""
        for word in self.options:
            name = word.raw.partition("=")[0]
            short = re.fullmatch(r"-[A-Za-z]+", word.raw) is not None
            for option in options:
                if name == option or (short and len(option) == 2 and option[1] in word.raw):
                    return True
        return False


def calls_of(case: Case, *kinds: str) -> Iterator[Call]:
    """Every call of these package managers in the file's RUN instructions."""
    for stage, one in case.each("RUN"):
        script = script_of(one) if case.posix else None
        for command in script.commands if script is not None else ():
            call = _call(stage, one, script, command) if script is not None else None
            if call is not None and call.kind in kinds:
                yield call


def _call(stage: Stage, one: Instruction, script: Script, command: Command) -> Call | None:
    argv = command.argv
    kind, skip = _KINDS.get(command.program, ""), 1
    if _PIP.fullmatch(command.program):
        kind = "pip"
    elif _PYTHON.fullmatch(command.program) and [w.raw for w in argv[1:3]] == ["-m", "pip"]:
        kind, skip = "pip", 3
    if not kind:
        return None
    valued = _VALUED[kind]
    plain: list[Word] = []
    options: list[Word] = []
    value = False
    for word in argv[skip:]:
        if value:
            value = False
        elif word.is_option:
            options.append(word)
            value = word.raw in valued
        else:
            plain.append(word)
    if not plain:
        return None
    return Call(stage, one, script, command, kind, argv[0], plain[0], tuple(options),
                tuple(plain[1:]))  # fmt: skip


def cached(one: Instruction, folder: str = "") -> bool:
    """Whether a cache mount keeps a folder out of the layer ("": any)."""
    mounts = [flag.value for flag in one.flags if flag.name == "mount"]
    return any("type=cache" in mount and folder in mount for mount in mounts)
