"""Les actes de la révision et du recours au Tribunal."""

from revision.actes import demandes, desaccords, entrevues, taq, traitement

__all__ = ["demandes", "desaccords", "entrevues", "taq", "traitement"]
