"""La démonstration : des personnes et des dossiers fictifs, joués par les mêmes actes que les écrans."""
