"""Le cahier, du dossier au fichier gardé : rassembler, compter, rendre l'index, coller, garder."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files import File

from dossiers import acces
from revision.cahier import contenu, processus, rendu
from revision.cahier.contenu import Joint
from revision.models import CahierTAQ
from socle import horloge
from socle.pdf import RenduImpossible

LIGNES_PAR_PAGE = 22  # de l'index : un premier pari, corrigé par le rendu
ESSAIS_INDEX = 4


class CahierImpossible(Exception):
    """Le cahier ne peut pas être produit; le message dit pourquoi, en mots."""


@dataclass(frozen=True)
class Fabrique:
    """Un cahier gardé : son nom au stockage, ses pages, sa taille (octets), son empreinte, son manifeste.

    `memoire` : Mo résidents, au plus haut, du processus qui l'a collé.
    """

    fichier: str
    pages: int
    taille: int
    sha256: str
    manifeste: dict[str, Any]
    memoire: float

    def donnees(self) -> dict[str, Any]:
        """Ce que reçoit l'acte `terminer_cahier`."""
        return {
            "fichier": self.fichier,
            "pages": self.pages,
            "taille": self.taille,
            "sha256": self.sha256,
            "manifeste": self.manifeste,
        }


def fabriquer(cahier: CahierTAQ, avance: Callable[[int, int], None]) -> Fabrique:
    """Fabrique et garde le cahier. Lève `CahierImpossible`; toute autre erreur est une panne."""
    if not acces.peut(cahier.par, "cahier.produire", cahier.recours.demande.dossier):
        raise CahierImpossible("La personne qui a demandé ce cahier n'est plus chargée de la révision.")
    with tempfile.TemporaryDirectory(prefix="cse-cahier-") as nom:
        lieu = Path(nom)
        try:
            joints = contenu.rassembler(cahier, lieu, avance)
            return _coller(cahier, lieu, joints)
        except RenduImpossible as erreur:
            raise CahierImpossible(f"Une page n'a pas pu être rendue : {erreur}") from erreur


def _coller(cahier: CahierTAQ, lieu: Path, joints: list[Joint]) -> Fabrique:
    noms = [un.fichier.name for un in joints]
    try:
        pages = processus.jouer("compter", {"documents": [{"fichier": un} for un in noms]}, lieu, lieu / "rien")[
            "pages"
        ]
    except processus.DocumentIllisible as illisible:
        titre = joints[illisible.rang].titre
        raise CahierImpossible(
            f"Le document « {titre[:80]} » ne s'ouvre pas. Demandez-en une autre copie."
        ) from illisible
    debut = _avant(cahier, lieu, joints, pages)
    manifeste = _manifeste(cahier, joints, pages, debut)
    annexes = _apres(cahier, lieu, manifeste)
    reference = cahier.recours.demande.dossier.reference
    plan = {
        "parties": [
            {"fichier": "avant.pdf", "titre": "Couverture et index", "groupe": ""},
            *(
                {"fichier": str(Path(un.fichier.name).with_suffix(".pdf")), "titre": un.titre, "groupe": un.groupe}
                for un in joints
            ),
            *annexes,
        ],
        "repere": f"Dossier {reference}",
        "titre": f"Cahier pour le Tribunal, dossier {reference}",
        "manifeste": manifeste,
    }
    sortie = lieu / "cahier.pdf"
    fait = processus.jouer("coller", plan, lieu, sortie)
    return _garder(sortie, int(fait["pages"]), float(fait["memoire"]), manifeste)


