"""Ce qui a été lu pour décider : rapports, réponses et pièces, chacun avec son titre, son auteur et sa date.

Le contenu est figé dans la lettre : données simples, en français et en anglais.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from comptes.models import Compte, Role
from dossiers import verification as verifier
from dossiers.actes.lectures import ATTESTES, documents_connus
from dossiers.models import Demande, DemandeRenseignement, Occasion, Piece
from dossiers.porte import Contexte
from formulaires import lecture
from formulaires.models import SR2105, RapportMedical, Substitut
from socle import horloge

TITRES_AU_DOSSIER = {
    "sr2105": "Renseignements complémentaires (SR-2105)",
    "reponse": "Réponse à une demande de renseignement",
    "occasion": "Réponse de la personne avant la décision",
}


@dataclass(frozen=True)
class Lue:
    """Un document que la lettre dit avoir lu; `cle` et `quoi` le nomment au journal des consultations."""

    cle: str
    quoi: str
    le: date
    titre: str
    titre_en: str
    auteur: str = ""
    de_la_personne: bool = False
    reponse: str = ""

    @property
    def titre_au_dossier(self) -> str:
        """Le titre dit à un évaluateur; celui de la lettre s'adresse à la personne."""
        return TITRES_AU_DOSSIER.get(self.cle.partition("-")[0], self.titre)

    @property
    def est_occasion(self) -> bool:
        """Vrai pour la réponse de la personne à l'occasion offerte avant la décision."""
        return self.cle.startswith("occasion-")


def _lue(cle: str, quoi: str, le: date, titre: str, titre_en: str, auteur: Any = None, reponse: str = "") -> Lue:
    de_la_personne = auteur is not None and auteur.role == Role.PRESTATAIRE
    nom = auteur.nom_complet if auteur is not None else ""
    return Lue(cle, quoi, le, titre, titre_en, nom, de_la_personne, reponse)


def _rapports(demande: Demande) -> Iterator[Lue]:
    for rapport in RapportMedical.objects.filter(demande=demande).select_related("signataire"):
        suite = f", version {rapport.version}" if rapport.version > 1 else ""
        yield _lue(
            f"sr2100-{rapport.pk}",
            "sr2100",
            rapport.signe_le,
            f"Rapport médical (SR-2100){suite}",
            f"Medical report (SR-2100){suite}",
            rapport.signataire,
        )
    for substitut in Substitut.objects.filter(demande=demande):
        autre = substitut.nature == Substitut.Nature.AUTRE_ORGANISME
        anglais = "Report made for another organization" if autre else "Exemption"
        yield _lue(f"substitut-{substitut.pk}", "sr2100", substitut.date, substitut.get_nature_display(), anglais)


def _reponses(demande: Demande) -> Iterator[Lue]:
    prestataire = demande.dossier.prestataire
    derniere = SR2105.objects.filter(dossier=demande.dossier).order_by("-version").first()
    if derniere is not None:
        jour = horloge.jour_civil(derniere.depose_le)
        titres = ("Vos renseignements (SR-2105)", "Your information (SR-2105)")
        yield _lue(f"sr2105-{derniere.pk}", "sr2105", jour, *titres, prestataire)
    donnees = DemandeRenseignement.objects.filter(demande=demande, repondue_le__isnull=False)
    for faite in donnees.exclude(destinataire__role=Role.CLINICIEN).select_related("destinataire"):
        if faite.repondue_le:
            jour = horloge.jour_civil(faite.repondue_le)
            titres = ("Réponse à notre question", "Answer to our question")
            yield _lue(f"reponse-{faite.pk}", "pieces", jour, *titres, faite.destinataire)
    for occasion in Occasion.objects.filter(demande=demande, repondue_le__isnull=False):
        if occasion.repondue_le:
            jour = horloge.jour_civil(occasion.repondue_le)
            titres = ("Votre réponse avant la décision", "Your answer before the decision")
            yield _lue(f"occasion-{occasion.pk}", "pieces", jour, *titres, prestataire, occasion.reponse)


def _contributions(demande: Demande) -> Iterator[Lue]:
    """Celles de toutes les demandes du dossier : un avis peut citer chacune."""
    for une in lecture.contributions(demande.dossier_id):
        yield _lue(f"contribution-{une.pk}", "contribution", une.signe_le, une.nom, une.nom_en, une.auteur)


def _pieces(demande: Demande) -> Iterator[Lue]:
    versees = Piece.objects.filter(dossier=demande.dossier).exclude(verification=Piece.Verification.REFUSEE)
    for piece in versees.select_related("versee_par"):
        yield _lue(
            f"piece-{piece.pk}", "pieces", horloge.jour_civil(piece.versee_le), piece.titre, "", piece.versee_par
        )


def documents(demande: Demande) -> list[Lue]:
    """Tout ce que la lettre dira avoir lu, du plus ancien au plus récent."""
    tous = [*_rapports(demande), *_contributions(demande), *_reponses(demande), *_pieces(demande)]
    return sorted(tous, key=lambda une: une.le)


def pieces_lues(demande: Demande) -> list[dict[str, Any]]:
    """Les mêmes, figés pour la lettre : `titre`, `titre_en`, `auteur`, `de_la_personne`, `date`."""
    return [
        {
            "titre": une.titre,
            "titre_en": une.titre_en,
            "auteur": une.auteur,
            "de_la_personne": une.de_la_personne,
            "date": une.le.isoformat(),
        }
        for une in documents(demande)
    ]


def non_lus(lues: list[Lue], personne: Compte, demande: Demande) -> list[Lue]:
    """Parmi eux, ce que cette personne n'a ni ouvert ni confirmé en signant; la réponse à l'occasion d'abord, puis le
    plus récent. Ce que les écrans en exigent : `decisions/connaissance.py`."""
    connus = documents_connus(personne, demande.dossier_id)
    restent = [une for une in reversed(lues) if une.cle not in connus]
    return sorted(restent, key=lambda une: not une.est_occasion)


def attester(ctx: Contexte, demande: Demande, cles: Any) -> None:
    """Garde, dans la ligne de l'acte, les documents que le signataire confirme avoir lus sans les avoir ouverts ici.

    Lève `champ_invalide` si une clé ne nomme aucun document que la lettre dira avoir lu.
    """
    if cles:
        ctx.details[ATTESTES] = verifier.codes(ATTESTES, cles, {une.cle for une in documents(demande)})
