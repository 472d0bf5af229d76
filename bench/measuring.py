"""How things are measured: in a process of their own, wall clock and peak memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("VIGIE_CORPUS", ROOT.parent / "shared" / "corpus"))

Row = Mapping[str, object]


class NotMeasured(Exception):  # noqa: N818 - it is no error: the input is not on this machine
    """What is missing, in words for the results page."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`seconds` of wall clock, `memory` the peak resident set in MiB, `output` its stdout."""

    seconds: float
    memory: float
    output: str


def corpus(*parts: str) -> Path:
    """A file of the corpus. Raises NotMeasured where it does not lie beside the checkout."""
    path = CORPUS.joinpath(*parts)
    if not path.exists():
        raise NotMeasured(f"needs the corpus of real reports ({'/'.join(parts)})")
    return path


def run(argv: Sequence[str], *, ok: Sequence[int] = (0,)) -> Cost:
    """Run a program to its end and measure it. Raises RuntimeError when it fails."""
    started = time.perf_counter()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate(timeout=900)
        seconds = time.perf_counter() - started
    if process.returncode not in ok:
        raise RuntimeError(f"{argv[:4]} ended with {process.returncode}: {err.decode()[-800:]}")
    return Cost(seconds, 0.0, out.decode())


def run_python(code: str, *arguments: str) -> Cost:
    """Run Python code in a fresh interpreter; peak memory is the interpreter's own."""
    # Not ru_maxrss: it starts from what the parent held when it forked.
    tail = (
        "\nimport sys\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') "
        "if line.startswith('VmHWM')), file=sys.stderr)"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + tail, *arguments],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    return Cost(seconds, int(done.stderr.split()[-1]) / 1024, done.stdout)


def vigie(*arguments: str) -> list[str]:
    """The command line of Vigie in this environment."""
    return [str(Path(sys.executable).with_name("vigie")), *arguments]


def machine() -> str:
    """The machine in one line."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}"
    )