def _avant(cahier: CahierTAQ, lieu: Path, joints: list[Joint], pages: list[int]) -> int:
    """Écrit la couverture et l'index; rend leur nombre de pages, dont dépend chaque numéro de l'index."""
    compte = 2 + len(joints) // LIGNES_PAR_PAGE
    for _ in range(ESSAIS_INDEX):
        octets = rendu.avant(**_couverture(cahier), groupes=_index(joints, pages, compte), total=len(joints))
        (lieu / "avant.pdf").write_bytes(octets)
        reel = int(
            processus.jouer("compter", {"documents": [{"fichier": "avant.pdf"}]}, lieu, lieu / "rien")["pages"][0]
        )
        if reel == compte:
            return compte
        compte = reel
    raise CahierImpossible("L'index n'a pas pu être paginé. Avisez l'administration.")


def _couverture(cahier: CahierTAQ) -> dict[str, Any]:
    demande = cahier.recours.demande
    return {
        "dossier": demande.dossier,
        "personne": demande.dossier.prestataire.nom_complet,
        "recours": cahier.recours,
        "cahier": cahier,
        "par": cahier.par.nom_complet,
    }


def _index(joints: list[Joint], pages: list[int], avant: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """Les documents par groupe, chacun avec son numéro et sa première page dans le cahier."""
    groupes: list[tuple[str, list[dict[str, Any]]]] = []
    page = avant + 1
    for numero, (un, combien) in enumerate(zip(joints, pages, strict=True), 1):
        if not groupes or groupes[-1][0] != un.groupe:
            groupes.append((un.groupe, []))
        groupes[-1][1].append({"numero": numero, "joint": un, "page": page, "pages": combien})
        page += combien
    return groupes


def _manifeste(cahier: CahierTAQ, joints: list[Joint], pages: list[int], avant: int) -> dict[str, Any]:
    """Ce qui est joint, où, et ses empreintes SHA-256."""
    return {
        "dossier": cahier.recours.demande.dossier.reference,
        "produit_le": horloge.maintenant().isoformat(timespec="seconds"),
        "documents": [
            {
                "numero": une["numero"],
                "groupe": groupe,
                "titre": une["joint"].titre,
                "auteur": une["joint"].auteur,
                "date": horloge.jour_civil(une["joint"].le).isoformat(),
                "page": une["page"],
                "pages": une["pages"],
                "sha256": une["joint"].sha256,
                "sha256_recu": une["joint"].sha256_recu,
            }
            for groupe, lignes in _index(joints, pages, avant)
            for une in lignes
        ],
    }


def _apres(cahier: CahierTAQ, lieu: Path, manifeste: dict[str, Any]) -> list[dict[str, str]]:
    """Le journal des accès et le manifeste, à la fin; rend leurs parties."""
    parties = []
    lots = rendu.journal(cahier.recours.demande.dossier, horloge.maintenant())
    for rang, octets in enumerate(lots, 1):
        (lieu / f"journal-{rang}.pdf").write_bytes(octets)
        suite = f" ({rang} de {len(lots)})" if len(lots) > 1 else ""
        parties.append({"fichier": f"journal-{rang}.pdf", "titre": f"Journal des accès{suite}", "groupe": ""})
    (lieu / "manifeste.pdf").write_bytes(rendu.manifeste(manifeste=manifeste))
    return [*parties, {"fichier": "manifeste.pdf", "titre": "Manifeste des empreintes", "groupe": ""}]


def _garder(sortie: Path, pages: int, memoire: float, manifeste: dict[str, Any]) -> Fabrique:
    champ = CahierTAQ._meta.get_field("fichier")
    with sortie.open("rb") as ouvert:
        empreinte = hashlib.file_digest(ouvert, "sha256").hexdigest()
    nom = champ.generate_filename(CahierTAQ(), f"{uuid4().hex}.pdf")
    with sortie.open("rb") as ouvert:
        garde = str(champ.storage.save(nom, File(ouvert)))
    return Fabrique(garde, pages, sortie.stat().st_size, empreinte, manifeste, memoire)


def oublier(fait: Fabrique) -> None:
    """Efface un cahier dont personne n'a voulu : un autre travailleur avait fini avant."""
    with contextlib.suppress(OSError):
        CahierTAQ._meta.get_field("fichier").storage.delete(fait.fichier)
