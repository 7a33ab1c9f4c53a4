"""Le parcours entier, dans un vrai navigateur, par toutes les personnes qu'il touche."""
