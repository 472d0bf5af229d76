"""Which tool renews which lock file."""

from __future__ import annotations

from collections.abc import Mapping

from vigie.sources.registries.locks.cargo import CargoRenewer
from vigie.sources.registries.locks.golang import GoRenewer
from vigie.sources.registries.locks.npm import NpmRenewer
from vigie.sources.registries.locks.python import PoetryRenewer, UvRenewer
from vigie.sources.registries.locks.renewing import Renewer

# By the manifest's name: the first lock that lies beside it is renewed.
RENEWERS: Mapping[str, tuple[Renewer, ...]] = {
    "package.json": (NpmRenewer("npm-shrinkwrap.json"), NpmRenewer("package-lock.json")),
    "pyproject.toml": (UvRenewer(), PoetryRenewer()),
    "Cargo.toml": (CargoRenewer(),),
    "go.mod": (GoRenewer(),),
}
