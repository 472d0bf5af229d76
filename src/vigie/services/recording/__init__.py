"""Remembers what was concluded: reports become assets, findings and their history in the store.

`record` is the way in. What one import says of one asset (`shares`) replaces what its tools said
of it before (`sayings`), everything that all tools say is concluded anew (`belief`), the
findings are recognised (`recognition`) and what changed is written (`writing`).
"""

from vigie.services.recording.options import Recorded, RecordedAsset, RecordOptions
from vigie.services.recording.record import record

__all__ = ["RecordOptions", "Recorded", "RecordedAsset", "record"]
