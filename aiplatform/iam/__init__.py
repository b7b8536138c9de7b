"""IAM policies: how a document is read, and the permissions of the role that deploys a stack."""
