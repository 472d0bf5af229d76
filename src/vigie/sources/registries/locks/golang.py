"""go.mod and go.sum, renewed by go: what one module needs of the others is go's to say.

Source: Go Modules Reference, "go get", "go mod download".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from vigie.sources.registries.locks.renewing import Renewal, Work, copied, failed, text_of
from vigie.sources.registries.running import Answer, call, locate

_STANDARD = frozenset({"stdlib", "std", "go", "toolchain", "golang.org/toolchain"})
# No other toolchain is fetched and run because a go.mod asks for one.
_ENVIRONMENT = {"GOFLAGS": "-mod=mod", "GOWORK": "off", "GOTOOLCHAIN": "local"}
_MOST_MODULES = 400


class GoRenewer:
    lock = "go.sum"
    program = "go"

    def renew(self, work: Work, /) -> Renewal:
        """go.mod with everything that the upgrades ask for, and the sums of what is new."""
        modules = [u for u in work.upgrades if u.name not in _STANDARD]
        wanted = [f"{u.name}@v{u.version.removeprefix('v')}" for u in modules]
        with copied(work.files) as folder:
            home = folder / work.home
            answer = _go(home, "get", *wanted) if wanted else Answer(0)
            if answer.fine:
                new = [f"{name}@{version}" for name, version in _required(home)
                       if f"{name} {version}" not in work.before]  # fmt: skip
                answer = _go(home, "mod", "download", *new[:_MOST_MODULES]) if new else answer
            if not answer.fine:
                return failed("go", answer.err)
            now, sums = text_of(folder / work.manifest), text_of(folder / work.lock)
        # go writes with "\n"; a file of Windows keeps its line endings.
        if "\r\n" in work.before and "\r\n" not in now:
            now = now.replace("\n", "\r\n")
        kept = _without_old_sums(sums, work)
        return Renewal({work.manifest: now, work.lock: kept})


def _go(folder: Path, *arguments: str) -> Answer:
    return call([locate("go"), *arguments], folder, timeout=300, env=_ENVIRONMENT)


def _required(folder: Path) -> Iterator[tuple[str, str]]:
    answer = _go(folder, "mod", "edit", "-json")
    try:
        said = json.loads(answer.out or "{}").get("Require") or ()
    except ValueError:
        return
    for one in said:
        yield one["Path"], one["Version"]


def _without_old_sums(sums: str, work: Work) -> str:
    """The sum of a version's content that is no longer used goes; that of its go.mod stays, for
    the graph of modules may still need it."""
    for upgrade in work.upgrades:
        old = re.escape(f"{upgrade.name} v{upgrade.installed.removeprefix('v')} ")
        sums = re.sub(rf"(?m)^{old}h1:.*\n?", "", sums)
    return sums
