"""Les actes de la décision : triage de l'agent, signatures, renouvellement d'une contrainte temporaire."""

from decisions.actes import renouvellement, signature, triage

__all__ = ["renouvellement", "signature", "triage"]
