"""Le banc : mesurer contre un plancher ou un pair, dans la même course. Définitions : `docs/mesures.md`."""
