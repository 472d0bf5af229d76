"""ETag and If-Match: nobody overwrites what somebody else changed meanwhile (RFC 9110, 13.1.1)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Depends, Header, Response

from vigie.model.errors import UserError
from vigie.model.text import T


def answer(body: Any, revision: int | None = None, *, status: int = 200) -> Response:
    """A JSON answer, with the revision as its ETag."""
    headers = {} if revision is None else {"ETag": f'"{revision}"'}
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )


async def _expected(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of what you read; the change is refused if it is older."),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    word = if_match.strip().removeprefix("W/").strip('"')
    if not (word.isascii() and word.isdigit()) or len(word) > 9:
        raise UserError(
            T("If-Match holds no ETag of this resource"), T("Send back the ETag you were given.")
        )
    return int(word)


# None when the caller did not say which revision they read: then the last one wins.
Expected = Annotated[int | None, Depends(_expected)]
