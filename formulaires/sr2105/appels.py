"""Qui l'agent peut appeler : les personnes nommées au dernier SR-2105, et si l'accord vit encore.

Un « oui » écrit au formulaire ne suffit pas : l'accord est retirable, et jugé à la lecture. Source : étude SOM
(coordonnées, autorisation, signature); loi sur la protection des renseignements personnels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef

from comptes.models import PAR_MANDAT
from dossiers.actes.consentements import JOINDRE
from dossiers.models import Consentement, Dossier, Piece
from formulaires import lecture
from formulaires.models import SR2105
from formulaires.sr2105.lignes import Ligne, lire_texte
from formulaires.sr2105.textes import GROUPES, NE_SAIT_PAS, PERSONNES
from referentiels import lecture as referentiels
from socle import horloge

ENTOURAGE = "joindre_entourage"
NOTE_APPEL = "Note d'appel"
NOMS_GROUPES = {groupe.code: groupe.noms[0] for groupe in GROUPES}


class Accord(StrEnum):
    """Ce qui permet, ou non, d'appeler une personne en ce moment."""

    OUI = "oui"
    NON = "non"
    RETIRE = "retire"
    A_CONFIRMER = "a_confirmer"


@dataclass(frozen=True)
class Consentements:
    """État de l'autorisation d'appeler, en ce moment; `donne_le` : quand l'autorisation vivante est née."""

    prevu: bool = False
    donne_le: datetime | None = None
    retire: bool = False
    soins_retire: bool = False


def juger(permis: str, groupe: str, etat: Consentements, *, dit_par_un_tiers: bool) -> Accord:
    """L'accord d'appeler cette personne.

    Un « non » reste non. Un « oui » tombe si l'autorisation est retirée, et se confirme avec la personne si elle ne
    l'a jamais donnée elle-même, ou si c'est un tiers qui a écrit ce oui-là (`dit_par_un_tiers`). Retirer l'accord de
    joindre la clinique arrête aussi l'appel au professionnel.
    """
    if permis != "oui":
        return Accord.NON
    if (groupe == "soins" and etat.soins_retire) or (etat.retire and etat.donne_le is None):
        return Accord.RETIRE
    a_confirmer = dit_par_un_tiers or (etat.prevu and etat.donne_le is None)
    return Accord.A_CONFIRMER if a_confirmer else Accord.OUI


@dataclass(frozen=True)
class Appelable:
    """Une personne à appeler : ce qu'en dit le SR-2105, l'accord, les appels déjà notés."""

    rang: int
    nom: str
    qui: str
    lien: str
    telephone: str
    moment: str
    accord: Accord
    notes: list[Piece] = field(default_factory=list)

    @property
    def permis(self) -> bool:
        """Vrai si l'on peut appeler en ce moment."""
        return self.accord == Accord.OUI


@dataclass(frozen=True)
class ListeAppels:
    """La liste d'appels d'un dossier, tirée du dernier SR-2105 déposé."""

    depose: SR2105 | None
    personnes: list[Appelable]
    texte: str = ""
    # Notes d'appels à une personne qui n'est plus nommée ainsi : un nom corrigé ne les fait pas disparaître.
    autres_notes: list[Piece] = field(default_factory=list)

    def de_rang(self, rang: int) -> Appelable | None:
        """La personne de ce rang."""
        return next((une for une in self.personnes if une.rang == rang), None)

    @property
    def notee(self) -> bool:
        """Vrai si la liste montre une note d'appel."""
        return bool(self.autres_notes) or any(une.notes for une in self.personnes)


def etat_des_consentements(dossier: Dossier) -> Consentements:
    """L'autorisation d'appeler l'entourage et celle de joindre la clinique, lues en une requête.

    Une autorisation échue ne vaut pas plus qu'une autorisation retirée.
    """
    vivant = Exists(Consentement.vivants().filter(pk=OuterRef("pk")))
    lus = Consentement.objects.filter(dossier=dossier, objet__in=(ENTOURAGE, JOINDRE)).annotate(vit=vivant)
    donnes: dict[str, datetime] = {}
    retires: set[str] = set()
    for objet, donne_le, vit in lus.values_list("objet", "donne_le", "vit"):
        if vit:
            donnes[objet] = donne_le
        else:
            retires.add(objet)
    retires -= set(donnes)
    prevu = referentiels.objet_consentement(ENTOURAGE, horloge.aujourd_hui()) is not None
    return Consentements(prevu, donnes.get(ENTOURAGE), ENTOURAGE in retires, JOINDRE in retires)


