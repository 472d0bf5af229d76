"""What every plug declares about its surroundings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """What a plug needs before it can be used. Empty means nothing.

    `binary` is a program on the path, `extra` a `pip install vigie[extra]`, `service` the
    setting that holds the address of a server it asks ("url"), `network` and `root` say that it
    cannot work without them.
    """

    binary: str = ""
    extra: str = ""
    service: str = ""
    network: bool = False
    root: bool = False


NOTHING = Needs()
