"""Tient, à la fin de chaque acte, les copies que lisent les files : état, balle, prochaine étape, échéances."""

from __future__ import annotations

from datetime import date

from comptes.models import Role
from dossiers import echeances
from dossiers.etats import APRES_RECOURS, DECIDES, Balle, Etat
from dossiers.models import Attribution, Demande, DemandeRenseignement, Dossier, Echeance, Tache
from dossiers.porte import Contexte
from dossiers.regles import ProchaineEtape, prochaine_etape
from referentiels import lecture as referentiels
from socle import horloge

BALLE_DU_ROLE = {
    Role.PRESTATAIRE: Balle.PERSONNE,
    Role.CLINICIEN: Balle.CLINICIEN,
    Role.INTERVENANT: Balle.RESSOURCE,
}
ECHEANCE_DE_L_ETAT = {
    **dict.fromkeys(DECIDES, Echeance.Code.DEMANDER_REVISION),
    **dict.fromkeys(APRES_RECOURS, Echeance.Code.SAISIR_TAQ),
    Etat.EN_REVISION: Echeance.Code.RENDRE_REVISION,
}


def _echeance(demande: Demande) -> date | None:
    code = ECHEANCE_DE_L_ETAT.get(Etat(demande.etat))
    if code is None:
        return None
    return Echeance.objects.filter(demande=demande, code=code).values_list("date", flat=True).first()


def _attente(demande: Demande) -> tuple[str, str]:
    """Balle et libellé du premier renseignement attendu."""
    attendu = (
        DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True)
        .select_related("destinataire")
        .order_by("pk")
        .first()
    )
    if attendu is None:
        return "", ""
    le = horloge.jour_civil(attendu.demandee_le)
    quoi = ", ".join(referentiels.element(code, le).libelle for code in attendu.elements)
    return BALLE_DU_ROLE.get(Role(attendu.destinataire.role), Balle.PERSONNE), quoi[:140]


def _a_un_reviseur(demande: Demande) -> bool:
    return Attribution.objects.filter(demande=demande, qualite=Attribution.Qualite.REVISEUR, au__isnull=True).exists()


def etape_de(demande: Demande) -> ProchaineEtape:
    """Prochaine étape de la demande, d'après ses faits."""
    de, quoi = _attente(demande) if demande.etat == Etat.A_COMPLETER else ("", "")
    depuis = horloge.jour_civil(demande.etat_depuis)
    return prochaine_etape(
        str(demande.etat),
        demande.voie,
        depuis,
        attendu_de=de,
        attendu_quoi=quoi,
        promesses=referentiels.regle("promesses_jours", depuis),
        echeance=_echeance(demande),
        sans_reviseur=demande.etat == Etat.EN_REVISION and not _a_un_reviseur(demande),
    )


def actualiser_dossier(dossier: Dossier) -> None:
    """Recopie sur le dossier l'état et la prochaine étape de la demande courante."""
    demande = dossier.courante
    if demande is None:
        return
    etape = etape_de(demande)
    dossier.etat = str(demande.etat)
    dossier.etat_depuis = demande.etat_depuis
    dossier.depose_le = demande.jour_depot
    dossier.balle = etape.balle
    dossier.prochaine_etape = etape.texte[:160]
    dossier.avant_le = etape.avant_le
    dossier.a_expliquer = Tache.objects.filter(
        dossier=dossier, code=Tache.Code.DECISION_A_EXPLIQUER, close_le__isnull=True
    ).exists()
    dossier.version += 1
    dossier.save()


def tenir_a_jour(ctx: Contexte) -> None:
    """Appelé par la porte à la fin de tout acte, dans sa transaction."""
    if ctx.echeances_a_revoir:
        echeances.actualiser(ctx.dossier)
    actualiser_dossier(ctx.dossier)
