"""Pod readiness gates, which delay a rollout until the load balancer's targets are healthy."""

READINESS_LABEL = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""Label of a namespace with pods behind the load balancer: its health check gates their rollout.
https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/"""
