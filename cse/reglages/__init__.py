"""Réglages : `base` commun, puis `essai`, `demonstration` et `production`."""
