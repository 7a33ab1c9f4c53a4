"""Signer une contribution : ce qu'un autre professionnel a constaté, au dossier à côté du SR-2100."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from comptes.lecture import permis_valide
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, exiger_consentement
from dossiers.etats import APRES_DECISION, Etat
from dossiers.models import Demande, Tache
from dossiers.porte import Contexte, acte
from formulaires import lecture, regles
from formulaires.models import Brouillon, Contribution
from referentiels import lecture as referentiels
from socle.refus import Refus


def _exiger_titre(ctx: Contexte, nature: Any) -> None:
    """Lève `signataire_non_autorise` (rang 5) : titre et permis jugés au jour de la signature, pour cette nature."""
    permises = lecture.natures_permises(ctx.acteur, ctx.jour)
    inconnue = nature not in Contribution.Nature.values
    if not permises or not (inconnue or nature in permises):
        raise Refus("signataire_non_autorise")


def _contenu(champs: dict[str, Any]) -> dict[str, Any]:
    """Les champs écrits, textes nettoyés de leurs espaces de bord; le vide n'y est pas."""
    propres = {
        champ: valeur.strip() if isinstance(valeur, str) else valeur
        for champ, valeur in champs.items()
        if valeur is not None
    }
    return {champ: valeur for champ, valeur in propres.items() if valeur not in ("", [])}


@acte("signer_contribution", "contribution.signer", champs=regles.CHAMPS_CONTRIBUTION)
def signer_contribution(ctx: Contexte, *, nature: Any = None, **champs: Any) -> Contribution:
    """Le professionnel signe sa contribution; elle ne remplace jamais le SR-2100 et ne se modifie plus.

    Refus, dans l'ordre : `consentement_absent`, `signataire_non_autorise`, `etat_interdit` (sans demande), champs.
    Reçue en attente de signature, elle rouvre l'évaluation; après la décision, elle crée une tâche d'agent.
    """
    exiger_consentement(ctx.dossier, JOINDRE)
    _exiger_titre(ctx, nature)
    demande = ctx.courante
    contenu = _contenu(champs)
    verifier.manquants(("nature", nature), ("constats", contenu.get("constats")))
    lue = verifier.parmi("nature", nature, Contribution.Nature.values)
    regles.verifier_contribution(
        contenu,
        lue,
        verifier.codes_de(referentiels.domaines(ctx.jour)),
        verifier.codes_de(referentiels.niveaux(ctx.jour)),
    )
    return _recevoir(ctx, demande, lue, contenu)


def _recevoir(ctx: Contexte, demande: Demande, nature: str, contenu: dict[str, Any]) -> Contribution:
    """Fige la contribution : rang suivant du dossier, JSON canonique, SHA-256."""
    permis = permis_valide(ctx.acteur, ctx.jour)
    dernier = Contribution.objects.filter(dossier=ctx.dossier).aggregate(rang=Max("rang"))["rang"]
    signee = Contribution.objects.create(
        dossier=ctx.dossier,
        demande=demande,
        rang=(dernier or 0) + 1,
        nature=nature,
        auteur=ctx.acteur,
        titre=permis.titre if permis else "",
        permis=permis.numero if permis else "",
        signe_le=ctx.jour,
        recue_le=ctx.instant,
        contenu_json=regles.canonique(contenu),
        sha256=regles.empreinte_contenu(contenu),
    )
    if demande.etat in (*APRES_DECISION, Etat.FERMEE):
        etapes.creer_tache(
            ctx, Tache.Code.RAPPORT_APRES_DECISION, demande=demande, note=f"{signee.nom} reçue", ajouter=True
        )
    etapes.recevoir_nouveaute(ctx, demande)
    demande.brouillons.filter(formulaire=Brouillon.Formulaire.CONTRIBUTION, pour=ctx.acteur).delete()
    ctx.cible = demande
    ctx.details.update(contribution=signee.rang, nature=nature, sha256=signee.sha256)
    return signee
