"""Tient, à la fin de chaque acte, les copies que lisent les files : état, balle, prochaine étape, échéances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from comptes.models import Role
from dossiers import echeances
from dossiers.etats import APRES_RECOURS, AVANT_DECISION, DECIDES, Balle, Etat
from dossiers.models import Demande, DemandeRenseignement, Dossier, Echeance, Tache
from dossiers.porte import Contexte
from dossiers.regles import ProchaineEtape, Reste, prochaine_etape
from dossiers.silences import jours_de_pause
from referentiels import lecture as referentiels
from socle import horloge, passages

BALLE_DU_ROLE = {
    Role.PRESTATAIRE: Balle.PERSONNE,
    Role.CLINICIEN: Balle.CLINICIEN,
    Role.INTERVENANT: Balle.RESSOURCE,
    Role.REPRESENTANT: Balle.RESSOURCE,
}
ECHEANCE_DE_L_ETAT = {
    **dict.fromkeys(DECIDES, Echeance.Code.DEMANDER_REVISION),
    **dict.fromkeys(APRES_RECOURS, Echeance.Code.SAISIR_TAQ),
    Etat.EN_REVISION: Echeance.Code.RENDRE_REVISION,
}


_RESTES: dict[str, Callable[[Demande], Reste | None]] = {}


def inscrire_reste(etat: str, lire: Callable[[Demande], Reste | None]) -> None:
    """Inscrit, pour un état, la lecture du geste qui manque et de qui le doit; appelé dans `ready()`."""
    _RESTES[etat] = lire


def _echeance(demande: Demande) -> date | None:
    code = ECHEANCE_DE_L_ETAT.get(Etat(demande.etat))
    if code is None:
        return None
    return Echeance.objects.filter(demande=demande, code=code).values_list("date", flat=True).first()


def _attente(demande: Demande) -> tuple[str, str, tuple[str, ...] | None, date | None]:
    """Balle et libellé du premier renseignement attendu; comptes du même rôle dont une réponse est attendue.

    En dernier, le jour jusqu'auquel quelqu'un a pris plus de temps.
    """
    attendus = list(
        DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True)
        .select_related("destinataire")
        .order_by("pk")
    )
    if not attendus:
        return "", "", None, None
    attendu = attendus[0]
    role = attendu.destinataire.role
    par = dict.fromkeys(str(un.destinataire_id) for un in attendus if un.destinataire.role == role)
    le = horloge.jour_civil(attendu.demandee_le)
    quoi = ", ".join(referentiels.element(code, le).libelle for code in attendu.elements)
    prolonges = [un.prolonge_au for un in attendus if un.prolonge_au is not None and un.destinataire.role == role]
    return BALLE_DU_ROLE.get(Role(role), Balle.PERSONNE), quoi[:140], tuple(par), max(prolonges, default=None)


def etape_de(demande: Demande) -> ProchaineEtape:
    """Prochaine étape de la demande, d'après ses faits."""
    de, quoi, par, prolonge = _attente(demande) if demande.etat == Etat.A_COMPLETER else ("", "", None, None)
    lire = _RESTES.get(str(demande.etat))
    depuis = horloge.jour_civil(demande.etat_depuis)
    return prochaine_etape(
        str(demande.etat),
        demande.voie,
        depuis,
        attendu_de=de,
        attendu_quoi=quoi,
        promesses=referentiels.regle("promesses_jours", depuis),
        echeance=_echeance(demande),
        attendu_par=par,
        prolonge_au=prolonge,
        reste=lire(demande) if lire is not None else None,
        pause=jours_de_pause(demande) if demande.etat in AVANT_DECISION else (0, False),
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
    dossier.a_faire_par = None if etape.par is None else list(etape.par)
    dossier.a_expliquer = Tache.objects.filter(
        dossier=dossier, code=Tache.Code.DECISION_A_EXPLIQUER, close_le__isnull=True
    ).exists()
    dossier.version += 1
    dossier.save()


def rendre_balles_echues(dossier: Dossier | None = None) -> int:
    """Une occasion dont le dernier jour est passé rend la balle aux signataires; rend combien de dossiers.

    Ce n'est pas un acte : seule la copie que lisent les files change, comme le calendrier.
    """
    echues = Dossier.objects.filter(
        etat=Etat.EN_ATTENTE_SIGNATURE, balle=Balle.PERSONNE, avant_le__lt=horloge.aujourd_hui()
    )
    if dossier is not None:
        echues = echues.filter(pk=dossier.pk)
    rendues = list(echues.order_by("pk").values_list("pk", flat=True))
    for pk in rendues:
        try:
            with transaction.atomic():
                actualiser_dossier(Dossier.objects.select_for_update(of=("self",)).get(pk=pk))
        except Exception as erreur:  # noqa: BLE001 - hors d'un travail planifié, `echec` laisse remonter
            passages.echec(erreur, f"dossier {pk}")
    return len(rendues)


def tenir_a_jour(ctx: Contexte) -> None:
    """Appelé par la porte à la fin de tout acte, dans sa transaction."""
    if ctx.echeances_a_revoir:
        echeances.actualiser(ctx.dossier)
    actualiser_dossier(ctx.dossier)
