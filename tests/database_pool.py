"""Migrated PostgreSQL databases that one test after another uses: cleared in between.

Copying a template takes ten times as long as clearing what a test wrote. A database whose schema
or rights a test changed, or that has too much in it, is thrown away instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from tests.services import Database, PostgresServer

MANY = 5000  # rows: beyond it, what deleting leaves behind slows the next test down
# All that a test could change besides rows, but not what PostgreSQL counts for itself. Below
# 16384 is what a database is born with.
SCHEMA = """
SELECT md5(string_agg(said, E'\\n' ORDER BY said)) FROM (
  SELECT concat_ws(' ', 'class', c.oid, relname, relnamespace, relkind, relowner, relacl,
                   relrowsecurity, relforcerowsecurity, relpersistence, reloptions) AS said
    FROM pg_class c WHERE c.oid >= 16384 AND relkind <> 't'
  UNION ALL SELECT concat_ws(' ', 'column', attrelid, attname, atttypid, attnotnull, attisdropped,
                             attacl, attgenerated, attidentity)
    FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
  UNION ALL SELECT concat_ws(' ', 'default', oid, adbin) FROM pg_attrdef
  UNION ALL SELECT concat_ws(' ', 'constraint', oid, conname, convalidated)
    FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', 'policy', p.oid, polname, polcmd, polroles, polqual,
                             polwithcheck) FROM pg_policy p
  UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled)
    FROM pg_trigger WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', 'function', oid, proname, proowner, proacl, prosrc)
    FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', 'schema', oid, nspname, nspowner, nspacl)
    FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast)'
  UNION ALL SELECT concat_ws(' ', 'type', oid, typname) FROM pg_type
    WHERE oid >= 16384 AND typrelid = 0
  UNION ALL SELECT concat_ws(' ', 'setting', setdatabase, setrole, setconfig)
    FROM pg_db_role_setting
  UNION ALL SELECT concat_ws(' ', 'role', oid, rolname, rolsuper, rolbypassrls)
    FROM pg_roles WHERE oid >= 16384
  UNION ALL SELECT concat_ws(' ', 'step', version_num) FROM alembic_version
) AS everything
"""
KEPT = ("alembic_version",)


@dataclass
class Migrated:
    """A database, a superuser's connection to it, and what its schema was when it was made."""

    made: Database
    link: psycopg.Connection
    schema: str
    tables: list[str]

    def cleared(self) -> bool:
        """Whether it is again as it was when it was made."""
        self.link.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if schema_of(self.link) != self.schema:
            return False
        filled = [table for table, some in zip(self.tables, self._filled(), strict=True) if some]
        with self.link.transaction():
            # Neither foreign keys nor triggers: it is all of every table.
            self.link.execute("SET LOCAL session_replication_role = replica")
            gone = [
                self.link.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table))).rowcount
                for table in filled
            ]
        return sum(gone) <= MANY

    def _filled(self) -> tuple[bool, ...]:
        looks = sql.SQL(", ").join(
            sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(t)) for t in self.tables
        )
        found = self.link.execute(sql.SQL("SELECT {}").format(looks)).fetchone()
        assert found is not None
        return found


def schema_of(link: psycopg.Connection) -> str:
    found = link.execute(SCHEMA).fetchone()
    assert found is not None
    return str(found[0])


class DatabasePool:
    """Gives out databases made by `build`; one process's own."""

    def __init__(self, server: PostgresServer, build: Callable[[Database], None]) -> None:
        self._server = server
        self._build = build
        self._free: list[Migrated] = []

    def take(self) -> Migrated:
        """One with the schema and no rows."""
        return self._free.pop() if self._free else self._new()

    def give_back(self, used: Migrated) -> None:
        """Nobody may use it from here on."""
        if used.cleared():
            self._free.append(used)
        else:
            self._drop(used)

    def close(self) -> None:
        while self._free:
            self._drop(self._free.pop())

    def _new(self) -> Migrated:
        made = self._server.fresh_database(("schema", self._build))
        link = psycopg.connect(made.admin_url, autocommit=True)
        found = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(row[0] for row in found if row[0] not in KEPT)
        return Migrated(made, link, schema_of(link), tables)

    def _drop(self, used: Migrated) -> None:
        used.link.close()
        self._server.drop(used.made)
