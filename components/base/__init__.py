"""Shared foundations of the components: parent, options, names and JSON documents."""
