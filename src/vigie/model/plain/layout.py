"""Where the plain layout differs from the model's fields. Both directions read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, get_type_hints

from vigie.model.findings import Finding, Instance, Reason
from vigie.model.observations import Claim, Fix, Location, Observation
from vigie.model.runs import TargetAsset

# Written without the fields that hold their default, and so is everything inside them: these
# repeat for every record of every report, and most of what a record could say it does not say.
SPARSE: frozenset[type] = frozenset({Observation, Location, Fix, Claim})

# What an observation's rule has in common with its finding's is told once, by the finding. A
# key is left out when it is the same; the id always stands there.
ALWAYS_IN_RULE = "id"

RENAMED: dict[tuple[type, str], str] = {(Finding, "evidence"): "observations"}

# The value's own keys stand beside its parent's instead of one level below.
INLINE: frozenset[tuple[type, str]] = frozenset({(Reason, "text"), (TargetAsset, "asset")})


def _path(instance: Instance) -> str | None:
    return (instance.location.path or None) if instance.location else None


# Keys that repeat something for the reader's ease. They are not read back.
DERIVED: dict[type, tuple[str, Callable[[Any], Any]]] = {Instance: ("path", _path)}


def attributes(cls: type) -> list[tuple[Field[Any], str, Any]]:
    """The fields of a dataclass of the model, each with its key and its resolved type."""
    hints = get_type_hints(cls)
    return [(f, RENAMED.get((cls, f.name), f.name), hints[f.name]) for f in fields(cls)]


def default_of(field: Field[Any]) -> Any:
    """The field's default, or `MISSING` when it has none. Defaults are immutable or fresh."""
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
