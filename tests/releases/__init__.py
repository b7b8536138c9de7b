"""What a repository of releases holds: manifests with a version in each, and the workflows that write them."""
