"""The load balancer, its DNS records and certificate, and the routes to workloads."""
