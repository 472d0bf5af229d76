# Made by tools/client.py from docs/api/openapi.json: `make openapi`.
"""Bodies and answers of the API. What the server may leave out is None in an answer;
what is left out of a body stays as it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field


class ApiKey(Struct, kw_only=True, frozen=True):
    """One key. `hint` tells it from others; the key itself is kept nowhere."""

    created_at: str | None = None
    created_by: str | None = None
    expires_at: str | None = None
    hint: str = ""
    id: str
    last_address: str = ""
    last_used_at: str | None = None
    name: str = ""
    networks: list[str] = []
    revision: int | None = None
    revoked: bool = False
    revoked_at: str | None = None
    scopes: list[str] = []


class ApiKeyChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    expires_at: datetime | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    networks: list[str] | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET


class Asset(Struct, kw_only=True, frozen=True):
    """A thing that is looked after. `looked_at` is when a complete run last did, null:
    never."""

    archived_at: datetime | None = None
    by_severity: dict[str, int] | None = None
    criticality: Criticality | None = None
    distro: str | None = None
    exposure: Exposure | None = None
    first_seen: datetime | None = None
    id: str | None = None
    key: str | None = None
    kind: AssetKind | None = None
    labels: dict[str, str] | None = None
    last_seen: datetime | None = None
    looked_at: datetime | None = None
    name: str | None = None
    owner: str | None = None
    revision: int | None = None
    tags: list[str] | None = None


class AssetChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays. `labels` replace all that there are."""

    criticality: Criticality | UnsetType | None = UNSET
    exposure: Exposure | UnsetType | None = UNSET
    labels: dict[str, str] | UnsetType | None = UNSET
    owner: str | UnsetType | None = UNSET


class AssetCounts(Struct, kw_only=True, frozen=True):
    """How many findings count, by severity and decision; `by_status` has all of them."""

    by_decision: dict[str, int]
    by_severity: dict[str, int]
    by_status: dict[str, int]
    total: int


class AssetDetail(Struct, kw_only=True, frozen=True):
    """An asset with its counts, each tool's latest run, and what was not looked at."""

    archived_at: datetime | None = None
    by_severity: dict[str, int] | None = None
    counts: AssetCounts
    coverage: Coverage
    criticality: Criticality | None = None
    digests: list[str] | None = None
    distro: str | None = None
    exposure: Exposure | None = None
    first_seen: datetime | None = None
    id: str | None = None
    key: str | None = None
    kind: AssetKind | None = None
    labels: dict[str, str] | None = None
    last_seen: datetime | None = None
    looked_at: datetime | None = None
    name: str | None = None
    owner: str | None = None
    revision: int | None = None
    runs: list[LatestRun]
    tags: list[str] | None = None


AssetKind = Literal[
    "image", "repository", "host", "endpoint", "account", "resource", "cluster", "sbom", "unknown"
]


class AssetName(Struct, kw_only=True, frozen=True):
    """An asset where something else names it."""

    criticality: Criticality | None = None
    exposure: Exposure | None = None
    id: str
    kind: AssetKind
    name: str
    owner: str = ""


class AssignedBefore(Struct, kw_only=True, frozen=True):
    """Findings, and who took care of them before; "" for nobody."""

    assignee: str
    findings: list[str]


class AuditEntry(Struct, kw_only=True, frozen=True):
    """One entry. `id` is its place in the tenant's log; `hash` is over it and the entry
    before; `outcome` is done or refused; `actor_kind` user, key or system."""

    action: str | None = None
    actor: str | None = None
    actor_id: str | None = None
    actor_kind: str | None = None
    address: str | None = None
    at: str | None = None
    detail: dict[str, Any] | None = None
    hash: str | None = None
    id: int
    outcome: str | None = None
    request_id: str | None = None
    subject_id: str | None = None
    subject_kind: str | None = None


class AuditVerdict(Struct, kw_only=True, frozen=True):
    """What a walk over the tenant's whole log found. Without `problems` it is whole."""

    checkpoints: int
    entries: int
    key: str
    problems: list[str]
    whole: bool


class Begun(Struct, kw_only=True, frozen=True):
    """Send the browser there."""

    url: str


