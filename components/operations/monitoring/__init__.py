"""Prometheus, Alertmanager and Grafana: scrape targets, alert routing and dashboards."""
