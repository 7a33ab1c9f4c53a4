"""Les actes des formulaires : rapport médical, renseignements complémentaires, réponses, complétude."""

from formulaires.actes import brouillons, completude, rapports, reponses

__all__ = ["brouillons", "completude", "rapports", "reponses"]