class BulkTriage(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A decision about many findings: all of them or none. They are named by `findings`, or
    by `filters` and `q` as the list has them."""

    assignee: str | UnsetType | None = UNSET
    dry_run: bool | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    filters: dict[str, list[str]] | UnsetType | None = UNSET
    findings: list[str] | UnsetType | None = UNSET
    justification: str | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    q: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    scope: Literal["asset", "component", "tenant"] | UnsetType = UNSET
    status: Status | UnsetType | None = UNSET


class Challenge(Struct, kw_only=True, frozen=True):
    """A second factor is asked for."""

    challenge: str
    seconds: int


class Change(Struct, kw_only=True, frozen=True):
    """Something that happened to a finding."""

    actor: str | None = None
    actor_id: str | None = None
    at: datetime | None = None
    document: dict[str, Any] | None = None
    finding_id: str | None = None
    id: str | None = None
    run_id: str | None = None
    what: str | None = None


class Changed(Struct, kw_only=True, frozen=True):
    """What came and went since."""

    closed: int
    expired: int
    new: int
    reopened: int


class Channel(Struct, kw_only=True, frozen=True):
    """One channel. Secrets stand in `settings` as references only."""

    created_at: str
    enabled: bool
    id: str
    kind: str
    language: str
    name: str
    revision: int
    settings: dict[str, str]


class ChannelChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays. `settings` are replaced as a whole."""

    enabled: bool | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    settings: dict[str, str] | UnsetType | None = UNSET


class ChannelField(Struct, kw_only=True, frozen=True):
    """One thing that a channel of this kind must be told."""

    choices: list[str] = []
    default: str = ""
    example: str = ""
    label: str
    name: str
    required: bool
    secret: bool


class ChannelKind(Struct, kw_only=True, frozen=True):
    """A kind of channel, for its form."""

    fields: list[ChannelField]
    label: str
    name: str


class Code(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A code of the app, or a recovery code."""

    code: str


class Comment(Struct, kw_only=True, frozen=True):
    """What somebody wrote about a finding."""

    author: str
    author_id: str
    body: str
    created_at: datetime
    edited_at: datetime | None = None
    finding_id: str
    id: str
    revision: int


class CommentText(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A comment to write, or the new text of one."""

    body: str


class Component(Struct, kw_only=True, frozen=True):
    """A package version that some asset holds. `assets` says in how many; `findings`, in a
    list, how many of it count: in the assets that `asset_id` asks for, without it in
    all."""

    assets: int | None = None
    findings: int | None = None
    first_seen: datetime | None = None
    id: str | None = None
    licences: list[str] | None = None
    name: str | None = None
    purl: str | None = None
    type: str | None = None
    version: str | None = None


class ComponentName(Struct, kw_only=True, frozen=True):
    """A component where something else names it."""

    id: str
    name: str
    purl: str
    type: str
    version: str


class Confirmation(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Your password again; "" for who has none here."""

    password: str | UnsetType = UNSET


class Counts(Struct, kw_only=True, frozen=True):
    """What counts now; `not_counting` is what was fixed or set aside."""

    by_decision: dict[str, int]
    by_kind: dict[str, int]
    by_severity: dict[str, int]
    not_counting: int
    total: int


class Coverage(Struct, kw_only=True, frozen=True):
    """Who looked at everything and who did not. Not assessed is unknown, never 'nothing'."""

    assessed: bool
    complete: list[str]
    incomplete: list[str]
    looked_at: datetime | None


class CoverageSummary(Struct, kw_only=True, frozen=True):
    """What was looked at lately, longer ago, and never. Unknown is not zero."""

    assessed: int
    assets: int
    longest_unseen: list[UnseenAsset]
    never: int
    stale: int
    stale_after_days: int


Criticality = Literal["high", "medium", "low", "unknown"]


class Day(Struct, kw_only=True, frozen=True):
    """One day (UTC) of the line of risk."""

    closed: int
    day: date
    new: int
    open: int


Decision = Literal["act now", "plan", "watch", "accept"]


class Delivery(Struct, kw_only=True, frozen=True):
    """One message on its way. `state`: waiting, held (until `due_at`), sending, retry,
    done, or dead: nobody tries it any more. `key` is what the receiver knows the matter
    by."""

    attempts: int
    channel_id: str
    created_at: str
    due_at: str
    ended_at: str | None = None
    id: str
    key: str
    log: list[DeliveryAttempt] = []
    matter: str
    reference: str = ""
    rule_id: str | None = None
    state: str
    title: str = ""


class DeliveryAttempt(Struct, kw_only=True, frozen=True):
    """One attempt: when, how it ended (done, retry, rejected) and why."""

    after: float | None = None
    at: str
    detail: str = ""
    outcome: str
    status: int | None = None


class Draft(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A policy to look at; it is kept nowhere."""

    source: str


class Ended(Struct, kw_only=True, frozen=True):
    """How many sessions were ended."""

    ended: int


class Event(Struct, kw_only=True, frozen=True):
    """One fact with its time."""

    at: datetime | None = None
    document: dict[str, Any] | None = None
    id: str | None = None
    kind: str | None = None
    severity: str | None = None
    subject_id: str | None = None
    subject_kind: str | None = None


class Evidence(Struct, kw_only=True, frozen=True):
    """One observation that the finding rests on, as the tool said it."""

    first_seen: datetime
    id: str
    last_seen: datetime
    observation: dict[str, Any]
    run_id: str
    tool: str


class ExplainedAbsence(Struct, kw_only=True, frozen=True):
    """A tool that did not say it. `could_know` false: its silence says nothing."""

    could_know: bool
    reason: str
    tool: str


class ExplainedEvidence(Struct, kw_only=True, frozen=True):
    """What one tool said, and why it belongs here."""

    file: str
    fix_state: str
    fix_versions: list[str]
    places: list[str]
    record: str
    rule: str
    severity_said: str
    subject: str
    tool: str
    version: str
    why: str


class ExplainedReason(Struct, kw_only=True, frozen=True):
    """One reason for the decision."""

    code: str
    text: str


class Explanation(Struct, kw_only=True, frozen=True):
    """Why a finding is there, in sentences of the reader's language."""

    absences: list[ExplainedAbsence]
    complete: bool
    decision: str | None
    evidence: list[ExplainedEvidence]
    finding_id: str
    fix: str
    identity: str
    language: str
    reasons: list[ExplainedReason]
    rule: str
    severity: str


Exposure = Literal["open", "controlled", "small", "unknown"]


class FacetCount(Struct, kw_only=True, frozen=True):
    """A value of a field, and how many have it under all other filters."""

    count: int
    value: str


class FieldProblem(Struct, kw_only=True, frozen=True):
    """One field of the request and what is wrong with it."""

    detail: str
    field: str


class Finding(Struct, kw_only=True, frozen=True):
    """What is believed of one thing at one asset. Only the fields that were asked for."""

    asset: AssetName | None = None
    asset_id: str | None = None
    assignee: str | None = None
    closed_at: datetime | None = None
    component: ComponentName | None = None
    component_id: str | None = None
    counts: bool | None = None
    decision: Decision | None = None
    epss: float | None = None
    fingerprint: str | None = None
    first_seen: datetime | None = None
    fix_version: str | None = None
    fixable: bool | None = None
    id: str | None = None
    kev: bool | None = None
    kind: Kind | None = None
    last_seen: datetime | None = None
    place: str | None = None
    reopened: int | None = None
    revision: int | None = None
    rule: RuleName | None = None
    rule_id: str | None = None
    score: float | None = None
    severity: Severity | None = None
    sources: list[str] | None = None
    status: Status | None = None
    suppression_id: str | None = None


class FindingChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A decision about one finding."""

    assignee: str | UnsetType | None = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    justification: str | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    scope: Literal["asset", "component", "tenant"] | UnsetType = UNSET
    status: Status | UnsetType | None = UNSET


class FindingDecision(Struct, kw_only=True, frozen=True):
    """The decision of a person, or the VEX statement, that holds for the finding."""

    asset_id: str | None = None
    component: str = ""
    created_at: datetime
    expires_at: datetime | None = None
    fingerprint: str = ""
    id: str
    justification: str = ""
    kind: str = ""
    owner: str = ""
    owner_id: str = ""
    reason: str = ""
    revision: int
    revoked_at: datetime | None = None
    rule: str = ""
    scope: str
    source: str
    status: Status


class FindingDetail(Struct, kw_only=True, frozen=True):
    """A finding with all that is known of it. `document` is the finding as results write
    it."""

    applies: FindingDecision | None
    asset: Asset | None = None
    asset_id: str | None = None
    assignee: str | None = None
    closed_at: datetime | None = None
    comments: list[Comment]
    component: Component | None = None
    component_id: str | None = None
    counts: bool | None = None
    decision: Decision | None = None
    document: dict[str, Any]
    epss: float | None = None
    evidence: list[Evidence]
    fingerprint: str | None = None
    first_seen: datetime | None = None
    fix_version: str | None = None
    fixable: bool | None = None
    id: str | None = None
    kev: bool | None = None
    kind: Kind | None = None
    last_seen: datetime | None = None
    place: str | None = None
    reopened: int | None = None
    revision: int | None = None
    rule: Rule | None = None
    rule_id: str | None = None
    score: float | None = None
    severity: Severity | None = None
    sources: list[str] | None = None
    status: Status | None = None
    suppression_id: str | None = None
    tickets: list[FindingTicket]


class FindingTicket(Struct, kw_only=True, frozen=True):
    """A ticket about it, and the state it is in over there."""

    channel: str
    closed_at: datetime | None = None
    created_at: datetime
    id: str
    remote_id: str
    state: str
    state_said: str = ""
    system: str
    title: str
    updated_at: datetime
    url: str


class Fleet(Struct, kw_only=True, frozen=True):
    """Tenants by name; `total` is how many there are, also when not all are listed."""

    tenants: list[FleetTenant]
    total: int


class FleetTenant(Struct, kw_only=True, frozen=True):
    """One tenant at a glance. `total`, `by_severity` and `act_now` count its findings that
    count; `assessed`, `stale` and `never` its `assets` by when a complete run last
    looked at them, and `looked_at` is the latest of these times, null when nothing was
    ever looked at. `role` is the caller's there, "" for a key."""

    act_now: int
    assessed: int
    assets: int
    by_severity: dict[str, int]
    id: str
    looked_at: datetime | None
    name: str
    never: int
    role: str
    slug: str
    stale: int
    total: int


class Format(Struct, kw_only=True, frozen=True):
    """A form that documents can have."""

    format: str
    label: str
    media_type: str
    suffix: str


class GateAnswer(Struct, kw_only=True, frozen=True):
    """`outcome` is pass, fail or incomplete; only pass is a yes. `policy_version` is that
    of the policy that decided, null for a ready-made one and one that was only tried."""

    by_severity: dict[str, int]
    findings: int
    outcome: str
    policy: str
    policy_version: int | None = None
    rulings: list[GateRuling]


class GateQuestion(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """About which assets, or about the assets that an import spoke of. Without a `policy`
    the tenant's default decides; `source` is the YAML of one that is only tried, kept
    nowhere."""

    assets: list[str] | UnsetType = UNSET
    import_id: str | UnsetType = UNSET
    policy: str | UnsetType = UNSET
    source: str | UnsetType = UNSET


class GateRuling(Struct, kw_only=True, frozen=True):
    """One decision: which rule, about which finding, and what would have to change."""

    blocks: bool
    remedy: str = ""
    rule: str
    subject: str
    text: str
    waiver: str = ""


class Health(Struct, kw_only=True, frozen=True):
    """The process answers."""

    status: str


class Hours(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Hours of the week, by the rule's time zone. `until` may lie on the next day; `days`
    are those on which it begins, all when there is none."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] | UnsetType = UNSET
    from_: str = field(name="from")
    until: str


class Import(Struct, kw_only=True, frozen=True):
    """A report that was handed in. `state` is queued, running, done or failed; `summary`
    says what it changed, asset by asset."""

    actor: str
    asset: str
    created_at: str
    ended_at: str | None
    format: str
    id: str
    job_id: str | None
    name: str
    origin: str
    state: str
    summary: dict[str, Any] | None


class Invitation(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The word of an invitation, and the password that you choose."""

    invitation: str
    password: str


class Job(Struct, kw_only=True, frozen=True):
    """A piece of work. `state` is queued, running, done, failed or cancelled; `progress`
    0–1, null when nobody can say; `error` says what went wrong and what to do."""

    actor: str
    attempts: int
    created_at: str
    due_at: str
    ended_at: str | None
    error: dict[str, Any] | None
    id: str
    kind: str
    progress: float | None
    result: dict[str, Any] | None
    stage: str
    started_at: str | None
    state: str
    subject_id: str
    subject_kind: str


class KeySet(Struct, kw_only=True, frozen=True):
    """Public keys (RFC 7517): the next, the current and the last that signed."""

    keys: list[dict[str, Any]]


Kind = Literal[
    "vulnerability", "weakness", "secret", "misconfiguration", "licence", "detection", "control"
]


class LatestRun(Struct, kw_only=True, frozen=True):
    """A tool's latest run over the asset."""

    at: datetime
    database_date: str
    id: str
    observations: int
    outcome: Outcome
    records: int
    tool: str
    version: str


class ListedApiKey(Struct, kw_only=True, frozen=True):
    """One key. `hint` tells it from others; the key itself is kept nowhere. In lists: only
    the fields that were asked for."""

    created_at: str | None = None
    created_by: str | None = None
    expires_at: str | None = None
    hint: str = ""
    id: str | None = None
    last_address: str = ""
    last_used_at: str | None = None
    name: str = ""
    networks: list[str] = []
    revision: int | None = None
    revoked: bool = False
    revoked_at: str | None = None
    scopes: list[str] = []


class ListedAuditEntry(Struct, kw_only=True, frozen=True):
    """One entry. `id` is its place in the tenant's log; `hash` is over it and the entry
    before; `outcome` is done or refused; `actor_kind` user, key or system. In lists:
    only the fields that were asked for."""

    action: str | None = None
    actor: str | None = None
    actor_id: str | None = None
    actor_kind: str | None = None
    address: str | None = None
    at: str | None = None
    detail: dict[str, Any] | None = None
    hash: str | None = None
    id: int | None = None
    outcome: str | None = None
    request_id: str | None = None
    subject_id: str | None = None
    subject_kind: str | None = None


class ListedChannel(Struct, kw_only=True, frozen=True):
    """One channel. Secrets stand in `settings` as references only. In lists: only the
    fields that were asked for."""

    created_at: str | None = None
    enabled: bool | None = None
    id: str | None = None
    kind: str | None = None
    language: str | None = None
    name: str | None = None
    revision: int | None = None
    settings: dict[str, str] | None = None


class ListedDelivery(Struct, kw_only=True, frozen=True):
    """One message on its way. `state`: waiting, held (until `due_at`), sending, retry,
    done, or dead: nobody tries it any more. `key` is what the receiver knows the matter
    by. In lists: only the fields that were asked for."""

    attempts: int | None = None
    channel_id: str | None = None
    created_at: str | None = None
    due_at: str | None = None
    ended_at: str | None = None
    id: str | None = None
    key: str | None = None
    log: list[DeliveryAttempt] = []
    matter: str | None = None
    reference: str = ""
    rule_id: str | None = None
    state: str | None = None
    title: str = ""


class ListedImport(Struct, kw_only=True, frozen=True):
    """A report that was handed in. `state` is queued, running, done or failed; `summary`
    says what it changed, asset by asset. In lists: only the fields that were asked for."""

    actor: str | None = None
    asset: str | None = None
    created_at: str | None = None
    ended_at: str | None = None
    format: str | None = None
    id: str | None = None
    job_id: str | None = None
    name: str | None = None
    origin: str | None = None
    state: str | None = None
    summary: dict[str, Any] | None = None


class ListedJob(Struct, kw_only=True, frozen=True):
    """A piece of work. `state` is queued, running, done, failed or cancelled; `progress`
    0–1, null when nobody can say; `error` says what went wrong and what to do. In lists:
    only the fields that were asked for."""

    actor: str | None = None
    attempts: int | None = None
    created_at: str | None = None
    due_at: str | None = None
    ended_at: str | None = None
    error: dict[str, Any] | None = None
    id: str | None = None
    kind: str | None = None
    progress: float | None = None
    result: dict[str, Any] | None = None
    stage: str | None = None
    started_at: str | None = None
    state: str | None = None
    subject_id: str | None = None
    subject_kind: str | None = None


class ListedNotificationRule(Struct, kw_only=True, frozen=True):
    """One rule. `tracker` among the conditions says that its channel is a ticket system. In
    lists: only the fields that were asked for."""

    channel_id: str | None = None
    conditions: dict[str, Any] | None = None
    created_at: str | None = None
    digest_cron: str | None = None
    enabled: bool | None = None
    id: str | None = None
    mode: str | None = None
    name: str | None = None
    quiet: dict[str, Any] | None = None
    revision: int | None = None
    time_zone: str | None = None


class ListedPolicy(Struct, kw_only=True, frozen=True):
    """One policy. `source` is its YAML; lists leave it out. `version` counts its texts. In
    lists: only the fields that were asked for."""

    description: str = ""
    id: str | None = None
    is_default: bool = False
    name: str | None = None
    revision: int | None = None
    source: str | None = None
    updated_at: str | None = None
    version: int | None = None


class ListedProvider(Struct, kw_only=True, frozen=True):
    """One provider. `client_secret` is a reference to a secret, never the secret. Whoever
    has none of the groups in `roles` gets `default_role`; without one they are not let
    in. In lists: only the fields that were asked for."""

    client_id: str = ""
    client_secret: str = ""
    default_role: str = ""
    enabled: bool = True
    groups_claim: str = "groups"
    id: str | None = None
    issuer: str = ""
    name: str = ""
    redirect_uri: str = ""
    revision: int | None = None
    roles: dict[str, str] = {}
    scopes: list[str] = []


class ListedReport(Struct, kw_only=True, frozen=True):
    """A document that is asked for, or made. GET /reports/{id}/file gives it. In lists:
    only the fields that were asked for."""

    actor: str | None = None
    created_at: str | None = None
    ended_at: str | None = None
    file_id: str | None = None
    filters: dict[str, Any] | None = None
    format: str | None = None
    id: str | None = None
    job_id: str | None = None
    language: str | None = None
    state: str | None = None
    title: str | None = None


class ListedScan(Struct, kw_only=True, frozen=True):
    """A scan. `import_id` is the import of what it found. In lists: only the fields that
    were asked for."""

    actor: str | None = None
    created_at: str | None = None
    ended_at: str | None = None
    id: str | None = None
    import_id: str | None = None
    job_id: str | None = None
    options: dict[str, Any] | None = None
    schedule_id: str | None = None
    state: str | None = None
    summary: dict[str, Any] | None = None
    target: str | None = None


class ListedSchedule(Struct, kw_only=True, frozen=True):
    """A schedule, when it ran last and when it is due. In lists: only the fields that were
    asked for."""

    created_at: str | None = None
    cron: str | None = None
    enabled: bool | None = None
    id: str | None = None
    kind: str | None = None
    last_at: str | None = None
    last_job: str | None = None
    name: str | None = None
    next_at: str | None = None
    payload: dict[str, Any] | None = None
    revision: int | None = None
    time_zone: str | None = None


class ListedSession(Struct, kw_only=True, frozen=True):
    """One session that began in this tenant. In lists: only the fields that were asked for."""

    address: str = ""
    agent: str = ""
    created_at: str | None = None
    expires_at: str | None = None
    id: str | None = None
    last_used_at: str | None = None
    revoked: bool = False
    revoked_at: str | None = None
    revoked_why: str = ""
    user_id: str = ""


class ListedSuppression(Struct, kw_only=True, frozen=True):
    """A decision and how far it goes: `scope` asset (this finding, whatever tag), component
    (its rule in its package, anywhere) or tenant (its rule, everywhere). In lists: only
    the fields that were asked for."""

    asset_id: str | None = None
    component: str | None = None
    created_at: str | None = None
    expires_at: str | None = None
    id: str | None = None
    justification: str | None = None
    kind: str | None = None
    owner: str | None = None
    reason: str | None = None
    revision: int | None = None
    revoked_at: str | None = None
    rule: str | None = None
    scope: str | None = None
    source: str | None = None
    status: str | None = None


class ListedTenant(Struct, kw_only=True, frozen=True):
    """One tenant. `slug` is its short name, for the header Vigie-Tenant. In lists: only the
    fields that were asked for."""

    created_at: str | None = None
    disabled: bool = False
    id: str | None = None
    language: str = "en"
    name: str = ""
    revision: int | None = None
    slug: str = ""


class ListedTicket(Struct, kw_only=True, frozen=True):
    """One ticket. `state` is open, in progress, closed, gone (deleted over there) or
    unknown (not opened yet), `state_said` the system's own word. `package` is the one
    whose upgrade it is about, null for a finding's ticket. `remote_id` and `url` are ""
    until it is there. In lists: only the fields that were asked for."""

    actor: str = ""
    channel_id: str | None = None
    checked_at: str | None = None
    closed_at: str | None = None
    created_at: str | None = None
    error: TicketError | None = None
    finding_ids: list[str] = []
    id: str | None = None
    package: Package | None = None
    remote_id: str = ""
    revision: int | None = None
    state: str | None = None
    state_said: str = ""
    subject_id: str | None = None
    subject_kind: str | None = None
    title: str | None = None
    updated_at: str | None = None
    url: str = ""


class ListedUser(Struct, kw_only=True, frozen=True):
    """Somebody of this tenant. `origin` is local, or the sign-on that gave the role. In
    lists: only the fields that were asked for."""

    created_at: str | None = None
    disabled: bool = False
    email: str = ""
    id: str | None = None
    language: str = "en"
    last_login_at: str | None = None
    name: str = ""
    origin: str = "local"
    revision: int | None = None
    role: str = ""
    second_factor: bool = False


class MadeApiKey(Struct, kw_only=True, frozen=True):
    """The key itself is shown this once."""

    created_at: str | None = None
    created_by: str | None = None
    expires_at: str | None = None
    hint: str = ""
    id: str
    key: str = ""
    last_address: str = ""
    last_used_at: str | None = None
    name: str = ""
    networks: list[str] = []
    revision: int | None = None
    revoked: bool = False
    revoked_at: str | None = None
    scopes: list[str] = []


class MadeUser(Struct, kw_only=True, frozen=True):
    """The person, and the invitation: shown this once."""

    created_at: str | None = None
    disabled: bool = False
    email: str = ""
    id: str
    invitation: str = ""
    language: str = "en"
    last_login_at: str | None = None
    name: str = ""
    origin: str = "local"
    revision: int | None = None
    role: str = ""
    second_factor: bool = False


class Me(Struct, kw_only=True, frozen=True):
    """Who acts, and what they may do in the tenant of this request. `must` names what has
    to be done before anything else may be: change-password, set-up-second-factor."""

    email: str = ""
    id: str
    kind: str
    language: str = ""
    methods: list[str] = []
    must: list[str] = []
    name: str = ""
    permissions: list[str]
    recovery_codes_left: int = 0
    revision: int | None = None
    role: str | None = None
    second_factor: bool = False
    super_admin: bool = False
    tenant: str
    tenants: list[OwnTenant] = []
    time_zone: str = ""


class Need(Struct, kw_only=True, frozen=True):
    """Something to do: a finding, and all that have its component (or, without one, its
    rule)."""

    assets: int
    by: Literal["component_id", "rule_id"]
    finding: Finding
    findings: int
    reasons: list[WhyFirst]


class NewApiKey(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A key to make: what for, what it may do, from where, and until when."""

    expires_at: datetime | UnsetType | None = UNSET
    name: str
    networks: list[str] | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET


class NewChannel(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A channel to keep. `kind` is a notifier's or a ticket system's name; `settings` are
    its fields, secret ones as `secret://name`. Without a `language` it speaks the
    tenant's."""

    enabled: bool | UnsetType = UNSET
    kind: str
    language: str | UnsetType | None = UNSET
    name: str
    settings: dict[str, str] | UnsetType = UNSET


class NewNotificationRule(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A rule to keep. Without a channel it tells the one of the tenant's settings; without
    a time zone its hours are those of the tenant's."""

    channel_id: str | UnsetType = UNSET
    conditions: RuleConditions | UnsetType = UNSET
    digest_cron: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    mode: Literal["now", "digest"] | UnsetType = UNSET
    name: str
    quiet: Quiet | UnsetType | None = UNSET
    time_zone: str | UnsetType = UNSET


class NewPasskey(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What the browser answered (RegistrationResponseJSON), and a name to know it by."""

    challenge: str
    credential: dict[str, Any]
    name: str | UnsetType = UNSET


class NewPassword(Struct, kw_only=True, frozen=True):
    """Shown once; the person has to change it before anything else."""

    password: str


class NewPolicy(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A policy to keep; its name stands in the YAML."""

    is_default: bool | UnsetType = UNSET
    source: str


class NewProvider(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A provider to sign on through. Register `redirect_uri` of the answer with it."""

    client_id: str
    client_secret: str | UnsetType = UNSET
    default_role: Any = UNSET
    enabled: bool | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    issuer: str
    name: str
    roles: dict[str, Literal["owner", "admin", "analyst", "viewer"]] | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET


class NewReport(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Which findings (`filters` as the list of findings takes them), in which form."""

    filters: dict[str, str] | UnsetType = UNSET
    format: str
    language: Literal["en", "fr"] | UnsetType | None = UNSET
    title: str


class NewScan(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to look at, and with which scanners (none named: all that are here and suit it)."""

    criticality: Criticality | UnsetType = UNSET
    exposure: Exposure | UnsetType = UNSET
    scanners: list[str] | UnsetType = UNSET
    target: str


class NewSchedule(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to do (`kind`: scan or report, `payload`) and when (cron, in a time zone;
    without one in the tenant's)."""

    cron: str
    enabled: bool | UnsetType = UNSET
    kind: str
    name: str
    payload: dict[str, Any]
    time_zone: str | UnsetType = UNSET


class NewTenant(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A tenant to make. Its first owner is made with POST /users in it."""

    language: Literal["en", "fr"] | UnsetType = UNSET
    name: str
    slug: str


class NewTicket(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What the ticket is about: a finding, or the upgrade of a package at an asset. Without
    a channel it is opened where the tenant's settings say."""

    asset_id: str | UnsetType = UNSET
    channel_id: str | UnsetType = UNSET
    finding_id: str | UnsetType = UNSET
    package: Package | UnsetType | None = UNSET


class NewUser(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Somebody to take in. Without a password they are invited: the answer holds a word,
    shown once, with which they choose their own within a week (POST /auth/invitation)."""

    email: str
    language: Literal["en", "fr"] | UnsetType | None = UNSET
    name: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    role: Literal["owner", "admin", "analyst", "viewer", "agent"]


class NewView(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A view to keep. `room` is the word of the list's address; to share it takes
    `views:share`."""

    name: str
    query: str
    room: str
    shared: bool | UnsetType = UNSET


class NotificationRule(Struct, kw_only=True, frozen=True):
    """One rule. `tracker` among the conditions says that its channel is a ticket system."""

    channel_id: str
    conditions: dict[str, Any]
    created_at: str
    digest_cron: str
    enabled: bool
    id: str
    mode: str
    name: str
    quiet: dict[str, Any] | None
    revision: int
    time_zone: str


class NotificationRuleChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays. `conditions` and `quiet` are replaced as a
    whole, `quiet` null takes quiet hours away."""

    channel_id: str | UnsetType | None = UNSET
    conditions: RuleConditions | UnsetType | None = UNSET
    digest_cron: str | UnsetType | None = UNSET
    enabled: bool | UnsetType | None = UNSET
    mode: Literal["now", "digest"] | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    quiet: Quiet | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET


class Offered(Struct, kw_only=True, frozen=True):
    """A provider that people of the tenant can sign on through."""

    id: str
    name: str


Outcome = Literal["complete", "partial", "failed"]


class Overview(Struct, kw_only=True, frozen=True):
    """The tenant at a glance."""

    at: datetime
    changed: Changed
    counts: Counts
    coverage: CoverageSummary
    first: list[Finding]
    needs: list[Need]
    risk: list[Day]
    since: datetime


class OwnSession(Struct, kw_only=True, frozen=True):
    """One place where you are signed in; `current` is this one."""

    address: str
    agent: str
    created_at: str
    current: bool
    expires_at: str
    id: str
    last_used_at: str
    methods: list[str]
    tenant: str


class OwnTenant(Struct, kw_only=True, frozen=True):
    """A tenant that the person belongs to, and what they are there."""

    id: str
    name: str
    role: str
    slug: str


class Package(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A package as the plan names it."""

    name: str
    type: str


class ApiKeyPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedApiKey]
    next: str = ""
    total: int = 0


class AssetPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Asset]
    next: str = ""
    total: int = 0


class AuditEntryPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedAuditEntry]
    next: str = ""
    total: int = 0


class ChangePage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Change]
    next: str = ""
    total: int = 0


class ChannelPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedChannel]
    next: str = ""
    total: int = 0


class ComponentPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Component]
    next: str = ""
    total: int = 0


class DeliveryPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedDelivery]
    next: str = ""
    total: int = 0


class EventPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Event]
    next: str = ""
    total: int = 0


class FindingPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Finding]
    next: str = ""
    total: int = 0


class ImportPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedImport]
    next: str = ""
    total: int = 0


class JobPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedJob]
    next: str = ""
    total: int = 0


class NotificationRulePage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedNotificationRule]
    next: str = ""
    total: int = 0


class PolicyPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedPolicy]
    next: str = ""
    total: int = 0


class ProviderPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedProvider]
    next: str = ""
    total: int = 0


class ReportPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedReport]
    next: str = ""
    total: int = 0


class RulePage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Rule]
    next: str = ""
    total: int = 0


class RunPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[Run]
    next: str = ""
    total: int = 0


class ScanPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedScan]
    next: str = ""
    total: int = 0


class SchedulePage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedSchedule]
    next: str = ""
    total: int = 0


class SessionPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedSession]
    next: str = ""
    total: int = 0


class SuppressionPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedSuppression]
    next: str = ""
    total: int = 0


class TenantPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedTenant]
    next: str = ""
    total: int = 0


class TicketPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedTicket]
    next: str = ""
    total: int = 0


class UserPage(Struct, kw_only=True, frozen=True):
    """"""

    exact: bool = True
    facets: dict[str, list[FacetCount]] = {}
    items: list[ListedUser]
    next: str = ""
    total: int = 0


class Passkey(Struct, kw_only=True, frozen=True):
    """One device that may sign in for you."""

    created_at: str
    id: str
    last_used_at: str | None = None
    name: str


class PasskeyAnswer(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What the browser answered (AuthenticationResponseJSON)."""

    challenge: str
    cookies: bool | UnsetType = UNSET
    credential: dict[str, Any]
    tenant: str | UnsetType = UNSET


class PasskeyOffer(Struct, kw_only=True, frozen=True):
    """`options` go to `navigator.credentials.create`; `challenge` goes back with its
    answer."""

    challenge: str
    options: dict[str, Any]


class PasskeyQuestion(Struct, kw_only=True, frozen=True):
    """`options` go to `navigator.credentials.get`; `challenge` goes back with its answer."""

    challenge: str
    options: dict[str, Any]


class PasswordChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The password that you have, and the one that you want."""

    new: str
    old: str


class PasswordReset(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Whether the second factor and the passkeys are lost too."""

    second_factor: bool | UnsetType = UNSET


class Plan(Struct, kw_only=True, frozen=True):
    """Upgrades of an asset, the most useful first."""

    after: PlanCounts | None
    asset: str
    asset_id: str
    before: PlanCounts | None
    remains: list[PlanRemainder]
    steps: list[PlanStep]


class PlanChoice(Struct, kw_only=True, frozen=True):
    """Another version that a step could go to."""

    clears: int
    jump: str
    version: str


class PlanComponent(Struct, kw_only=True, frozen=True):
    """The package that a step upgrades."""

    name: str
    type: str
    version: str


class PlanCounts(Struct, kw_only=True, frozen=True):
    """How many findings count."""

    by_decision: dict[str, int]
    by_severity: dict[str, int]
    total: int


class PlanMove(Struct, kw_only=True, frozen=True):
    """One installed version and where it goes."""

    from_: str = field(name="from")
    paths: list[str]
    to: str


class PlanRemainder(Struct, kw_only=True, frozen=True):
    """A finding that the plan does not clear, and why."""

    code: str
    finding_id: str
    reason: str
    version: str


class PlanStep(Struct, kw_only=True, frozen=True):
    """One upgrade. `clears` are ids of findings."""

    action: str
    choices: list[PlanChoice]
    clears: list[str]
    component: PlanComponent
    jump: str
    moves: list[PlanMove]
    packages: list[str]
    source: str
    stays: list[PlanRemainder]
    still_known: list[str]
    version: str


class Policy(Struct, kw_only=True, frozen=True):
    """One policy. `source` is its YAML; lists leave it out. `version` counts its texts."""

    description: str = ""
    id: str
    is_default: bool = False
    name: str
    revision: int | None = None
    source: str | None = None
    updated_at: str | None = None
    version: int | None = None


class PolicyChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    is_default: bool | UnsetType | None = UNSET
    source: str | UnsetType | None = UNSET


class PolicyRead(Struct, kw_only=True, frozen=True):
    """What a policy asks, in words. `terms` are what else has to be so before a gate says
    yes."""

    name: str
    rules: list[RuleRead]
    terms: list[str]


class PolicyVersion(Struct, kw_only=True, frozen=True):
    """One text that a policy has had. `restored` is the version whose text was brought back
    by it; `actor` is "" where nobody knows any more."""

    actor: str
    at: str
    name: str
    restored: int | None
    version: int


class PolicyVersionText(Struct, kw_only=True, frozen=True):
    """The same with its YAML."""

    actor: str
    at: str
    name: str
    restored: int | None
    source: str
    version: int


class Problem(Struct, kw_only=True, frozen=True):
    """What went wrong (RFC 9457), and what to do about it."""

    detail: str
    errors: list[FieldProblem] = []
    hint: str = ""
    request_id: str = ""
    status: int
    title: str
    type: str


class ProfileChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    language: Literal["en", "fr", ""] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


class Provider(Struct, kw_only=True, frozen=True):
    """One provider. `client_secret` is a reference to a secret, never the secret. Whoever
    has none of the groups in `roles` gets `default_role`; without one they are not let
    in."""

    client_id: str = ""
    client_secret: str = ""
    default_role: str = ""
    enabled: bool = True
    groups_claim: str = "groups"
    id: str
    issuer: str = ""
    name: str = ""
    redirect_uri: str = ""
    revision: int | None = None
    roles: dict[str, str] = {}
    scopes: list[str] = []


class ProviderChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    client_id: str | UnsetType = UNSET
    client_secret: str | UnsetType = UNSET
    default_role: Any = UNSET
    enabled: bool | UnsetType = UNSET
    groups_claim: str | UnsetType = UNSET
    issuer: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    roles: dict[str, Literal["owner", "admin", "analyst", "viewer"]] | UnsetType = UNSET
    scopes: list[str] | UnsetType = UNSET


class Quiet(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Hours in which what is less severe than `below` waits until they are over."""

    below: Severity | UnsetType = UNSET
    hours: list[Hours]


class Readiness(Struct, kw_only=True, frozen=True):
    """Whether every part that a request may need answers; `parts` says which does not."""

    parts: dict[str, bool]
    ready: bool


class ReadyMade(Struct, kw_only=True, frozen=True):
    """A policy that comes with Vigie."""

    name: str
    source: str


class RecoveryCodes(Struct, kw_only=True, frozen=True):
    """Ten codes that each work once, when the app is lost; shown once."""

    recovery_codes: list[str]


class Refresh(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The refresh token; left out by browsers, which send their cookie."""

    refresh_token: str | UnsetType = UNSET


class Report(Struct, kw_only=True, frozen=True):
    """A document that is asked for, or made. GET /reports/{id}/file gives it."""

    actor: str
    created_at: str
    ended_at: str | None
    file_id: str | None
    filters: dict[str, Any] | None
    format: str
    id: str
    job_id: str | None
    language: str
    state: str
    title: str


class RetentionDue(Struct, kw_only=True, frozen=True):
    """What the next job removes of one noun. `days` is null where it is kept for ever, and
    `by` says who decided: operator, tenant or nobody. `oldest` is the oldest that goes."""

    before: datetime | None
    by: str
    count: int
    days: int | None
    noun: str
    oldest: datetime | None


class Revocation(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Which decisions to take back, or to restore; all of them or none."""

    suppressions: list[str]


class Revoked(Struct, kw_only=True, frozen=True):
    """How many findings have another status now."""

    changed: int
    suppressions: list[str]


class RoleChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Another role in this tenant."""

    role: Literal["owner", "admin", "analyst", "viewer", "agent"]


class RoleShown(Struct, kw_only=True, frozen=True):
    """One role: its permissions, and the roles that who has it may give and take away."""

    manages: list[str]
    name: str
    permissions: list[str]


class Roles(Struct, kw_only=True, frozen=True):
    """All of them."""

    roles: list[RoleShown]
    scopes: list[ScopeShown]


class Rule(Struct, kw_only=True, frozen=True):
    """A rule with its description."""

    aliases: list[str] | None = None
    description: str | None = None
    id: str | None = None
    name: str | None = None
    published: str | None = None
    references: list[str] | None = None
    title: str | None = None
    weaknesses: list[str] | None = None


class RuleConditions(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """All that are given must hold. `group`: what one message is about (import, asset,
    finding), or one ticket (finding, upgrade). `unknown` says whether a finding whose
    severity nobody said passes `severity`."""

    asset_kinds: list[str] | UnsetType = UNSET
    assets: list[str] | UnsetType = UNSET
    decisions: list[Decision] | UnsetType = UNSET
    events: list[str] | UnsetType = UNSET
    group: Literal["", "import", "asset", "finding", "upgrade"] | UnsetType = UNSET
    hours: list[Hours] | UnsetType = UNSET
    kinds: list[Kind] | UnsetType = UNSET
    labels: dict[str, list[str]] | UnsetType = UNSET
    severity: Severity | UnsetType | None = UNSET
    statuses: list[Status] | UnsetType = UNSET
    unknown: bool | UnsetType = UNSET


class RuleName(Struct, kw_only=True, frozen=True):
    """What was matched: an advisory, a check, a pattern."""

    aliases: list[str] | None = None
    id: str
    name: str
    title: str = ""


class RuleRead(Struct, kw_only=True, frozen=True):
    """One rule: a finding is blocked when all of its conditions hold."""

    conditions: list[str]
    name: str


class Run(Struct, kw_only=True, frozen=True):
    """One execution of a tool over an asset that was taken in. `document` has its problems."""

    asset: RunAsset | None = None
    asset_id: str | None = None
    at: datetime | None = None
    database_date: str | None = None
    document: dict[str, Any] | None = None
    format: str | None = None
    id: str | None = None
    import_id: str | None = None
    latest: bool | None = None
    observations: int | None = None
    outcome: Outcome | None = None
    records: int | None = None
    tool: str | None = None
    version: str | None = None


class RunAsset(Struct, kw_only=True, frozen=True):
    """The asset of a run."""

    id: str
    kind: AssetKind
    name: str


class SavedView(Struct, kw_only=True, frozen=True):
    """How somebody likes to see a list. `query` is what its address holds; `own` says that
    the caller made it, `shared` that everybody in the tenant sees it."""

    id: str
    name: str
    own: bool
    owner: str
    query: str
    revision: int
    room: str
    shared: bool
    updated_at: str


class Scan(Struct, kw_only=True, frozen=True):
    """A scan. `import_id` is the import of what it found."""

    actor: str
    created_at: str
    ended_at: str | None
    id: str
    import_id: str | None
    job_id: str | None
    options: dict[str, Any] | None
    schedule_id: str | None
    state: str
    summary: dict[str, Any] | None
    target: str


class ScanLogEntry(Struct, kw_only=True, frozen=True):
    """`kind` is started, step, printed or finished; `text` a sentence, or lines that the
    scanner wrote to its error output. `seq` is its place: ask for what came `after` it."""

    at: str
    kind: str
    scanner: str
    seq: int
    text: str


class Schedule(Struct, kw_only=True, frozen=True):
    """A schedule, when it ran last and when it is due."""

    created_at: str
    cron: str
    enabled: bool
    id: str
    kind: str
    last_at: str | None
    last_job: str
    name: str
    next_at: str | None
    payload: dict[str, Any] | None
    revision: int
    time_zone: str


class ScheduleChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    cron: str | UnsetType | None = UNSET
    enabled: bool | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    payload: dict[str, Any] | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET


class ScopeShown(Struct, kw_only=True, frozen=True):
    """One scope of an API key, and its permissions."""

    name: str
    permissions: list[str]


class SecondFactor(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A code of the app or a recovery code, with the challenge that asked for it."""

    challenge: str
    code: str
    cookies: bool | UnsetType = UNSET


class SecondFactorCode(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A code of the app, with the challenge of the offer."""

    challenge: str
    code: str


class SecondFactorOffer(Struct, kw_only=True, frozen=True):
    """For the authenticator app; shown once. `challenge` goes back with a code of the app."""

    challenge: str
    secret: str
    svg: str
    uri: str


class Secret(Struct, kw_only=True, frozen=True):
    """What may be shown of a secret: never its value. `backend` is where it lies."""

    backend: str
    created: str
    name: str
    reference: str
    version: int


class SecretText(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The value. It is sealed and never given back."""

    value: str


class Session(Struct, kw_only=True, frozen=True):
    """One session that began in this tenant."""

    address: str = ""
    agent: str = ""
    created_at: str | None = None
    expires_at: str | None = None
    id: str
    last_used_at: str | None = None
    revoked: bool = False
    revoked_at: str | None = None
    revoked_why: str = ""
    user_id: str = ""


class Settings(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """All settings of the tenant. `language` and `time_zone` are those of what is made
    without one of its own from now on: channels, people and reports; schedules and the
    hours of rules. Times in messages and reports are the zone's. `retention` is days by
    noun, null for as long as the operator keeps it. `notify_channel` is where a rule
    sends that names none, `ticket_channel` where a ticket is opened that names none:
    ids, "" for none."""

    language: Literal["en", "fr"] | UnsetType = UNSET
    notify_channel: str | UnsetType = UNSET
    retention: dict[str, int | None] | UnsetType = UNSET
    ticket_channel: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


Severity = Literal["critical", "high", "medium", "low", "none", "unknown"]


class SignIn(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A password. `tenant` (id or slug) is where to begin; `cookies` is for browsers: the
    tokens come as cookies that no script can read."""

    cookies: bool | UnsetType = UNSET
    email: str
    password: str
    tenant: str | UnsetType = UNSET


Status = Literal["open", "under_investigation", "not_affected", "fixed", "suppressed"]


class SuperAdmin(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Whether the person may enter every tenant."""

    super_admin: bool


class Suppression(Struct, kw_only=True, frozen=True):
    """A decision and how far it goes: `scope` asset (this finding, whatever tag), component
    (its rule in its package, anywhere) or tenant (its rule, everywhere)."""

    asset_id: str | None
    component: str
    created_at: str
    expires_at: str | None
    id: str
    justification: str
    kind: str
    owner: str
    reason: str
    revision: int
    revoked_at: str | None
    rule: str
    scope: str
    source: str
    status: str


class Tenant(Struct, kw_only=True, frozen=True):
    """One tenant. `slug` is its short name, for the header Vigie-Tenant."""

    created_at: str | None = None
    disabled: bool = False
    id: str
    language: str = "en"
    name: str = ""
    revision: int | None = None
    slug: str = ""


class TenantChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    disabled: bool | UnsetType = UNSET
    language: Literal["en", "fr"] | UnsetType = UNSET
    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET


class Ticket(Struct, kw_only=True, frozen=True):
    """One ticket. `state` is open, in progress, closed, gone (deleted over there) or
    unknown (not opened yet), `state_said` the system's own word. `package` is the one
    whose upgrade it is about, null for a finding's ticket. `remote_id` and `url` are ""
    until it is there."""

    actor: str = ""
    channel_id: str
    checked_at: str | None = None
    closed_at: str | None = None
    created_at: str
    error: TicketError | None = None
    finding_ids: list[str] = []
    id: str
    package: Package | None = None
    remote_id: str = ""
    revision: int
    state: str
    state_said: str = ""
    subject_id: str
    subject_kind: str
    title: str
    updated_at: str
    url: str = ""


class TicketError(Struct, kw_only=True, frozen=True):
    """What went wrong last, and what to do about it. Vigie tries again by itself."""

    at: str | None = None
    hint: str = ""
    message: str


class Tokens(Struct, kw_only=True, frozen=True):
    """What lets in: the access token goes into `Authorization: Bearer …`, the refresh token
    to POST /auth/refresh before it ends. Both are "" where they came as cookies; the
    refresh token also when the one you have is still to be used. With cookies,
    `csrf_token` goes into the header X-CSRF-Token of every request that changes
    something. Instead of all that, `second_factor` says that a code is asked for."""

    access_token: str = ""
    csrf_token: str = ""
    expires_in: int = 0
    refresh_token: str = ""
    second_factor: Challenge | None = None
    session: str = ""
    tenant: str = ""
    token_type: str = "Bearer"


class Triaged(Struct, kw_only=True, frozen=True):
    """What came of it. `suppressions` are the decisions made: POST them to
    /suppressions/revoke to take them back. `assigned_before` names those that somebody
    else takes care of now: triage each group with the assignee of before to take that
    back."""

    assigned_before: list[AssignedBefore] = []
    changed: int
    dry_run: bool
    findings: int
    suppressions: list[str]


class Tried(Struct, kw_only=True, frozen=True):
    """What came of a test: `done`, or why not."""

    detail: str = ""
    outcome: str
    status: int | None = None


class UnseenAsset(Struct, kw_only=True, frozen=True):
    """An asset that no complete run has looked at for long, or ever (null)."""

    id: str
    kind: AssetKind
    looked_at: datetime | None
    name: str


class User(Struct, kw_only=True, frozen=True):
    """Somebody of this tenant. `origin` is local, or the sign-on that gave the role."""

    created_at: str | None = None
    disabled: bool = False
    email: str = ""
    id: str
    language: str = "en"
    last_login_at: str | None = None
    name: str = ""
    origin: str = "local"
    revision: int | None = None
    role: str = ""
    second_factor: bool = False


class UserChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays. Only for people who are in no other tenant."""

    disabled: bool | UnsetType = UNSET
    email: str | UnsetType = UNSET
    language: Literal["en", "fr"] | UnsetType = UNSET
    name: str | UnsetType = UNSET


class ViewChange(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What to change; what is left out stays."""

    name: str | UnsetType | None = UNSET
    query: str | UnsetType | None = UNSET
    shared: bool | UnsetType | None = UNSET


class WhyFirst(Struct, kw_only=True, frozen=True):
    """One reason, in the caller's language."""

    code: str
    text: str
