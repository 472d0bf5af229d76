"""Who may come in: tenants, users, their roles, sessions, keys and what guards the door."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    system_table,
    tenant_table,
    text,
)
from vigie.stores.relational.types import Document

TENANTS = system_table(
    "tenants",
    id_column(),
    text("name"),
    Column("slug", Text, nullable=False, unique=True),
    text("language", default="en"),
    Column("settings", Document),
    Column("revision", Integer, nullable=False, server_default="1"),
    moment("created_at"),
    moment("disabled_at", nullable=True),
)

# A person is one, whatever tenants they serve; `memberships` says which, in which role.
USERS = system_table(
    "users",
    id_column(),
    Column("email", Text, nullable=False, unique=True),  # lower case
    text("name"),
    text("language", default="en"),
    text("time_zone"),  # of the IANA database; "" for that of their browser
    text("password_hash"),  # "" for people who only come through single sign-on
    Column("super_admin", Boolean, nullable=False, server_default="0"),
    Column("must_change", Boolean, nullable=False, server_default="0"),
    text("totp_secret"),  # sealed; "" while the second factor is off
    Column("totp_step", BigInteger, nullable=False, server_default="0"),  # last one used
    Column("recovery_codes", Document),  # hashes
    text("issuer"),  # of single sign-on
    text("subject"),
    Column("settings", Document),
    Column("revision", Integer, nullable=False, server_default="1"),
    moment("created_at"),
    moment("last_login_at", nullable=True),
    moment("disabled_at", nullable=True),
    Index(None, "issuer", "subject"),
)

MEMBERSHIPS = tenant_table(
    "memberships",
    refers("user_id", "users.id"),
    text("role"),
    text("origin", default="local"),  # or the single sign-on that gave it
    moment("created_at"),
    UniqueConstraint("tenant_id", "user_id"),
    Index(None, "user_id"),
    shared=True,
)

PASSKEYS = system_table(
    "passkeys",
    id_column(),
    refers("user_id", "users.id"),
    text("name"),
    Column("credential_id", Text, nullable=False, unique=True),  # base64url
    text("public_key"),
    Column("sign_count", BigInteger, nullable=False, server_default="0"),
    Column("document", Document),
    moment("created_at"),
    moment("last_used_at", nullable=True),
    Index(None, "user_id"),
)

# A session is one family of refresh tokens. `tenant_id` is where it began to work.
SESSIONS = tenant_table(
    "sessions",
    id_column(),
    refers("user_id", "users.id"),
    Column("family", Document),  # services/access/refresh_tokens
    Column("methods", Document),  # how the person proved who they are (RFC 8176)
    text("address"),
    text("agent"),
    Column("revision", Integer, nullable=False, server_default="1"),
    moment("created_at"),
    moment("last_used_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
    text("revoked_why"),
    Index(None, "user_id"),
    shared=True,
)

API_KEYS = tenant_table(
    "api_keys",
    id_column(),
    text("name"),
    text("hash"),
    text("hint"),  # what may be shown of it
    Column("scopes", Document),
    Column("networks", Document),
    refers("created_by", "users.id", nullable=True, on_delete="SET NULL"),
    moment("created_at"),
    moment("expires_at", nullable=True),
    moment("last_used_at", nullable=True),
    text("last_address"),
    moment("revoked_at", nullable=True),
    Column("revision", Integer, nullable=False, server_default="1"),
    index("id"),
)

# Failed sign-ins by account and by address, and challenges that wait for their answer.
ATTEMPTS = system_table(
    "attempts",
    Column("key", Text, primary_key=True),
    Column("record", Document),
    moment("updated_at"),
)

CHALLENGES = system_table(
    "challenges",
    id_column(),
    text("kind"),  # "second-factor", "passkey", "oidc"
    Column("record", Document),
    moment("expires_at"),
)

SIGNING_KEYS = system_table(
    "signing_keys",
    Column("kid", Text, primary_key=True),
    text("algorithm"),
    text("private_key"),  # sealed
    Column("public_key", Document),  # a JWK
    moment("created_at"),
    moment("signs_from"),
    moment("retired_at", nullable=True),
)

SIGN_ON = tenant_table(
    "sign_on",
    id_column(),
    text("name"),
    text("issuer"),
    text("client_id"),
    text("client_secret"),  # secret://…
    Column("document", Document),  # scopes, group claim, group → role
    Column("enabled", Boolean, nullable=False, server_default="1"),
    Column("revision", Integer, nullable=False, server_default="1"),
    moment("created_at"),
    index("id"),
    shared=True,
)
