"""What a stack needs before its first `pulumi up`: the state bucket, its key, and the roles that GitHub assumes."""
