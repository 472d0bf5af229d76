"""What the container of the last stage runs, and what is known of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from vigie.outlets.patches.editors.dockerfile.parsing import Instruction
from vigie.outlets.patches.editors.dockerfile.shell import script_of
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_PORT = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(\w+))?")


@dataclass(frozen=True, slots=True)
class Port:
    number: int
    protocol: str


def ports_of(stage: Stage) -> tuple[list[Port], bool]:
    """The exposed ports, and whether these are all: a range or a variable leaves some open."""
    found: dict[Port, None] = {}
    whole = True
    for one in stage.chain:
        for word in one.arguments.split() if one.keyword == "EXPOSE" else ():
            match = _PORT.fullmatch(word.strip("\"'"))
            if match is None or match[2] or not 0 < int(match[1]) < 65536:
                whole = False
                continue
            found[Port(int(match[1]), (match[3] or "tcp").lower())] = None
    return list(found), whole


def running(stage: Stage) -> Iterator[str]:
    """The words of ENTRYPOINT and CMD of this very stage, as far as they can be read."""
    for keyword in ("ENTRYPOINT", "CMD"):
        one = next((o for o in reversed(stage.instructions) if o.keyword == keyword), None)
        if one is None:
            continue
        listed = one.argument_list
        if listed is not None:
            yield from listed
            continue
        script = script_of(one)
        for command in script.commands if script is not None else ():
            for word in command.words:
                yield word.value if word.value is not None else word.raw


def programs(stage: Stage) -> set[str]:
    """The names that may be programs among what runs."""
    return {posixpath.basename(word) for word in running(stage)}


def is_run(stage: Stage) -> bool:
    """Whether the stage itself says what runs: another may be there to build upon."""
    return any(one.keyword in ("CMD", "ENTRYPOINT") for one in stage.instructions)


def place_at_end(stage: Stage) -> Instruction | None:
    """The instruction that settings of the container come before, None for the very end."""
    own = stage.instructions
    works = [
        n
        for n, one in enumerate(own)
        if one.keyword in ("ADD", "COPY", "FROM", "RUN", "SHELL", "USER", "WORKDIR")
    ]
    after = own[max(works) + 1 :]
    return next((one for one in after if one.keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK")), None)
