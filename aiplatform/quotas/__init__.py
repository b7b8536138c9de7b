"""What a plan needs of the default quotas of an AWS account."""
