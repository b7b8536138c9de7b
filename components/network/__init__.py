"""The VPC, its subnets, gateways, routes, endpoints and network ACLs."""
