"""Accounts have credits."""

import os

import sqlalchemy as sa
from alembic import op

revision, down_revision = "two", "one"


def upgrade() -> None:
    """Fails where a test wants it to, after it has changed something."""
    op.add_column("account", sa.Column("credits", sa.Integer, server_default="0", nullable=False))
    if os.environ.get("BROKEN"):
        op.execute("SELECT nothing FROM nowhere")


def downgrade() -> None:
    """Without credits."""
    op.drop_column("account", "credits")
