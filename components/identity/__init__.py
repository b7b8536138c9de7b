"""IAM: policy documents, roles of workloads, and how secrets reach them."""
