"""The VPC, its subnets, and the ways in and out."""
