"""The asynchronous half of the NATS queue: one connection and one stream with JetStream.

The stream has work-queue retention, so a message is gone once it is acknowledged, and one
durable pull consumer for each kind, because the filters of such a stream's consumers must not
overlap. What is not due yet waits under a subject of its own: whoever looks there first hands
it back for as long as it must wait, and moves it under its kind's subject when that is over.

https://docs.nats.io/reference/jetstream/api (MSG.NEXT, acknowledgements, headers)
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import msgspec
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js import errors as stream_errors
from nats.js.api import ConsumerConfig, RetentionPolicy, StorageType, StreamConfig

from vigie.ports.queues import WorkItem

ANSWER = 5.0  # seconds that the server may take for one answer
PAUSE = 0.5  # seconds between two looks for what fell due or whose lease ended
LARGEST = 16 * 1024  # bytes of one message; ids and a kind are far less
STREAM_THERE = 10058  # the error's number when it was made with other settings: its owner's choice
# What says that the connection or the stream is not what it was; a new one may help.
GONE = (
    nats.errors.ConnectionClosedError,
    nats.errors.StaleConnectionError,
    nats.errors.NoRespondersError,
    stream_errors.NoStreamResponseError,
    stream_errors.NotFoundError,
)


class Note(msgspec.Struct, frozen=True):
    """What a message says. `due` is in seconds since 1970, 0 for at once."""

    kind: str
    tenant: str
    job: str
    due: float = 0.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in our hands: what it says, and where its acknowledgement goes."""

    item: WorkItem
    attempt: int
    reply: str


class NotReachedError(Exception):
    """No connection to any server."""


class NoStreamsError(Exception):
    """The server is there, but without JetStream."""


