"""Mirrored records as people and their tools read them: in scope, page by page."""
