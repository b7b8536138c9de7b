"""Accounts."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "one", None


def upgrade() -> None:
    """Names no schema: the search path has it."""
    op.create_table("account", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text))


def downgrade() -> None:
    """Back to nothing."""
    op.drop_table("account")
