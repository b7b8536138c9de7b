"""Connectivity of a stack, calculated from the resources of its plan.

It does not contain connections that NetworkPolicies do not decide: the kubelet's probes, which the VPC CNI always
allows, and security groups, which `aiplatform.reach.inbound` reads.
"""
