"""Users, schemas and migrations of databases, set up by Jobs."""
