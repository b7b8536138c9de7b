"""IAM: policy documents, roles of workloads, and their access to secrets."""
