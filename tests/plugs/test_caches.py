"""One behaviour suite over every cache, and what each must do beyond it."""

from __future__ import annotations

import gc
import math
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service_engines import free_port
from tests.services import OwnServer
from vigie.model.errors import SourceError, UserError
from vigie.ports.caches import Cache
from vigie.stores.cache import _bucket
from vigie.stores.cache.memory import BACKLOG, MemoryCache
from vigie.stores.cache.redis import RedisCache

LONG = 300.0
PATIENCE = 60.0  # seconds to wait for what must come
MOMENT = 0.3  # seconds to wait for what must not come


@pytest.fixture
def in_memory() -> Iterator[Cache]:
    cache = MemoryCache()
    yield cache
    cache.close()


@pytest.fixture
def in_redis(request: pytest.FixtureRequest) -> Iterator[Cache]:
    url = request.getfixturevalue("redis").url
    cache = RedisCache(url, prefix=f"test-{secrets.token_hex(6)}:")
    yield cache
    cache.close()


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Cache:
    made: Cache = request.getfixturevalue(f"in_{request.param}")
    return made


def test_a_value_is_kept_as_it_was_given(cache: Cache) -> None:
    assert cache.get("a") is None
    cache.set("a", b"\x00\xff one", LONG)
    cache.set("b", b"", LONG)
    assert cache.get("a") == b"\x00\xff one"
    assert cache.get("b") == b""
    cache.set("a", b"two", LONG)
    assert cache.get("a") == b"two"


def test_a_value_goes_when_its_time_is_over(cache: Cache) -> None:
    cache.set("a", b"one", 0.05)
    cache.set("stays", b"one", LONG)
    end = time.monotonic() + PATIENCE
    while cache.get("a") is not None:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert cache.get("stays") == b"one"


@pytest.mark.parametrize("seconds", [0, -1])
def test_no_time_at_all_keeps_nothing(cache: Cache, seconds: float) -> None:
    cache.set("a", b"one", LONG)
    cache.set("a", b"two", seconds)
    assert cache.get("a") is None


def test_what_is_forgotten_is_gone(cache: Cache) -> None:
    cache.set("a", b"one", LONG)
    cache.set("b", b"two", LONG)
    cache.forget("a")
    cache.forget("never there")
    assert cache.get("a") is None
    assert cache.get("b") == b"two"


