"""Migrations of an application whose schema is its environment's, as alembic runs them."""

import os

from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(
        connection=connection,
        # Each schema knows its own version: with one table for both, the second environment would not be migrated.
        version_table_schema=os.environ["DB_SCHEMA"],
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
