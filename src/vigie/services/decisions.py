"""Files in which people decide: policies, suppressions and corrections, all YAML."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import msgspec

from vigie.model.errors import UserError
from vigie.model.findings import Decision
from vigie.model.observations import Kind
from vigie.model.policy import (
    Condition,
    GateRule,
    Policy,
    PriorityPolicy,
    Requirements,
    Thresholds,
    ToolSuppressions,
    Unknown,
    Waiver,
    Weights,
)
from vigie.model.severity import Severity
from vigie.model.text import T
from vigie.services.strict_files import convert_strictly, parse_strictly, read_strictly
from vigie.triage.claims import SuppressionRule
from vigie.triage.corrections import Correction

_CATALOG = "vigie.catalog.policies"
_GUIDE = T("docs/guides/gate.md shows every key and what it may hold.")
Text_ = Annotated[str, msgspec.Meta(pattern=r"\S")]
# Bounds also keep out infinity and not-a-number, which YAML can write and no rule ever reaches.
Weight = Annotated[float, msgspec.Meta(ge=0, le=1000)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Days = Annotated[int, msgspec.Meta(ge=0)]


_DEFAULTS = Weights()
_LEVELS = Thresholds()


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Selectors(_Strict, kw_only=True):
    id: Text_
    reason: Text_
    owner: Text_
    expires: date
    fingerprint: str = ""
    rule: str = ""
    path: str = ""
    component: str = ""
    asset: str = ""


class _Rule(_Strict, kw_only=True):
    name: Text_
    decision: Decision | list[Decision] | None = None
    severity: Severity | None = None
    kind: Kind | list[Kind] | None = None
    fix: bool | None = None
    older_than_days: Days | None = None
    kev: bool | None = None
    epss: Share | None = None
    new: bool | None = None
    licence: list[str] | None = None


class _Require(_Strict, kw_only=True):
    scanners: list[str] = []
    complete: bool = True
    database_age_days: Days | None = None


class _Weights(_Strict, kw_only=True):
    likelihood: Weight = _DEFAULTS.likelihood
    impact: Weight = _DEFAULTS.impact
    exposure: Weight = _DEFAULTS.exposure
    criticality: Weight = _DEFAULTS.criticality
    agreement: Weight = _DEFAULTS.agreement
    fix: Weight = _DEFAULTS.fix


class _Thresholds(_Strict, kw_only=True):
    epss_likely: Share = _LEVELS.epss_likely
    epss_possible: Share = _LEVELS.epss_possible


class _Priority(_Strict, kw_only=True):
    weights: _Weights = msgspec.field(default_factory=_Weights)
    thresholds: _Thresholds = msgspec.field(default_factory=_Thresholds)


class _Policy(_Strict, kw_only=True):
    name: Text_
    description: str = ""
    block: list[_Rule]
    require: _Require = msgspec.field(default_factory=_Require)
    waivers: list[_Selectors] = []
    unknown: Unknown = Unknown.INCOMPLETE
    tool_suppressions: ToolSuppressions = ToolSuppressions.JUDGE
    priority: _Priority = msgspec.field(default_factory=_Priority)


class _Suppressions(_Strict, kw_only=True):
    suppressions: list[_Selectors]


class _Correction(_Strict, kw_only=True):
    findings: Annotated[list[str], msgspec.Meta(min_length=1)]
    tool: str = ""
    reason: str = ""


class _Corrections(_Strict, kw_only=True):
    join: list[_Correction] = []
    split: list[_Correction] = []


def ready_made() -> tuple[str, ...]:
    """Names of the policies that come with Vigie."""
    files = resources.files(_CATALOG).iterdir()
    return tuple(sorted(f.name[:-5] for f in files if f.name.endswith(".yaml")))


def ready_made_text(name: str) -> str:
    """The YAML of a ready-made policy."""
    return resources.files(_CATALOG).joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def policy_of(text: str, name: str) -> Policy:
    """The policy that this YAML writes; `name` is how errors call it. Raises UserError."""
    return _policy(convert_strictly(parse_strictly(text, name), name, _Policy, _GUIDE), name)


def load_policy(name: str) -> Policy:
    """A ready-made policy by its name, or one from a file. Raises UserError."""
    if name in ready_made():
        return policy_of(ready_made_text(name), name)
    path = Path(name)
    if not path.exists():
        raise UserError(
            T("there is no policy {name}", name=name),
            T("Give a file, or one of: {names}", names=ready_made()),
        )
    return _policy(read_strictly(path, _Policy, _GUIDE), name)


def load_suppressions(path: Path) -> tuple[SuppressionRule, ...]:
    """Entries of a suppression file, each with reason, owner and expiry. Raises UserError."""
    entries = read_strictly(path, _Suppressions, _GUIDE).suppressions
    _check_names([entry.id for entry in entries], str(path))
    return tuple(SuppressionRule(**_selectors(entry, str(path))) for entry in entries)


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Joins and splits that people decided. Raises UserError."""
    file = read_strictly(path, _Corrections, _GUIDE)
    joins = [Correction("join", tuple(c.findings), reason=c.reason) for c in file.join]
    splits = [Correction("split", tuple(c.findings), c.tool, c.reason) for c in file.split]
    return (*joins, *splits)


