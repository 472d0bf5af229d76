"""HEALTHCHECK, where it can be told what to ask: whether the one exposed port takes connections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from vigie.model.text import T, Text
from vigie.outlets.patches.editors.dockerfile.changes import Case, Outcome, Remark, Rule
from vigie.outlets.patches.editors.dockerfile.rules._running import (
    is_run,
    place_at_end,
    ports_of,
    programs,
    running,
)
from vigie.outlets.patches.editors.dockerfile.stages import Stage

_OPTIONS = "--interval=30s --timeout=5s --start-period=30s --retries=3"
# Programs that do one thing and end, or that a connection would disturb.
_NO_SERVERS = frozenset({"sshd", "bash", "sh", "ash"})


def _find(case: Case) -> Iterator[Outcome]:
    stage = case.final
    if stage.last("HEALTHCHECK") is not None:
        return
    about = stage.last("CMD", "ENTRYPOINT") or stage.instructions[0]
    if not is_run(stage):
        return
    port, why = _port(stage)
    words = _question(stage, port) if port else None
    if words is None:
        yield Remark(about.start, why or T("no HEALTHCHECK: the base image is not known to hold a "
                                           "program that could ask"))  # fmt: skip
        return
    line = (
        f"HEALTHCHECK {_OPTIONS} {case.file.escape}{case.file.newline}    CMD {json.dumps(words)}"
    )
    reason = T("Docker learns whether port {port} still takes connections; a question to the "
               "application itself would say more", port=port)  # fmt: skip
    place = place_at_end(stage)
    if place is not None:
        yield case.put_before(place, [line], reason)
    else:
        yield case.put_behind(stage.instructions[-1], [line], reason)


def _port(stage: Stage) -> tuple[int, Text | None]:
    """The one port to ask, or 0 and why there is none."""
    ports, whole = ports_of(stage)
    tcp = [port.number for port in ports if port.protocol == "tcp" and port.number != 22]
    if not whole:
        return 0, T("no HEALTHCHECK: which port to ask cannot be read from EXPOSE")
    if programs(stage) & _NO_SERVERS:
        return 0, T("no HEALTHCHECK: what runs here may be anything")
    if not tcp:
        return 0, T("no HEALTHCHECK: no port is exposed that could be asked")
    if len(tcp) > 1:
        named = {
            int(n) for word in running(stage) for n in re.findall(r"(?<!\d)\d{2,5}(?!\d)", word)
        }
        tcp = [number for number in tcp if number in named]
    if len(tcp) != 1:
        return 0, T("no HEALTHCHECK: which of the exposed ports to ask cannot be told")
    return tcp[0], None


def _question(stage: Stage, port: int) -> list[str] | None:
    """A program of the base image that connects to a port; None when none is known there."""
    base = stage.base
    if base is None or not base.is_known:
        return None
    if base.family in ("windows", "scratch", ""):
        return None
    if base.name == "python":
        return [
            "python",
            "-c",
            f"import socket; socket.create_connection(('127.0.0.1', {port}), 3).close()",
        ]
    if base.name == "node":
        ask = f"require('net').connect({port}, '127.0.0.1')"
        told = ".on('connect', () => process.exit(0)).on('error', () => process.exit(1))"
        return ["node", "-e", ask + told]
    if base.family == "apk":
        return ["nc", "-z", "127.0.0.1", str(port)]
    return ["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"]


RULE = Rule("health", frozenset({"DL3057"}), _find)
