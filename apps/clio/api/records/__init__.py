"""Addresses of mirrored records."""
