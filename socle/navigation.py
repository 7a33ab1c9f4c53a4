"""Ce que l'en-tête montre, dit par les apps du dessus sans que le socle les importe.

Une app appelle `inscrire_navigation` et `inscrire_identite` dans son `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest

from socle.composants import Identite, Lien

Navigation = Callable[[HttpRequest], Sequence[Lien]]
FaireIdentite = Callable[[HttpRequest], Identite | None]

_navigations: list[Navigation] = []
_identites: list[FaireIdentite] = []


def inscrire_navigation(fonction: Navigation) -> None:
    """Ajouter une source de liens; chacune rend une suite vide si la page ne la regarde pas."""
    if fonction not in _navigations:
        _navigations.append(fonction)


def inscrire_identite(fonction: FaireIdentite) -> None:
    """Ajouter une façon de nommer la personne connectée; la première qui répond l'emporte."""
    if fonction not in _identites:
        _identites.append(fonction)


def navigation(request: HttpRequest) -> list[Lien]:
    """Les liens de la page, dans l'ordre d'inscription; le lien courant est marqué.

    Est courant le lien dont l'adresse est le plus long préfixe du chemin demandé.
    """
    liens = [lien for source in _navigations for lien in source(request)]
    prefixes = [lien.url for lien in liens if request.path.startswith(lien.url)]
    courant = max(prefixes, key=len, default="")
    return [
        Lien(lien.texte, lien.url, lien.actif or lien.url == courant, lien.compte, lien.raccourci) for lien in liens
    ]


def identite(request: HttpRequest) -> Identite | None:
    """La personne connectée, ou `None`."""
    for fonction in _identites:
        if (trouvee := fonction(request)) is not None:
            return trouvee
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated:
        return None
    role = getattr(utilisateur, "get_role_display", str)
    return Identite(nom=str(utilisateur), role=str(role()))
