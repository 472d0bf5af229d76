"""What the backends share: refusing to write where nothing can be, and values out of files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from vigie.model.errors import UserError
from vigie.model.text import T, Text
from vigie.ports.secrets import LARGEST, SecretValue


def read_only(label: Text) -> UserError:
    """What `put` and `remove` raise where somebody else keeps the secrets."""
    return UserError(
        T("{label} cannot be written by Vigie", label=label),
        T("Change it where it is kept, or seal one in the data folder: `vigie secrets set NAME`."),
    )


def open_regular(path: Path) -> tuple[int, os.stat_result] | None:
    """An open descriptor of a regular file and its facts; None when it is another kind of thing.

    Never waits for a pipe's writer. Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        os.close(handle)
        return None
    return handle, facts


def read_value(handle: int, limit: int = LARGEST) -> SecretValue | Text:
    """What an open file holds, without the one line end that editors and `echo` put after it;
    or why it is no value. Closes the file.

    Keeps to itself what it read: an error that is raised with it in reach could show it.
    """
    with os.fdopen(handle, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        return T("it is larger than {size} bytes", size=limit)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return T("it is not UTF-8 text")
    if text.endswith("\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return SecretValue(text) if text else T("it is empty")
