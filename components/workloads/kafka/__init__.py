"""Kafka: brokers, those who agree on their leaders, and the ways in."""

from components.workloads.kafka.workload import Kafka
from components.workloads.workload import Build
from config.workloads.kafka import Kafka as Settings

BUILD: Build[Settings] = Kafka
