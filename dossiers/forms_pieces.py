"""Les formulaires qui reçoivent des fichiers : un champ pour plusieurs, et l'ajout de pièces à un dossier."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from dossiers.analyse import genres
from dossiers.analyse.raisons import GENRES_EN_MOTS
from dossiers.forms import FormulaireGeste, ligne

FICHIERS_MAX = 10
AIDE = "PDF ou photo (JPEG, PNG, HEIC), 25 Mo au plus chacun, 25 Mo au plus à la fois."
ACCEPTES = "application/pdf,image/*,.heic,.heif"
NATURES = (
    "Notes de clinique",
    "Rapport d'un spécialiste",
    "Résultat d'examen",
    "Lettre d'un employeur",
    "Témoignage",
    "Document scolaire",
    "Autre document",
)


class ChampFichiers(forms.FileField):
    """Un ou plusieurs fichiers; le genre se lit dans le contenu."""

    class Saisie(forms.ClearableFileInput):
        """Choix de plusieurs fichiers à la fois; un téléphone offre aussi son appareil photo."""

        allow_multiple_selected = True

    widget = Saisie
    default_error_messages: ClassVar = {
        "required": "Joignez une photo ou un fichier.",
        "missing": "Joignez une photo ou un fichier.",
        "empty": "Ce fichier est vide. Choisissez-en un autre.",
        "invalid": "Ce fichier n'est pas arrivé. Choisissez-le de nouveau.",
    }
    # Ce qu'il faut dire d'un fichier accepté : son nom promettait autre chose, ou il était déjà au dossier.
    avis: list[str]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.avis, self.genre_refuse = [], False

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Ce que le navigateur offre de choisir; rien n'en dépend."""
        return {**super().widget_attrs(widget), "accept": ACCEPTES, "data-octets": settings.TAILLE_MAX_PIECE}

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Liste des fichiers, chacun jugé par sa taille et son contenu."""
        recus = data if isinstance(data, list) else [data] if data else []
        if not recus:
            super().clean(None, initial)
            return []
        if len(recus) > FICHIERS_MAX:
            trop = gettext("Choisissez au plus %(n)s fichiers à la fois.")
            raise forms.ValidationError(trop % {"n": FICHIERS_MAX})
        self.avis, self.genre_refuse = [], False
        return [self._un(super(ChampFichiers, self).clean(recu, initial)) for recu in recus]

    def _un(self, recu: UploadedFile) -> UploadedFile:
        if (recu.size or 0) > settings.TAILLE_MAX_PIECE:
            lourd = gettext("« %(nom)s » dépasse 25 Mo. Envoyez-le en plusieurs fichiers.")
            raise forms.ValidationError(lourd % {"nom": recu.name})
        genre = genres.genre(recu.read(genres.DEBUT))
        recu.seek(0)
        if not genre:
            self.genre_refuse = True
            autre = gettext("« %(nom)s » n'est %(genres)s. Envoyez une photo ou un PDF.")
            raise forms.ValidationError(autre % {"nom": recu.name, "genres": gettext(GENRES_EN_MOTS)})
        if genres.EXTENSIONS.get((recu.name or "").lower().rpartition(".")[2], genre) != genre:
            # Le message suit la séance : le nom du fichier, qui peut tout dire, n'y va pas.
            en_fait = gettext("Un fichier est en fait un %(genre)s : il est gardé comme tel.")
            self.avis.append(en_fait % {"genre": genres.NOMS[genre]})
        # Le nom d'origine peut nommer une personne ou un diagnostic : il ne va pas sur le disque.
        recu.name = f"{uuid4().hex}.{genre}"
        return recu


class FormulaireDepot(FormulaireGeste):
    """Ce que partagent les formulaires qui versent des fichiers; chacun déclare ses champs."""

    # Le champ de l'acte se montre sous ce nom.
    champ_fichiers = "fichiers"

    @property
    def champs_acte(self) -> dict[str, str]:
        """Où se montre un refus de l'acte."""
        return {"fichier": self.champ_fichiers}

    @property
    def avis(self) -> list[str]:
        """Ce qu'il faut dire des fichiers acceptés."""
        return list(getattr(self.fields[self.champ_fichiers], "avis", ()))

    def aviser(self, texte: str) -> None:
        """Ajoute une chose à dire des fichiers acceptés, une seule fois."""
        dits: list[str] = getattr(self.fields[self.champ_fichiers], "avis", [])
        if texte not in dits:
            dits.append(texte)

    @property
    def genre_refuse(self) -> bool:
        """Vrai si un fichier envoyé n'est pas d'un genre reçu."""
        return bool(getattr(self.fields[self.champ_fichiers], "genre_refuse", False))

    def textes(self, nombre: int) -> list[str]:
        """Texte de chacune des `nombre` pièces : sa source, si elle est dite."""
        source = self.cleaned_data.get("source", "")
        return [f"Source : {source}" if source else ""] * nombre


class FormulairePieces(FormulaireDepot):
    """Ajout de pièces : genre, titre, source, fichiers."""

    nature = forms.ChoiceField(label="Genre de document", choices=[(nom, nom) for nom in NATURES])
    titre = ligne("Titre", maximum=140, aide="Ce que la personne ou la clinique reconnaîtrait.")
    source = ligne("Source et date", requis=False, aide="Par exemple : « Clinique du Vieux-Patron, 28 juillet 2026 ».")
    fichiers = ChampFichiers(label="Fichiers", help_text=AIDE)
