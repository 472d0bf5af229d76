"""Components and rules: what lies in assets, and what was matched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import answer
from vigie.faces.server.shapes.assets import Component, Rule
from vigie.model.access import Permission
from vigie.services.platform import Caller
from vigie.services.reading import assets
from vigie.stores.relational.listings.components import LISTING
from vigie.stores.relational.listings.rules import LISTING as RULES

ROUTER = APIRouter(tags=["components"])
Reading = Annotated[Caller, needs(Permission.COMPONENTS_READ)]
Finding = Annotated[Caller, needs(Permission.FINDINGS_READ)]


@ROUTER.get("/components", response_model=PageOf[Component], openapi_extra=parameters(LISTING))
def list_components(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """Every package version that an asset holds. Where one lies: /assets?component_id=…"""
    return page_answer(assets.components(platform, caller, query_of(request)))


@ROUTER.get("/components/{component_id}", response_model=Component)
def get_component(component_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One component, and in how many assets it lies."""
    return answer(assets.component(platform, caller, component_id))


@ROUTER.get("/rules", response_model=PageOf[Rule], openapi_extra=parameters(RULES))
def list_rules(request: Request, platform: ThePlatform, caller: Finding) -> Response:
    """Every advisory, check and pattern that was ever matched."""
    return page_answer(assets.rules(platform, caller, query_of(request)))


@ROUTER.get("/rules/{rule_id}", response_model=Rule)
def get_rule(rule_id: str, platform: ThePlatform, caller: Finding) -> Response:
    """One with its description and references."""
    return answer(assets.rule(platform, caller, rule_id))
