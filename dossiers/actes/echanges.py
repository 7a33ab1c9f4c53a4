"""Écrire un message au dossier : le seul acte des échanges. Source : `cas/LISEZMOI.md`; `docs/echanges.md`."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Max, OuterRef

from comptes.models import Compte
from correspondance.codes import signaler
from dossiers import acces, etapes
from dossiers import echanges as lecture
from dossiers import verification as verifier
from dossiers.actes.lectures import documents_ouverts
from dossiers.models import Demande, Echange, Fil, Participation
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle.refus import Refus

SUJET_MAX = 120
PERSONNES_MAX = 10
CLOS = (
    "Le dossier s'est fermé depuis : ce fil se lit, on n'y répond plus. Envoyez votre texte comme nouveau message, "
    "ou appelez le bureau."
)


@acte("echanger", "echange.ecrire")
def echanger(
    ctx: Contexte,
    *,
    a: Any = None,
    texte: Any = None,
    fil: Any = None,
    avec: Any = None,
    sujet: Any = None,
    question: Any = None,
    reponse_avant: Any = None,
) -> Echange:
    """Écrit un message, dans un fil nommé ou à `a`; il fait partie du dossier et n'en sort pas.

    Sans `fil`, le message va au fil ordinaire des deux personnes, ou à un fil neuf si `sujet` ou `avec` est donné.
    `question` (code de `TypeQuestion`) et `reponse_avant` (date civile) demandent une réponse à `a`.
    Un agent ou un évaluateur qui écrit prend part à la décision (commentaire).
    `acces_refuse` : fil d'autrui. `etat_interdit` : fil d'avant la fermeture du dossier.
    """
    demande = ctx.courante
    ouvert = _fil_nomme(ctx, demande, fil) if fil is not None else None
    verifier.manquants(("texte", texte), *(() if ouvert is not None else (("a", a),)))
    vise = _destinataire(ctx, a, ouvert)
    message = Echange(
        dossier=ctx.dossier,
        demande=demande,
        auteur=ctx.acteur,
        a=vise,
        texte=verifier.texte("texte", texte),
        le=ctx.instant,
    )
    _poser_question(ctx, message, question, reponse_avant)
    if ouvert is None and vise is not None:
        ouvert = _ouvrir(ctx, demande, vise, avec, verifier.texte("sujet", sujet, requis=False, maximum=SUJET_MAX))
    return _joindre(ctx, message, ouvert)


def _fil_nomme(ctx: Contexte, demande: Demande, rang: Any) -> Fil:
    """Le fil de ce rang; une personne de l'extérieur n'écrit que dans les siens."""
    connu = isinstance(rang, int) and not isinstance(rang, bool)
    visibles = lecture.visibles(ctx.dossier, ctx.acteur)
    ouvert = visibles.filter(rang=rang).first() if connu else None
    if ouvert is None:
        raise Refus("acces_refuse", champ="fil")
    if ouvert.est_clos(demande):
        raise Refus("etat_interdit", CLOS, champ="texte")
    return ouvert


def _destinataire(ctx: Contexte, a: Any, ouvert: Fil | None) -> Compte | None:
    """À qui va le message; dans un fil de deux personnes, l'autre, sans qu'on la nomme."""
    if ouvert is not None and a is None:
        autres = [un for un in ouvert.participants.all() if un.pk != ctx.acteur.pk]
        return autres[0] if len(autres) == 1 else None
    if not isinstance(a, Compte) or a.pk == ctx.acteur.pk or not etapes.est_lie(ctx.dossier, a):
        raise Refus("champ_invalide", champ="a")
    if ouvert is not None and all(un.pk != a.pk for un in ouvert.participants.all()):
        raise Refus("champ_invalide", "Cette personne n'est pas de ce fil. Ouvrez-en un avec elle.", champ="a")
    return a


def _poser_question(ctx: Contexte, message: Echange, question: Any, reponse_avant: Any) -> None:
    """Ce que le message demande, et pour quand."""
    message.question = verifier.texte("question", question, requis=False, maximum=60)
    if message.question and referentiels.type_question(message.question, ctx.jour) is None:
        raise Refus("champ_invalide", champ="question")
    message.reponse_avant = verifier.une_date("reponse_avant", reponse_avant, requis=False)
    if message.reponse_avant is None:
        return
    if message.reponse_avant < ctx.jour:
        raise Refus("champ_invalide", "Choisissez aujourd'hui ou une date à venir.", champ="reponse_avant")
    if message.a is None:
        raise Refus("champ_manquant", "Dites qui doit répondre avant cette date.", champ="a")


def _ouvrir(ctx: Contexte, demande: Demande, a: Compte, avec: Any, sujet: str) -> Fil:
    """Le fil ordinaire des deux personnes, ou un fil neuf."""
    aussi = list(avec or ())
    for un in aussi:
        if not isinstance(un, Compte) or not etapes.est_lie(ctx.dossier, un):
            raise Refus("champ_invalide", champ="avec")
    personnes = {un.pk: un for un in (ctx.acteur, a, *aussi)}
    if len(personnes) > PERSONNES_MAX:
        raise Refus("champ_invalide", f"Un fil réunit {PERSONNES_MAX} personnes au plus.", champ="avec")
    if len(personnes) == 2 and not sujet and (ordinaire := _ordinaire(ctx, demande, a)) is not None:
        return ordinaire
    rang = (Fil.objects.filter(dossier=ctx.dossier).aggregate(dernier=Max("rang"))["dernier"] or 0) + 1
    neuf = Fil.objects.create(dossier=ctx.dossier, rang=rang, sujet=sujet, ouvert_le=ctx.instant)
    neuf.participants.set(personnes.values())
    return neuf


def _ordinaire(ctx: Contexte, demande: Demande, a: Compte) -> Fil | None:
    """Le fil sans sujet de ces deux personnes seules; le dossier est verrouillé, il ne naît pas deux fois."""
    ailleurs = Fil.participants.through._default_manager.filter(fil=OuterRef("pk"))
    siens = Fil.objects.filter(dossier=ctx.dossier, sujet="", participants=ctx.acteur).filter(participants=a)
    a_deux = siens.filter(~Exists(ailleurs.exclude(compte_id__in=(ctx.acteur.pk, a.pk))))
    return next((un for un in a_deux.order_by("-rang")[:1] if not un.est_clos(demande)), None)


def _joindre(ctx: Contexte, message: Echange, fil: Fil | None) -> Echange:
    """Inscrit le message au fil, éteint la question à laquelle il répond, prévient sans rien dire."""
    if fil is None:
        raise Refus("champ_manquant", champ="a")
    a_prevenir = _a_prevenir(ctx, fil)
    message.fil = fil
    message.save()
    Echange.objects.filter(lecture.attendus_de(ctx.acteur), fil=fil).exclude(pk=message.pk).update(
        repondu_le=ctx.instant
    )
    fil.dernier = message
    fil.save(update_fields=["dernier"])
    if ctx.acteur.est_personnel:
        fil.participants.add(ctx.acteur)
        ctx.participer(message.demande, Participation.Qualite.COMMENTAIRE)
    for compte in a_prevenir:
        signaler(compte)
    ctx.details["fil"] = fil.rang
    return message


def _a_prevenir(ctx: Contexte, fil: Fil) -> list[Compte]:
    """Gens de l'extérieur qui lisent ce fil et n'y ont rien déjà à lire; le personnel a sa file."""
    dehors = [un for un in fil.participants.all() if not un.est_personnel and un.pk != ctx.acteur.pk]
    return [
        un
        for un in dehors
        if acces.peut(un, lecture.LIRE, ctx.dossier)
        and (fil.dernier is None or not lecture.est_non_lu(fil, un, documents_ouverts(un, ctx.dossier.pk)))
    ]
