"""Signing on through a company's provider, as a browser does it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from vigie.faces.server import cookies
from vigie.faces.server.authentication import visit_of
from vigie.faces.server.callers import ThePlatform, public
from vigie.faces.server.limits import Door
from vigie.faces.server.revisions import answer
from vigie.model.access import NotSignedIn
from vigie.model.text import T
from vigie.services.access import oidc, sign_on

ROUTER = APIRouter(prefix="/auth/sign-on", tags=["auth"])
_WHY = "Whoever comes in is not known yet; the provider's answer is verified."
_ID = "019aa5d0-0000-7000-8000-000000000001"


class Offered(BaseModel):
    """A provider that people of the tenant can sign on through."""

    id: str = Field(examples=[_ID])
    name: str = Field(examples=["Acme"])


class Begun(BaseModel):
    """Send the browser there."""

    url: str = Field(examples=["https://id.example.org/authorize?client_id=vigie&…"])


@ROUTER.get("", response_model=list[Offered], dependencies=[public(_WHY)])
def list_ways_to_sign_on(
    platform: ThePlatform,
    _door: Door,
    tenant: Annotated[str, Query(max_length=200, examples=["acme"])] = "",
) -> Response:
    """The providers of a tenant. Nothing for a tenant that there is not."""
    return answer(sign_on.offered(platform, tenant))


@ROUTER.post("/{sign_on_id}", response_model=Begun, dependencies=[public(_WHY)])
def begin_sign_on(sign_on_id: str, request: Request, platform: ThePlatform, door: Door) -> Response:
    """Begin a sign-on. It is bound to this browser by a cookie, for ten minutes."""
    door.require_own_page(by_cookie=True)
    begun = sign_on.begin(platform, sign_on_id, visit_of(request))
    response = answer({"url": begun.url})
    cookies.keep_sign_on(response, request, platform, begun.word, oidc.SECONDS)
    return response


@ROUTER.get(
    "/callback", status_code=303, response_class=Response, dependencies=[public(_WHY)],
    responses={303: {"description": "Signed in; on to the first page."}},
)  # fmt: skip
def finish_sign_on(request: Request, platform: ThePlatform, _door: Door) -> Response:
    """Where the provider sends the browser back to. Signs it in with cookies."""
    word = cookies.sign_on(request, platform)
    if not word:
        raise NotSignedIn(
            T("this browser has begun no sign-on"), T("Start it anew, in one browser window.")
        )
    said = {name: value[:8192] for name, value in list(request.query_params.items())[:20]}
    given = sign_on.complete(platform, word, said, visit_of(request))
    response = Response(status_code=303, headers={"Location": "/"})
    cookies.give(response, request, platform, given)
    cookies.keep_sign_on(response, request, platform, "", 0)
    return response
