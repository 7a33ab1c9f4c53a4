"""Balises des espaces."""
