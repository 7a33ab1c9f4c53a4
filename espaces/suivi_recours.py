"""La révision vue par la personne : l'entrevue convenue, et ce qui a changé quand la lettre est partie."""

from __future__ import annotations

from dataclasses import dataclass

from correspondance.models import Lettre
from dossiers.etats import EN_RECOURS, Etat
from dossiers.models import Demande, Dossier
from revision import lecture
from revision.models import EntrevuePrevue


@dataclass(frozen=True)
class CarteRecours:
    """L'entrevue à venir, et s'il y a une révision rendue à comparer; jamais avant sa lettre."""

    entrevue: EntrevuePrevue | None = None
    changement: bool = False


def demande_en_recours(dossier: Dossier) -> Demande | None:
    """La demande dont la décision est contestée, ou l'a été en dernier; la courante s'il n'y a jamais eu de recours.

    Une nouvelle demande ouverte depuis ne ferme ni les observations, ni le Tribunal, ni « ce qui a changé ».
    """
    courante = dossier.courante_lue
    if courante is None or courante.etat_avant_revision or courante.rang == 1:
        return courante
    contestee = dossier.demandes.filter(etat_avant_revision__gt="").order_by("-rang").first()
    return contestee or courante


def carte_du_recours(demande: Demande | None, courante: Demande | None) -> CarteRecours | None:
    """Ce que la page de la personne dit de sa révision; None s'il n'y a rien à dire.

    Une décision plus récente que ce recours (`courante`) prend sa place à l'accueil.
    """
    if demande is None or not demande.etat_avant_revision:
        return None
    if courante is not None and courante.pk != demande.pk and courante.decision_emise_le is not None:
        return None
    entrevue = None
    if demande.etat in EN_RECOURS:
        vivantes = EntrevuePrevue.objects.filter(
            revision__demande=demande,
            revision__rendue_le__isnull=True,
            revision__abandonnee_le__isnull=True,
            revision__remplacee_le__isnull=True,
            annulee_le__isnull=True,
            tenue__isnull=True,
        )
        entrevue = vivantes.order_by("-pk").first()
    emise = demande.revision_emise_le is not None and demande.etat != Etat.EN_REVISION
    changement = emise and lecture.derniere_decidee(demande) is not None
    return CarteRecours(entrevue, changement) if entrevue is not None or changement else None


def lettre_de_revision(demande: Demande | None) -> Lettre | None:
    """La dernière lettre émise qui porte une révision décidée sur le fond; None avant elle."""
    revision = lecture.derniere_decidee(demande) if demande is not None else None
    return lecture.lettre_de(revision) if revision is not None else None
