"""Kafka: brokers, those who agree on their leaders, and the ways in."""

from components.workloads.kafka.workload import Kafka

__all__ = ["Kafka"]
