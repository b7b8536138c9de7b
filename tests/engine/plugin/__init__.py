"""An AWS provider without AWS: a Pulumi plugin that checks requests, keeps what lives and refuses what AWS refuses."""
