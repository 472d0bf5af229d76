"""Few questions at once, and what needs no turn."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from vigie.faces.server import middleware
from vigie.faces.server.middleware import InTurn

HEAD = {"type": "http.response.start", "status": 200, "headers": []}


class Crowd:
    """An application that says how many were in it at once, and lets them go when told."""

    def __init__(self, *, says_first: bool = False, fails: bool = False) -> None:
        self.inside = self.most = self.asked = 0
        self.open = asyncio.Event()
        self.says_first, self.fails = says_first, fails

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.asked += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            if self.fails:
                raise RuntimeError
            if self.says_first:
                await send(HEAD)
            await self.open.wait()
            if not self.says_first:
                await send(HEAD)
        finally:
            self.inside -= 1


async def _nothing(*_: Any) -> Any:
    return None


async def _ask(crowd: Crowd, method: str, path: str, times: int, until: int = 0) -> None:
    turns = InTurn(crowd)
    scope = {"type": "http", "method": method, "path": path}
    asking = [asyncio.create_task(turns(scope, _nothing, _nothing)) for _ in range(times)]
    for _ in range(50):
        await asyncio.sleep(0)
    while crowd.asked < until:
        await asyncio.sleep(0.001)
    crowd.open.set()
    await asyncio.gather(*asking, return_exceptions=True)


@pytest.fixture(autouse=True)
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "AT_ONCE", 2)
    monkeypatch.setattr(middleware, "TURN", 3600.0)


def most(crowd: Crowd, method: str = "GET", path: str = "/api/v1/findings") -> int:
    asyncio.run(_ask(crowd, method, path, 5))
    assert crowd.asked == 5
    return crowd.most


def test_questions_wait_for_their_turn_and_all_are_answered() -> None:
    assert most(Crowd()) == 2


def test_a_turn_ends_when_the_answer_begins() -> None:
    assert most(Crowd(says_first=True)) == 5


def test_slow_questions_hold_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "TURN", 0.01)
    crowd = Crowd()
    asyncio.run(asyncio.wait_for(_ask(crowd, "GET", "/api/v1/findings", 5, until=5), 60))
    assert crowd.most == 5


def test_a_turn_that_ended_early_is_given_once() -> None:
    async def ask() -> int:
        crowd = Crowd()
        turns = InTurn(crowd)
        scope = {"type": "http", "method": "GET", "path": "/api/v1/findings"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(middleware, "TURN", 0.0)
            slow = asyncio.create_task(turns(scope, _nothing, _nothing))
            while not crowd.asked:
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.001)
        crowd.open.set()
        await slow
        crowd.open.clear()
        asking = [asyncio.create_task(turns(scope, _nothing, _nothing)) for _ in range(5)]
        for _ in range(50):
            await asyncio.sleep(0)
        inside = crowd.inside
        crowd.open.set()
        await asyncio.gather(*asking)
        return inside

    assert asyncio.run(ask()) == 2


def test_a_turn_ends_with_a_bug_too() -> None:
    crowd = Crowd(fails=True)
    assert most(crowd) >= 1
    assert crowd.inside == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/v1/findings"), ("GET", "/api/v1/auth/sign-on"), ("GET", "/health")],
)
def test_what_changes_something_or_waits_for_others_needs_no_turn(method: str, path: str) -> None:
    assert most(Crowd(), method, path) == 5
