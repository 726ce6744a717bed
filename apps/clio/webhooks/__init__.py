"""Addresses Clio calls."""
