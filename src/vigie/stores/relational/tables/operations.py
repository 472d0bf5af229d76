"""Work: jobs, the queue that hands them out, imports, scans, reports, schedules, files."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, LargeBinary, Text, UniqueConstraint

from vigie.stores.relational.tables.schema import (
    id_column,
    index,
    moment,
    refers,
    system_table,
    tenant_table,
    text,
)
from vigie.stores.relational.types import Document, Id

JOBS = tenant_table(
    "jobs",
    id_column(),
    text("kind"),  # "import", "scan", "report", "deliver", "retention"…
    text("state"),  # "queued", "running", "done", "failed", "cancelled"
    Column("payload", Document),
    Column("result", Document),
    Column("error", Document),  # message and hint, as texts
    Column("progress", Float),  # 0–1, None when nobody can say
    text("stage"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text("subject_kind"),
    text("subject_id"),
    text("actor"),
    text("actor_id"),
    moment("created_at"),
    moment("due_at"),
    moment("started_at", nullable=True),
    moment("ended_at", nullable=True),
    text("lease"),  # who works on it
    moment("leased_until", nullable=True),
    Column("cancel", Boolean, nullable=False, server_default="0"),
    index("state", "due_at"),
    index("kind", "created_at"),
    index("created_at"),
    index("subject_id"),
    Index("ix_jobs_open", "state", "due_at"),
    shared=True,
)

# What waits to be handed out, in the embedded form; holds ids and nothing else.
QUEUE = system_table(
    "queue",
    id_column(),
    text("kind"),
    Column("tenant_id", Id(), nullable=False),
    Column("job_id", Id(), nullable=False),
    moment("available_at"),
    moment("leased_until", nullable=True),
    text("lease"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index(None, "available_at"),
    Index(None, "job_id"),
)

# Bodies: uploaded reports and written documents, in pieces.
FILES = tenant_table(
    "files",
    id_column(),
    text("name"),
    text("media_type"),
    Column("size", Integer, nullable=False),
    text("sha256"),
    moment("created_at"),
    moment("expires_at", nullable=True),
    index("expires_at"),
)

PIECES = tenant_table(
    "file_pieces",
    refers("file_id", "files.id"),
    Column("number", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("tenant_id", "file_id", "number"),
)

IMPORTS = tenant_table(
    "imports",
    id_column(),
    Column("file_id", Id(), nullable=True),
    Column("job_id", Id(), nullable=True),
    text("name"),
    text("origin"),  # "upload", "push", "scan"
    text("format"),
    text("asset"),  # how the person named it
    text("state"),
    Column("options", Document),
    Column("summary", Document),  # new, reopened, closed, seen, problems
    text("actor"),
    text("actor_id"),
    moment("created_at"),
    moment("ended_at", nullable=True),
    index("created_at"),
)

SCANS = tenant_table(
    "scans",
    id_column(),
    Column("job_id", Id(), nullable=True),
    Column("import_id", Id(), nullable=True),
    Column("schedule_id", Id(), nullable=True),
    text("target"),
    Column("options", Document),
    text("state"),
    Column("summary", Document),
    text("actor"),
    text("actor_id"),
    moment("created_at"),
    moment("ended_at", nullable=True),
    index("created_at"),
)

# What happened in a scan, and what its scanners wrote: bounded, and without credentials.
SCAN_LOG = tenant_table(
    "scan_log",
    refers("scan_id", "scans.id"),
    Column("seq", Integer, nullable=False),
    text("scanner"),
    text("kind"),  # "started", "step", "printed", "finished"
    Column("said", Document),  # a sentence as data, or the text that was printed
    moment("at"),
    UniqueConstraint("tenant_id", "scan_id", "seq"),
    Index(None, "scan_id"),
)

REPORTS = tenant_table(
    "reports",
    id_column(),
    text("title"),
    text("format"),
    text("language", default="en"),
    Column("filters", Document),
    text("state"),
    Column("job_id", Id(), nullable=True),
    Column("file_id", Id(), nullable=True),
    text("actor"),
    text("actor_id"),
    moment("created_at"),
    moment("ended_at", nullable=True),
    index("created_at"),
)

SCHEDULES = tenant_table(
    "schedules",
    id_column(),
    text("name"),
    text("kind"),  # of the job it makes
    Column("payload", Document),
    text("cron"),
    text("time_zone", default="UTC"),
    Column("enabled", Boolean, nullable=False, server_default="1"),
    moment("next_at", nullable=True),
    moment("last_at", nullable=True),
    text("last_job"),
    moment("created_at"),
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("tenant_id", "name"),
    index("next_at"),
)

# Which scheduler may work now; the others wait for its lease to end.
LEASES = system_table(
    "leases",
    Column("name", Text, primary_key=True),
    text("holder"),
    moment("until"),
)