def test_a_bucket_holds_its_burst_and_says_when_there_is_more(cache: Cache) -> None:
    def take(now: float) -> float:
        return cache.take_token("k", rate=2.0, burst=3, now=now)

    assert [take(1000.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert take(1000.0) == pytest.approx(0.5)
    assert take(1000.25) == pytest.approx(0.25)
    assert take(1000.5) == 0.0
    assert take(1000.5) == pytest.approx(0.5)
    assert [take(5000.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert take(5000.0) > 0


def test_buckets_and_values_are_apart(cache: Cache) -> None:
    for key in ("k", "bucket:k", "value:k"):
        cache.set(key, b"x", LONG)
    for key in ("k", "bucket:k", "value:k"):
        assert cache.take_token(key, rate=1.0, burst=1, now=7.0) == 0.0
        assert cache.get(key) == b"x"


@pytest.mark.parametrize(("rate", "burst"), [(0.0, 1), (-1.0, 1), (1.0, 0)])
def test_a_bucket_that_never_holds_a_token_is_a_mistake(
    cache: Cache, rate: float, burst: int
) -> None:
    with pytest.raises(ValueError, match="bucket"):
        cache.take_token("k", rate=rate, burst=burst, now=1.0)


RATES = st.floats(0.01, 1000.0)
STEPS = st.lists(st.floats(0, 20.0) | st.just(0.0), min_size=1, max_size=40)
STARTS = st.sampled_from([0.0, 1000.0, 1_790_000_000.0])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rate=RATES, burst=st.integers(1, 20), steps=STEPS, start=STARTS)
def test_never_more_tokens_than_the_time_and_the_burst_allow(
    cache: Cache, rate: float, burst: int, steps: list[float], start: float
) -> None:
    key, now, got = secrets.token_hex(8), start, list[float]()
    for step in steps:
        now += step
        wait = cache.take_token(key, rate=rate, burst=burst, now=now)
        if wait:
            assert 0 < wait <= 1 / rate + 1e-5
            # Who waits as long as it was told gets one.
            now += wait
            assert cache.take_token(key, rate=rate, burst=burst, now=now) == 0.0
        got.append(now)
    for first in range(len(got)):
        for last in range(first, len(got)):
            allowed = burst + rate * (got[last] - got[first] + 1e-4)
            assert last - first + 1 <= math.floor(allowed + 1e-6)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rate=RATES, burst=st.integers(1, 5), steps=STEPS, start=STARTS)
def test_both_caches_decide_alike(
    in_memory: Cache, in_redis: Cache, rate: float, burst: int, steps: list[float], start: float
) -> None:
    key, now = secrets.token_hex(8), start
    for step in steps:
        now += step / rate
        one, other = (
            cache.take_token(key, rate=rate, burst=burst, now=now)
            for cache in (in_memory, in_redis)
        )
        assert one == other


def test_threads_together_get_no_more_than_the_burst(cache: Cache) -> None:
    got, start = list[int](), threading.Barrier(8)

    def take() -> None:
        start.wait()
        waits = [cache.take_token("k", rate=0.001, burst=30, now=50.0) for _ in range(25)]
        got.append(waits.count(0.0))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert sum(got) == 30


def test_a_clock_that_goes_back_gives_no_token(cache: Cache) -> None:
    assert cache.take_token("k", rate=1.0, burst=1, now=100.0) == 0.0
    assert cache.take_token("k", rate=1.0, burst=1, now=90.0) == pytest.approx(11.0)
    assert cache.take_token("k", rate=1.0, burst=1, now=101.0) == 0.0


def test_every_listener_hears_what_is_published_from_then_on(cache: Cache) -> None:
    cache.publish("news", b"too early")
    first, second = cache.subscribe("news"), cache.subscribe("news")
    other = cache.subscribe("other")
    for payload in (b"one", b"\x00two", b""):
        cache.publish("news", payload)
    for listener in (first, second):
        assert [listener.next(PATIENCE) for _ in range(3)] == [b"one", b"\x00two", b""]
        assert listener.next(0) is None
    assert other.next(MOMENT) is None
    for listener in (first, second, other):
        listener.close()


def test_a_waiting_listener_is_woken(cache: Cache) -> None:
    heard = list[bytes | None]()
    listener = cache.subscribe("news")
    thread = threading.Thread(target=lambda: heard.append(listener.next(PATIENCE)))
    thread.start()
    cache.publish("news", b"now")
    thread.join()
    assert heard == [b"now"]
    listener.close()


def test_a_closed_listener_hears_nothing(cache: Cache) -> None:
    listener, still = cache.subscribe("news"), cache.subscribe("news")
    cache.publish("news", b"before")
    listener.close()
    cache.publish("news", b"after")
    assert listener.next(0) is None
    assert [still.next(PATIENCE), still.next(PATIENCE)] == [b"before", b"after"]
    still.close()


class TestMemory:
    def test_the_least_used_goes_first(self) -> None:
        cache = MemoryCache(entries=3)
        for key in "abc":
            cache.set(key, b"x", LONG)
        assert cache.get("a") == b"x"
        cache.set("d", b"x", LONG)
        assert [cache.get(key) for key in "abcd"] == [b"x", None, b"x", b"x"]

    def test_values_together_stay_within_their_bytes(self) -> None:
        cache = MemoryCache(largest=10)
        cache.set("a", b"12345", LONG)
        cache.set("a", b"54321", LONG)
        cache.set("b", b"12345", LONG)
        assert [cache.get("a"), cache.get("b")] == [b"54321", b"12345"]
        cache.set("c", b"1", LONG)
        assert [cache.get("a"), cache.get("b"), cache.get("c")] == [None, b"12345", b"1"]
        cache.set("b", b"x" * 11, LONG)
        assert cache.get("b") is None

    def test_a_listener_that_does_not_read_keeps_the_newest(self) -> None:
        cache = MemoryCache()
        listener = cache.subscribe("news")
        for number in range(BACKLOG + 5):
            cache.publish("news", b"%d" % number)
        assert listener.next(0) == b"5"

    def test_a_listener_that_nobody_holds_is_gone(self) -> None:
        cache = MemoryCache()
        listener = cache.subscribe("news")
        assert len(cache._topics["news"]) == 1
        del listener
        gc.collect()
        cache.subscribe("other").close()
        assert "news" not in cache._topics

    def test_closing_wakes_whoever_waits(self) -> None:
        cache, heard = MemoryCache(), list[bytes | None]()
        listener = cache.subscribe("news")
        thread = threading.Thread(target=lambda: heard.append(listener.next(PATIENCE)))
        thread.start()
        cache.close()
        thread.join()
        assert heard == [None]

    def test_nobody_comes_between_looking_and_taking(self, monkeypatch: pytest.MonkeyPatch) -> None:
        at_once = _bucket.take

        def slowly(full_at: float, rate: float, burst: int, now: float) -> tuple[float, float]:
            time.sleep(0.005)  # long enough for every other thread to look too
            return at_once(full_at, rate, burst, now)

        monkeypatch.setattr("vigie.stores.cache._bucket.take", slowly)
        cache, waits = MemoryCache(), list[float]()
        threads = [
            threading.Thread(
                target=lambda: waits.append(cache.take_token("k", rate=0.01, burst=1, now=1.0))
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert waits.count(0.0) == 1

    def test_a_bucket_forgets_a_clock_that_was_wrong(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cache, today = MemoryCache(), 10.0
        monkeypatch.setattr("vigie.stores.cache.memory.time.monotonic", lambda: today)
        assert cache.take_token("k", rate=1.0, burst=1, now=9e9) == 0.0
        assert cache.take_token("k", rate=1.0, burst=1, now=1000.0) > 0
        today += _bucket.SLACK + 2
        assert cache.take_token("k", rate=1.0, burst=1, now=1000.0) == 0.0


class TestRedis:
    def test_processes_share_it(self, redis: OwnServer) -> None:
        prefix = f"test-{secrets.token_hex(6)}:"
        cache = RedisCache(redis.url, prefix=prefix)
        listener = cache.subscribe("news")
        cache.set("a", b"here", LONG)
        program = (
            "from vigie.stores.cache.redis import RedisCache\n"
            f"cache = RedisCache({redis.url!r}, prefix={prefix!r})\n"
            "cache.publish('news', cache.get('a'))\n"
            "cache.take_token('k', rate=0.001, burst=1, now=5.0)\n"
        )
        subprocess.run([sys.executable, "-c", program], check=True)
        assert listener.next(PATIENCE) == b"here"
        assert cache.take_token("k", rate=0.001, burst=1, now=5.0) > 0
        listener.close()
        cache.close()

    def test_a_server_that_comes_back_is_used_again(self, own_redis: OwnServer) -> None:
        cache = RedisCache(own_redis.url)
        listener = cache.subscribe("news")
        cache.set("a", b"x", LONG)
        own_redis.kill()
        calls: list[Callable[[], object]] = [
            lambda: cache.get("a"),
            lambda: cache.set("a", b"x", 1),
            lambda: cache.forget("a"),
            lambda: cache.take_token("k", rate=1.0, burst=1, now=1.0),
            lambda: cache.publish("news", b"x"),
            lambda: cache.subscribe("news"),
            lambda: listener.next(5),
        ]
        for call in calls:
            with pytest.raises(SourceError) as caught:
                call()
            assert caught.value.retryable
        own_redis.start()
        assert cache.get("a") is None
        assert cache.take_token("k", rate=1.0, burst=1, now=1.0) == 0.0
        # It listens again from its next call on.
        listener.next(0)
        end = time.monotonic() + PATIENCE
        heard = None
        while heard is None:
            assert time.monotonic() < end
            cache.publish("news", b"again")
            heard = listener.next(0.2)
        assert heard == b"again"
        listener.close()
        cache.close()

    def test_closing_sends_whoever_listens_away(self, redis: OwnServer) -> None:
        cache, heard = RedisCache(redis.url), list[bytes | None]()
        listener = cache.subscribe(f"test-{secrets.token_hex(6)}")
        thread = threading.Thread(target=lambda: heard.append(listener.next(2)))
        thread.start()
        cache.close()
        thread.join()
        assert heard == [None]
        listener.close()

    def test_a_server_that_is_not_there_is_said_without_its_password(self) -> None:
        port = free_port()
        cache = RedisCache(f"redis://vigie:geheim%40wort@127.0.0.1:{port}/0")
        with pytest.raises(SourceError) as caught:
            cache.get("a")
        assert f"127.0.0.1:{port}" in str(caught.value)
        assert "geheim" not in f"{caught.value!r} {caught.value.hint} {caught.value.__cause__!r}"
        cache.close()

    @pytest.mark.parametrize("url", ["", "nats://127.0.0.1", "redis://host:port", "localhost:6379"])
    def test_what_is_no_address_is_the_persons_to_mend(self, url: str) -> None:
        with pytest.raises(UserError):
            RedisCache(url)
