"""Fabriquer le cahier pour le Tribunal : rassembler, rendre, coller, paginer.

`contenu` lit le dossier et écrit un fichier par document; `processus` et `enfant` comptent et collent dans un
processus jetable, borné; `fabrique` tient le tout. Source : `ecrans-et-lettres.md` B5.9; `docs/cahier.md`.
"""
