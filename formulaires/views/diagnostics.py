"""Chercher un code de diagnostic : sur la page, sans JavaScript; par le champ de saisie, avec lui.

Le texte cherché est un diagnostic. Il voyage dans le corps d'un envoi, jamais dans une adresse : une adresse se garde
dans les journaux d'un serveur ou d'un navigateur. Rien n'est écrit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from comptes.models import Role
from dossiers.pages import personne_de
from formulaires.forms import LIGNES_DIAGNOSTIC, DiagnosticsForm, Recherche
from referentiels import codes
from referentiels.regles_codes import TEXTE_MAX
from socle import horloge

# Les cliniciens et leurs délégués remplissent le rapport; les agents saisissent celui qui vient du papier.
CHERCHENT = (Role.CLINICIEN, Role.AGENT)


@require_POST
def suggestions(request: HttpRequest) -> JsonResponse:
    """Les codes proposés pour `texte`, en JSON. Aucun renseignement personnel n'en sort."""
    if personne_de(request).role not in CHERCHENT:
        raise Http404
    proposes = codes.suggerer(request.POST.get("texte", "")[:TEXTE_MAX], horloge.aujourd_hui())
    return JsonResponse({"codes": [{"code": un.code, "libelle": un.libelle, "langue": un.langue} for un in proposes]})


def page_cherchee(envoye: Mapping[str, str], jour: date) -> DiagnosticsForm | None:
    """La page telle qu'écrite, avec les codes cherchés ou le code choisi d'une ligne; `None` si rien n'est cherché."""
    rang = _rang(envoye.get("chercher", ""))
    choisi, _, code = envoye.get("choisir", "").partition(":")
    rang_choisi = _rang(choisi)
    if not rang and not rang_choisi:
        return None
    # Tout ce qui est écrit revient à l'écran, même trop long : rien n'est encore jugé.
    ecrits = ((nom, envoye.get(nom, "")) for nom in DiagnosticsForm(jour=jour).fields)
    initial = {nom: valeur.replace("\x00", "") for nom, valeur in ecrits if valeur}
    trouve = codes.trouver(code, jour) if rang_choisi else None
    if trouve is not None:
        initial |= {f"libelle_{rang_choisi}": trouve.libelle, f"code_{rang_choisi}": trouve.code}
    page = DiagnosticsForm(initial=initial, jour=jour)
    rang = rang or rang_choisi
    page.recherche = Recherche(rang, "", choisi=trouve) if trouve else _chercher(rang, initial, jour)
    return page


def _rang(ecrit: str) -> int:
    """Rang d'une ligne de diagnostic, ou 0."""
    return next((rang for rang in range(1, LIGNES_DIAGNOSTIC + 1) if ecrit == str(rang)), 0)


def _chercher(rang: int, ecrit: Mapping[str, str], jour: date) -> Recherche:
    """Ce que propose le diagnostic de la ligne, ou son code s'il est seul écrit."""
    texte = (ecrit.get(f"libelle_{rang}") or ecrit.get(f"code_{rang}") or "").strip()[:TEXTE_MAX]
    proposes = codes.suggerer(texte, jour) if texte else []
    return Recherche(rang, texte, proposes, liste_absente=not proposes and not codes.liste_presente(jour))
