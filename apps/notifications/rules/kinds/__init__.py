"""Every kind of message, one file per subject; rules/catalogue.py puts them together."""
