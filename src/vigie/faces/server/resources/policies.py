"""Policies: what a gate lets through, written by people in YAML."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from vigie.faces.server.callers import ThePlatform, needs
from vigie.faces.server.idempotency import Once
from vigie.faces.server.lists import PageOf, page_answer, parameters, query_of
from vigie.faces.server.revisions import Expected, answer
from vigie.model.access import Permission
from vigie.services import policies, policy_versions, records
from vigie.services.decisions import ready_made, ready_made_text
from vigie.services.platform import Caller
from vigie.services.policy_words import rules_in_words, terms_in_words

ROUTER = APIRouter(tags=["policies"])
Reading = Annotated[Caller, needs(Permission.POLICIES_READ)]
Writing = Annotated[Caller, needs(Permission.POLICIES_WRITE)]
Version = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[2])]
_YAML = "name: ours\nblock:\n  - name: act-now\n    decision: act now\n"


class Policy(BaseModel):
    """One policy. `source` is its YAML; lists leave it out. `version` counts its texts."""

    id: str = Field(examples=["019aa5d0-0000-7000-8000-000000000001"])
    name: str = Field(examples=["ours"])
    description: str = ""
    is_default: bool = False
    source: str | None = Field(default=None, examples=[_YAML])
    updated_at: str | None = None
    version: int | None = Field(default=None, examples=[3])
    revision: int | None = None


class NewPolicy(BaseModel):
    """A policy to keep; its name stands in the YAML."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=262144, examples=[_YAML])
    is_default: bool = False


class PolicyChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    source: str | None = Field(default=None, max_length=262144, examples=[_YAML])
    is_default: bool | None = None


class PolicyVersion(BaseModel):
    """One text that a policy has had. `restored` is the version whose text was brought back by
    it; `actor` is "" where nobody knows any more."""

    version: int = Field(examples=[3])
    name: str = Field(examples=["ours"])
    actor: str = Field(examples=["Ada"])
    restored: int | None = Field(examples=[1])
    at: str = Field(examples=["2026-03-01T12:00:00+00:00"])


class PolicyVersionText(PolicyVersion):
    """The same with its YAML."""

    source: str = Field(examples=[_YAML])


class ReadyMade(BaseModel):
    """A policy that comes with Vigie."""

    name: str = Field(examples=["balanced"])
    source: str


@ROUTER.get("/policies", response_model=PageOf[Policy],
            openapi_extra=parameters(policies.LISTING))  # fmt: skip
def list_policies(request: Request, platform: ThePlatform, caller: Reading) -> Response:
    """The tenant's own policies."""
    return page_answer(records.list_of(platform, caller, policies.LISTING, query_of(request)))


@ROUTER.get("/policies/ready-made")
def list_ready_made_policies(caller: Reading) -> list[ReadyMade]:  # noqa: ARG001
    """The policies that come with Vigie, with their YAML: something to begin from."""
    return [ReadyMade(name=name, source=ready_made_text(name)) for name in ready_made()]


class Draft(BaseModel):
    """A policy to look at; it is kept nowhere."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=262144, examples=[_YAML])


class RuleRead(BaseModel):
    """One rule: a finding is blocked when all of its conditions hold."""

    name: str = Field(examples=["act-now"])
    conditions: list[str] = Field(examples=[["its decision is act now"]])


class PolicyRead(BaseModel):
    """What a policy asks, in words. `terms` are what else has to be so before a gate says yes."""

    name: str = Field(examples=["ours"])
    rules: list[RuleRead]
    terms: list[str] = Field(examples=[["every scanner that ran must have finished"]])


@ROUTER.post("/policies/read", response_model=PolicyRead)
def read_policy(body: Draft, platform: ThePlatform, caller: Reading) -> Response:
    """What this YAML asks, in the caller's language; a problem says what is wrong with it."""
    policy, words = policies.tried(body.source), platform.words(caller.language)
    rules = [
        {"name": rule.name, "conditions": [words(each) for each in rule.conditions]}
        for rule in rules_in_words(policy)
    ]
    terms = [words(term) for term in terms_in_words(policy)]
    return answer({"name": policy.name, "rules": rules, "terms": terms})


@ROUTER.post("/policies", status_code=201, response_model=Policy)
def create_policy(body: NewPolicy, platform: ThePlatform, caller: Writing, once: Once) -> Response:
    """Keep a policy. It is checked first."""

    def create(work: Any) -> tuple[Any, int]:
        row = policies.create(work, platform, caller, body.source, default=body.is_default)
        return _shown(row), row["revision"]

    return once(caller, create)


@ROUTER.get("/policies/{policy_id}", response_model=Policy)
def get_policy(policy_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """One policy with its YAML."""
    row = records.read(platform, caller, policies.POLICY, policy_id)
    return answer(_shown(row), row["revision"])


@ROUTER.patch("/policies/{policy_id}", response_model=Policy)
def change_policy(
    policy_id: str, body: PolicyChange, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Change its YAML, or make it the default."""
    with platform.database.begin(caller.scope) as work:
        row = policies.change(
            work, platform, caller, policy_id, body.model_dump(exclude_unset=True), expected
        )
    return answer(_shown(row), row["revision"])


@ROUTER.delete("/policies/{policy_id}", status_code=204)
def delete_policy(
    policy_id: str, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Take it away. When it was the default, the ready-made `balanced` is again."""
    with platform.database.begin(caller.scope) as work:
        policies.remove(work, platform, caller, policy_id, expected)
    return Response(status_code=204)


@ROUTER.get("/policies/{policy_id}/versions", response_model=list[PolicyVersion])
def list_policy_versions(policy_id: str, platform: ThePlatform, caller: Reading) -> Response:
    """What it has said before and says now, the newest first: at most the last 500."""
    found = policy_versions.listed(platform, caller, policy_id)
    return answer(found)


@ROUTER.get("/policies/{policy_id}/versions/{version}", response_model=PolicyVersionText)
def get_policy_version(
    policy_id: str, version: Version, platform: ThePlatform, caller: Reading
) -> Response:
    """One version with its text."""
    row = policy_versions.read(platform, caller, policy_id, version)
    return answer({name: row[name] for name in PolicyVersionText.model_fields})


@ROUTER.post("/policies/{policy_id}/versions/{version}/restore", response_model=Policy)
def restore_policy_version(
    policy_id: str, version: Version, platform: ThePlatform, caller: Writing, expected: Expected
) -> Response:
    """Let it say again what it said then. That is a new version; none is lost."""
    with platform.database.begin(caller.scope) as work:
        row = policies.restore(work, platform, caller, policy_id, version, expected)
    return answer(_shown(row), row["revision"])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Policy.model_fields}
