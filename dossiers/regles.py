"""Règles pures du dossier : à qui est la balle, et la prochaine étape en mots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.etats import Balle, Etat, Voie

BALLE_PAR_ETAT: dict[str, tuple[str, str]] = {
    Etat.RECUE: (Balle.AGENT, "Vérifier que le dossier est complet"),
    Etat.COMPLETE: (Balle.AGENT, "Trier : reconnaître, accorder ou transmettre"),
    Etat.TRANSMISE_CSEMS: (Balle.CSEMS, "Prendre le dossier en évaluation"),
    Etat.EN_EVALUATION: (Balle.CSEMS, "Rendre les deux avis"),
    Etat.EN_CONCERTATION: (Balle.CSEMS, "Conclure la concertation"),
    Etat.EN_ATTENTE_SIGNATURE: (Balle.SIGNATAIRES, "Signer la décision"),
    Etat.RECONNUES: (Balle.PERSONNE, "Lire la décision"),
    Etat.NON_RECONNUES: (Balle.PERSONNE, "Lire la décision; demander une révision, au choix"),
    Etat.TEMPORAIRE: (Balle.PERSONNE, "Lire la décision; demander une révision, au choix"),
    Etat.EN_REVISION: (Balle.DRRA, "Rendre la décision en révision"),
    Etat.REVISION_RENDUE: (Balle.PERSONNE, "Lire la décision; s'adresser au Tribunal, au choix"),
    Etat.DEVANT_TAQ: (Balle.TAQ, "Attendre le jugement du Tribunal"),
    Etat.JUGEMENT_TAQ: (Balle.PERSONNE, "Lire le jugement"),
    Etat.FERMEE: (Balle.AUCUN, "Aucune : la demande est fermée"),
}


@dataclass(frozen=True)
class ProchaineEtape:
    """« Prochaine étape · à faire par · avant le » : le même trio partout."""

    balle: str
    texte: str
    avant_le: date | None
    par: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Reste:
    """Ce qui reste à faire dans un état où plusieurs personnes agissent : le geste, et qui ne l'a pas encore fait.

    `par` : numéros de compte ou codes de rôle. `balle` et `avant_le`, donnés, l'emportent sur l'état.
    """

    texte: str
    par: tuple[str, ...] | None
    balle: str = ""
    avant_le: date | None = None


def prochaine_etape(
    etat: str,
    voie: str,
    depuis: date,
    *,
    attendu_de: str = "",
    attendu_quoi: str = "",
    promesses: dict[str, int],
    echeance: date | None = None,
    attendu_par: tuple[str, ...] | None = None,
    prolonge_au: date | None = None,
    reste: Reste | None = None,
    pause: tuple[int, bool] = (0, False),
) -> ProchaineEtape:
    """Rend la prochaine étape d'une demande.

    `attendu_de` est la balle du destinataire d'un renseignement en cours; `promesses` donne, par état,
    le nombre de jours civils visés; `prolonge_au`, le temps pris pour répondre, ne fait que la reculer; `echeance`
    l'emporte quand le droit fixe une date. `reste` : ce que les
    apps de l'évaluation, de la décision et de la révision disent du geste qui manque, et de qui le doit. `par` du
    résultat : ceux qui ont encore ce geste à faire; None, toute personne du rôle qui a la balle. `pause` : jours civils
    de pause finie, et si une pause court encore; la date visée recule ou se tait, celle du droit ne bouge jamais.
    """
    de_pause, en_pause = pause
    visee = depuis + timedelta(days=promesses[etat] + de_pause) if etat in promesses and not en_pause else None
    if etat == Etat.A_COMPLETER:
        texte = f"Répondre : {attendu_quoi}" if attendu_quoi else "Répondre à la demande de renseignement"
        avant = max((jour for jour in (visee, prolonge_au) if jour is not None), default=None)
        return ProchaineEtape(attendu_de or Balle.PERSONNE, texte, avant, attendu_par)
    balle, texte = BALLE_PAR_ETAT.get(etat, (Balle.AUCUN, ""))
    if etat == Etat.EN_ATTENTE_SIGNATURE and voie in (Voie.EVIDENTE, Voie.RECONDUITE):
        balle = Balle.AGENT
    if reste is not None:
        return ProchaineEtape(
            reste.balle or balle, reste.texte or texte, reste.avant_le or echeance or visee, reste.par
        )
    return ProchaineEtape(balle, texte, echeance or visee)
