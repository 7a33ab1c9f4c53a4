"""Exemples fictifs de la galerie : chaque composant, dans ses états normal, vide, erreur et noms longs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from socle import horloge
from socle.champs_formulaire import ChampDate
from socle.composants import (
    Balle,
    Cellule,
    Citation,
    Colonne,
    Document,
    Echange,
    Etape,
    EtapeParcours,
    Etiquette,
    Evenement,
    Groupe,
    Lien,
    Ligne,
    Mesure,
    ProchaineEtape,
    Rangee,
    Tableau,
    Tache,
)

BASES = {
    "calme": "base_prestataire.html",
    "vif": "base_clinicien.html",
    "dense": "base_personnel.html",
}
ETATS = ("normal", "vide", "erreur", "long")
NOM_LONG = "Maximilien-Olivier Spécimen-de-la-Bruyère-Montgolfier-Arrière-Grand-Exemple"
NIVEAUX = [
    ("aucune", "Aucune"),
    ("legere", "Légère"),
    ("moderee", "Modérée"),
    ("grave", "Grave"),
    ("ne_sais_pas", "Ne sais pas"),
]
DOMAINES = (
    ("bouger", "Bouger", "marcher, rester debout, se pencher"),
    ("mains", "Utiliser ses mains", "saisir, écrire, soulever"),
    ("endurance", "Endurance et douleur", "tenir une journée, récupérer"),
)


class ExempleForm(forms.Form):
    """Un champ de chaque genre."""

    nom = forms.CharField(label="Nom complet", help_text="Comme sur la carte d'assurance maladie.")
    courriel = forms.EmailField(label="Courriel", required=False)
    naissance = ChampDate(label="Date de naissance", naissance=True, help_text="Par exemple : 2 février 1985.")
    canal = forms.ChoiceField(
        label="Comment vous joindre?",
        choices=[("lettre", "Par lettre"), ("texto", "Par texto"), ("appel", "Par un appel")],
        widget=forms.RadioSelect,
    )
    portees = forms.MultipleChoiceField(
        label="Ce que la personne-ressource peut faire",
        choices=[("etat", "Voir l'état de la demande"), ("lettres", "Recevoir une copie des lettres")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    manque = forms.ChoiceField(
        label="Que manque-t-il?",
        choices=[
            ("", "Choisir"),
            ("duree", "La durée prévue"),
            ("effet", "Effet de la douleur et de l'humeur ensemble"),
        ],
    )
    motif = forms.CharField(
        label="Motif, tel que la personne le lira",
        help_text="Une à trois phrases.",
        widget=forms.Textarea(attrs={"rows": 3, "data-compte": "600"}),
    )
    piece = forms.FileField(label="Document", required=False, help_text="PDF ou photo, 25 Mo au plus.")
    cumulatif = forms.BooleanField(label="Ensemble, ils limitent plus que chacun seul", required=False)


class LimitationsForm(forms.Form):
    """Trois domaines de limitations, avec l'exemple exigé pour « modérée » et « grave »."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, nom, _aide in DOMAINES:
            self.fields[code] = forms.ChoiceField(label=nom, choices=NIVEAUX, widget=forms.RadioSelect)
            self.fields[f"{code}_exemple"] = forms.CharField(
                label="Un exemple, en une ligne", required=False, widget=forms.Textarea
            )

    def clean(self) -> dict[str, Any]:
        """Exiger un exemple pour chaque niveau modéré ou grave."""
        donnees = super().clean() or {}
        for code, nom, _aide in DOMAINES:
            niveau = donnees.get(code)
            if niveau in {"moderee", "grave"} and not donnees.get(f"{code}_exemple"):
                mot = dict(NIVEAUX)[niveau].lower()
                self.add_error(f"{code}_exemple", f"Donnez un exemple pour « {nom} » (niveau {mot}).")
        return donnees

    def rangees(self) -> list[tuple[forms.BoundField, forms.BoundField, str]]:
        """Les domaines dans l'ordre de la page."""
        return [(self[code], self[f"{code}_exemple"], aide) for code, _nom, aide in DOMAINES]


