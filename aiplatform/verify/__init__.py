"""`aiplatform verify`: check a deployed platform against its stack file."""
