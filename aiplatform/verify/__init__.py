"""`aiplatform verify`: asks a platform that runs whether it is what its stack file says."""
