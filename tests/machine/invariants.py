"""Invariants d'un dossier, vrais après n'importe quelle suite d'actes (`epreuves.md` C06)."""

from __future__ import annotations

from django.db.models import Count, Q

from comptes.models import Role
from correspondance.models import Lettre
from decisions.lettres import modele_de
from decisions.models import Decision, Issue, Signature
from dossiers import acces
from dossiers.etats import APRES_DECISION, APRES_RECOURS, STATUT_PUBLIC, Etat
from dossiers.models import Attribution, Demande, Dossier, DossierUserObjectPermission, Echeance, Participation
from evaluation.models import Avis
from formulaires.models import RapportMedical
from formulaires.regles import empreinte_contenu
from journal.models import Entree
from revision.models import Revision
from tests.fabriques import Scene

LECTURES = ("sommaire.lire", "sr2100.lire", "sr2105.lire", "lettre.lire", "avis.lire", "revision.lire")
LETTRES_DE_DECISION = ("acceptation", "refus", "refus_reconduit", "contrainte_temporaire")


def verifier(scene: Scene) -> None:
    """Lève `AssertionError` au premier invariant brisé."""
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    for demande in dossier.demandes.all():
        _une_decision(demande)
        _statut(demande)
        _reviseurs(demande)
        _refus(demande)
        _histoire(demande)
        _rapports(demande)
    _copie(dossier)
    _lettres(dossier)
    _permissions(dossier)


def _une_decision(demande: Demande) -> None:
    """Une décision scellée au plus, signée par qui il faut; scellée ⇔ état d'après décision."""
    scellees = list(Decision.objects.filter(demande=demande, scellee_le__isnull=False))
    assert len(scellees) <= 1
    assert bool(scellees) == (demande.etat in APRES_DECISION)
    for decision in scellees:
        metiers = sorted(
            Signature.objects.filter(decision=decision, annulee_le__isnull=True).values_list("metier", flat=True)
        )
        assert metiers == (["medecin", "specialiste"] if decision.voie == "evaluee" else ["agent"])
        assert demande.voie == decision.voie
        if decision.voie == "evaluee":
            assert {"medecin", "specialiste"} <= set(
                Avis.objects.filter(demande=demande).values_list("metier", flat=True)
            )


def _statut(demande: Demande) -> None:
    assert demande.statut_public == STATUT_PUBLIC[Etat(demande.etat)]
    assert (demande.etat == Etat.FERMEE) == (demande.fermee_le is not None)
    attend = demande.renseignements.filter(close_le__isnull=True).exists()
    if demande.etat == Etat.A_COMPLETER:
        assert attend
    elif demande.etat not in (Etat.EN_REVISION, *APRES_RECOURS, Etat.DEVANT_TAQ, *APRES_DECISION):
        assert not attend


def _reviseurs(demande: Demande) -> None:
    """Aucun réviseur n'a pris part à la première instance; une révision rendue l'est par deux métiers."""
    reviseurs = Attribution.objects.filter(demande=demande, qualite=Attribution.Qualite.REVISEUR)
    premiere = Participation.objects.filter(demande=demande).values_list("personne_id", flat=True)
    assert not reviseurs.filter(qui_id__in=premiere).exists()
    ouvertes = demande.revisions.filter(rendue_le__isnull=True, abandonnee_le__isnull=True, remplacee_le__isnull=True)
    assert ouvertes.count() <= 1
    if demande.etat == Etat.EN_REVISION:
        assert ouvertes.count() == 1
    for revision in demande.revisions.filter(rendue_le__isnull=False, recevable=True):
        assert revision.issue
        vivantes = revision.signatures.filter(annulee_le__isnull=True).values_list("metier", flat=True)
        assert sorted(vivantes) == ["medecin", "specialiste"]