def contexte(humeur: str, etat: str, donnees: Any = None) -> dict[str, object]:
    """Rendre tout ce que `galerie.html` affiche; `donnees` : le formulaire essayé, s'il l'a été."""
    jour = horloge.aujourd_hui()
    nom = NOM_LONG if etat == "long" else "Alizée Exemple-Tremblay"
    return {
        "base": BASES[humeur],
        "humeur": humeur,
        "etat": etat,
        "etats": [Lien(mot, f"?humeur={humeur}&etat={mot}", mot == etat) for mot in ETATS],
        "humeurs": [Lien(mot, f"?humeur={mot}&etat={etat}", mot == humeur) for mot in BASES],
        "nom": nom,
        "jour": jour,
        **_formulaires(etat, donnees),
        **_dossier(jour, nom, etat),
        **_evaluation(jour),
    }


def _formulaires(etat: str, donnees: Any) -> dict[str, object]:
    saisie: dict[str, Any] | None = donnees
    if saisie is None and etat == "erreur":
        saisie = {
            "naissance_jour": "31",
            "naissance_mois": "février",
            "naissance_annee": "1985",
            "courriel": "pas-un-courriel",
            "bouger": "moderee",
            "bouger_exemple": "Marche 15 minutes, puis doit s'asseoir.",
            "endurance": "grave",
        }
    exemple = ExempleForm(saisie) if saisie is not None else ExempleForm()
    depart = {"bouger": "moderee", "mains": "aucune"}
    limites = LimitationsForm(saisie) if saisie is not None else LimitationsForm(initial=depart)
    return {"form": exemple, "limitations": limites}


def _dossier(jour: date, nom: str, etat: str) -> dict[str, object]:
    vide = etat == "vide"
    return {
        **_entete(jour, long=etat == "long"),
        "tableau": _tableau(jour, nom, vide=vide),
        "taches": [] if vide else _taches(),
        "evenements": [] if vide else _evenements(jour, nom if etat == "long" else "Dre Ève Fictive"),
        "echanges": [] if vide else _echanges(),
        "reperes": [
            Ligne("La joindre", "Appel, l'avant-midi."),
            Ligne("Apprendre le résultat", "Par un appel"),
            Ligne("Équipe", ""),
        ],
        "recap": [
            Ligne("Nom", nom, "#"),
            Ligne("Durée prévue", "12 mois ou plus", "#"),
            Ligne("Traitements essayés", "", "#"),
        ],
    }


def _entete(jour: date, *, long: bool) -> dict[str, object]:
    suite = ProchaineEtape(
        "Préciser la durée prévue des limitations",
        Balle(NOM_LONG, a_vous=True) if long else Balle("Dre Ève Fictive"),
        jour + timedelta(days=-2 if long else 13),
        detail_etape="Le rapport dit « 6 mois, à revoir ».",
        detail_par="Clinique du Vieux-Patron. Demandé hier par le portail.",
    )
    return {
        "suite": suite,
        "suite_a_vous": ProchaineEtape("Rendre votre avis", Balle(a_vous=True), jour, "2 réponses sur 5 restent."),
        "etiquettes": [Etiquette("Nous attendons un document", "attente"), Etiquette("Mandat actif : 20 jours")],
        "sections": [
            Lien("Sommaire", "#", True),
            Lien("Pièces", "#", compte=4),
            Lien("Échanges", "#", compte=1),
            Lien("Lettres", "#", compte=2),
            Lien("Historique", "#"),
            Lien("Accès", "#"),
        ],
    }


def _evenements(jour: date, signataire: str) -> list[Evenement]:
    instant = horloge.maintenant()
    return [
        Evenement("Durée demandée à la clinique", instant, "vous"),
        Evenement("Revenu à « Nous attendons un document »", jour, detail="il manquait la durée"),
        Evenement("Rapport médical signé", instant - timedelta(days=8), signataire),
        Evenement("Demande déposée", jour - timedelta(days=15), "au comptoir"),
    ]


def _echanges() -> list[Echange]:
    instant = horloge.maintenant()
    return [
        Echange("Vous", instant - timedelta(days=1), "Les notes du 28 juillet suffisent-elles?", de_moi=True),
        Echange(
            "Clémence Canevas", instant, "Oui. Pouvez-vous confirmer la date de son dernier emploi?", "spécialiste"
        ),
    ]


