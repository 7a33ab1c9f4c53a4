"""Le SR-2105 sans ses écrans : ses textes, ses lignes, ce que le dossier sait déjà, qui l'on peut appeler."""
