"""Who reaches whom, decided by cyclonus from a stack's Kubernetes objects, and the tables that a person has reviewed.

What no NetworkPolicy decides is not in the tables: the kubelet's probes, which the VPC CNI always lets through, and
the security groups in front of the addresses. What they allow beyond the policies is asserted with the components.
"""
