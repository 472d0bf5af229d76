"""The application: routers found by their place, problems, middleware, OpenAPI."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import vigie
from vigie.faces.server import problems, resources, screens
from vigie.faces.server.callers import Authenticate
from vigie.faces.server.middleware import install as install_middleware
from vigie.faces.server.openapi import describe
from vigie.services.platform import Platform

PREFIX = "/api/v1"


def create_app(platform: Platform, authenticate: Authenticate | None = None) -> FastAPI:
    """The API of this platform. `authenticate` says who a connection is (tests give their own)."""
    app = routed()
    app.state.platform = platform
    app.state.authenticate = authenticate or _default_authenticate()
    problems.install(app)
    screens.install(app)
    install_middleware(app, platform)
    return app


def routed() -> FastAPI:
    """Every resource and what it says of itself, with no platform behind it yet: enough for the
    OpenAPI file."""
    app = FastAPI(
        title="Vigie",
        version=vigie.__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=False,
        redirect_slashes=False,
    )
    found = list(routers())
    for name, router in found:
        app.include_router(router, prefix="" if name in ("health", "wellknown") else PREFIX)
    # FastAPI keeps included routers whole: what routes declare is read where they were written.
    routes = [r for _, router in found for r in router.routes if isinstance(r, APIRoute)]
    describe(app, routes)
    return app


def routers() -> Iterator[tuple[str, APIRouter]]:
    """Every resource's router, by its module's name."""
    for module in pkgutil.iter_modules(resources.__path__):
        if not module.name.startswith("_"):
            found: Any = importlib.import_module(f"{resources.__name__}.{module.name}")
            yield module.name, found.ROUTER


def _operation_id(route: APIRoute) -> str:
    """The function's name: it is what generated clients call it."""
    return route.name


def _default_authenticate() -> Authenticate:
    from vigie.faces.server.authentication import authenticate  # noqa: PLC0415

    chosen: Authenticate = authenticate
    return chosen
