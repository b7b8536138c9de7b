"""Add credits to accounts."""

import os

import sqlalchemy as sa
from alembic import op

revision, down_revision = "two", "one"


def upgrade() -> None:
    """Add the column; fail afterwards if a test requests it."""
    op.add_column("account", sa.Column("credits", sa.Integer, server_default="0", nullable=False))
    if os.environ.get("BROKEN"):
        op.execute("SELECT nothing FROM nowhere")


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("account", "credits")
