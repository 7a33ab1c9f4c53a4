"""Les écrans de la révision."""
