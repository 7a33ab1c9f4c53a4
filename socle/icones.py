"""Tracés des icônes : décoratives, jamais seules à porter un sens. Grille de 24, trait de 2."""

from __future__ import annotations

ICONES: dict[str, str] = {
    "coche": "M5 12.5l4.5 4.5L19 7.5",
    "alerte": "M12 4L2.8 20h18.4zM12 10v4.5M12 17.4v.1",
    "info": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.5M12 7.6v.1",
    "succes": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 12.3l2.8 2.8L16 9.8",
    "urgence": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16.4v.1",
    "telephone": (
        "M6 3h3.5l1.8 5-2.3 1.7a13 13 0 0 0 5.3 5.3L16 12.7l5 1.8V18a3 3 0 0 1-3.2 3"
        "A16.5 16.5 0 0 1 3 6.2 3 3 0 0 1 6 3z"
    ),
    "sortie": "M14 7V4H5v16h9v-3M10 12h11M17.5 8.500L21 12l-3.5 3.5",
    "gauche": "M15 5l-7 7 7 7",
    "droite": "M9 5l7 7-7 7",
    "plus": "M12 5v14M5 12h14",
    "moins": "M5 12h14",
    "croix": "M6 6l12 12M18 6L6 18",
    "document": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
    "telecharger": "M12 4v11M7.5 11L12 15.5 16.5 11M4 20h16",
    "imprimer": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "calendrier": "M4 6h16v15H4zM4 11h16M8 3v5M16 3v5",
    "cadenas": "M5 11h14v10H5zM8 11V7.500a4 4 0 0 1 8 0V11",
    "oeil": "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5",
    "personne": "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4 21c.6-4 4-6 8-6s7.4 2 8 6",
    "envoyer": "M4 12l16-8-5 16-3.5-6.500zM11.5 13.500L20 4",
    "chercher": "M11 4a7 7 0 1 0 0 14a7 7 0 1 0 0-14M16 16l4.5 4.5",
    "photo": "M3 7h4l2-3h6l2 3h4v13H3zM12 9.500a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7",
}
