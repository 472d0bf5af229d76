"""What Vigie's exit codes mean."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    FINE = 0
    REFUSED = 1  # the gate says no
    USAGE = 2  # wrong usage or input
    INCOMPLETE = 3  # something was not looked at, so nobody can say yes
    BUG = 70  # sysexits.h EX_SOFTWARE
    INTERRUPTED = 130  # 128 + SIGINT
    BROKEN_PIPE = 141  # 128 + SIGPIPE: never 0, or a gate in a pipe would seem to pass
