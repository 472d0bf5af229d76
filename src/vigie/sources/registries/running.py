"""Runs a package manager's client: bounded, without input, in an environment it may see.

Nothing of the target's is on its way: it runs in a temporary folder that holds manifests only,
and every call that could run a package's scripts says that it must not.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SEEN = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_*", "TZ", "TMPDIR", "XDG_*",
    "*_PROXY", "*_proxy",
    "SSL_CERT_*", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
    # Where the person's own mirrors and their credentials are said.
    "PIP_*", "UV_*", "POETRY_*", "NPM_CONFIG_*", "npm_config_*", "GO*", "CARGO_*", "RUSTUP_*",
    "JAVA_HOME", "MAVEN_*", "M2_HOME", "PYENV_*", "NVM_*", "NETRC",
)  # fmt: skip
_MOST_OUTPUT = 16 * 1024**2


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended. `code` is None when it did not start, or took too long."""

    code: int | None
    out: str = ""
    err: str = ""

    @property
    def fine(self) -> bool:
        return self.code == 0


def locate(*programs: str) -> str:
    """The first of these programs that is here; "" for none."""
    return next((found for name in programs if (found := shutil.which(name))), "")


def call(
    argv: Sequence[str],
    folder: Path,
    *,
    timeout: float = 60.0,
    env: Mapping[str, str] | None = None,
    text: str = "",
) -> Answer:
    """Run it to its end in `folder`; `text` is what it reads. Nothing of it runs on afterwards."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                argv,
                cwd=folder,
                env={**_environment(), **(env or {})},
                stdin=subprocess.PIPE if text else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            return Answer(None, err=error.strerror or str(error))
        code: int | None = None
        try:
            process.communicate(text.encode() if text else None, timeout=timeout)
            code = process.returncode
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(process)
        return Answer(code, _tail(out.fileno()), _tail(err.fileno()))


def _environment() -> dict[str, str]:
    seen = {
        name: value
        for name, value in os.environ.items()
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in _SEEN)
    }
    return {**seen, "NO_COLOR": "1", "CI": "1"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and whatever it started: they are one session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(handle: int) -> str:
    size = os.fstat(handle).st_size
    data = os.pread(handle, _MOST_OUTPUT, max(0, size - _MOST_OUTPUT))
    return data.decode("utf-8", "replace")