class Link:
    """Lives in one event loop. Every method may raise what `nats` raises."""

    def __init__(self, urls: Sequence[str], stream: str, lease: float, replicas: int) -> None:
        self.stream, self.lease, self.replicas = stream, lease, replicas
        self._access = _access(urls)
        self._client: Client | None = None
        self._has_stream = False
        self._consumers: set[str] = set()
        self._connecting = asyncio.Lock()
        self._bell = asyncio.Event()
        self._looked = 0.0
        self._turn = 0

    async def put(self, item: WorkItem, delay: float) -> None:
        """Store it; the same once when it must be tried again."""
        due = time.time() + delay if delay > 0 else 0.0
        note = Note(kind=item.kind, tenant=item.tenant, job=item.job, due=due)
        subject = self._subject("later" if delay > 0 else _token(item.kind))
        await self._store(subject, msgspec.json.encode(note), uuid4().hex)

    async def take(self, kinds: Sequence[str], wait: float) -> Taken | None:
        """The next item of these kinds, in turn, so that no kind starves another."""
        clock = asyncio.get_running_loop().time
        end = clock() + wait
        while True:
            bell = self._bell
            await self._move_what_is_due(clock())
            self._turn += 1
            for number in range(len(kinds)):
                taken = await self._next(kinds[(self._turn + number) % len(kinds)])
                if taken is not None:
                    return taken
            left = end - clock()
            if left <= 0:
                return None
            try:
                await asyncio.wait_for(bell.wait(), min(left, PAUSE))
            except TimeoutError:
                continue

    async def answer(self, reply: str, word: bytes) -> None:
        """Acknowledge, hand back or hold a message, and know that the server has heard it."""
        client = await self._ready()
        await client.request(reply, word, timeout=ANSWER)

    async def depth(self) -> int:
        """How many messages the stream holds."""
        info = await (await self._context()).stream_info(self.stream)
        return int(info.state.messages)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and not client.is_closed:
            await client.close()

    def forget(self) -> None:
        """Believe no more that the stream and its consumers are there."""
        self._consumers.clear()
        self._has_stream = False

    async def _store(self, subject: str, content: bytes, once: str) -> None:
        context = await self._context()
        headers = {"Nats-Msg-Id": once}  # the server drops a second one of the same id
        await context.publish(subject, content, timeout=ANSWER, headers=headers)
        # After it is stored, so that whoever hears it finds it.
        await (await self._ready()).publish(self._subject_of_bell())

    async def _pull(self, token: str) -> Msg | None:
        """One message of that consumer, None when it has none now."""
        client = await self._ready()
        if token not in self._consumers:
            await self._add_consumer(token)
        answer = await client.request(
            f"$JS.API.CONSUMER.MSG.NEXT.{self.stream}.{token}",
            b'{"batch": 1, "no_wait": true}',
            timeout=ANSWER,
            old_style=True,  # a message keeps its subject, by which a shared inbox would miss it
        )
        return None if (answer.headers or {}).get("Status") else answer

    async def _next(self, kind: str) -> Taken | None:
        """The next of this kind; what nobody can read is ended, so that it comes no more."""
        while (message := await self._pull(_token(kind))) is not None:
            note = _read(message.data)
            if note is not None:
                item = WorkItem(kind=note.kind, tenant=note.tenant, job=note.job)
                return Taken(item, message.metadata.num_delivered, message.reply)
            await self.answer(message.reply, b"+TERM")
        return None

    async def _move_what_is_due(self, now: float) -> None:
        if now - self._looked < PAUSE:
            return
        self._looked = now
        while (message := await self._pull("later")) is not None:
            note = _read(message.data)
            if note is None:
                await self.answer(message.reply, b"+TERM")
                continue
            left = note.due - time.time()
            if left > 0:
                await self.answer(message.reply, hand_back(left))
                continue
            # Stored before it is ended: ending here leaves two of it at worst, never none.
            once = f"{self.stream} {message.metadata.sequence.stream}"
            await self._store(self._subject(_token(note.kind)), message.data, once)
            await self.answer(message.reply, b"+ACK")

    async def _add_consumer(self, token: str) -> None:
        context = await self._context()
        config = ConsumerConfig(
            durable_name=token,
            filter_subject=self._subject(token),
            ack_wait=self.lease,
            max_deliver=-1,  # the store of jobs says when it is enough
            max_ack_pending=-1,
        )
        await context.add_consumer(self.stream, config)
        self._consumers.add(token)

    async def _context(self) -> JetStreamContext:
        return (await self._ready()).jetstream(timeout=ANSWER)

    async def _ready(self) -> Client:
        """Connected, with a stream. A lost connection is replaced by the next call, so the
        client itself need not try for ever."""
        if self._client is not None and self._client.is_connected and self._has_stream:
            return self._client
        async with self._connecting:
            if self._client is None or not self._client.is_connected:
                self._consumers.clear()
                self._has_stream = False
                self._client = await self._connect()
            if not self._has_stream:
                await self._add_stream(self._client)
                self._has_stream = True
            return self._client

    async def _connect(self) -> Client:
        client = Client()
        try:
            await client.connect(
                self._access.servers, user=self._access.user, password=self._access.password,
                token=self._access.token, name="vigie", allow_reconnect=False,
                # Each server twice, at once: whoever calls decides about more.
                max_reconnect_attempts=1, reconnect_time_wait=0, connect_timeout=3,
                error_cb=_say_nothing,
            )  # fmt: skip
            await client.subscribe(self._subject_of_bell(), cb=self._ring)
        except (TimeoutError, nats.errors.Error, OSError) as error:
            await client.close()
            raise NotReachedError(type(error).__name__) from error
        return client

    async def _add_stream(self, client: Client) -> None:
        try:
            await client.jetstream(timeout=ANSWER).add_stream(self._config())
        except (nats.errors.NoRespondersError, stream_errors.ServiceUnavailableError):
            raise NoStreamsError from None
        except stream_errors.BadRequestError as error:
            if error.err_code != STREAM_THERE:
                raise

    def _config(self) -> StreamConfig:
        return StreamConfig(
            name=self.stream,
            subjects=[self._subject("*")],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.FILE,
            num_replicas=self.replicas,
            max_msg_size=LARGEST,
            description="Work of Vigie that waits to be handed out",
        )

    async def _ring(self, _: Msg) -> None:
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    def _subject(self, token: str) -> str:
        return f"{self.stream}.work.{token}"

    def _subject_of_bell(self) -> str:
        return f"{self.stream}.bell"


def hand_back(delay: float) -> bytes:
    """The answer that asks for the message to be handed out again in `delay` seconds."""
    return b"-NAK " + json.dumps({"delay": max(0, int(delay * 1e9))}).encode()


def _read(data: bytes) -> Note | None:
    """None when it is not one of ours; anybody on that server may write to the stream."""
    try:
        return msgspec.json.decode(data, type=Note)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _token(kind: str) -> str:
    """A kind as part of a subject and name of a consumer, where not every letter may stand."""
    return "kind-" + "".join(
        letter if letter.isascii() and (letter.isalnum() or letter == "-") else f"_{ord(letter):x}_"
        for letter in kind
    )


@dataclass(frozen=True, slots=True)
class Access:
    """The servers without what lets us in, and that apart: the client does not unquote it."""

    servers: list[str]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def _access(urls: Sequence[str]) -> Access:
    parts = [urlsplit(url) for url in urls]
    servers = [part._replace(netloc=part.netloc.rpartition("@")[2]).geturl() for part in parts]
    user, password = parts[0].username, parts[0].password
    if user and password is not None:
        return Access(servers, user=unquote(user), password=unquote(password))
    return Access(servers, token=unquote(user) if user else None)


async def _say_nothing(_: Exception) -> None:
    """The call that needed the connection says it."""
