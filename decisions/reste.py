"""Ce qui reste avant que la décision soit signée, et qui le doit. Source : `cas/LISEZMOI.md`, « Avis et décision »."""

from __future__ import annotations

from datetime import date

from comptes.models import Role
from decisions import lecture, temporaires
from decisions.actes.signature import METIER, QUALITES_SIGNATAIRES, occasion_offerte
from decisions.models import Renouvellement, Signature
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.etats import Balle, Voie
from dossiers.models import Attribution, Demande, Occasion, Tache
from dossiers.regles import Reste
from socle import horloge

A_ACCORDER = "Renouvellement : accorder la suite sans interruption"
SIGNATURE_DE = {Signature.Metier.MEDECIN: "du médecin", Signature.Metier.SPECIALISTE: "du spécialiste"}


def occasion_en_cours(demande: Demande) -> date | None:
    """Dernier jour de l'occasion qui bloque encore une décision défavorable; None si plus rien ne l'attend."""
    ouverte = (
        Occasion.objects.filter(demande=demande, repondue_le__isnull=True, jusqu_au__gte=horloge.aujourd_hui())
        .order_by("-jusqu_au")
        .first()
    )
    return ouverte.jusqu_au if ouverte is not None and not occasion_offerte(demande) else None


def _signataires(demande: Demande, signes: set[str]) -> tuple[str, ...]:
    """Évaluateurs saisis dont le métier n'a pas signé; un tiers seulement à la place du dissident de son métier."""
    projet = lecture.projet_du_tour(demande)
    dissidence = projet.contenu.get("dissidence", []) if projet is not None else []
    saisies = Attribution.objects.filter(demande=demande, qualite__in=QUALITES_SIGNATAIRES, au__isnull=True)
    par = []
    # Lus à part : joindre la table des comptes coûterait son parcours quand les statistiques sont en retard.
    for une in saisies.prefetch_related("qui").order_by("pk"):
        metier = METIER[Role(une.qui.role)]
        if metier not in signes and (une.qualite != Attribution.Qualite.TIERS or metier in dissidence):
            par.append(str(une.qui_id))
    return tuple(par)


def a_signer(demande: Demande) -> Reste | None:
    """Tant que l'occasion court, la balle est à la personne; ensuite, à qui n'a pas encore signé."""
    decision = lecture.decision_du_tour(demande)
    signes = {une.metier for une in lecture.signatures_vivantes(decision)} if decision is not None else set()
    if not signes and demande.voie in (Voie.EVALUEE, Voie.RECONDUITE):
        jusqu_au = occasion_en_cours(demande)
        if jusqu_au is not None:
            return Reste("Répondre avant la décision, au choix", None, Balle.PERSONNE, jusqu_au)
    if demande.voie != Voie.EVALUEE:
        return None
    manquent = [mots for metier, mots in SIGNATURE_DE.items() if metier not in signes]
    texte = f"Signer la décision : il manque la signature {manquent[0]}" if len(manquent) == 1 else ""
    return Reste(texte, _signataires(demande, signes))


def a_confirmer(demande: Demande) -> Reste | None:
    """Contrainte temporaire près de sa fin : à l'agent si une tâche l'attend, sinon à la clinique interrogée."""
    propose = Renouvellement.objects.filter(decision__demande=demande).first()
    if propose is None:
        return None
    tache = (
        Tache.objects.filter(dossier=demande.dossier_id, code__in=temporaires.TACHES, close_le__isnull=True)
        .order_by("pk")
        .first()
    )
    if tache is not None:
        return Reste(tache.get_code_display(), None, Balle.AGENT, tache.avant_le)
    muet = temporaires.sans_suite().filter(pk=propose.pk, clinicien__isnull=False).exists()
    if not muet or not consentement_vivant(demande.dossier, JOINDRE):
        return None
    texte = "Dire si la contrainte temporaire est toujours valable"
    return Reste(texte, (str(propose.clinicien_id),), Balle.CLINICIEN, propose.fin)


def a_accorder(demande: Demande) -> Reste | None:
    """La suite d'une contrainte temporaire, confirmée par la clinique, s'accorde avant la fin de la première."""
    propose = temporaires.qu_ouvre(demande)
    if propose is None:
        return None
    return Reste(A_ACCORDER, None, Balle.AGENT, propose.fin)
