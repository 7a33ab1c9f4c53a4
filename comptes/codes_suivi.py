"""Le code de suivi remis sans texto ni courriel : imprimé dans une lettre, au comptoir ou au téléphone.

Douze signes dictables, 60 bits; gardés condensés; un seul vit à la fois et n'ouvre qu'une fois. Il s'entre au même
endroit, sous les mêmes limites, que le code de dix minutes (`comptes.codes.verifier`).
Source : `ecrans-et-lettres.md` B8; `epreuves.md` S03.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from comptes.models import CodeSuivi, Compte
from referentiels import lecture as referentiels
from socle import codes_dictes, horloge
from socle.champs import empreinte

LONGUEUR = 12


@dataclass(frozen=True)
class CodeRemis:
    """Un code au moment, le seul, où il se lit en clair."""

    trace: CodeSuivi
    code: str

    @property
    def imprime(self) -> str:
        """Le code en trois groupes de quatre, comme il se dicte."""
        return codes_dictes.grouper(self.code, 4)


def lire(saisi: str) -> str | None:
    """Les douze signes d'une saisie, ou None."""
    return codes_dictes.lire(saisi, LONGUEUR)


def condenser(compte_id: int, code: str) -> str:
    """HMAC du code et du compte : le même code ne vaut que pour cette personne."""
    return empreinte(f"code-suivi:{compte_id}:{code}")


def duree(moyen: str, le: date) -> timedelta:
    """Une lettre met des jours à venir; un code dicté sert tout de suite (règles datées)."""
    regle = "code_suivi_lettre_jours" if moyen == CodeSuivi.Moyen.LETTRE else "code_suivi_vive_voix_jours"
    return timedelta(days=int(referentiels.regle(regle, le)))


def vivant(compte: Compte, le: date) -> CodeSuivi | None:
    """Le code qui attend encore d'être employé, s'il y en a un."""
    trouve = CodeSuivi.objects.filter(compte=compte, remplace_le__isnull=True, utilise_le__isnull=True).first()
    return trouve if trouve is not None and trouve.est_vivant(le) else None


def remettre(compte: Compte, moyen: str, par: Compte) -> CodeRemis:
    """Remplace le code qui attendait par un neuf et le rend en clair; à appeler dans la transaction d'un acte."""
    maintenant, jour = horloge.maintenant(), horloge.aujourd_hui()
    CodeSuivi.objects.filter(compte=compte, remplace_le__isnull=True, utilise_le__isnull=True).update(
        remplace_le=maintenant
    )
    clair = codes_dictes.tirer(LONGUEUR)
    trace = CodeSuivi.objects.create(
        compte=compte,
        condensat=condenser(compte.pk, clair),
        moyen=moyen,
        cree_le=maintenant,
        cree_par=par,
        expire_le=jour + duree(moyen, jour),
    )
    return CodeRemis(trace, clair)


def employer(compte: Compte, saisi: str) -> bool:
    """Vrai une seule fois pour le code vivant de cette personne; à appeler sous le verrou de son compte.

    Le condensat porte le compte : le code d'une autre personne n'ouvre rien.
    """
    condensat = condenser(compte.pk, lire(saisi) or "")
    trouve = CodeSuivi.objects.filter(compte=compte, condensat=condensat).first()
    if trouve is None or not trouve.est_vivant(horloge.aujourd_hui()):
        return False
    trouve.utilise_le = horloge.maintenant()
    trouve.save(update_fields=["utilise_le"])
    return True
