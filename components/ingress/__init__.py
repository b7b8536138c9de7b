"""The load balancer, its names and certificate, and the routes to workloads."""
