"""Reads pairs of versions, a tab between, and says -1, 0 or 1 for each."""

import sys
from pathlib import Path

from conan.internal.model.version import Version  # type: ignore[import-not-found]

for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    a, b = (Version(text) for text in line.split("\t"))
    print((a > b) - (a < b))
