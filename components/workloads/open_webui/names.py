"""Names that the parts of Open WebUI share."""

APP = "open-webui"
SERVICE = "open-webui"
SERVICE_ACCOUNT = "open-webui"
DATABASE = "open_webui"
DATABASE_USER = "open_webui_app"
FILES_FOLDER = "open-webui"
"""Folder of the bucket."""

USER_ID = 1000
SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
EXTENSION = "vector"
"""The extension of pgvector:
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html
"""
