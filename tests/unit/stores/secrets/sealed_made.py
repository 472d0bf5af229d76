"""Sealed stores for tests, and programs that use one and die where they are told to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from vigie.ports.secrets import Home, SecretRef, SecretValue
from vigie.stores.secrets._master import Masters
from vigie.stores.secrets.sealed import SealedBackend

# argon2id at its least: what is tested is what becomes of it.
CHEAP = (1, 8, 1)
NAMES = ("slack-token", "tls-key", "smtp")


def opened(folder: Path, **environ: str) -> SealedBackend:
    home = Home(folder, environ)
    return SealedBackend(home, masters=Masters(home, CHEAP))


def filled(folder: Path, **environ: str) -> SealedBackend:
    """A store with three secrets of two tenants and the platform, one of them in two versions."""
    backend = opened(folder, **environ)
    for tenant in ("", "acme", "globex"):
        for name in NAMES:
            backend.put(SecretRef(name, tenant), SecretValue(f"{name} of {tenant}"))
    backend.put(SecretRef("smtp"), SecretValue("newer smtp"))
    return backend


def values(backend: SealedBackend) -> dict[str, str]:
    """Everything in a filled store, by tenant and name."""
    found = {}
    for tenant in ("", "acme", "globex"):
        for name in NAMES:
            value = backend.get(SecretRef(name, tenant))
            found[f"{tenant}/{name}"] = value.reveal() if value else ""
    return found


def expected() -> dict[str, str]:
    found = {f"{t}/{n}": f"{n} of {t}" for t in ("", "acme", "globex") for n in NAMES}
    return {**found, "/smtp": "newer smtp"}


def started(program: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A Python program in a process of its own; `opened` and `folder` are there for it."""
    head = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from vigie.ports.secrets import Home, SecretRef, SecretValue\n"
        "from vigie.stores.secrets import _envelope, _master, _vault\n"
        "from vigie.stores.secrets.sealed import SealedBackend\n"
        "folder = Path(sys.argv[1])\n"
        "backend = SealedBackend(Home(folder, {}))\n"
        "die = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", head + program, str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
