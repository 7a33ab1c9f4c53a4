"""Outils de la maison : préparer la machine, vérifier la qualité, verrouiller les paquets."""
