"""Idempotency-Key: what creates can be asked again after a lost answer, and happens once.

    def create(request: Request, caller: …, once: Once) -> Response:
        return once(lambda work: …)

The answer is kept in the transaction of what it answers, so there is no moment at which one is
there without the other. The same key with another request is an error, not another's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, BinaryIO

import msgspec
import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from vigie.faces.server.callers import caller_of, platform_of
from vigie.model.errors import UserError
from vigie.model.text import T
from vigie.services.failures import Conflict
from vigie.services.platform import Caller, Platform
from vigie.stores.relational import records
from vigie.stores.relational.database import Work
from vigie.stores.relational.tables.governance import IDEMPOTENCY

KEPT = timedelta(days=1)
_LONGEST = 200


class Creating:
    """Runs a creation once for its key. Without a key, each request creates."""

    def __init__(self, request: Request, key: str, body: bytes) -> None:
        self.request = request
        self.key = key
        # Not by which of its addresses the server was reached: whoever asks again after a lost
        # answer may come to another one.
        asked = f"{request.method}\0{request.url.path}\0{request.url.query}\0"
        self.digest = hashlib.sha256(asked.encode() + body).hexdigest()

    def about(self, body: BinaryIO, *fields: str) -> None:
        """What an upload is about: its bytes and the fields beside them. Without them a second
        report under the same key would be taken for the first, and lost."""
        whole = hashlib.sha256()
        while piece := body.read(1 << 20):
            whole.update(piece)
        body.seek(0)
        said = "\0".join((self.digest, whole.hexdigest(), *fields))
        self.digest = hashlib.sha256(said.encode()).hexdigest()

    def __call__(
        self,
        caller: Caller,
        create: Callable[[Work], tuple[Any, int | None]],
        *,
        status: int = 201,
    ) -> Response:
        """`create` gives the body and its revision (None: no ETag). Raises Conflict when the key
        was used for something else."""
        platform = platform_of(self.request)
        known = self._known(platform, caller) if self.key else None
        if known is not None:
            return known
        try:
            with platform.database.begin(caller.scope) as work:
                body, revision = create(work)
                plain = msgspec.json.decode(msgspec.json.encode(body, enc_hook=str))
                if self.key:
                    self._keep(work, caller, status, {"body": plain, "revision": revision})
        except records.TakenError:
            known = self._known(platform, caller)  # the same key, at the same moment
            if known is None:
                raise
            return known
        return _answer(plain, revision, status)

    def _known(self, platform: Platform, caller: Caller) -> Response | None:
        rows = IDEMPOTENCY
        with platform.database.read(caller.scope) as work:
            row = work.run(
                sa.select(rows.c.request, rows.c.status, rows.c.response).where(
                    work.mine(rows),
                    rows.c.actor_id == caller.principal.id,
                    rows.c.key == self.key,
                    rows.c.created_at > platform.clock() - KEPT,
                )
            ).one_or_none()
        if row is None:
            return None
        if row.request != self.digest:
            raise Conflict(
                T("this Idempotency-Key was used for another request"),
                T("Use a new key for each thing you create."),
            )
        return _answer(row.response["body"], row.response["revision"], row.status, again=True)

    def _keep(self, work: Work, caller: Caller, status: int, response: dict[str, Any]) -> None:
        platform = platform_of(self.request)
        rows = IDEMPOTENCY
        work.run(
            sa.delete(rows).where(
                work.mine(rows),
                rows.c.actor_id == caller.principal.id,
                rows.c.key == self.key,
                rows.c.created_at <= platform.clock() - KEPT,
            )
        )
        row = {
            "key": self.key,
            "actor_id": caller.principal.id,
            "request": self.digest,
            "status": status,
            "response": response,
            "created_at": platform.clock(),
        }
        records.insert_unique(work, rows, row)


def _answer(body: Any, revision: int | None, status: int, *, again: bool = False) -> Response:
    headers = {} if revision is None else {"ETag": f'"{revision}"'}
    if again:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        msgspec.json.encode(body), status_code=status, media_type="application/json",
        headers=headers,
    )  # fmt: skip


async def _creating(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="A new random word for each thing to create; repeat it to try again."),
    ] = None,
) -> Creating:
    key = _checked(idempotency_key)
    # Nobody's body is read before they are known.
    await run_in_threadpool(caller_of, request)
    return Creating(request, key, await request.body())


def _uploading(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(description="A new random word for each thing to create; repeat it to try again."),
    ] = None,
) -> Creating:
    # A body of many megabytes is not read here: the route says what it is `about`.
    return Creating(request, _checked(idempotency_key), b"")


def _checked(key: str | None) -> str:
    key = (key or "").strip()
    if len(key) > _LONGEST:
        raise UserError(T("an Idempotency-Key has at most {most} characters", most=_LONGEST))
    return key


Once = Annotated[Creating, Depends(_creating)]
OnceUploading = Annotated[Creating, Depends(_uploading)]
