"""Switches on what the platform's processes tell of themselves: metrics and traces."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vigie
from vigie.model.errors import UserError
from vigie.model.text import T

if TYPE_CHECKING:
    from vigie.services.platform import Platform

LISTEN = "VIGIE_METRICS_LISTEN"
COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_PARENT = "VIGIE_PARENT"  # as wiring/processes sets it for children


@contextmanager
def counting_together(place: Path | None = None) -> Iterator[None]:
    """This process and the children that it begins count into one folder, so that any of them
    tells the totals of all; it is `place`, which nobody else uses, or a new one. Enter it before
    anything that counts is imported."""
    if os.environ.get(SHARED):
        yield  # the operator chose the folder, or a parent did
        return
    if place is None:
        place = Path(tempfile.mkdtemp(prefix="vigie-metrics-"))
    shutil.rmtree(place, ignore_errors=True)  # of processes that are gone
    place.mkdir(mode=0o700, parents=True)
    os.environ[SHARED] = str(place)
    try:
        yield
    finally:
        del os.environ[SHARED]
        shutil.rmtree(place, ignore_errors=True)


def forget_process(pid: int) -> None:
    """A child ended: what it still had in its hands counts no more; what it did, does."""
    place = os.environ.get(SHARED, "")
    if place:
        for file in Path(place).glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)


@contextmanager
def observed(
    environ: Mapping[str, str], part: str, platform: Platform | None = None
) -> Iterator[None]:
    """Metrics at the address of VIGIE_METRICS_LISTEN and traces to the collector that
    OTEL_EXPORTER_OTLP_ENDPOINT names, while this process runs. `part` is what it is: "server",
    "worker", "scheduler", "up". Raises UserError for an address that cannot be had."""
    from vigie.services.telemetry.statements import watch  # noqa: PLC0415

    if platform is not None:
        watch(platform.database.engine)
    with contextlib.ExitStack() as stack:
        if any(environ.get(name) for name in COLLECTOR):
            stack.enter_context(_traced(part))
        if environ.get(LISTEN) and not environ.get(_PARENT):
            # Children count together with their parent, which listens for all of them.
            stack.enter_context(_listening(environ[LISTEN], part, platform))
        yield


@contextmanager
def _listening(address: str, part: str, platform: Platform | None) -> Iterator[int]:
    from prometheus_client import start_http_server  # noqa: PLC0415

    from vigie.services.telemetry.metrics import registry_of  # noqa: PLC0415
    from vigie.services.telemetry.standing import Standing  # noqa: PLC0415

    host, port = _address(address)
    whole = platform is not None and part in ("server", "up")
    registry = registry_of(*([Standing(platform)] if platform is not None and whole else []))
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise UserError(
            T("this machine cannot listen on {where}: {why}",
              where=address, why=error.strerror or str(error)),
            T("Give each process an address of its own: VIGIE_METRICS_LISTEN=HOST:PORT."),
        ) from None  # fmt: skip
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65535:
        raise UserError(
            T("{value!r} is no address to listen on", value=text),
            T("Give HOST:PORT, such as 127.0.0.1:8480 or [::]:8480."),
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


@contextmanager
def _traced(part: str) -> Iterator[None]:
    """The library reads the rest of OTEL_* itself (headers, time-outs, sampling, resource)."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    from vigie.services.telemetry.traces import trace_with  # noqa: PLC0415

    named: dict[str, Any] = {"service.version": vigie.__version__}
    if not os.environ.get("OTEL_SERVICE_NAME"):
        named["service.name"] = f"vigie-{part}"
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace_with(provider.get_tracer("vigie", vigie.__version__))
    try:
        yield
    finally:
        trace_with(None)
        provider.shutdown()
