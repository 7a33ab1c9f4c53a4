"""Analyser un fichier reçu hors de tout verrou : antivirus, puis copie remise à neuf dans un processus à part."""
