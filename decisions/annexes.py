"""Le rapport d'un médecin désigné par le Ministère accompagne une décision défavorable.

Il est une pièce du dossier. Ce qui l'accompagne est figé à la signature; à l'émission, un fichier PDF est joint à la
suite de la même lettre, un texte s'y lit. Source : Loi sur l'aide aux personnes et aux familles, art. 31.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from PIL import Image

from correspondance.models import Lettre
from decisions.models import Decision, Issue
from dossiers.models import NATURE_EXAMEN, Demande, Piece
from referentiels.droit import CAS, regle_de_droit
from socle import horloge
from socle.pdf import RenduImpossible

EN_VERIFICATION = "Le rapport d'examen à joindre est encore en vérification."


def examens(demande: Demande) -> list[Piece]:
    """Rapports d'examen de la demande, sauf les fichiers refusés, dans l'ordre où ils sont arrivés."""
    versees = Piece.objects.filter(demande=demande, nature=NATURE_EXAMEN)
    gardees = versees.exclude(verification=Piece.Verification.REFUSEE)
    return list(gardees.select_related("versee_par").order_by("versee_le", "pk"))


def en_verification(demande: Demande, issue: str) -> list[Piece]:
    """Ce qu'un refus joindra et qui n'est pas encore vérifié : mieux vaut attendre avant de signer."""
    if issue != Issue.NON_RECONNUE:
        return []
    return [une for une in examens(demande) if une.verification == Piece.Verification.EN_COURS]


def figees(demande: Demande) -> list[dict[str, Any]]:
    """Ce que la lettre joindra : titre, auteur, date, texte, et l'empreinte du fichier s'il y en a un."""
    return [
        {
            "piece": une.pk,
            "titre": une.titre,
            "auteur": une.versee_par.nom_complet,
            "date": horloge.jour_civil(une.versee_le).isoformat(),
            "texte": une.texte,
            "sha256": "" if une.verification == Piece.Verification.SANS_FICHIER else une.sha256,
        }
        for une in examens(demande)
    ]


@regle_de_droit(
    "examen_designe",
    "Le rapport d'un médecin désigné accompagne une décision défavorable",
    source="Loi sur l'aide aux personnes et aux familles (A-13.1.1), art. 31",
    exige=(CAS,),
)
def de_la_decision(decision: Decision) -> list[dict[str, Any]]:
    """Les annexes d'une décision : celles de la demande si elle est défavorable, aucune autrement."""
    return figees(decision.demande) if decision.issue == Issue.NON_RECONNUE else []


def _octets(piece: Piece) -> bytes:
    """Le fichier vérifié, en PDF; une photo devient une page."""
    with piece.fichier.open("rb") as ouvert:
        lus: bytes = ouvert.read()
    if lus.startswith(b"%PDF"):
        return lus
    try:
        with Image.open(BytesIO(lus)) as photo:
            page = BytesIO()
            photo.convert("RGB").save(page, "PDF", resolution=150)
    except OSError as erreur:
        raise RenduImpossible("Le rapport d'examen à joindre ne se lit pas.") from erreur
    return page.getvalue()


def a_joindre(lettre: Lettre) -> list[Mapping[str, Any]]:
    """Les annexes figées d'un refus, ou de la décision en révision qui le maintient; aucune d'une autre lettre."""
    contenu: Mapping[str, Any] = lettre.contenu
    if lettre.modele == "decision_confirmee":
        contenu = contenu.get("decision") or {}
    return list(contenu.get("annexes") or [])


def fichiers(lettre: Lettre) -> Iterable[bytes]:
    """Les octets à joindre à la suite de la lettre. Lève `RenduImpossible` si l'un d'eux manque : elle attend.

    Seules les pièces figées à la signature comptent; rien n'est ajouté depuis. Un fichier refusé à la vérification
    est remplacé par celui que son auteur verse de nouveau.
    """
    for annexe in a_joindre(lettre):
        if not annexe.get("sha256"):
            continue
        piece = Piece.objects.filter(pk=annexe["piece"], dossier=lettre.dossier_id, sha256=annexe["sha256"]).first()
        if piece is not None and piece.verification == Piece.Verification.REFUSEE:
            piece = _reverse(piece)
        if piece is not None and piece.verification == Piece.Verification.EN_COURS:
            raise RenduImpossible(EN_VERIFICATION)
        if piece is None or not piece.fichier:
            raise RenduImpossible("Le rapport d'examen à joindre n'est plus au dossier.")
        yield _octets(piece)


def _reverse(refusee: Piece) -> Piece | None:
    """Le rapport que le même auteur a versé de nouveau, une fois son premier fichier refusé."""
    suivantes = Piece.objects.filter(
        demande=refusee.demande_id, nature=NATURE_EXAMEN, versee_par=refusee.versee_par_id, pk__gt=refusee.pk
    )
    return suivantes.exclude(verification=Piece.Verification.REFUSEE).order_by("pk").first()
