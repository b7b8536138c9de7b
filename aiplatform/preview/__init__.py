"""The preview without a cloud: record the resources of a Pulumi program, write them to files, and show them.

This module imports nothing, so that code that only reads plans does not load Pulumi.
"""
