"""Add accounts."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "one", None


def upgrade() -> None:
    """Create the table without a schema name, which the search path sets."""
    op.create_table("account", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text))


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("account")
