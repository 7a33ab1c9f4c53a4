"""Du gabarit aux octets : contexte, HTML, version de lecture, PDF, empreinte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pikepdf
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from correspondance import registre, signaux
from socle import pdf

if TYPE_CHECKING:
    from comptes.models import Compte
    from correspondance.models import Lettre

_avec_pdf: ContextVar[bool] = ContextVar("lettres_avec_pdf", default=True)


@contextmanager
def sans_pdf() -> Iterator[None]:
    """Émettre sans produire de PDF (rejeu, banc d'essai); l'empreinte est celle du HTML."""
    jeton = _avec_pdf.set(False)
    try:
        yield
    finally:
        _avec_pdf.reset(jeton)


@dataclass(frozen=True, slots=True)
class Rendu:
    """Ce que l'émission garde. `pdf` est vide sans rendu."""

    pdf: bytes
    html: str
    sha256: str


def contexte(lettre: Lettre, copies: list[Compte]) -> dict[str, Any]:
    """Les variables du gabarit. Une copie lit le même texte que l'original.

    Toujours présentes : `lettre`, `titre`, `version_gabarit`, `destinataire`,
    `adresse_lignes`, `copies_a`, `copie_pour`, `numero_dossier`, `bureau`, `agent`,
    `telephone`, `donnees_fictives`, `lecture`; puis celles des contextes inscrits, puis
    celles du modèle.
    """
    source = lettre.copie_de or lettre
    modele = registre.obtenir(lettre.modele)
    dossier, a = lettre.dossier, lettre.destinataire
    return {
        "telephone": dossier.bureau.telephone or signaux.telephone(),
        "bureau": dossier.bureau.nom,
        "agent": dossier.agent.nom_complet if dossier.agent else "",
        "numero_dossier": dossier.reference,
        "donnees_fictives": bool(getattr(settings, "DEMONSTRATION", False)),
        "titre": modele.sujet,
        **registre.contexte_commun(source),
        **modele.contexte(source),
        "lettre": lettre,
        "version_gabarit": lettre.version_gabarit,
        "destinataire": a,
        "adresse_lignes": [ligne.strip() for ligne in a.adresse.splitlines() if ligne.strip()],
        "copies_a": [compte.nom_complet for compte in copies],
        "copie_pour": source.destinataire if lettre.copie_de_id else None,
        "lecture": False,
    }


def en_page(lecture: str) -> SafeString:
    """La version de lecture, pour une page qui a déjà son titre : chaque titre de la lettre descend d'un rang."""
    baisse = re.sub(r"<(/?)h([1-5])\b", lambda titre: f"<{titre[1]}h{int(titre[2]) + 1}", lecture)
    # S308 : nos gabarits échappent tout texte, les seules balises sont les leurs.
    return mark_safe(baisse.replace("<h2>", '<h2 class="resultat">', 1))  # noqa: S308


def joindre(octets: bytes, annexes: list[bytes]) -> bytes:
    """La lettre, puis les pages de chaque annexe, en un seul PDF. Lève `RenduImpossible` d'une annexe illisible."""
    if not annexes:
        return octets
    try:
        # Chaque annexe reste ouverte jusqu'à l'écriture : ses pages y sont lues.
        with ExitStack() as ouverts:
            lettre = ouverts.enter_context(pikepdf.open(BytesIO(octets)))
            for annexe in annexes:
                lettre.pages.extend(ouverts.enter_context(pikepdf.open(BytesIO(annexe))).pages)
            sortie = BytesIO()
            lettre.save(sortie, deterministic_id=True)
    except pikepdf.PdfError as erreur:
        raise pdf.RenduImpossible("Une annexe de la lettre ne se lit pas.") from erreur
    return sortie.getvalue()


def composer(lettre: Lettre, copies: list[Compte]) -> Rendu:
    """Rendre une lettre datée. Lève `RenduImpossible` ou `RessourceInterdite`."""
    gabarit = registre.obtenir(lettre.modele).gabarit
    variables = contexte(lettre, copies)
    with translation.override("en" if lettre.langue == "en" else "fr-ca"):
        lecture = render_to_string(gabarit, {**variables, "lecture": True})
        octets = pdf.rendre(render_to_string(gabarit, variables)) if _avec_pdf.get() else b""
    if octets:
        octets = joindre(octets, registre.annexes_de(lettre))
    empreinte = hashlib.sha256(octets or lecture.encode()).hexdigest()
    return Rendu(octets, lecture, empreinte)
