"""Releases from Git by Argo CD."""
