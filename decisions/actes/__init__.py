"""Les actes de la décision : triage, signatures, renouvellement, et ce qui suit une décision signée."""

from decisions.actes import appel_a_trois, prb, qualite, reexamen, renouvellement, signature, triage

__all__ = ["appel_a_trois", "prb", "qualite", "reexamen", "renouvellement", "signature", "triage"]
