"""Les champs de la grille, nés de sa définition datée : une réponse et sa phrase par ligne, un niveau par domaine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from decisions.forms_csems import champ_texte
from evaluation.grille import Definition, Genre
from referentiels.models import QuestionGrille

PHRASES = {Genre.AGE: "Comment l'âge a pesé, en une phrase que la personne lira"}
PHRASE = "Précision, en une phrase"


class ChampsDeGrille(forms.Form):
    """Ajoute à un formulaire les lignes d'une définition; aucune n'est exigée ni cochée d'avance."""

    definition: Definition | None = None

    def ajouter_la_grille(self, definition: Definition) -> None:
        """Pose un champ par ligne et par domaine."""
        for ligne in definition.lignes:
            if ligne.genre == Genre.DOMAINES:
                self._ajouter_les_domaines(definition)
            else:
                self._ajouter_la_ligne(ligne, definition)

    def _ajouter_les_domaines(self, definition: Definition) -> None:
        for code, libelle in definition.domaines:
            self.fields[f"domaine_{code}"] = forms.ChoiceField(
                label=libelle,
                choices=[("", "Non retenu"), *definition.niveaux],
                required=False,
                error_messages={"invalid_choice": "Choisissez un des niveaux de la liste."},
            )

    def _ajouter_la_ligne(self, ligne: QuestionGrille, definition: Definition) -> None:
        self.fields[f"grille_{ligne.code}"] = forms.ChoiceField(
            label=ligne.libelle,
            help_text=ligne.aide,
            choices=list(definition.choix(ligne).items()),
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": "Choisissez une des réponses offertes."},
        )
        self.fields[f"phrase_{ligne.code}"] = champ_texte(
            PHRASES.get(Genre(ligne.genre), PHRASE),
            maximum=definition.phrase_max,
            requis=False,
            rangees=2,
            precision="" if Genre(ligne.genre) in PHRASES else ligne.libelle,
        )

    def grille(self) -> dict[str, Any]:
        """Les réponses données, telles que le brouillon et l'acte les portent; vide si aucune."""
        if self.definition is None:
            return {}
        lignes: dict[str, dict[str, str]] = {}
        domaines: dict[str, str] = {}
        for nom, valeur in self.cleaned_data.items():
            genre, _, code = nom.partition("_")
            if genre == "domaine" and valeur:
                domaines[code] = valeur
            elif genre in ("grille", "phrase") and valeur:
                lignes.setdefault(code, {})["reponse" if genre == "grille" else "phrase"] = valeur
        return {nom: valeur for nom, valeur in (("lignes", lignes), ("domaines", domaines)) if valeur}

    @staticmethod
    def initial_de_grille(contenu: Mapping[str, Any]) -> dict[str, Any]:
        """Valeurs de départ des champs de la grille, depuis un brouillon ou un avis rendu."""
        grille = contenu.get("grille") or {}
        depart = {f"domaine_{code}": niveau for code, niveau in (grille.get("domaines") or {}).items()}
        for code, dite in (grille.get("lignes") or {}).items():
            depart[f"grille_{code}"] = dite.get("reponse", "")
            depart[f"phrase_{code}"] = dite.get("phrase", "")
        return depart
