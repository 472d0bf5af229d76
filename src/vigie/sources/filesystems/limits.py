"""What an image may cost, and the books that are kept of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from vigie.model.errors import UserError
from vigie.model.text import T

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Sizes in bytes. Beyond any of them the image is refused, never half read in silence.

    `ratio` is how many times larger than its compressed form a layer may grow once it is
    larger than `harmless`: gzip alone reaches 1,032, real layers stay under 20.
    """

    download: int = 32 * _GIB  # compressed layers fetched from a registry
    unpacked: int = 32 * _GIB  # all that is decompressed into the workspace
    ratio: int = 200
    harmless: int = _GIB
    entries: int = 1_000_000  # in all layers together
    layers: int = 500  # Docker stops at 127
    document: int = 8 * 1024**2  # a manifest, an index, a configuration; registries stop at 4 MiB


DEFAULT_LIMITS = ImageLimits()


class Budget:
    """Counts what is decompressed, over all threads. `limits` are what it may come to."""

    def __init__(self, limits: ImageLimits) -> None:
        self.limits = limits
        self._spent = 0
        self._lock = threading.Lock()

    def spend(self, size: int) -> None:
        """Book `size` more bytes. Raises UserError when that is more than all layers may take."""
        with self._lock:
            self._spent += size
            over = self._spent > self.limits.unpacked
        if over:
            raise UserError(
                T("the image unpacks to more than {size} GiB", size=self.limits.unpacked // _GIB),
                T("If you trust it, scan it where it was built, as a folder."),
            )

    def check_ratio(self, packed: int, unpacked: int) -> None:
        """Raises UserError for data that grew as no honest data does."""
        if unpacked > self.limits.harmless and unpacked > packed * self.limits.ratio:
            raise UserError(
                T(
                    "the image holds a decompression bomb: {ratio} times its size",
                    ratio=_times(packed, unpacked),
                ),
                T("Do not run this image; ask who made it."),
            )


def _times(packed: int, unpacked: int) -> int:
    return unpacked // max(packed, 1)
