"""The steps by which the schema came to be, run by Alembic; `versions/` holds one a file."""
