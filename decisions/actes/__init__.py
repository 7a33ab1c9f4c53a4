"""Les actes de la décision : triage de l'agent et signatures."""

from decisions.actes import signature, triage

__all__ = ["signature", "triage"]
