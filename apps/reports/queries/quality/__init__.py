"""Checks of the records behind the figures: declared once, counted in few statements, listed page by page."""