def titre_note(nom: str) -> str:
    """Début du titre d'une note d'appel."""
    return f"Appel à {nom}"


def ligne_appelee(nom: str, qui: str, lien: str) -> str:
    """Première ligne d'une note : elle dit qui a été appelé, en entier, et rattache la note à cette personne."""
    precision = ", ".join(mot for mot in (qui, lien) if mot)
    return f"Personne appelée : {nom}{f' ({precision})' if precision else ''}"


def _est_la_meme(une: Ligne, autre: Ligne) -> bool:
    """Vrai si un oui à l'une vaut pour l'autre : même personne, même numéro; le moment peut changer."""
    return all(une.get(nom, "") == autre.get(nom, "") for nom in ("nom", "groupe", "lien", "telephone", "permis"))


def _deja_dites(depose: SR2105, etat: Consentements) -> list[Ligne] | None:
    """Les lignes que la personne ou l'agent avait dites; None si ce dépôt-ci n'est pas à confirmer.

    Une personne-ressource ne consent pas pour la personne. Ce qu'elle dépose se confirme, sauf si la personne a
    autorisé les appels après ce dépôt, ou si la ligne est restée celle d'avant.
    """
    if depose.depose_par.role not in PAR_MANDAT:
        return None
    if etat.donne_le is not None and etat.donne_le > depose.depose_le:
        return None
    siennes = SR2105.objects.filter(dossier_id=depose.dossier_id, version__lt=depose.version)
    avant = siennes.exclude(depose_par__role__in=PAR_MANDAT).order_by("-version").first()
    return lire_texte(PERSONNES, texte_des_personnes(avant.contenu))[0] if avant is not None else []


def liste_d_appels(dossier: Dossier) -> ListeAppels:
    """Les personnes nommées au dernier SR-2105, dans l'ordre écrit, et les notes de leurs appels."""
    depose = lecture.dernier_sr2105(dossier)
    if depose is None:
        return ListeAppels(None, [])
    lignes, libre = lire_texte(PERSONNES, texte_des_personnes(depose.contenu))
    notes = list(Piece.objects.filter(dossier=dossier, nature=NOTE_APPEL).select_related("versee_par").order_by("-pk"))
    etat = etat_des_consentements(dossier) if lignes else Consentements()
    dites = _deja_dites(depose, etat) if lignes else None
    personnes = []
    for rang, ligne in enumerate(lignes, start=1):
        tiers = dites is not None and not any(_est_la_meme(ligne, une) for une in dites)
        personnes.append(_appelable(rang, ligne, etat, notes, tiers=tiers))
    rattachees = {note.pk for une in personnes for note in une.notes}
    return ListeAppels(depose, personnes, libre, [note for note in notes if note.pk not in rattachees])


def _appelable(rang: int, ligne: Ligne, etat: Consentements, notes: list[Piece], *, tiers: bool) -> Appelable:
    nom, lien, groupe = (ligne.get(case, "") for case in ("nom", "lien", "groupe"))
    qui = NOMS_GROUPES.get(groupe, "")
    tete = ligne_appelee(nom, qui, lien)
    return Appelable(
        rang,
        nom,
        qui,
        lien,
        ligne.get("telephone", ""),
        ligne.get("moment", ""),
        juger(ligne.get("permis", ""), groupe, etat, dit_par_un_tiers=tiers),
        [note for note in notes if note.texte.split("\n", 1)[0] == tete],
    )


def texte_des_personnes(contenu: Mapping[str, Any]) -> str:
    """Le thème « personnes à joindre » d'un SR-2105; vide s'il ne dit rien."""
    texte = str(contenu.get(PERSONNES.code) or "")
    return "" if texte == NE_SAIT_PAS else texte
