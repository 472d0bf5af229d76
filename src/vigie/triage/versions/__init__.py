"""Versions: which is higher, and which of the fixed ones is the lowest that suffices.

One module for each scheme. What its scheme refuses cannot be compared, and that is said
rather than guessed.
"""

from vigie.triage.versions.fixes import jump, lowest_sufficient, normalise
from vigie.triage.versions.keys import Key
from vigie.triage.versions.schemes import compare, key, order

__all__ = ["Key", "compare", "jump", "key", "lowest_sufficient", "normalise", "order"]
