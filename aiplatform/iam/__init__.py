"""IAM policies: reading of documents, and the permissions of the role that deploys a stack."""
