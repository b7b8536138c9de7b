"""A simulated AWS provider: a Pulumi plugin that checks requests, stores resources and rejects what AWS rejects."""
