"""No copies in another region."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Idea, Subject


def ideas(subject: Subject) -> Iterator[Idea]:
    """Stop replication of databases, buckets and repositories."""
    settings = subject.settings
    for section, entries in (
        ("databases", settings.databases),
        ("buckets", settings.buckets),
        ("repositories", settings.repositories),
    ):
        for name, entry in entries.items():
            region = getattr(entry, "replicate_to", None)
            if region is not None:
                yield Idea(
                    f"{section}.{name}: make no copies in {region}",
                    (((section, name, "replicateTo"), None),),
                    "rpo",
                    f"what is needed to start again in {region} when {settings.project.region} is lost",
                )