def _refus(demande: Demande) -> None:
    """Un refus a ses motifs, l'occasion offerte, et son échéance de révision dès l'émission."""
    for decision in Decision.objects.filter(demande=demande, scellee_le__isnull=False):
        if decision.issue == Issue.NON_RECONNUE:
            assert decision.motifs
            occasion = demande.occasions.exists()
            reponse = demande.renseignements.filter(apres_transmission=True, repondue_le__isnull=False).exists()
            assert occasion or reponse
        emise = Lettre.objects.filter(
            cause_type="decisions.decision", cause_id=decision.pk, copie_de__isnull=True, emise_le__isnull=False
        ).exists()
        assert emise == (demande.decision_emise_le is not None)
        echeance = Echeance.objects.filter(demande=demande, code=Echeance.Code.DEMANDER_REVISION)
        assert echeance.exists() == emise
        if decision.retours.exists():
            assert emise


def _histoire(demande: Demande) -> None:
    """Pas d'état sans une ligne d'histoire qui l'explique."""
    lignes = Entree.objects.filter(demande_id=demande.pk, nature=Entree.Nature.ACTE)
    assert lignes.filter(etat=demande.etat).exists()


def _rapports(demande: Demande) -> None:
    for rapport in RapportMedical.objects.filter(demande=demande):
        assert rapport.sha256 == empreinte_contenu(rapport.contenu)


def _copie(dossier: Dossier) -> None:
    """Le dossier recopie l'état de sa demande courante; au plus une demande attend."""
    courante = dossier.courante
    assert courante is not None
    assert dossier.etat == courante.etat
    assert dossier.demandes.filter(ouverte_le__isnull=True).count() <= 1


def _lettres(dossier: Dossier) -> None:
    """Une décision scellée ⇔ une lettre, une révision rendue ⇔ une lettre; aucune en double."""
    for decision in Decision.objects.filter(demande__dossier=dossier):
        nees = Lettre.objects.filter(cause_type="decisions.decision", cause_id=decision.pk, copie_de__isnull=True)
        assert nees.count() == (1 if decision.scellee_le else 0)
        for lettre in nees:
            assert lettre.modele == modele_de(decision)
    for revision in Revision.objects.filter(demande__dossier=dossier):
        nees = Lettre.objects.filter(cause_type="revision.revision", cause_id=revision.pk, copie_de__isnull=True)
        assert nees.exclude(modele__in=("accuse_revision", "avis_recours_direct")).count() == (
            1 if revision.rendue_le else 0
        )
    doubles = (
        Lettre.objects.filter(dossier=dossier)
        .values("cause_type", "cause_id", "modele", "destinataire", "version")
        .annotate(nombre=Count("pk"))
        .filter(nombre__gt=1)
    )
    assert not doubles.exists()
    assert not Lettre.objects.filter(dossier=dossier).filter(Q(emise_le__isnull=True) ^ Q(jour_emission__isnull=True))


def _permissions(dossier: Dossier) -> None:
    """La ligne de permission naît et meurt avec l'attribution."""
    vivantes = set(Attribution.objects.filter(dossier=dossier, au__isnull=True).values_list("qui_id", flat=True))
    lignes = set(DossierUserObjectPermission.objects.filter(content_object=dossier).values_list("user_id", flat=True))
    assert vivantes == lignes


def verifier_les_lectures(scene: Scene, tiers: int) -> None:
    """La liste et la porte répondent pareil pour chacun; personne ne lit hors de la matrice.

    Chaque suite interroge un tiers des personnes (`tiers`, de 0 à 2, tiré avec la suite : un échec se rejoue).
    """
    dossier = Dossier.objects.get(pk=scene.dossier.pk)
    for compte in list(scene.personnes.values())[tiers::3]:
        liste = Dossier.objects.visibles_par(compte).filter(pk=dossier.pk).exists()
        assert liste == acces.peut(compte, "sommaire.lire", dossier)
    for cle in ("agent_ailleurs", "clinicien_ailleurs", "ressource_ailleurs", "administrateur"):
        lus = acces.Droits(scene[cle], dossier, LECTURES)
        assert not any(lus.peut(droit) for droit in LECTURES), cle
    assert scene["administrateur"].role == Role.ADMINISTRATEUR