COLONNES = (
    Colonne("Personne et dossier"),
    Colonne("Prochaine étape · à faire par", muette=True),
    Colonne("Avant le"),
    Colonne("Ouvert depuis", nombre=True),
    Colonne("Alertes"),
)
# Nom, référence, étape, jours avant la date, jours d'ouverture, alertes.
A_VOUS: tuple[tuple[str, str, str, int, int, tuple[Etiquette, ...]], ...] = (
    (
        "",
        "K7QT-4D2M",
        "Appeler la personne : occasion de compléter",
        -2,
        71,
        (Etiquette("Détresse signalée", "alerte"),),
    ),
    (
        "Zénobie Gabarit",
        "3WNX-8R5C",
        "Vérifier la pièce reçue",
        0,
        34,
        (Etiquette("Urgence financière", "attente"),),
    ),
    ("Philomène Canevas", "X2LB-7F9G", "Trier : évaluation requise ou non", 2, 9, ()),
)


def _tableau(jour: date, nom: str, *, vide: bool) -> Tableau:
    a_vous = [
        _rangee(jour, qui or nom, reference, quoi, Balle(a_vous=True), dans, age, *alertes)
        for qui, reference, quoi, dans, age, alertes in A_VOUS
    ]
    autre = _rangee(
        jour,
        "Ibrahim Al-Exemple",
        "8F3K-2M7Q",
        "Préciser la durée prévue des limitations",
        Balle("Dre Ève Fictive, Clinique du Vieux-Patron"),
        13,
        15,
        Etiquette("Interprète : arabe"),
    )
    groupes = () if vide else (Groupe(a_vous, "À vous · 3"), Groupe([autre], "À quelqu'un d'autre · 1"))
    return Tableau(COLONNES, groupes, "Échéance la plus proche d'abord, puis demande la plus ancienne.")


def _rangee(
    jour: date, qui: str, reference: str, quoi: str, balle: Balle, dans: int, age: int, *alertes: Etiquette
) -> Rangee:
    return Rangee(
        (
            Cellule(qui, "#", reference=reference),
            Cellule(quoi, balle=balle),
            Cellule(echeance=jour + timedelta(dans)),
            Cellule(f"{age} jours"),
            Cellule(etiquettes=alertes),
        ),
        en_retard=dans < 0,
    )


def _taches() -> list[Tache]:
    return [
        Tache("Identité", "termine", "#"),
        Tache("Rapport médical (SR-2100)", "probleme", "#", "Reçu le 10 août. Il manque la durée prévue."),
        Tache("Renseignements complémentaires (SR-2105)", "en_cours", "#", "2 parties sur 5."),
        Tache("Pièces", "pas_commence", "#"),
        Tache("Déclarer complet", "pas_encore", detail="S'ouvre quand rien n'est attendu."),
    ]


def _evaluation(jour: date) -> dict[str, object]:
    return {
        "etapes": [
            Etape("Patient", "#", True),
            Etape("Diagnostics", "#", True),
            Etape("Limitations"),
            Etape("Durée et suivi"),
        ],
        "parcours": [
            EtapeParcours("Demande reçue", "faite", "Le lundi 3 août 2026."),
            EtapeParcours(
                "Dossier à compléter",
                "en_cours",
                "Revenue à cette étape le 18 août : il manquait la durée.",
                a_vous=True,
            ),
            EtapeParcours("Étude par deux personnes", "a_venir", "Un médecin et une spécialiste lisent tout."),
            EtapeParcours("Décision par lettre", "a_venir", "Nous vous appelons d'abord.", "#", "Changer"),
        ],
        "documents": [
            Document("Rapport médical (SR-2100)", "#", "Dre Fictive · 10 août", actif=True),
            Document("Précision sur la durée", "#", "Dre Fictive · 2 sept."),
            Document("Témoignage", "#", "R. Prototype · 26 août", non_lu=True),
        ],
        "citations": [
            Citation(2, "SR-2100, p. 4 « 6 mois, à revoir »", "#", "retirer", "2"),
            Citation(4, "Précision du 2 sept., p. 1", "#"),
        ],
        "mesures": [
            Mesure("Lecture", "79, facile", "visé : 75 ou plus", atteint=True),
            Mesure("Mots par phrase", "10", "visé : 12 ou moins", atteint=True),
            Mesure("La plus longue", "28", "visé : 22 ou moins", atteint=False),
            Mesure("Signes", "156", "sur 600"),
        ],
        "delai": jour + timedelta(days=13),
    }
