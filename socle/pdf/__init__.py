"""Moteur PDF : une lettre entre, des octets sortent, rien d'autre ne bouge.

`rendre(html)` passe par un enfant durable (`enfant.py`) : WeasyPrint préchargé, sans
réseau ni fichier, 20 s, 512 Mo, recyclé. Source : `conception.md` §6; `epreuves.md` E2-5.
"""

from socle.pdf.moteur import RenduImpossible, RessourceInterdite, rendre

__all__ = ["RenduImpossible", "RessourceInterdite", "rendre"]
