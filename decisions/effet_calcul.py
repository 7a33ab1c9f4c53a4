"""La date d'effet proposée, et l'arithmétique qui l'a donnée. Pur.

Elle propose; une personne confirme ou change, et justifie. Source : `domaine.md` §3.3 (règle non trouvée, à
vérifier); manuel, sujet 42506 (renseignement tardif).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from referentiels.droit import regle_de_droit
from socle.dates_en_mots import date_longue


@dataclass(frozen=True)
class RegleLue:
    """Une règle datée telle qu'elle a servi : sa valeur, sa source, sa certitude (« vue », « incertaine »…)."""

    code: str
    valeur: Any
    source: str
    certitude: str

    @property
    def a_verifier(self) -> bool:
        """Vrai si la source ne tranche pas : la justification porte alors la décision."""
        return self.certitude in ("incertaine", "connue")


@dataclass(frozen=True)
class Etape:
    """Une ligne du calcul, en mots, avec la règle qui la fonde (vide : un fait du dossier)."""

    texte: str
    regle: str = ""
    source: str = ""
    a_verifier: bool = False

    def en_json(self) -> dict[str, Any]:
        """Forme gardée avec la date."""
        return asdict(self)


@dataclass(frozen=True)
class Proposition:
    """La date proposée (None : aucune règle n'en propose), et les lignes de son calcul."""

    date: date | None
    etapes: tuple[Etape, ...]


def mois_de_retroactivite(effet: date, jour: date) -> int:
    """Mois civils du mois de la date d'effet au mois de la décision; 0 si elle est du mois, ou à venir."""
    return max(0, (jour.year - effet.year) * 12 + jour.month - effet.month)


@regle_de_droit(
    "renseignement_tardif",
    "Rétroactivité d'un renseignement reçu après la demande",
    source="Manuel, sujet 42506",
    regles=("retroactivite_renseignement_max_jours",),
)
def limite_du_tardif(depot: date, recu: date, jours: int) -> date | None:
    """Le plus tôt qu'un rapport reçu le jour `recu` appuie la demande après coup; None s'il n'ôte rien.

    `jours` : jours civils avant la réception. Source : manuel, sujet 42506.
    """
    limite = recu - timedelta(days=jours)
    return limite if limite > depot else None


def proposer(
    depot: date, jour: date, repere: RegleLue, tardif: RegleLue, dernier_recu: date | None = None
) -> Proposition:
    """La date que la règle `repere` propose, et ce que la règle `tardif` dirait d'un rapport reçu après coup.

    `tardif.valeur` en jours civils. `dernier_recu` : jour de réception du dernier rapport.
    """
    proposee = depot if repere.valeur == "demande" else None
    etapes = [Etape(f"Demande reçue le {date_longue(depot)}.")]
    if proposee is None:
        etapes.append(Etape("Aucune règle en vigueur ne propose de date.", repere.code, repere.source, True))
        return Proposition(None, tuple(etapes))
    etapes.append(Etape("La règle propose la date de la demande.", repere.code, repere.source, repere.a_verifier))
    limite = limite_du_tardif(depot, dernier_recu, int(tardif.valeur)) if dernier_recu is not None else None
    if dernier_recu is not None and limite is not None:
        etapes.append(
            Etape(
                f"Dernier rapport reçu le {date_longue(dernier_recu)}. S'il appuie la demande après coup : "
                f"{date_longue(dernier_recu)} moins {tardif.valeur} jours, pas avant le {date_longue(limite)}.",
                tardif.code,
                tardif.source,
                True,
            )
        )
    etapes.append(retroactivite(proposee, jour))
    return Proposition(proposee, tuple(etapes))


def retroactivite(effet: date, jour: date) -> Etape:
    """La ligne qui compte les mois, du mois de la date d'effet à celui de la décision."""
    mois = mois_de_retroactivite(effet, jour)
    if mois == 0:
        return Etape(f"Date d'effet le {date_longue(effet)} : aucun mois de rétroactivité.")
    return Etape(f"Du {date_longue(effet)} au {date_longue(jour)} : {mois} mois de rétroactivité.")


def retenue(proposition: Proposition, effet: date, jour: date) -> list[dict[str, Any]]:
    """Le calcul gardé avec la date retenue : celui de la proposition, puis le choix s'il s'en écarte."""
    if effet == proposition.date:
        return [etape.en_json() for etape in proposition.etapes]
    propres = [etape for etape in proposition.etapes if not etape.texte.endswith("de rétroactivité.")]
    choix = Etape(f"Le signataire a retenu le {date_longue(effet)}.")
    return [etape.en_json() for etape in (*propres, choix, retroactivite(effet, jour))]
