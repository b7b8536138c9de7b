"""Releases from Git with Argo CD."""
