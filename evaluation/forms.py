"""Formulaires du centre d'évaluation, partagés avec la révision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q

from comptes.models import Compte, Role
from decisions.forms_csems import champ_texte, choix_elements
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.choix import ressources
from dossiers.etapes import est_lie
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe
from evaluation import brouillons
from evaluation.forms_grille import ChampsDeGrille
from evaluation.grille import Definition, commentaire_max
from evaluation.limites import raison_max
from evaluation.models import Avis
from evaluation.regles import QUESTIONS
from evaluation.views.commun import REPONSES, TITRES
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate

TEXTE_MAX = 8_000
AIDE_RAISON = "Une à trois phrases, {maximum} signes au plus. Écrivez à la personne."


class GrilleForm(FormulaireActe):
    """Les trois questions de la loi : une réponse et sa raison à chacune; rien n'est exigé pour enregistrer."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    lu = forms.CharField(widget=forms.HiddenInput, required=False, max_length=brouillons.LU_MAX)
    texte = champ_texte("Texte d'ensemble", maximum=TEXTE_MAX, requis=False)

    def __init__(self, *args: Any, libelles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[f"reponse_{question}"] = forms.ChoiceField(
                label=libelles[question],
                choices=list(REPONSES.items()),
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": "Choisissez une des trois réponses."},
            )
            self.fields[f"raison_{question}"] = champ_texte(
                "Raison, telle que la personne la lira",
                maximum=raison_max(),
                requis=False,
                rangees=3,
                precision=TITRES[question],
            )
            self.fields[f"raison_{question}"].help_text = AIDE_RAISON.format(maximum=raison_max())

    def marquer_exiges(self) -> None:
        """À l'affichage, ce qu'exige l'avis rendu ne se dit pas facultatif; enregistrer n'exige rien.

        Les lignes de la grille, toutes facultatives, ne le répètent pas non plus : l'écran le dit une fois pour elles.
        """
        muets = ("reponse_", "raison_", "grille_", "phrase_", "domaine_")
        for nom, champ in self.fields.items():
            champ.required = nom.startswith(muets) or nom == "recommandation"

    def reponses(self) -> dict[str, str]:
        """Réponses données, par question."""
        return self._par_question("reponse")

    def raisons(self) -> dict[str, str]:
        """Raisons écrites, par question."""
        return self._par_question("raison")

    def _par_question(self, quoi: str) -> dict[str, str]:
        lues = {question: self.cleaned_data.get(f"{quoi}_{question}", "") for question in QUESTIONS}
        return {question: valeur for question, valeur in lues.items() if valeur}

    def contenu(self) -> dict[str, Any]:
        """Ce que le brouillon garde."""
        return {"questions": self.reponses(), "raisons": self.raisons(), "texte": self.cleaned_data["texte"]}

    @staticmethod
    def initial_de(contenu: Mapping[str, Any], version: int) -> dict[str, Any]:
        """Valeurs de départ, depuis un brouillon ou un avis rendu."""
        return {
            "version": version,
            "lu": brouillons.empreintes(contenu),
            "texte": contenu.get("texte", ""),
            "recommandation": contenu.get("recommandation", ""),
            **{f"reponse_{q}": valeur for q, valeur in contenu.get("questions", {}).items()},
            **{f"raison_{q}": valeur for q, valeur in contenu.get("raisons", {}).items()},
        }


class AvisForm(ChampsDeGrille, GrilleForm):
    """La grille d'un évaluateur : les trois questions, la grille datée, un texte d'ensemble, une recommandation."""

    recommandation = forms.ChoiceField(
        label="Votre recommandation",
        choices=Avis.Recommandation.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choisissez une des recommandations."},
    )

    def __init__(self, *args: Any, definition: Definition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition = definition
        if definition is not None:
            self.ajouter_la_grille(definition)
        # L'ordre de l'écran : celui du résumé des erreurs.
        a_la_fin = ("texte", "recommandation")
        self.order_fields([*(nom for nom in self.fields if nom not in a_la_fin), *a_la_fin])

    def contenu(self) -> dict[str, Any]:
        return {
            **super().contenu(),
            "recommandation": self.cleaned_data["recommandation"],
            "grille": self.grille(),
        }

    @staticmethod
    def initial_de(contenu: Mapping[str, Any], version: int) -> dict[str, Any]:
        return {**GrilleForm.initial_de(contenu, version), **ChampsDeGrille.initial_de_grille(contenu)}


class RenseignementForm(FormulaireActe):
    """« Que manque-t-il ? » et à qui le demander, depuis le dictionnaire des éléments manquants."""

    elements = forms.MultipleChoiceField(
        label="Que manque-t-il ?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un élément.",
            "invalid_choice": "Cet élément n'est pas au dictionnaire.",
        },
    )
    a = forms.ChoiceField(
        label="À qui le demander ?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez à qui le demander.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personnes = {str(personne.pk): personne for personne in destinataires(dossier)}
        self.fields["elements"].choices = choix_elements(horloge.aujourd_hui())  # type: ignore[attr-defined]
        self.fields["a"].choices = [  # type: ignore[attr-defined]
            (cle, f"{personne.nom_complet}, {QUI[Role(personne.role)]}") for cle, personne in self.personnes.items()
        ]

    @property
    def destinataire(self) -> Compte | None:
        """La personne choisie."""
        return self.personnes.get(self.cleaned_data.get("a", ""))


QUI = {
    Role.PRESTATAIRE: "la personne au dossier",
    Role.CLINICIEN: "professionnel de la santé",
    Role.INTERVENANT: "personne-ressource",
    Role.REPRESENTANT: "représentant de la personne",
}


def destinataires(dossier: Dossier) -> list[Compte]:
    """Qui peut recevoir une demande : cliniciens liés si le consentement vit, la personne, ses personnes-ressources."""
    liens = Q(pk=dossier.prestataire_id) | Q(mandats__dossier=dossier)
    if consentement_vivant(dossier, JOINDRE):
        liens |= Q(invitations__demande__dossier=dossier) | Q(rapports__demande__dossier=dossier)
    comptes = Compte.objects.filter(liens, role__in=list(QUI), is_active=True).distinct()
    ordre = list(QUI)
    # Une lecture pour toutes les personnes-ressources; les cliniciens d'un dossier se comptent sur une main.
    permis = {dossier.prestataire_id, *(une.pk for une in ressources(dossier))}
    lies = [un for un in comptes if un.pk in permis or (un.role == Role.CLINICIEN and est_lie(dossier, un))]
    return sorted(lies, key=lambda un: (-ordre.index(Role(un.role)) if un.role == Role.CLINICIEN else 0, un.nom, un.pk))


class ClotureForm(FormulaireActe):
    """Clore un renseignement attendu, après un appel."""

    appel_note = champ_texte("Note de l'appel", rangees=3)


class OccasionForm(FormulaireActe):
    """Offrir à la personne l'occasion de compléter, avant une décision défavorable."""

    elements = forms.MultipleChoiceField(
        label="Ce qui manque au dossier",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins un élément.",
            "invalid_choice": "Cet élément n'est pas au dictionnaire.",
        },
    )
    jusqu_au = ChampDate(label="Répondre jusqu'au")
    appel_note = champ_texte("Note de votre appel à la personne")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jour = horloge.aujourd_hui()
        self.fields["elements"].choices = choix_elements(jour)  # type: ignore[attr-defined]
        self.fields["jusqu_au"].initial = jour + timedelta(
            days=int(referentiels.regle("occasion_jours_suggeres", jour))
        )

    def clean_jusqu_au(self) -> date:
        jusqu_au: date = self.cleaned_data["jusqu_au"]
        if jusqu_au <= horloge.aujourd_hui():
            raise forms.ValidationError("Choisissez une date à venir : la personne doit avoir le temps de répondre.")
        return jusqu_au


class ConcertationForm(FormulaireActe):
    """Conclure la concertation : d'accord, ou pas d'accord et pourquoi."""

    accord = forms.ChoiceField(
        label="Êtes-vous d'accord sur une recommandation commune ?",
        choices=[("oui", "D'accord"), ("non", "Pas d'accord")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez « D'accord » ou « Pas d'accord »."},
    )
    note = champ_texte("Note de concertation", requis=False)

    def __init__(self, *args: Any, libelles: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        maximum = commentaire_max(horloge.aujourd_hui())
        for question in QUESTIONS:
            self.fields[f"accord_{question}"] = forms.ChoiceField(
                label=libelles[question],
                choices=[("oui", "D'accord"), ("non", "Dissidence")],
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": "Choisissez « D'accord » ou « Dissidence »."},
            )
            self.fields[f"commentaire_{question}"] = champ_texte(
                "Ce que vous en dites, pour le dossier",
                maximum=maximum,
                requis=False,
                rangees=2,
                precision=TITRES[question],
            )

    def par_question(self) -> dict[str, dict[str, str]]:
        """Ce que l'acte reçoit : les seules questions auxquelles on a répondu."""
        return {
            question: {"accord": accord, "commentaire": self.cleaned_data.get(f"commentaire_{question}", "")}
            for question in QUESTIONS
            if (accord := self.cleaned_data.get(f"accord_{question}"))
        }

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        for question in QUESTIONS:
            accord, commentaire = donnees.get(f"accord_{question}"), donnees.get(f"commentaire_{question}")
            if accord == "non" and not commentaire and f"commentaire_{question}" not in self.errors:
                self.add_error(f"commentaire_{question}", "Écrivez en quoi vous différez : la dissidence est gardée.")
            if commentaire and not accord and f"accord_{question}" not in self.errors:
                self.add_error(f"accord_{question}", "Choisissez « D'accord » ou « Dissidence ».")
        if donnees.get("accord") == "non" and not donnees.get("note"):
            self.add_error("note", "Expliquez le désaccord : la personne qui donnera un tiers avis le lira.")
        return donnees
