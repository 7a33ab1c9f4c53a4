"""Les écrans du centre d'évaluation."""
