"""Ce que le contenu figé d'une décision porte de plus, une matière par module."""
