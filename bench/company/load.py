"""Asks a server as fast as it answers, from a process of its own, and says how long it took.

Run as a program with a `Load` as JSON on standard input; the answer is JSON too. Each client has
one connection and asks its next question when it has the answer to the one before (closed loop).
It speaks just enough HTTP/1.1 to cost the machine it shares with the server next to nothing.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bench.measuring import ROOT


@dataclass(frozen=True)
class Load:
    """Questions: `paths` of each token, a random one of a random token's each time. The clients
    are spread over the `ports`. Nothing counts that was asked in the first `warm` seconds, nor
    what was answered later than `seconds` after them."""

    ports: Sequence[int]
    clients: int
    paths: Mapping[str, Sequence[str]]  # by token
    seconds: float
    warm: float = 1.0
    seed: str = ""


@dataclass(frozen=True)
class Answered:
    """Milliseconds of each answer, in order; `wrong` are statuses other than 200, by number."""

    milliseconds: Sequence[float]
    wrong: Mapping[str, int]
    seconds: float
    bytes: int
    asked: int  # also those that do not count

    def at(self, share: float) -> float:
        """The percentile: 0.95 for p95."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    def __str__(self) -> str:
        p50, p95, p99 = (self.at(share) for share in (0.5, 0.95, 0.99))
        said = f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; {self.rate:.0f} answers/s"
        return f"{said}; NOT ANSWERED WITH 200: {dict(self.wrong)}" if self.wrong else said

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds


def ask(load: Load) -> Answered:
    """Do it in a process of its own and wait for its end."""
    with begin(load) as asking:
        return ended(asking, load)


def begin(load: Load) -> subprocess.Popen[str]:
    """Start asking; `ended` says what came of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.company.load"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(load)))
    process.stdin.close()
    process.stdin = None
    return process


def ended(process: subprocess.Popen[str], load: Load) -> Answered:
    """What it came to. Raises RuntimeError when nothing was answered."""
    out, _ = process.communicate(timeout=load.seconds + load.warm + 120)
    if process.returncode:
        raise RuntimeError("the asking process failed")
    said = Answered(**json.loads(out))
    if not said.milliseconds:
        raise RuntimeError("nothing was answered")
    return said


class _Asking:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.requests = {
            token: [_request(path, token) for path in paths] for token, paths in load.paths.items()
        }
        self.milliseconds: list[float] = []
        self.wrong: dict[str, int] = {}
        self.bytes = 0
        self.asked = 0

    async def run(self) -> Answered:
        self.start = time.monotonic() + self.load.warm
        self.end = self.start + self.load.seconds
        await asyncio.gather(*(self.client(number) for number in range(self.load.clients)))
        return Answered(self.milliseconds, self.wrong, self.load.seconds, self.bytes, self.asked)

    async def client(self, number: int) -> None:
        chance = random.Random(f"{self.load.seed} {number}")
        tokens = sorted(self.requests)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.load.ports[number % len(self.load.ports)]
        )
        while (began := time.monotonic()) < self.end:
            writer.write(chance.choice(self.requests[chance.choice(tokens)]))
            status, length = await _answer(reader)
            took = time.monotonic() - began
            self.asked += 1
            if began < self.start or began + took > self.end:
                continue
            self.milliseconds.append(took * 1000)
            self.bytes += length
            if status != 200:
                self.wrong[str(status)] = self.wrong.get(str(status), 0) + 1
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    await reader.readexactly(length)
    return int(head[9:12]), length


def _request(path: str, token: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: vigie\r\nAuthorization: Bearer {token}\r\n"
        "Accept: application/json\r\nAccept-Language: en\r\n\r\n"
    ).encode()


if __name__ == "__main__":
    answered = asyncio.run(_Asking(Load(**json.load(sys.stdin))).run())
    json.dump(asdict(answered), sys.stdout)
