"""D'un coup d'œil : à qui c'est d'agir, ce qui vient ensuite, et combien de temps cela prend d'habitude.

Trois réponses en haut de la page de la personne; jamais le résultat avant la lettre. Les phrases sont réunies ici,
une par cas. Source : `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, When
from django.utils.translation import gettext, ngettext

from comptes import absences
from comptes.models import Compte, Role, Unite
from dossiers.delais import delai_habituel
from dossiers.etats import AVANT_DECISION, DECIDES, Balle, Etat
from dossiers.models import ConflitInteret, Demande, DemandeRenseignement, Dossier, Echeance
from socle import horloge
from socle.composants import EtapeParcours
from socle.dates_en_mots import date_longue, date_moyenne

NOUS = "À nous"
VOUS = "À vous"
CHEZ: dict[str, str] = {
    Balle.PERSONNE: VOUS,
    Balle.CLINICIEN: "À votre clinique",
    Balle.RESSOURCE: "À votre personne-ressource",
    Balle.CSEMS: "Au centre d'évaluation",
    Balle.SIGNATAIRES: "Au centre d'évaluation",
    Balle.DRRA: "À l'équipe de révision",
    Balle.TAQ: "Au Tribunal",
    Balle.AUCUN: "À personne",
}
DETAIL: dict[str, str] = {
    Balle.CSEMS: "Un médecin et une personne spécialiste lisent tout.",
    Balle.SIGNATAIRES: "Un médecin et une personne spécialiste lisent tout.",
    Balle.DRRA: "Une autre équipe que la première.",
    Balle.TAQ: "Il vous écrit directement.",
    Balle.AUCUN: "Rien n'attend.",
}
RIEN_ENSUITE = "Plus rien, si vous êtes d'accord"
INCONNU = "Nous ne savons pas encore"


@dataclass(frozen=True)
class Reperage:
    """Une réponse : la question, la réponse courte, une phrase de plus; `a_vous` si c'est à la personne d'agir."""

    question: str
    reponse: str
    detail: str = ""
    a_vous: bool = False


def _nomme(dossier: Dossier, attendus: Sequence[DemandeRenseignement]) -> tuple[str, str]:
    """À qui est la balle, et qui exactement."""
    balle = Balle(dossier.balle)
    if balle == Balle.AGENT:
        if dossier.agent is None:
            return "À votre bureau", gettext("L'équipe du %(bureau)s.") % {"bureau": dossier.bureau}
        return "À votre agent", f"{dossier.agent.nom_complet}."
    voulu = {Balle.CLINICIEN: Role.CLINICIEN, Balle.RESSOURCE: Role.INTERVENANT}.get(balle)
    noms = [un.destinataire.nom_complet for un in attendus if un.destinataire.role == voulu]
    return CHEZ[balle], f"{', '.join(dict.fromkeys(noms))}." if noms else DETAIL.get(balle, "")


def _lettre_en_route(demande: Demande) -> bool:
    return (demande.etat in DECIDES and demande.decision_emise_le is None) or (
        demande.etat == Etat.REVISION_RENDUE and demande.revision_emise_le is None
    )


def a_qui(
    dossier: Dossier, demande: Demande | None, attendus: Sequence[DemandeRenseignement], *, geste: bool
) -> Reperage:
    """Qui doit agir. `geste` : la page montre une chose à faire par la personne."""
    question = "À qui d'agir ?"
    if demande is None:
        return Reperage(question, VOUS, "Rien n'est commencé.", a_vous=True)
    if _lettre_en_route(demande):
        return Reperage(question, NOUS, "Votre lettre part au prochain envoi.")
    reponse, detail = _nomme(dossier, attendus)
    if reponse == VOUS or not geste:
        return Reperage(question, reponse, detail, a_vous=reponse == VOUS)
    # La personne a un geste à faire pendant qu'un autre tient le dossier : les deux se disent.
    if dossier.balle == Balle.AUCUN:
        return Reperage(question, VOUS, a_vous=True)
    return Reperage(question, VOUS, _aussi(gettext(reponse), gettext(detail)), a_vous=True)


def _aussi(qui: str, detail: str) -> str:
    return gettext("Et %(qui)s : %(detail)s") % {"qui": f"{qui[:1].lower()}{qui[1:]}", "detail": detail}


def ensuite(demande: Demande | None, etapes: Sequence[EtapeParcours]) -> Reperage:
    """La première étape encore à venir."""
    question = "Et ensuite ?"
    if demande is None:
        return Reperage(question, "Nous vous guidons", "Une étape à la fois, après votre demande.")
    suivante = next((etape for etape in etapes if etape.etat == "a_venir"), None)
    if suivante is not None:
        return Reperage(question, suivante.titre, suivante.detail)
    if demande.etat == Etat.FERMEE:
        return Reperage(question, "Rien", "Vous pouvez faire une nouvelle demande quand vous voulez.")
    if demande.etat in (*DECIDES, Etat.REVISION_RENDUE) and not _lettre_en_route(demande):
        return Reperage(question, RIEN_ENSUITE, "Sinon, vous avez des choix : ils sont plus bas.")
    en_cours = next((etape for etape in etapes if etape.etat == "en_cours"), None)
    return Reperage(question, "La réponse, par lettre", en_cours.detail if en_cours is not None else "")


def delai(demande: Demande | None, region: str) -> Reperage:
    """Le délai habituel des demandes comparables, en semaines, et sur quoi il est calculé."""
    question = "Délai habituel"
    lu = delai_habituel(demande, region)
    if lu is None:
        return Reperage(question, INCONNU, "Trop peu de demandes semblables à la vôtre depuis six mois.")
    de, a = max(1, round(lu.mediane_jours / 7)), max(1, -(-lu.p80_jours // 7))
    environ = ngettext("Environ %(a)s semaine après la demande", "Environ %(a)s semaines après la demande", a)
    duree = environ if de >= a else gettext("De %(de)s à %(a)s semaines après la demande")
    return Reperage(
        question,
        duree % {"de": de, "a": a},
        gettext("D'après %(nombre)s demandes semblables des six derniers mois. Ce n'est pas une promesse.")
        % {"nombre": lu.effectif},
    )


def reperages(
    dossier: Dossier,
    demande: Demande | None,
    attendus: Sequence[DemandeRenseignement],
    etapes: Sequence[EtapeParcours],
    *,
    geste: bool,
    limite: Echeance | None,
) -> list[Reperage]:
    """Les trois réponses du haut de la page; la dernière est un délai, puis une date à retenir."""
    deux = [a_qui(dossier, demande, attendus, geste=geste), ensuite(demande, etapes)]
    if demande is None or demande.etat in AVANT_DECISION:
        return [*deux, delai(demande, dossier.region)]
    if limite is not None:
        return [*deux, Reperage("Date à retenir", date_longue(limite.date), "Dernier jour habituel pour contester.")]
    depuis = horloge.jour_civil(demande.etat_depuis)
    return [*deux, Reperage("Depuis", date_moyenne(depuis))]


def qui_repond(dossier: Dossier, jour: date) -> tuple[Compte | None, bool]:
    """La personne nommée qui répond de ce dossier, et vrai si elle remplace l'agent.

    Sans agent, ou l'agent absent ou parti : son remplaçant, sinon le chef d'équipe du bureau, sinon un collègue; ceux
    qui sont présents d'abord, jamais quelqu'un qui a déclaré un conflit d'intérêts. Seul de son bureau, l'agent absent
    reste nommé; `None` si le bureau est vide.
    """
    agent = dossier.agent
    if agent is not None and agent.is_active and not absences.est_absent(agent, jour):
        return agent, False
    la, chef = absences.presents(jour), Q(role=Role.CHEF_EQUIPE, unite=Unite.BUREAU)
    remplacant = Q(pk=agent.remplacant_id) if agent is not None and agent.remplacant_id else Q(pk__in=[])
    rang = Case(When(remplacant & la, then=0), When(chef & la, then=1), When(la, then=2), When(chef, then=3), default=4)
    en_conflit = ConflitInteret.objects.filter(dossier=dossier, leve_le__isnull=True).values("compte")
    equipe = Compte.objects.filter(chef | Q(role=Role.AGENT), bureau_id=dossier.bureau_id, is_active=True)
    candidats = equipe.exclude(pk__in=en_conflit).exclude(pk=dossier.agent_id or 0)
    remplace = candidats.order_by(rang, "pk").first()
    if remplace is None and agent is not None and agent.is_active:
        return agent, False
    return remplace, agent is not None
