"""Les écrans des formulaires : SR-2100 en quatre pages, réponse, SR-2105."""
