"""Créer, pour un cas, des personnes fictives et leur dossier."""

from __future__ import annotations

from typing import Any

from comptes.models import Bureau, Compte, Organisme, Permis, Role
from cse.rejeu.fichier import Cas
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier

CHAMPS_CHEF = ("unite",)


class Distribution:
    """Les comptes d'un cas, par clé, et le dossier de son prestataire."""

    def __init__(self, cas: Cas, suffixe: str) -> None:
        self.suffixe = suffixe
        self._bureaux: dict[str, Bureau] = {}
        fiche = cas.personnes[cas.prestataire]
        self.bureau = self._bureau(str(fiche.get("bureau") or "du-dossier"), str(fiche.get("region") or "06"))
        self.comptes = {cle: self._compte(cle, une, rang) for rang, (cle, une) in enumerate(cas.personnes.items())}
        self.cles = {compte.pk: cle for cle, compte in self.comptes.items()}
        prestataire = self.comptes[cas.prestataire]
        self.nam = f"FICT{rang_naissance(fiche)}99"
        self.dossier: Dossier = ouvrir_dossier(
            prestataire,
            acteur=prestataire,
            bureau_id=self.bureau.pk,
            region=str(fiche.get("region") or ""),
            naissance=fiche.get("naissance"),
            nam=self.nam,
        )

    def _bureau(self, code: str, region: str) -> Bureau:
        if code not in self._bureaux:
            self._bureaux[code] = Bureau.objects.create(
                code=f"rejeu-{self.suffixe}-{code}"[:40], nom=f"Bureau fictif {code}", region=region[:2]
            )
        return self._bureaux[code]

    def _compte(self, cle: str, fiche: dict[str, Any], rang: int) -> Compte:
        role = Role(fiche["role"])
        bureau = None
        if role == Role.AGENT or fiche.get("unite") == "bureau":
            bureau = self._bureau(str(fiche["bureau"]), "06") if fiche.get("bureau") else self.bureau
        organisme = None
        if role == Role.INTERVENANT:
            nom = f"{fiche.get('organisme') or 'Organisme fictif'} ({self.suffixe})"
            organisme, _ = Organisme.objects.get_or_create(nom=nom)
        compte = Compte.objects.create_user(
            email=f"{cle}.{self.suffixe}@exemple.invalid".lower(),
            prenom=str(fiche.get("prenom") or cle.replace("_", " ").title()),
            nom=str(fiche.get("nom") or f"Fictif-{rang:02}"),
            role=role,
            unite=fiche.get("unite") or "",
            bureau=bureau,
            organisme=organisme,
            langue=str(fiche.get("langue") or "fr")[:2],
        )
        if role == Role.CLINICIEN:
            Permis.objects.create(
                compte=compte, titre=str(fiche["titre"]), numero="00000", expire_le=fiche.get("permis_expire_le")
            )
        return compte


def rang_naissance(fiche: dict[str, Any]) -> str:
    """Six chiffres d'un NAM fictif."""
    naissance = fiche.get("naissance")
    return f"{naissance:%y%m%d}" if naissance else "000000"
