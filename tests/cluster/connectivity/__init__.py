"""Cyclonus's answers about the connectivity of a stack, and the reviewed tables.

The tables do not contain connections that NetworkPolicies do not decide: the kubelet's probes, which the VPC CNI always
allows, and security groups. Tests of the components check what security groups allow beyond the policies.
"""
