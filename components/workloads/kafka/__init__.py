"""Kafka: brokers, their controllers or ZooKeepers, and the load balancer."""

from components.workloads.kafka.workload import Kafka
from components.workloads.workload import Build
from config.workloads.kafka import Kafka as Settings

BUILD: Build[Settings] = Kafka
