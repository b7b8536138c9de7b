"""Migrations of an application in the schema of its environment, for alembic."""

import os

from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(
        connection=connection,
        # Each schema has its own version table: with a common one, the second environment would not be migrated.
        version_table_schema=os.environ["DB_SCHEMA"],
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
