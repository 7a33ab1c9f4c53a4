"""Pages d'un dossier, un module par onglet ou par famille de gestes."""
