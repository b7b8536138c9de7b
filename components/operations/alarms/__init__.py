"""CloudWatch alarms and their notification channels."""
