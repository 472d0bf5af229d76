"""What most scanners of code have in common, so that a runner says only what is its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from vigie.model.assets import AssetKind
from vigie.ports.scanners import Command, Installation, Recipe, Target


class CodeScanner:
    """Looks at folders and files of code, has no database, and prints its version when asked.

    A subclass gives the rest of `vigie.ports.scanners.Scanner`, and methods of its own where
    it differs. `version_words` is what it is asked for its version with, `version_pattern` a
    regular expression whose first group is the version in the answer.
    """

    recipe: Recipe | None = None
    has_database = False
    version_words: ClassVar[tuple[str, ...]] = ("--version",)
    version_pattern: ClassVar[str]

    def handles(self, target: Target) -> bool:
        return target.kind is AssetKind.REPOSITORY and target.path is not None

    def refresh_command(self, _binary: Path, /) -> Command | None:
        return None

    def version_command(self, binary: Path) -> Command:
        return Command([str(binary), *self.version_words])

    def read_version(self, output: str) -> Installation | None:
        found = re.search(self.version_pattern, output, re.MULTILINE)
        return Installation(Path(), found[1]) if found else None
