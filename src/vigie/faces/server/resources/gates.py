"""Gates: may this ship? Asked by pipelines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.revisions import answer
from vigie.model.access import Permission
from vigie.model.results import Ruling
from vigie.model.text import Words
from vigie.services import gates
from vigie.services.gates import Judged
from vigie.services.platform import Caller

ROUTER = APIRouter(tags=["gates"])
_ID = "019aa5d0-0000-7000-8000-000000000001"


class GateQuestion(BaseModel):
    """About which assets, or about the assets that an import spoke of. Without a `policy` the
    tenant's default decides; `source` is the YAML of one that is only tried, kept nowhere."""

    model_config = ConfigDict(extra="forbid")

    assets: list[str] = Field(default=[], max_length=200, examples=[[_ID]])
    import_id: str = Field(default="", examples=[""])
    policy: str = Field(default="", max_length=200, examples=["balanced"])
    source: str = Field(default="", max_length=262144, examples=[""])


class GateRuling(BaseModel):
    """One decision: which rule, about which finding, and what would have to change."""

    rule: str = Field(examples=["critical-with-fix"])
    subject: str
    blocks: bool
    text: str
    waiver: str = ""
    remedy: str = ""


class GateAnswer(BaseModel):
    """`outcome` is pass, fail or incomplete; only pass is a yes. `policy_version` is that of the
    policy that decided, null for a ready-made one and one that was only tried."""

    outcome: str = Field(examples=["fail"], pattern="^(pass|fail|incomplete)$")
    policy: str = Field(examples=["ours"])
    policy_version: int | None = Field(default=None, examples=[3])
    findings: int = Field(examples=[12])
    by_severity: dict[str, int] = Field(examples=[{"critical": 1, "high": 4}])
    rulings: list[GateRuling]


@ROUTER.post("/gates", response_model=GateAnswer)
def judge_gate(
    body: GateQuestion,
    platform: ThePlatform,
    caller: Annotated[Caller, needs(Permission.GATES_READ)],
) -> Response:
    """Judge by a policy and everything that is known, people's decisions among it. An import that
    has not ended is incomplete, never a yes."""
    judged = gates.judge(
        platform, caller, policy=body.policy, source=body.source, assets=body.assets,
        import_id=body.import_id,
    )  # fmt: skip
    return answer(_shown(judged, platform.words(caller.language)))


def _shown(judged: Judged, words: Words) -> dict[str, Any]:
    result, gate = judged.result, judged.gate
    return {
        "outcome": gate.outcome.value,
        "policy": gate.policy,
        "policy_version": judged.version,
        "findings": result.summary.total,
        "by_severity": {s.value: n for s, n in result.summary.by_severity.items()},
        "rulings": [_ruling(ruling, words) for ruling in gate.rulings],
    }


def _ruling(ruling: Ruling, words: Words) -> dict[str, Any]:
    return {
        "rule": ruling.rule,
        "subject": ruling.subject,
        "blocks": ruling.blocks,
        "text": words.sentence(ruling.text),
        "waiver": ruling.waiver,
        "remedy": words.sentence(ruling.remedy) if ruling.remedy else "",
    }
