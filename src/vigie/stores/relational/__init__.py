"""State in a relational database: SQLite for one machine, PostgreSQL for many.

The only room with SQL. `database.Database` opens it, `Database.begin` gives a `Work`: one
transaction in one scope, in which rows of another tenant do not exist.
"""
