"""The seam for scanners: how to run somebody else's tool and where its report ends up.

A built-in runner is a module in `vigie/sources/scanners/runners/` that holds one object named
`SCANNER`; a third party registers the same object under the entry point group
`vigie.scanners`. A runner only describes; starting, limiting and killing is done for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from vigie.model.assets import Asset, AssetKind
from vigie.model.runs import Problem
from vigie.model.text import Text
from vigie.ports.plugs import Needs


@dataclass(frozen=True, slots=True)
class Target:
    """What to scan. `path` is set for a folder, file or archive; `reference` as it was typed."""

    kind: AssetKind
    reference: str
    path: Path | None = None
    asset: Asset | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """How `vigie scanners install` gets it: pinned packages of one registry.

    `pins` are "name==version" (pypi) or "name@version" (npm, go), the first is the tool itself.
    `binary` is the program's path inside the environment when it is not `bin/<binary>`.
    `package` is, for a Go module, the folder of the program in it ("cmd/grype").
    """

    registry: Literal["pypi", "npm", "go"]
    pins: Sequence[str]
    binary: str = ""
    package: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One execution. `report` is a file in the workspace, None when it is standard output.

    `clean` are exit codes that mean 'ran to the end, nothing found', `found` those that mean
    'ran to the end, found something'; a tool that tells the two apart in its report only has
    the same in both. `nothing` are those that mean 'the target holds nothing for it', `unable`
    those at which its report says why there is nothing else in it. Any other code is a crash,
    whatever was printed.
    It starts in a clean environment, without standard input and, unless `cwd` says another,
    in the workspace. `env` is added to that environment; `inherits` names variables of ours
    that the tool may see as well ("TRIVY_*" for all that begin so; one that holds a token only
    when it is named in full).
    `problems` are what this execution will not see, and why: they reach the run and, unless
    their code is `NOTE`, make it partial. So does a line of standard error that the regular
    expression `left_out` finds something in: for tools that leave things out with exit code 0.
    `network`: it cannot do without a service on the network, so it is not run offline.
    `database_date` is the age of what it looks things up in, when only the runner knows it.
    `then` is, for a version command, another whose output is put behind that of the first.
    """

    argv: Sequence[str]
    report: Path | None = None
    clean: frozenset[int] = frozenset({0})
    found: frozenset[int] = frozenset({1})
    nothing: frozenset[int] = frozenset()
    unable: frozenset[int] = frozenset()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    inherits: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    left_out: str = ""
    network: bool = False
    database_date: str = ""
    then: Command | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which a scan runs.

    `offline` forbids to reach for anything on the network but the target itself.
    `database_date` is that of the database at hand, "" when there is none. `excluded` are names
    of folders to leave out. `settings` are this scanner's own, as the user gave them (Semgrep:
    "config").
    """

    offline: bool = False
    database_date: str = ""
    excluded: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Installation:
    """A scanner as found on this machine. Dates are ISO 8601; "" is unknown or has none."""

    binary: Path
    version: str = ""
    database_date: str = ""


class Scanner(Protocol):
    """Describes one tool.

    `name` is the word for `--with`, `format` the parser of its report, `needs.binary` the
    program, `recipe` how to install it (None: `advice` says where to get it),
    `has_database` True when findings depend on the age of a database.
    """

    name: str
    label: str
    format: str
    needs: Needs
    recipe: Recipe | None
    advice: Text
    has_database: bool

    def handles(self, target: Target) -> bool:
        """True when it has something to say about this kind of target."""

    def command(
        self, binary: Path, target: Target, workspace: Path, conditions: Conditions, /
    ) -> Command | None:
        """The command line; None when the target holds nothing for it (no Dockerfile…).

        Raises UserError when it cannot look as things are, such as without a token. The run
        has failed then and says so.
        """

    def refresh_command(self, binary: Path, /) -> Command | None:
        """The command that brings its database up to date; None when it has none."""

    def version_command(self, binary: Path) -> Command:
        """The command whose output `read_version` understands. Must work with no network."""

    def read_version(self, output: str) -> Installation | None:
        """Version and database date out of that output, with any path as `binary`."""
