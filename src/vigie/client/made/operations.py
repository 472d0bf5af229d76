# Made by tools/client.py from docs/api/openapi.json: `make openapi`.
# ruff: noqa: A002, PLR0913
"""The operations of the API, one method each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Required, TypedDict, Unpack

from vigie.client.connection import Connection, part
from vigie.client.made import shapes
from vigie.client.streams import Download, ServerEvent, Upload

Value = str | float | bool | datetime | Sequence[str]


class ListApiKeysQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "name", "-created_at", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    hint: Value
    created_by: Value
    created_at: Value
    expires_at: Value
    last_used_at: Value
    last_address: Value
    revoked_at: Value
    revoked: Value
    revision: Value


class ListAssetsQuery(TypedDict, total=False):
    sort: Literal[
        "first_seen",
        "id",
        "kind",
        "last_seen",
        "name",
        "owner",
        "-first_seen",
        "-id",
        "-kind",
        "-last_seen",
        "-name",
        "-owner",
    ]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    kind: Value
    name: Value
    key: Value
    owner: Value
    exposure: Value
    criticality: Value
    distro: Value
    first_seen: Value
    last_seen: Value
    looked_at: Value
    archived_at: Value
    revision: Value
    archived: Value
    looked_at_ever: Value
    label: Value
    tool: Value
    component: Value
    component_id: Value


class ListAuditEntriesQuery(TypedDict, total=False):
    sort: Literal["id", "-id"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    action: Value
    actor_kind: Value
    actor_id: Value
    actor: Value
    subject_kind: Value
    subject_id: Value
    request_id: Value
    address: Value
    outcome: Value
    at: Value
    hash: Value


class ExportAuditLogQuery(TypedDict, total=False):
    format: Literal["jsonl", "csv", "syslog"]
    q: Value
    id: Value
    action: Value
    actor_kind: Value
    actor_id: Value
    actor: Value
    subject_kind: Value
    subject_id: Value
    request_id: Value
    address: Value
    outcome: Value
    at: Value
    hash: Value


class ListWaysToSignOnQuery(TypedDict, total=False):
    tenant: Value


class ListChannelsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "name", "-created_at", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    kind: Value
    language: Value
    enabled: Value
    created_at: Value
    revision: Value


class ListComponentsQuery(TypedDict, total=False):
    sort: Literal[
        "first_seen",
        "id",
        "name",
        "type",
        "version",
        "-first_seen",
        "-id",
        "-name",
        "-type",
        "-version",
    ]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    type: Value
    name: Value
    version: Value
    purl: Value
    first_seen: Value
    asset_id: Value


class ListRulesQuery(TypedDict, total=False):
    sort: Literal["id", "name", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    id: Value
    name: Value
    title: Value


class ListDeliveriesQuery(TypedDict, total=False):
    sort: Literal["created_at", "due_at", "id", "-created_at", "-due_at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    channel_id: Value
    rule_id: Value
    key: Value
    matter: Value
    state: Value
    attempts: Value
    reference: Value
    created_at: Value
    due_at: Value
    ended_at: Value


class ListEventsQuery(TypedDict, total=False):
    sort: Literal["at", "id", "-at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    kind: Value
    subject_kind: Value
    subject_id: Value
    severity: Value
    at: Value


class StreamEventsQuery(TypedDict, total=False):
    kinds: Value


class ListFindingsQuery(TypedDict, total=False):
    sort: Literal[
        "decision",
        "epss",
        "first_seen",
        "id",
        "last_seen",
        "score",
        "severity",
        "-decision",
        "-epss",
        "-first_seen",
        "-id",
        "-last_seen",
        "-score",
        "-severity",
    ]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    kind: Value
    severity: Value
    decision: Value
    status: Value
    counts: Value
    fixable: Value
    asset_id: Value
    asset: Value
    asset_kind: Value
    owner: Value
    criticality: Value
    exposure: Value
    label: Value
    score: Value
    fix_version: Value
    kev: Value
    epss: Value
    place: Value
    sources: Value
    source: Value
    assignee: Value
    first_seen: Value
    last_seen: Value
    closed_at: Value
    reopened: Value
    new_at: Value
    fixed_at: Value
    reopened_at: Value
    came_on: Value
    went_on: Value
    new_in: Value
    reopened_in: Value
    closed_in: Value
    revision: Value
    fingerprint: Value
    suppression_id: Value
    rule_id: Value
    rule: Value
    component_id: Value
    component: Value
    component_type: Value
    component_version: Value
    purl: Value


class ExportFindingsQuery(TypedDict, total=False):
    format: Literal["jsonl", "csv"]
    sort: Literal[
        "decision",
        "epss",
        "first_seen",
        "id",
        "last_seen",
        "score",
        "severity",
        "-decision",
        "-epss",
        "-first_seen",
        "-id",
        "-last_seen",
        "-score",
        "-severity",
    ]
    fields: Value
    q: Value
    id: Value
    kind: Value
    severity: Value
    decision: Value
    status: Value
    counts: Value
    fixable: Value
    asset_id: Value
    asset: Value
    asset_kind: Value
    owner: Value
    criticality: Value
    exposure: Value
    label: Value
    score: Value
    fix_version: Value
    kev: Value
    epss: Value
    place: Value
    sources: Value
    source: Value
    assignee: Value
    first_seen: Value
    last_seen: Value
    closed_at: Value
    reopened: Value
    new_at: Value
    fixed_at: Value
    reopened_at: Value
    came_on: Value
    went_on: Value
    new_in: Value
    reopened_in: Value
    closed_in: Value
    revision: Value
    fingerprint: Value
    suppression_id: Value
    rule_id: Value
    rule: Value
    component_id: Value
    component: Value
    component_type: Value
    component_version: Value
    purl: Value


class ListFindingHistoryQuery(TypedDict, total=False):
    sort: Literal["at", "id", "-at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    what: Value
    actor: Value
    actor_id: Value
    run_id: Value
    at: Value


class ListImportsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "-created_at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    origin: Value
    format: Value
    asset: Value
    state: Value
    summary: Value
    job_id: Value
    actor: Value
    created_at: Value
    ended_at: Value


class ListJobsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "-created_at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    kind: Value
    state: Value
    progress: Value
    stage: Value
    attempts: Value
    result: Value
    error: Value
    subject_kind: Value
    subject_id: Value
    actor: Value
    created_at: Value
    due_at: Value
    started_at: Value
    ended_at: Value


class ListNotificationRulesQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "name", "-created_at", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    channel_id: Value
    mode: Value
    digest_cron: Value
    time_zone: Value
    enabled: Value
    created_at: Value
    revision: Value


class GetOverviewQuery(TypedDict, total=False):
    since: datetime
    days: int


class GetPlanQuery(TypedDict, total=False):
    asset_id: Required[Value]


class ListPoliciesQuery(TypedDict, total=False):
    sort: Literal["id", "name", "updated_at", "-id", "-name", "-updated_at"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    id: Value
    name: Value
    description: Value
    is_default: Value
    updated_at: Value
    version: Value
    revision: Value


class ListReportsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "-created_at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    title: Value
    format: Value
    language: Value
    state: Value
    filters: Value
    job_id: Value
    file_id: Value
    actor: Value
    created_at: Value
    ended_at: Value


class ListRunsQuery(TypedDict, total=False):
    sort: Literal[
        "at",
        "id",
        "observations",
        "records",
        "tool",
        "-at",
        "-id",
        "-observations",
        "-records",
        "-tool",
    ]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    asset_id: Value
    import_id: Value
    tool: Value
    version: Value
    format: Value
    outcome: Value
    database_date: Value
    records: Value
    observations: Value
    latest: Value
    at: Value


class ListScansQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "-created_at", "-id"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    target: Value
    state: Value
    summary: Value
    options: Value
    import_id: Value
    schedule_id: Value
    job_id: Value
    actor: Value
    created_at: Value
    ended_at: Value


class GetScanLogQuery(TypedDict, total=False):
    after: int


class ListSchedulesQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "name", "-created_at", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    kind: Value
    payload: Value
    cron: Value
    time_zone: Value
    enabled: Value
    next_at: Value
    last_at: Value
    last_job: Value
    created_at: Value
    revision: Value


class ListSessionsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "last_used_at", "-created_at", "-id", "-last_used_at"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    user_id: Value
    address: Value
    agent: Value
    created_at: Value
    last_used_at: Value
    expires_at: Value
    revoked_at: Value
    revoked_why: Value
    revoked: Value


class ListSignOnQuery(TypedDict, total=False):
    sort: Literal["id", "name", "-id", "-name"]
    fields: Value
    limit: int
    cursor: Value
    facets: Value
    id: Value
    name: Value
    issuer: Value
    client_id: Value
    client_secret: Value
    enabled: Value
    created_at: Value
    revision: Value


class ListSuppressionsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "rule", "-created_at", "-id", "-rule"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    scope: Value
    asset_id: Value
    component: Value
    kind: Value
    rule: Value
    status: Value
    justification: Value
    reason: Value
    source: Value
    owner: Value
    created_at: Value
    expires_at: Value
    revoked_at: Value
    ended: Value
    revision: Value


class GetVexQuery(TypedDict, total=False):
    format: Literal["openvex", "cyclonedx"]


class ListTenantsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "name", "slug", "-created_at", "-id", "-name", "-slug"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    name: Value
    slug: Value
    language: Value
    disabled: Value
    created_at: Value
    revision: Value


class ListTicketsQuery(TypedDict, total=False):
    sort: Literal["created_at", "id", "updated_at", "-created_at", "-id", "-updated_at"]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    channel_id: Value
    subject_kind: Value
    subject_id: Value
    title: Value
    remote_id: Value
    url: Value
    state: Value
    state_said: Value
    actor: Value
    created_at: Value
    updated_at: Value
    checked_at: Value
    closed_at: Value
    revision: Value
    finding_id: Value


class ListUsersQuery(TypedDict, total=False):
    sort: Literal[
        "created_at",
        "email",
        "id",
        "name",
        "role",
        "-created_at",
        "-email",
        "-id",
        "-name",
        "-role",
    ]
    fields: Value
    limit: int
    cursor: Value
    q: Value
    facets: Value
    id: Value
    email: Value
    name: Value
    language: Value
    role: Value
    origin: Value
    second_factor: Value
    disabled: Value
    last_login_at: Value
    created_at: Value
    revision: Value


class ListViewsQuery(TypedDict, total=False):
    room: Value


class Operations(Connection):
    """Every operation of the API."""

    def list_api_keys(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListApiKeysQuery]
    ) -> shapes.ApiKeyPage:
        """The tenant's keys. That somebody looked is an entry of the audit log."""
        return self._ask("GET", "/api/v1/api-keys", shapes.ApiKeyPage, where=where, query=asked)

    def create_api_key(
        self, body: shapes.NewApiKey, *, idempotency_key: str | None = None
    ) -> shapes.MadeApiKey:
        """Make a key. It is shown in this answer and never again, not even for the same
        Idempotency-Key."""
        return self._ask(
            "POST",
            "/api/v1/api-keys",
            shapes.MadeApiKey,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def revoke_api_key(self, key_id: str, *, if_match: int | str | None = None) -> None:
        """Revoke a key: its next request is refused. It stays in the list."""
        self._ask("DELETE", f"/api/v1/api-keys/{part(key_id)}", if_match=if_match)

    def get_api_key(self, key_id: str) -> shapes.ApiKey:
        """One key, without what it is."""
        return self._ask(
            "GET",
            f"/api/v1/api-keys/{part(key_id)}",
            shapes.ApiKey,
        )

    def change_api_key(
        self, key_id: str, body: shapes.ApiKeyChange, *, if_match: int | str | None = None
    ) -> shapes.ApiKey:
        """Change what a key may do, from where, and until when."""
        return self._ask(
            "PATCH", f"/api/v1/api-keys/{part(key_id)}", shapes.ApiKey, body=body, if_match=if_match
        )

    def list_assets(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListAssetsQuery]
    ) -> shapes.AssetPage:
        """The tenant's assets, what was seen last first. `component=log4j-core` finds those
        that hold it. `by_severity` is a field too: how many findings count."""
        return self._ask("GET", "/api/v1/assets", shapes.AssetPage, where=where, query=asked)

    def get_asset(self, asset_id: str) -> shapes.AssetDetail:
        """One asset: how many findings count, who looked at it, and who did not see everything."""
        return self._ask(
            "GET",
            f"/api/v1/assets/{part(asset_id)}",
            shapes.AssetDetail,
        )

    def change_asset(
        self, asset_id: str, body: shapes.AssetChange, *, if_match: int | str | None = None
    ) -> shapes.AssetDetail:
        """Say whose it is, what it would cost to lose it, who can reach it, and its labels."""
        return self._ask(
            "PATCH",
            f"/api/v1/assets/{part(asset_id)}",
            shapes.AssetDetail,
            body=body,
            if_match=if_match,
        )

    def archive_asset(
        self, asset_id: str, *, if_match: int | str | None = None
    ) -> shapes.AssetDetail:
        """Put it away: it is no longer expected to be looked at. Nothing of it is lost."""
        return self._ask(
            "POST",
            f"/api/v1/assets/{part(asset_id)}/archive",
            shapes.AssetDetail,
            if_match=if_match,
        )

    def restore_asset(
        self, asset_id: str, *, if_match: int | str | None = None
    ) -> shapes.AssetDetail:
        """Bring it back."""
        return self._ask(
            "POST",
            f"/api/v1/assets/{part(asset_id)}/restore",
            shapes.AssetDetail,
            if_match=if_match,
        )

    def list_audit_entries(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListAuditEntriesQuery]
    ) -> shapes.AuditEntryPage:
        """The tenant's log, newest first. That it was read is an entry as well."""
        return self._ask("GET", "/api/v1/audit", shapes.AuditEntryPage, where=where, query=asked)

    def export_audit_log(self, **asked: Unpack[ExportAuditLogQuery]) -> Download:
        """Every entry that the filters find, the oldest first, with all that its hash is over:
        what was there when the export began. That the log was exported is an entry as well."""
        return self._download("GET", "/api/v1/audit/export", query=asked)

    def verify_audit_log(self) -> shapes.AuditVerdict:
        """Walk the tenant's log from its first entry, and meet its head and its checkpoints. A
        database that was put back whole only a checkpoint kept elsewhere shows: `vigie
        audit`."""
        return self._ask(
            "GET",
            "/api/v1/audit/verify",
            shapes.AuditVerdict,
        )

    def get_signing_keys(self) -> shapes.KeySet:
        """The keys that verify access tokens. A gateway may keep them for five minutes."""
        return self._ask(
            "GET",
            "/.well-known/jwks.json",
            shapes.KeySet,
        )

    def accept_invitation(self, body: shapes.Invitation) -> None:
        """Choose the first password; then sign in with it."""
        self._ask("POST", "/api/v1/auth/invitation", body=body)

    def sign_in_with_passkey(self, body: shapes.PasskeyAnswer) -> shapes.Tokens:
        """Sign in with a passkey: two factors in one, so no code is asked for."""
        return self._ask("POST", "/api/v1/auth/passkey", shapes.Tokens, body=body)

    def ask_for_passkey(self) -> shapes.PasskeyQuestion:
        """What the browser needs to sign in with a passkey. The same for everybody."""
        return self._ask(
            "POST",
            "/api/v1/auth/passkey/options",
            shapes.PasskeyQuestion,
        )

    def refresh(self, body: shapes.Refresh) -> shapes.Tokens:
        """New tokens for a refresh token. One that was replaced long ago ends the session:
        somebody else has it."""
        return self._ask("POST", "/api/v1/auth/refresh", shapes.Tokens, body=body)

    def finish_sign_in(self, body: shapes.SecondFactor) -> shapes.Tokens:
        """Finish a sign-in with a code. Five wrong ones, and the password is asked for again."""
        return self._ask("POST", "/api/v1/auth/second-factor", shapes.Tokens, body=body)

    def sign_in(self, body: shapes.SignIn) -> shapes.Tokens:
        """Sign in with a password. Where a second factor is on, the answer is its challenge."""
        return self._ask("POST", "/api/v1/auth/sign-in", shapes.Tokens, body=body)

    def list_ways_to_sign_on(self, **asked: Unpack[ListWaysToSignOnQuery]) -> list[shapes.Offered]:
        """The providers of a tenant. Nothing for a tenant that there is not."""
        return self._ask("GET", "/api/v1/auth/sign-on", list[shapes.Offered], query=asked)

    def finish_sign_on(self) -> None:
        """Where the provider sends the browser back to. Signs it in with cookies."""
        self._ask(
            "GET",
            "/api/v1/auth/sign-on/callback",
        )

    def begin_sign_on(self, sign_on_id: str) -> shapes.Begun:
        """Begin a sign-on. It is bound to this browser by a cookie, for ten minutes."""
        return self._ask(
            "POST",
            f"/api/v1/auth/sign-on/{part(sign_on_id)}",
            shapes.Begun,
        )

    def sign_out(self) -> None:
        """End this session: its tokens are of no use from now on."""
        self._ask(
            "POST",
            "/api/v1/auth/sign-out",
        )

    def list_channels(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListChannelsQuery]
    ) -> shapes.ChannelPage:
        """The tenant's channels."""
        return self._ask("GET", "/api/v1/channels", shapes.ChannelPage, where=where, query=asked)

    def create_channel(
        self, body: shapes.NewChannel, *, idempotency_key: str | None = None
    ) -> shapes.Channel:
        """Keep a channel. It is checked, and nothing is sent."""
        return self._ask(
            "POST",
            "/api/v1/channels",
            shapes.Channel,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_channel(self, channel_id: str, *, if_match: int | str | None = None) -> None:
        """Take it away, with the record of what was sent over it."""
        self._ask("DELETE", f"/api/v1/channels/{part(channel_id)}", if_match=if_match)

    def get_channel(self, channel_id: str) -> shapes.Channel:
        """One channel."""
        return self._ask(
            "GET",
            f"/api/v1/channels/{part(channel_id)}",
            shapes.Channel,
        )

    def change_channel(
        self, channel_id: str, body: shapes.ChannelChange, *, if_match: int | str | None = None
    ) -> shapes.Channel:
        """Change it. It is checked anew."""
        return self._ask(
            "PATCH",
            f"/api/v1/channels/{part(channel_id)}",
            shapes.Channel,
            body=body,
            if_match=if_match,
        )

    def test_channel(self, channel_id: str) -> shapes.Tried:
        """Send a test message now, once. A ticket system is asked whether it answers; nothing
        is made in it."""
        return self._ask(
            "POST",
            f"/api/v1/channels/{part(channel_id)}/test",
            shapes.Tried,
        )

    def list_notifiers(self) -> list[shapes.ChannelKind]:
        """What can be notified, and what a channel of each must be told."""
        return self._ask(
            "GET",
            "/api/v1/notifiers",
            list[shapes.ChannelKind],
        )

    def list_trackers(self) -> list[shapes.ChannelKind]:
        """The ticket systems, and what a channel of each must be told."""
        return self._ask(
            "GET",
            "/api/v1/trackers",
            list[shapes.ChannelKind],
        )

    def list_components(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListComponentsQuery]
    ) -> shapes.ComponentPage:
        """Every package version that an asset holds. Where one lies: /assets?component_id=…"""
        return self._ask(
            "GET", "/api/v1/components", shapes.ComponentPage, where=where, query=asked
        )

    def get_component(self, component_id: str) -> shapes.Component:
        """One component, and in how many assets it lies."""
        return self._ask(
            "GET",
            f"/api/v1/components/{part(component_id)}",
            shapes.Component,
        )

    def list_rules(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListRulesQuery]
    ) -> shapes.RulePage:
        """Every advisory, check and pattern that was ever matched."""
        return self._ask("GET", "/api/v1/rules", shapes.RulePage, where=where, query=asked)

    def get_rule(self, rule_id: str) -> shapes.Rule:
        """One with its description and references."""
        return self._ask(
            "GET",
            f"/api/v1/rules/{part(rule_id)}",
            shapes.Rule,
        )

    def list_deliveries(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListDeliveriesQuery]
    ) -> shapes.DeliveryPage:
        """What was sent and what waits. `state=dead` is the dead-letter view."""
        return self._ask("GET", "/api/v1/deliveries", shapes.DeliveryPage, where=where, query=asked)

    def get_delivery(self, delivery_id: str) -> shapes.Delivery:
        """One delivery with its last attempts."""
        return self._ask(
            "GET",
            f"/api/v1/deliveries/{part(delivery_id)}",
            shapes.Delivery,
        )

    def redeliver(self, delivery_id: str, *, idempotency_key: str | None = None) -> shapes.Delivery:
        """Send it once more: one that was given up, or one that was lost over there."""
        return self._ask(
            "POST",
            f"/api/v1/deliveries/{part(delivery_id)}/redeliver",
            shapes.Delivery,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def list_events(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListEventsQuery]
    ) -> shapes.EventPage:
        """What happened, latest first."""
        return self._ask("GET", "/api/v1/events", shapes.EventPage, where=where, query=asked)

    def stream_events(
        self, *, last_event_id: str = "", **asked: Unpack[StreamEventsQuery]
    ) -> Iterator[ServerEvent]:
        """What happens from now on, or from the event after `Last-Event-ID` on; and what is
        under way: each job and delivery that the caller may read, when its state changes,
        and at the beginning those that are open; and which logs of running scans grew.
        Something may come twice after a reconnection; its id tells."""
        return self._follow("/api/v1/events/stream", last_event_id=last_event_id, query=asked)

    def get_event(self, event_id: str) -> shapes.Event:
        """One event."""
        return self._ask(
            "GET",
            f"/api/v1/events/{part(event_id)}",
            shapes.Event,
        )

    def list_findings(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListFindingsQuery]
    ) -> shapes.FindingPage:
        """The tenant's findings, the weightiest first. `q` looks for words in what they name:
        the rule, the component, the asset."""
        return self._ask("GET", "/api/v1/findings", shapes.FindingPage, where=where, query=asked)

    def export_findings(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ExportFindingsQuery]
    ) -> Download:
        """Every finding that the list would show on all its pages, as of one moment."""
        return self._download("GET", "/api/v1/findings/export", where=where, query=asked)

    def triage_findings(self, body: shapes.BulkTriage) -> shapes.Triaged:
        """Decide about many findings at once: all of them or none. `dry_run` first says how
        many are meant; the answer holds what takes it back."""
        return self._ask("POST", "/api/v1/findings/triage", shapes.Triaged, body=body)

    def get_finding(self, finding_id: str) -> shapes.FindingDetail:
        """One finding with its rule, evidence, decision, comments and tickets."""
        return self._ask(
            "GET",
            f"/api/v1/findings/{part(finding_id)}",
            shapes.FindingDetail,
        )

    def change_finding(
        self, finding_id: str, body: shapes.FindingChange, *, if_match: int | str | None = None
    ) -> shapes.FindingDetail:
        """Decide about one finding: its status with a reason, how far that goes and how long,
        and who takes care of it."""
        return self._ask(
            "PATCH",
            f"/api/v1/findings/{part(finding_id)}",
            shapes.FindingDetail,
            body=body,
            if_match=if_match,
        )

    def list_finding_comments(self, finding_id: str) -> list[shapes.Comment]:
        """What people wrote about it, oldest first."""
        return self._ask(
            "GET",
            f"/api/v1/findings/{part(finding_id)}/comments",
            list[shapes.Comment],
        )

    def create_finding_comment(
        self, finding_id: str, body: shapes.CommentText, *, idempotency_key: str | None = None
    ) -> shapes.Comment:
        """Write about it."""
        return self._ask(
            "POST",
            f"/api/v1/findings/{part(finding_id)}/comments",
            shapes.Comment,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_finding_comment(
        self, finding_id: str, comment_id: str, *, if_match: int | str | None = None
    ) -> None:
        """Take one's own comment away."""
        self._ask(
            "DELETE",
            f"/api/v1/findings/{part(finding_id)}/comments/{part(comment_id)}",
            if_match=if_match,
        )

    def change_finding_comment(
        self,
        finding_id: str,
        comment_id: str,
        body: shapes.CommentText,
        *,
        if_match: int | str | None = None,
    ) -> shapes.Comment:
        """Change one's own comment."""
        return self._ask(
            "PATCH",
            f"/api/v1/findings/{part(finding_id)}/comments/{part(comment_id)}",
            shapes.Comment,
            body=body,
            if_match=if_match,
        )

    def explain_finding(self, finding_id: str) -> shapes.Explanation:
        """Why it is there: who said it, why that belongs together, whose severity and fix won."""
        return self._ask(
            "GET",
            f"/api/v1/findings/{part(finding_id)}/explain",
            shapes.Explanation,
        )

    def list_finding_history(
        self,
        finding_id: str,
        *,
        where: Mapping[str, Value] | None = None,
        **asked: Unpack[ListFindingHistoryQuery],
    ) -> shapes.ChangePage:
        """What happened to it, latest first."""
        return self._ask(
            "GET",
            f"/api/v1/findings/{part(finding_id)}/history",
            shapes.ChangePage,
            where=where,
            query=asked,
        )

    def get_fleet(self) -> shapes.Fleet:
        """Every tenant that you may enter and whose findings you may read: all of them for a
        super-admin, your own for others, its own for a key. Disabled ones are left out."""
        return self._ask(
            "GET",
            "/api/v1/fleet",
            shapes.Fleet,
        )

    def judge_gate(self, body: shapes.GateQuestion) -> shapes.GateAnswer:
        """Judge by a policy and everything that is known, people's decisions among it. An
        import that has not ended is incomplete, never a yes."""
        return self._ask("POST", "/api/v1/gates", shapes.GateAnswer, body=body)

    def get_health(self) -> shapes.Health:
        """The process is alive."""
        return self._ask(
            "GET",
            "/health",
            shapes.Health,
        )

    def get_readiness(self) -> shapes.Readiness:
        """Every part answers: 200. One does not: 503."""
        return self._ask(
            "GET",
            "/ready",
            shapes.Readiness,
        )

    def list_imports(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListImportsQuery]
    ) -> shapes.ImportPage:
        """What was handed in, the newest first."""
        return self._ask("GET", "/api/v1/imports", shapes.ImportPage, where=where, query=asked)

    def create_import(
        self,
        *,
        report: Upload,
        asset: str | None = None,
        criticality: shapes.Criticality | None = None,
        exposure: shapes.Exposure | None = None,
        format: str | None = None,
        labels: str | None = None,
        origin: str | None = None,
        owner: str | None = None,
        idempotency_key: str | None = None,
    ) -> shapes.Import:
        """Hand in a report. It is kept when this answers; GET /jobs/{job_id} says how far it
        is."""
        return self._ask(
            "POST",
            "/api/v1/imports",
            shapes.Import,
            form={
                "asset": asset,
                "criticality": criticality,
                "exposure": exposure,
                "format": format,
                "labels": labels,
                "origin": origin,
                "owner": owner,
                "report": report,
            },
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def get_import(self, import_id: str) -> shapes.Import:
        """One import and what it changed."""
        return self._ask(
            "GET",
            f"/api/v1/imports/{part(import_id)}",
            shapes.Import,
        )

    def list_jobs(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListJobsQuery]
    ) -> shapes.JobPage:
        """Jobs, the newest first."""
        return self._ask("GET", "/api/v1/jobs", shapes.JobPage, where=where, query=asked)

    def get_job(self, job_id: str) -> shapes.Job:
        """How far one job is."""
        return self._ask(
            "GET",
            f"/api/v1/jobs/{part(job_id)}",
            shapes.Job,
        )

    def cancel_job(self, job_id: str) -> shapes.Job:
        """Stop it: at once when it waits, soon when it runs. One that has ended is a conflict."""
        return self._ask(
            "POST",
            f"/api/v1/jobs/{part(job_id)}/cancel",
            shapes.Job,
        )

    def retry_job(self, job_id: str) -> shapes.Job:
        """Try one that failed once more, from its beginning. Any other is a conflict."""
        return self._ask(
            "POST",
            f"/api/v1/jobs/{part(job_id)}/retry",
            shapes.Job,
        )

    def stream_job(self, job_id: str) -> Iterator[ServerEvent]:
        """Follow a job (server-sent events): an event each time something changes, until it
        ends."""
        return self._follow(
            f"/api/v1/jobs/{part(job_id)}/stream",
        )

    def get_me(self) -> shapes.Me:
        """Who you are, and what you may do in this tenant."""
        return self._ask(
            "GET",
            "/api/v1/me",
            shapes.Me,
        )

    def change_me(
        self, body: shapes.ProfileChange, *, if_match: int | str | None = None
    ) -> shapes.Me:
        """Change your name, language or time zone (a name of the IANA database, "" for the
        browser's)."""
        return self._ask("PATCH", "/api/v1/me", shapes.Me, body=body, if_match=if_match)

    def list_my_passkeys(self) -> list[shapes.Passkey]:
        """The devices that may sign in for you."""
        return self._ask(
            "GET",
            "/api/v1/me/passkeys",
            list[shapes.Passkey],
        )

    def create_passkey(self, body: shapes.NewPasskey) -> shapes.Passkey:
        """Keep the passkey that your browser made."""
        return self._ask("POST", "/api/v1/me/passkeys", shapes.Passkey, body=body)

    def offer_passkey(self, body: shapes.Confirmation) -> shapes.PasskeyOffer:
        """What your browser needs to make a passkey. Show your password; without one, sign in
        with a passkey first: a sign-on through your company's provider is not enough."""
        return self._ask("POST", "/api/v1/me/passkeys/options", shapes.PasskeyOffer, body=body)

    def delete_passkey(self, passkey_id: str) -> None:
        """Forget a device."""
        self._ask(
            "DELETE",
            f"/api/v1/me/passkeys/{part(passkey_id)}",
        )

    def change_password(self, body: shapes.PasswordChange) -> None:
        """Change your password. Your other sessions end."""
        self._ask("POST", "/api/v1/me/password", body=body)

    def renew_recovery_codes(self, body: shapes.Code) -> shapes.RecoveryCodes:
        """Ten new recovery codes; the old ones are of no use any more."""
        return self._ask("POST", "/api/v1/me/recovery-codes", shapes.RecoveryCodes, body=body)

    def offer_second_factor(self, body: shapes.Confirmation) -> shapes.SecondFactorOffer:
        """A secret for your app, as text, link and QR code. Nothing changes before a code of
        it."""
        return self._ask("POST", "/api/v1/me/second-factor", shapes.SecondFactorOffer, body=body)

    def switch_on_second_factor(self, body: shapes.SecondFactorCode) -> shapes.RecoveryCodes:
        """Switch the second factor on. The recovery codes are shown this once."""
        return self._ask(
            "POST", "/api/v1/me/second-factor/confirm", shapes.RecoveryCodes, body=body
        )

    def switch_off_second_factor(self, body: shapes.Code) -> None:
        """Switch the second factor off, with a last code of it."""
        self._ask("POST", "/api/v1/me/second-factor/off", body=body)

    def list_my_sessions(self) -> list[shapes.OwnSession]:
        """Where you are signed in, the latest used first."""
        return self._ask(
            "GET",
            "/api/v1/me/sessions",
            list[shapes.OwnSession],
        )

    def end_my_other_sessions(self) -> shapes.Ended:
        """Sign out everywhere but here."""
        return self._ask(
            "POST",
            "/api/v1/me/sessions/end-others",
            shapes.Ended,
        )

    def end_my_session(self, session_id: str) -> None:
        """Sign out elsewhere: that session is over with its next request."""
        self._ask(
            "DELETE",
            f"/api/v1/me/sessions/{part(session_id)}",
        )

    def get_metrics(self) -> Download:
        """What this process counted (all of them, under `vigie up`), and how the platform
        stands. Takes an API key with the scope `metrics`; without one, VIGIE_METRICS_LISTEN
        is the way."""
        return self._download(
            "GET",
            "/api/v1/metrics",
        )

    def list_notification_rules(
        self,
        *,
        where: Mapping[str, Value] | None = None,
        **asked: Unpack[ListNotificationRulesQuery],
    ) -> shapes.NotificationRulePage:
        """The tenant's rules."""
        return self._ask(
            "GET",
            "/api/v1/notification-rules",
            shapes.NotificationRulePage,
            where=where,
            query=asked,
        )

    def create_notification_rule(
        self, body: shapes.NewNotificationRule, *, idempotency_key: str | None = None
    ) -> shapes.NotificationRule:
        """Keep a rule; it holds for what happens from now on."""
        return self._ask(
            "POST",
            "/api/v1/notification-rules",
            shapes.NotificationRule,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_notification_rule(self, rule_id: str, *, if_match: int | str | None = None) -> None:
        """Take it away, with what it has gathered and not told yet."""
        self._ask("DELETE", f"/api/v1/notification-rules/{part(rule_id)}", if_match=if_match)

    def get_notification_rule(self, rule_id: str) -> shapes.NotificationRule:
        """One rule."""
        return self._ask(
            "GET",
            f"/api/v1/notification-rules/{part(rule_id)}",
            shapes.NotificationRule,
        )

    def change_notification_rule(
        self,
        rule_id: str,
        body: shapes.NotificationRuleChange,
        *,
        if_match: int | str | None = None,
    ) -> shapes.NotificationRule:
        """Change it."""
        return self._ask(
            "PATCH",
            f"/api/v1/notification-rules/{part(rule_id)}",
            shapes.NotificationRule,
            body=body,
            if_match=if_match,
        )

    def get_overview(self, **asked: Unpack[GetOverviewQuery]) -> shapes.Overview:
        """The tenant at a glance."""
        return self._ask("GET", "/api/v1/overview", shapes.Overview, query=asked)

    def get_plan(self, **asked: Unpack[GetPlanQuery]) -> shapes.Plan:
        """Upgrades of an asset, the most useful first: what each clears, and why the rest
        stays."""
        return self._ask("GET", "/api/v1/plans", shapes.Plan, query=asked)

    def list_policies(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListPoliciesQuery]
    ) -> shapes.PolicyPage:
        """The tenant's own policies."""
        return self._ask("GET", "/api/v1/policies", shapes.PolicyPage, where=where, query=asked)

    def create_policy(
        self, body: shapes.NewPolicy, *, idempotency_key: str | None = None
    ) -> shapes.Policy:
        """Keep a policy. It is checked first."""
        return self._ask(
            "POST",
            "/api/v1/policies",
            shapes.Policy,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def read_policy(self, body: shapes.Draft) -> shapes.PolicyRead:
        """What this YAML asks, in the caller's language; a problem says what is wrong with it."""
        return self._ask("POST", "/api/v1/policies/read", shapes.PolicyRead, body=body)

    def list_ready_made_policies(self) -> list[shapes.ReadyMade]:
        """The policies that come with Vigie, with their YAML: something to begin from."""
        return self._ask(
            "GET",
            "/api/v1/policies/ready-made",
            list[shapes.ReadyMade],
        )

    def delete_policy(self, policy_id: str, *, if_match: int | str | None = None) -> None:
        """Take it away. When it was the default, the ready-made `balanced` is again."""
        self._ask("DELETE", f"/api/v1/policies/{part(policy_id)}", if_match=if_match)

    def get_policy(self, policy_id: str) -> shapes.Policy:
        """One policy with its YAML."""
        return self._ask(
            "GET",
            f"/api/v1/policies/{part(policy_id)}",
            shapes.Policy,
        )

    def change_policy(
        self, policy_id: str, body: shapes.PolicyChange, *, if_match: int | str | None = None
    ) -> shapes.Policy:
        """Change its YAML, or make it the default."""
        return self._ask(
            "PATCH",
            f"/api/v1/policies/{part(policy_id)}",
            shapes.Policy,
            body=body,
            if_match=if_match,
        )

    def list_policy_versions(self, policy_id: str) -> list[shapes.PolicyVersion]:
        """What it has said before and says now, the newest first: at most the last 500."""
        return self._ask(
            "GET",
            f"/api/v1/policies/{part(policy_id)}/versions",
            list[shapes.PolicyVersion],
        )

    def get_policy_version(self, policy_id: str, version: str) -> shapes.PolicyVersionText:
        """One version with its text."""
        return self._ask(
            "GET",
            f"/api/v1/policies/{part(policy_id)}/versions/{part(version)}",
            shapes.PolicyVersionText,
        )

    def restore_policy_version(
        self, policy_id: str, version: str, *, if_match: int | str | None = None
    ) -> shapes.Policy:
        """Let it say again what it said then. That is a new version; none is lost."""
        return self._ask(
            "POST",
            f"/api/v1/policies/{part(policy_id)}/versions/{part(version)}/restore",
            shapes.Policy,
            if_match=if_match,
        )

    def list_reports(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListReportsQuery]
    ) -> shapes.ReportPage:
        """Documents, the newest first."""
        return self._ask("GET", "/api/v1/reports", shapes.ReportPage, where=where, query=asked)

    def create_report(
        self, body: shapes.NewReport, *, idempotency_key: str | None = None
    ) -> shapes.Report:
        """Ask for a document; a worker makes it."""
        return self._ask(
            "POST",
            "/api/v1/reports",
            shapes.Report,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def list_report_formats(self) -> list[shapes.Format]:
        """Every form that a document can have."""
        return self._ask(
            "GET",
            "/api/v1/reports/formats",
            list[shapes.Format],
        )

    def delete_report(self, report_id: str) -> None:
        """Take a document away."""
        self._ask(
            "DELETE",
            f"/api/v1/reports/{part(report_id)}",
        )

    def get_report(self, report_id: str) -> shapes.Report:
        """One document's state."""
        return self._ask(
            "GET",
            f"/api/v1/reports/{part(report_id)}",
            shapes.Report,
        )

    def get_report_file(self, report_id: str) -> Download:
        """The document itself, to be saved under its name."""
        return self._download(
            "GET",
            f"/api/v1/reports/{part(report_id)}/file",
        )

    def preview_retention(self) -> list[shapes.RetentionDue]:
        """What would be removed now, noun by noun. Nothing is."""
        return self._ask(
            "GET",
            "/api/v1/retention/preview",
            list[shapes.RetentionDue],
        )

    def list_runs(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListRunsQuery]
    ) -> shapes.RunPage:
        """Every execution of a tool over an asset that was taken in, latest first."""
        return self._ask("GET", "/api/v1/runs", shapes.RunPage, where=where, query=asked)

    def get_run(self, run_id: str) -> shapes.Run:
        """One run with its problems."""
        return self._ask(
            "GET",
            f"/api/v1/runs/{part(run_id)}",
            shapes.Run,
        )

    def list_scans(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListScansQuery]
    ) -> shapes.ScanPage:
        """Scans, the newest first."""
        return self._ask("GET", "/api/v1/scans", shapes.ScanPage, where=where, query=asked)

    def create_scan(
        self, body: shapes.NewScan, *, idempotency_key: str | None = None
    ) -> shapes.Scan:
        """Start a scan: it is queued when this answers. GET /jobs/{job_id}/stream follows it."""
        return self._ask(
            "POST",
            "/api/v1/scans",
            shapes.Scan,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def get_scan(self, scan_id: str) -> shapes.Scan:
        """One scan."""
        return self._ask(
            "GET",
            f"/api/v1/scans/{part(scan_id)}",
            shapes.Scan,
        )

    def get_scan_log(
        self, scan_id: str, **asked: Unpack[GetScanLogQuery]
    ) -> list[shapes.ScanLogEntry]:
        """What each scanner did and the last of what it wrote (1000 lines, 64 KiB), in the
        order in which it happened; of the last attempt. Lines come within about a second of
        being written, and `scan_log.changed` among the events says that some came; where a
        scanner writes faster, "…" stands for what is left out. What looks like a credential
        is masked."""
        return self._ask(
            "GET", f"/api/v1/scans/{part(scan_id)}/log", list[shapes.ScanLogEntry], query=asked
        )

    def list_schedules(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListSchedulesQuery]
    ) -> shapes.SchedulePage:
        """The tenant's schedules."""
        return self._ask("GET", "/api/v1/schedules", shapes.SchedulePage, where=where, query=asked)

    def create_schedule(
        self, body: shapes.NewSchedule, *, idempotency_key: str | None = None
    ) -> shapes.Schedule:
        """Keep a schedule; it is due for the first time after now."""
        return self._ask(
            "POST",
            "/api/v1/schedules",
            shapes.Schedule,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_schedule(self, schedule_id: str, *, if_match: int | str | None = None) -> None:
        """Take it away. Jobs it has started go on."""
        self._ask("DELETE", f"/api/v1/schedules/{part(schedule_id)}", if_match=if_match)

    def get_schedule(self, schedule_id: str) -> shapes.Schedule:
        """One schedule."""
        return self._ask(
            "GET",
            f"/api/v1/schedules/{part(schedule_id)}",
            shapes.Schedule,
        )

    def change_schedule(
        self, schedule_id: str, body: shapes.ScheduleChange, *, if_match: int | str | None = None
    ) -> shapes.Schedule:
        """Change it, or switch it off and on."""
        return self._ask(
            "PATCH",
            f"/api/v1/schedules/{part(schedule_id)}",
            shapes.Schedule,
            body=body,
            if_match=if_match,
        )

    def run_schedule(
        self, schedule_id: str, *, idempotency_key: str | None = None
    ) -> shapes.Schedule:
        """Start its job now; `last_job` is its id. While the last one goes on it is a conflict."""
        return self._ask(
            "POST",
            f"/api/v1/schedules/{part(schedule_id)}/run",
            shapes.Schedule,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def list_secrets(self) -> list[shapes.Secret]:
        """The names of the tenant's secrets. That somebody looked is an entry of the audit log."""
        return self._ask(
            "GET",
            "/api/v1/secrets",
            list[shapes.Secret],
        )

    def delete_secret(self, name: str) -> None:
        """Forget a secret with all its versions."""
        self._ask(
            "DELETE",
            f"/api/v1/secrets/{part(name)}",
        )

    def put_secret(self, name: str, body: shapes.SecretText) -> shapes.Secret:
        """Set a secret, or a new version of one."""
        return self._ask("PUT", f"/api/v1/secrets/{part(name)}", shapes.Secret, body=body)

    def list_sessions(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListSessionsQuery]
    ) -> shapes.SessionPage:
        """Sessions that began in this tenant, ended ones among them until they are forgotten.
        That somebody looked is an entry of the audit log."""
        return self._ask("GET", "/api/v1/sessions", shapes.SessionPage, where=where, query=asked)

    def revoke_session(self, session_id: str) -> None:
        """Sign somebody out: the session is over with its next request."""
        self._ask(
            "DELETE",
            f"/api/v1/sessions/{part(session_id)}",
        )

    def get_settings(self) -> shapes.Settings:
        """The settings; the ETag is for changing them."""
        return self._ask(
            "GET",
            "/api/v1/settings",
            shapes.Settings,
        )

    def put_settings(
        self, body: shapes.Settings, *, if_match: int | str | None = None
    ) -> shapes.Settings:
        """Set all of them: what is left out is as it was before anybody set it."""
        return self._ask("PUT", "/api/v1/settings", shapes.Settings, body=body, if_match=if_match)

    def list_sign_on(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListSignOnQuery]
    ) -> shapes.ProviderPage:
        """The tenant's providers."""
        return self._ask("GET", "/api/v1/sign-on", shapes.ProviderPage, where=where, query=asked)

    def create_sign_on(
        self, body: shapes.NewProvider, *, idempotency_key: str | None = None
    ) -> shapes.Provider:
        """Add a provider. The roles that it gives are at most what you may give yourself."""
        return self._ask(
            "POST",
            "/api/v1/sign-on",
            shapes.Provider,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_sign_on(self, sign_on_id: str, *, if_match: int | str | None = None) -> None:
        """Take a provider away: nobody signs on through it any more."""
        self._ask("DELETE", f"/api/v1/sign-on/{part(sign_on_id)}", if_match=if_match)

    def get_sign_on(self, sign_on_id: str) -> shapes.Provider:
        """One provider."""
        return self._ask(
            "GET",
            f"/api/v1/sign-on/{part(sign_on_id)}",
            shapes.Provider,
        )

    def change_sign_on(
        self, sign_on_id: str, body: shapes.ProviderChange, *, if_match: int | str | None = None
    ) -> shapes.Provider:
        """Change a provider."""
        return self._ask(
            "PATCH",
            f"/api/v1/sign-on/{part(sign_on_id)}",
            shapes.Provider,
            body=body,
            if_match=if_match,
        )

    def list_suppressions(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListSuppressionsQuery]
    ) -> shapes.SuppressionPage:
        """Every decision, also those that ended (`revoked_at`), the newest first."""
        return self._ask(
            "GET", "/api/v1/suppressions", shapes.SuppressionPage, where=where, query=asked
        )

    def restore_suppressions(self, body: shapes.Revocation) -> shapes.Revoked:
        """Let decisions hold again that were taken back (undo of the undo)."""
        return self._ask("POST", "/api/v1/suppressions/restore", shapes.Revoked, body=body)

    def revoke_suppressions(self, body: shapes.Revocation) -> shapes.Revoked:
        """Take decisions back (undo): their findings are what they would be without."""
        return self._ask("POST", "/api/v1/suppressions/revoke", shapes.Revoked, body=body)

    def delete_suppression(self, suppression_id: str, *, if_match: int | str | None = None) -> None:
        """Take one decision back. It stays in the list with the day on which it ended."""
        self._ask("DELETE", f"/api/v1/suppressions/{part(suppression_id)}", if_match=if_match)

    def get_suppression(self, suppression_id: str) -> shapes.Suppression:
        """One decision."""
        return self._ask(
            "GET",
            f"/api/v1/suppressions/{part(suppression_id)}",
            shapes.Suppression,
        )

    def get_vex(self, **asked: Unpack[GetVexQuery]) -> dict[str, Any]:
        """All that was decided, as a VEX document for customers and scanners. (Others' VEX
        documents come in as imports.)"""
        return self._ask("GET", "/api/v1/vex", dict[str, Any], query=asked)

    def list_tenants(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListTenantsQuery]
    ) -> shapes.TenantPage:
        """All tenants for a super-admin; for others those that they belong to."""
        return self._ask("GET", "/api/v1/tenants", shapes.TenantPage, where=where, query=asked)

    def create_tenant(
        self, body: shapes.NewTenant, *, idempotency_key: str | None = None
    ) -> shapes.Tenant:
        """Make a tenant."""
        return self._ask(
            "POST",
            "/api/v1/tenants",
            shapes.Tenant,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def get_tenant(self, tenant_id: str) -> shapes.Tenant:
        """One tenant."""
        return self._ask(
            "GET",
            f"/api/v1/tenants/{part(tenant_id)}",
            shapes.Tenant,
        )

    def change_tenant(
        self, tenant_id: str, body: shapes.TenantChange, *, if_match: int | str | None = None
    ) -> shapes.Tenant:
        """Change a tenant, or disable it: it lets in nobody but super-admins then."""
        return self._ask(
            "PATCH",
            f"/api/v1/tenants/{part(tenant_id)}",
            shapes.Tenant,
            body=body,
            if_match=if_match,
        )

    def list_tickets(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListTicketsQuery]
    ) -> shapes.TicketPage:
        """The tenant's tickets. `finding_id` finds those of a finding."""
        return self._ask("GET", "/api/v1/tickets", shapes.TicketPage, where=where, query=asked)

    def open_ticket(
        self, body: shapes.NewTicket, *, idempotency_key: str | None = None
    ) -> shapes.Ticket:
        """Open a ticket, or have the one that is there brought up to date. It is opened over
        there soon after; `url` says where."""
        return self._ask(
            "POST",
            "/api/v1/tickets",
            shapes.Ticket,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def get_ticket(self, ticket_id: str) -> shapes.Ticket:
        """One ticket with the ids of its findings."""
        return self._ask(
            "GET",
            f"/api/v1/tickets/{part(ticket_id)}",
            shapes.Ticket,
        )

    def refresh_ticket(
        self, ticket_id: str, *, idempotency_key: str | None = None
    ) -> shapes.Ticket:
        """Have its state read over there, and what is new told, now."""
        return self._ask(
            "POST",
            f"/api/v1/tickets/{part(ticket_id)}/refresh",
            shapes.Ticket,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def list_roles(self) -> shapes.Roles:
        """Every role and scope, and what they allow."""
        return self._ask(
            "GET",
            "/api/v1/roles",
            shapes.Roles,
        )

    def list_users(
        self, *, where: Mapping[str, Value] | None = None, **asked: Unpack[ListUsersQuery]
    ) -> shapes.UserPage:
        """The tenant's people. That somebody looked is an entry of the audit log."""
        return self._ask("GET", "/api/v1/users", shapes.UserPage, where=where, query=asked)

    def create_user(
        self, body: shapes.NewUser, *, idempotency_key: str | None = None
    ) -> shapes.MadeUser:
        """Take somebody in, by invitation or with a first password that they have to change."""
        return self._ask(
            "POST",
            "/api/v1/users",
            shapes.MadeUser,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_user(self, user_id: str, *, if_match: int | str | None = None) -> None:
        """Take a person out of this tenant."""
        self._ask("DELETE", f"/api/v1/users/{part(user_id)}", if_match=if_match)

    def get_user(self, user_id: str) -> shapes.User:
        """One person."""
        return self._ask(
            "GET",
            f"/api/v1/users/{part(user_id)}",
            shapes.User,
        )

    def change_user(
        self, user_id: str, body: shapes.UserChange, *, if_match: int | str | None = None
    ) -> shapes.User:
        """Change a person, or disable them: their sessions and keys end at once."""
        return self._ask(
            "PATCH", f"/api/v1/users/{part(user_id)}", shapes.User, body=body, if_match=if_match
        )

    def reset_user_password(self, user_id: str, body: shapes.PasswordReset) -> shapes.NewPassword:
        """A new password for somebody who lost theirs; all their sessions end."""
        return self._ask(
            "POST", f"/api/v1/users/{part(user_id)}/password", shapes.NewPassword, body=body
        )

    def change_user_role(
        self, user_id: str, body: shapes.RoleChange, *, if_match: int | str | None = None
    ) -> shapes.User:
        """Give a person another role. The last owner stays one."""
        return self._ask(
            "PUT", f"/api/v1/users/{part(user_id)}/role", shapes.User, body=body, if_match=if_match
        )

    def change_super_admin(self, user_id: str, body: shapes.SuperAdmin) -> None:
        """Let a person into every tenant, or no longer."""
        self._ask("PUT", f"/api/v1/users/{part(user_id)}/super-admin", body=body)

    def list_views(self, **asked: Unpack[ListViewsQuery]) -> list[shapes.SavedView]:
        """Your own views and the tenant's shared ones, by their names."""
        return self._ask("GET", "/api/v1/views", list[shapes.SavedView], query=asked)

    def create_view(
        self, body: shapes.NewView, *, idempotency_key: str | None = None
    ) -> shapes.SavedView:
        """Keep a view."""
        return self._ask(
            "POST",
            "/api/v1/views",
            shapes.SavedView,
            body=body,
            headers={"Idempotency-Key": idempotency_key},
            once=True,
        )

    def delete_view(self, view_id: str, *, if_match: int | str | None = None) -> None:
        """Take it away: yours, and as an administrator a shared one."""
        self._ask("DELETE", f"/api/v1/views/{part(view_id)}", if_match=if_match)

    def get_view(self, view_id: str) -> shapes.SavedView:
        """One view."""
        return self._ask(
            "GET",
            f"/api/v1/views/{part(view_id)}",
            shapes.SavedView,
        )

    def change_view(
        self, view_id: str, body: shapes.ViewChange, *, if_match: int | str | None = None
    ) -> shapes.SavedView:
        """Rename it, set what it shows, share it or end that. Yours; an administrator may end
        the sharing of another's."""
        return self._ask(
            "PATCH",
            f"/api/v1/views/{part(view_id)}",
            shapes.SavedView,
            body=body,
            if_match=if_match,
        )
