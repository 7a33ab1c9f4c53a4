"""Les actes des formulaires : rapport médical, contributions, renseignements, réponses, complétude."""

from formulaires.actes import brouillons, completude, contributions, rapports, reponses

__all__ = ["brouillons", "completude", "contributions", "rapports", "reponses"]
