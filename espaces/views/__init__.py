"""Vues des espaces de travail, un module par rôle."""
