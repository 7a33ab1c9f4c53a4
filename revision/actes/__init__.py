"""Les actes de la révision et du recours au Tribunal."""

from revision.actes import cahier, demandes, desaccords, entrevues, etapes_taq, taq, traitement

__all__ = ["cahier", "demandes", "desaccords", "entrevues", "etapes_taq", "taq", "traitement"]
