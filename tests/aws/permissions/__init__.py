"""IAM's evaluation of the requests of a plan, and of attacks."""
