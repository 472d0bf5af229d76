"""Reads pairs of versions, a tab between, and says -1, 0 or 1 for each (packaging 21)."""

import sys
from pathlib import Path

from packaging.version import parse

for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    a, b = (parse(text) for text in line.split("\t"))
    print((a > b) - (a < b))
