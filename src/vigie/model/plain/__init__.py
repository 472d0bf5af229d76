"""The result as plain JSON values, and back without loss.

Other programs read this layout: `catalog/schema/result-1.json` describes it, key by key.
Unknown is null, never zero; an observation leaves out what its tool did not say.
"""

from vigie.model.plain.reading import from_plain, plain_reader
from vigie.model.plain.writing import plain_writer, sections, to_plain

__all__ = ["from_plain", "plain_reader", "plain_writer", "sections", "to_plain"]
