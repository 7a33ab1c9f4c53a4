"""Intergiciels des comptes : durée des séances par rôle, effacement au départ, second facteur imposé.

Source : `conception.md` §5; `epreuves.md` A04, S01; `ecrans-et-lettres.md` B9.1.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from comptes.models import ROLES_PERSONNEL, Compte, Role
from comptes.seances import OUVERTE_A, limites

Suite = Callable[[HttpRequest], HttpResponse]
FACTEUR_EXIGE = ROLES_PERSONNEL | {Role.CLINICIEN}
# Ce qui reste ouvert tant que le second facteur n'est pas posé.
OUVERTS = ("/compte/", "/static/", "/sante/", "/seance/", "/sortie/", "/accessibilite/", "/bien-remplir/")


class EffacerEnPartant:
    """Dire au navigateur d'oublier ce qu'il a lu dès qu'une séance se ferme, par quelque porte que ce soit.

    Sur un poste partagé, « Précédent » ne doit rien montrer. Les témoins restent : celui de la séance est déjà
    effacé, un autre porte la phrase qui dit que la séance est terminée. Source : `epreuves.md` S07.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Poser `Clear-Site-Data` si la personne était connectée et ne l'est plus."""
        etait = request.user.is_authenticated
        reponse = self.get_response(request)
        if etait and not request.user.is_authenticated:
            reponse["Clear-Site-Data"] = '"cache", "storage"'
        return reponse


class DureeDeSeance:
    """Fermer la séance trop longue; poser la durée d'inactivité permise par le rôle."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rediriger vers la connexion quand la durée totale est passée."""
        personne = request.user
        if isinstance(personne, Compte):
            inactivite, totale = limites(personne)
            ouverte = request.session.get(OUVERTE_A)
            if ouverte is None:
                request.session[OUVERTE_A] = int(time.time())
                request.session.set_expiry(inactivite)
            elif not 0 <= time.time() - int(ouverte) < totale:
                logout(request)
                messages.info(request, "Votre séance est terminée. Connectez-vous de nouveau pour continuer.")
                return redirect("suivi_connexion" if personne.role == Role.PRESTATAIRE else "account_login")
        return self.get_response(request)


class SecondFacteur:
    """Ne rien montrer au personnel ni aux cliniciens avant qu'un second facteur soit posé."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Mener à l'activation du second facteur si `SECOND_FACTEUR_IMPOSE` et qu'il manque."""
        personne = request.user
        if (
            settings.SECOND_FACTEUR_IMPOSE
            and isinstance(personne, Compte)
            and personne.role in FACTEUR_EXIGE
            and not request.path.startswith(OUVERTS)
            and not _a_un_facteur(personne)
        ):
            return redirect("mfa_activate_totp")
        return self.get_response(request)


def _a_un_facteur(personne: Compte) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(personne))
