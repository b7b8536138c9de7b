"""The preview without a cloud: record what a Pulumi program would build, write it down, show it.

Nothing is imported here, so that who only reads plans need not load Pulumi.
"""
