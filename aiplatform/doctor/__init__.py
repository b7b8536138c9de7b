"""What a stack needs of its account, asked of AWS before the first `pulumi up`. Nothing is changed."""
