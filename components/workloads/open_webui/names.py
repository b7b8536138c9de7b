"""What the parts of Open WebUI call each other."""

APP = "open-webui"
SERVICE = "open-webui"
SERVICE_ACCOUNT = "open-webui"
DATABASE = "open_webui"
DATABASE_USER = "open_webui_app"
FILES_FOLDER = "open-webui"
"""In the bucket."""

USER_ID = 1000
SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
EXTENSION = "vector"
"""pgvector's: https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html"""
