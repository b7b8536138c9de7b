"""Prometheus, Alertmanager and Grafana: what is watched, who is told, and what it looks like."""
