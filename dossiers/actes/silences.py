"""Le silence de la personne : prévenir, essayer, proposer, et seulement alors fermer, à deux signatures.

Aucun droit ne se perd par un silence sans deux essais par deux canaux, une note, et la signature du chef d'équipe.
Source : bulletin CASC; étude SOM, obstacles 19 à 24; règles `inactivite_fermeture_mois`, `essais_avant_silence`.
"""

from __future__ import annotations

from typing import Any

from correspondance.actes import preparer_lettre
from dossiers import etapes, lettres, silences
from dossiers import verification as verifier
from dossiers.actes.demandes import fermer_pour_silence
from dossiers.etats import AVANT_DECISION
from dossiers.models import Demande, EssaiContact, FermetureProposee, Tache
from dossiers.porte import Contexte, acte
from socle.refus import Refus

PAS_MUET = (
    "Cette personne n'est pas inactive : elle a donné des nouvelles, elle attend un professionnel de la santé, "
    "le dossier attend après quelqu'un d'autre, ou le délai n'est pas passé."
)


@acte("constater_inactivite", "systeme.jouer")
def constater_inactivite(ctx: Contexte) -> bool:
    """Confie à l'agent d'appeler et d'écrire; ne ferme rien et n'écrit pas à la personne."""
    if not silences.est_muet(ctx.dossier):
        return False
    etapes.creer_tache(ctx, Tache.Code.PREVENIR_INACTIVITE, demande=ctx.courante)
    return True


def _essai(ctx: Contexte, demande: Demande, canal: Any, resultat: Any, note: Any) -> EssaiContact:
    connu = verifier.parmi("canal", canal, EssaiContact.Canal.values)
    fin = verifier.parmi("resultat", resultat, EssaiContact.Resultat.values)
    lue = verifier.texte("note", note, maximum=600)
    ctx.details.update(canal=connu, resultat=fin)
    return EssaiContact.objects.create(
        demande=demande, canal=connu, resultat=fin, note=lue, le=ctx.instant, par=ctx.acteur
    )


@acte("noter_essai", "dossier.traiter")
def noter_essai(ctx: Contexte, *, canal: Any = None, resultat: Any = None, note: Any = None) -> EssaiContact:
    """Note un essai de joindre la personne; s'il a réussi, le silence est fini."""
    demande = ctx.courante
    etapes.exiger_etat(demande, AVANT_DECISION)
    fait = _essai(ctx, demande, canal, resultat, note)
    if fait.resultat == EssaiContact.Resultat.JOINTE:
        _finir_le_silence(ctx, demande)
    return fait


def _finir_le_silence(ctx: Contexte, demande: Demande) -> None:
    Tache.objects.filter(dossier=ctx.dossier, code=Tache.Code.PREVENIR_INACTIVITE, close_le__isnull=True).update(
        close_le=ctx.instant, close_par=ctx.acteur, note="La personne a répondu."
    )
    demande.fermetures_proposees.filter(tranchee_le__isnull=True).update(
        tranchee_le=ctx.instant, tranchee_par=ctx.acteur, approuvee=False
    )


@acte("prevenir_inactivite", "dossier.traiter")
def prevenir_inactivite(ctx: Contexte, *, resultat: Any = None, note: Any = None) -> EssaiContact:
    """Note l'appel fait à une personne muette; si elle n'a pas répondu, une lettre lui dit ce qui arrive et comment
    l'arrêter. `etat_interdit` si la personne n'est pas muette, ou si la lettre est déjà préparée."""
    demande = ctx.courante
    etapes.exiger_etat(demande, silences.ETATS_DU_SILENCE)
    if not silences.est_muet(ctx.dossier):
        raise Refus("etat_interdit", PAS_MUET)
    fait = _essai(ctx, demande, EssaiContact.Canal.TELEPHONE, resultat, note)
    if fait.resultat == EssaiContact.Resultat.JOINTE:
        _finir_le_silence(ctx, demande)
        return fait
    preparer_lettre(
        silences.AVIS_INACTIVITE,
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=fait,
        contenu=lettres.contenu_inactivite(demande, ctx.jour),
    )
    Tache.objects.filter(dossier=ctx.dossier, code=Tache.Code.PREVENIR_INACTIVITE, close_le__isnull=True).update(
        close_le=ctx.instant, close_par=ctx.acteur
    )
    return fait


@acte("proposer_fermeture", "dossier.traiter")
def proposer_fermeture(ctx: Contexte, *, note: Any = None) -> FermetureProposee:
    """Propose au chef d'équipe de fermer une demande muette, les essais faits et la lettre restée sans réponse."""
    demande = ctx.courante
    etapes.exiger_etat(demande, silences.ETATS_DU_SILENCE)
    if demande.fermetures_proposees.filter(tranchee_le__isnull=True).exists():
        raise Refus("etat_interdit", "Une fermeture est déjà proposée au chef d'équipe.")
    _exiger_silence(ctx, demande)
    lue = verifier.texte("note", note, maximum=600)
    return FermetureProposee.objects.create(demande=demande, par=ctx.acteur, le=ctx.instant, note=lue)


def _exiger_silence(ctx: Contexte, demande: Demande) -> None:
    if not silences.est_muet(ctx.dossier):
        raise Refus("etat_interdit", PAS_MUET)
    manque = silences.essais_de(demande).manque(ctx.jour)
    if manque:
        raise Refus("etat_interdit", manque)


@acte("trancher_fermeture", "fermeture.trancher")
def trancher_fermeture(ctx: Contexte, *, approuver: Any = None, raison: Any = None) -> FermetureProposee:
    """Le chef d'équipe signe la fermeture, ou la refuse et le dit; jamais celle qu'il a proposée.

    Tout est revérifié à la signature : une nouvelle arrivée entre-temps l'empêche (`etat_interdit`).
    """
    demande = ctx.courante
    proposee = demande.fermetures_proposees.filter(tranchee_le__isnull=True).first()
    if proposee is not None and proposee.par_id == ctx.acteur.pk:
        raise Refus("conflit_interet")
    if proposee is None:
        raise Refus("etat_interdit", "Aucune fermeture n'attend votre signature.")
    choix = verifier.parmi("approuver", approuver, ("oui", "non"))
    if choix == "oui":
        _exiger_silence(ctx, demande)
    proposee.raison = verifier.texte("raison", raison, requis=choix == "non", maximum=600)
    proposee.tranchee_le, proposee.tranchee_par, proposee.approuvee = ctx.instant, ctx.acteur, choix == "oui"
    proposee.save()
    ctx.details["approuvee"] = proposee.approuvee
    if proposee.approuvee:
        fermer_pour_silence(ctx, demande)
    else:
        etapes.creer_tache(ctx, Tache.Code.FERMETURE_REFUSEE, demande=demande)
    return proposee