def _policy(raw: _Policy, name: str) -> Policy:
    _check_names([rule.name for rule in raw.block], name)
    _check_names([waiver.id for waiver in raw.waivers], name)
    return Policy(
        name=raw.name,
        rules=tuple(_rule(rule, name) for rule in raw.block),
        require=Requirements(
            tuple(raw.require.scanners), raw.require.complete, raw.require.database_age_days
        ),
        waivers=tuple(Waiver(**_selectors(waiver, name)) for waiver in raw.waivers),
        unknown=raw.unknown,
        tool_suppressions=raw.tool_suppressions,
        priority=PriorityPolicy(
            Weights(**msgspec.structs.asdict(raw.priority.weights)),
            Thresholds(**msgspec.structs.asdict(raw.priority.thresholds)),
        ),
    )


def _rule(raw: _Rule, where: str) -> GateRule:
    condition = Condition(
        decisions=_several(raw.decision),
        severity=raw.severity,
        kinds=_several(raw.kind),
        fix=raw.fix,
        older_than_days=raw.older_than_days,
        kev=raw.kev,
        epss=raw.epss,
        new=raw.new,
        licences=tuple(raw.licence or ()),
    )
    if condition == Condition():
        raise UserError(
            T("{name}: rule {rule} has no condition, so it would block nothing", name=where,
              rule=raw.name),
            T("Give at least one of: decision, severity, kind, fix, older_than_days, kev, epss, "
              "new, licence."),
        )  # fmt: skip
    if raw.severity is Severity.UNKNOWN:
        raise UserError(
            T("{name}: rule {rule} asks for severity unknown", name=where, rule=raw.name),
            T("Say what to do with the unknown with `unknown: block` beside the rules."),
        )
    return GateRule(raw.name, condition)


def _check_names(names: list[str], where: str) -> None:
    """The gate answers with these names; two of a kind would leave it open which was meant."""
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise UserError(
            T("{name}: {id} stands there twice", name=where, id=twice),
            T("Give each rule, waiver and suppression a name of its own."),
        )


def _several(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _selectors(raw: _Selectors, where: str) -> dict[str, str]:
    fields = msgspec.structs.asdict(raw)
    if not any(fields[k] for k in ("fingerprint", "rule", "path", "component", "asset")):
        raise UserError(
            T("{name}: {id} does not say what it is about", name=where, id=raw.id),
            T("Give at least one of: fingerprint, rule, path, component, asset."),
        )
    return {**fields, "expires": raw.expires.isoformat()}
