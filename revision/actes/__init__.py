"""Les actes de la révision et du recours au Tribunal."""

from revision.actes import demandes, taq, traitement

__all__ = ["demandes", "taq", "traitement"]
