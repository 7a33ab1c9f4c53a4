"""Les actes des formulaires : rapport médical, contributions, renseignements, réponses, complétude."""

from formulaires.actes import brouillons, completude, contributions, echus, rapports, reponses, retraits

__all__ = ["brouillons", "completude", "contributions", "echus", "rapports", "reponses", "retraits"]
