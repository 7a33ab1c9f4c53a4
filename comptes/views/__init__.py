"""Pages des comptes."""
