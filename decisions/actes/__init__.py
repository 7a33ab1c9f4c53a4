"""Les actes de la décision : triage, signatures, renouvellement, et ce qui suit une décision signée."""

from decisions.actes import prb, qualite, reexamen, renouvellement, signature, triage

__all__ = ["prb", "qualite", "reexamen", "renouvellement", "signature", "triage"]
