"""Confirmer son identité avant de signer, sans perdre ce qui est écrit, avec ou sans JavaScript.

La page de confirmation se rend à l'adresse même de la vue gardée. Un envoi déjà rempli y revient en champs
cachés : rien n'est gardé en séance, rien ne se perd.

L'accès passe d'abord. Une fonction gardée n'est jamais la vue d'une adresse : la vue juge l'accès (404 si
invisible), puis appelle la fonction gardée avec ce que ce contrôle a rendu. L'oublier lève `TypeError` au
premier appel. Source : `conception.md` §5; `epreuves.md` S01, E2.4.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from comptes import codes
from comptes.forms import CodeRecuForm
from comptes.models import Compte, Role

Vue = Callable[Concatenate[HttpRequest, Any, ...], HttpResponse]
PREFIXE = "confirmation"
GESTE = f"{PREFIXE}_geste"
REPRISE = f"{PREFIXE}_reprise"
BASES = {Role.PRESTATAIRE: "base_prestataire.html", Role.CLINICIEN: "base_clinicien.html"}


def est_recente(request: HttpRequest) -> bool:
    """Vrai si la personne a confirmé son identité depuis moins de `ACCOUNT_REAUTHENTICATION_TIMEOUT` secondes.

    Se connecter ne compte pas : signer demande un geste de plus.
    """
    if not isinstance(request.user, Compte):
        return False
    faites = [trace for trace in get_authentication_records(request, request.user) if trace.get("reauthenticated")]
    return bool(faites) and time.time() - float(faites[-1]["at"]) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def reauthentification_exigee(vue: Vue) -> Vue:
    """Décorateur d'un geste qui signe : exige une identité confirmée depuis moins de cinq minutes.

    `vue(request, admis, …)` : `admis` est ce qu'a rendu le contrôle d'accès (compte, dossier, travail).
    Vaut pour GET et POST; un POST dont la confirmation a expiré repart avec ce qui était écrit.
    """
    return _garder(vue, seulement_envoi=False)


def reauthentification_a_l_envoi(vue: Vue) -> Vue:
    """Comme `reauthentification_exigee`, mais la page se lit sans confirmer; seul l'envoi l'exige."""
    return _garder(vue, seulement_envoi=True)


def _garder(vue: Vue, *, seulement_envoi: bool) -> Vue:
    @wraps(vue)
    def gardee(request: HttpRequest, admis: Any, /, *reste: Any, **nommes: Any) -> HttpResponse:
        if request.method == "POST" and GESTE in request.POST:
            return _traiter(request, vue, (admis, *reste), nommes)
        libre = seulement_envoi and request.method != "POST"
        if libre or est_recente(request) or not isinstance(request.user, Compte):
            return vue(request, admis, *reste, **nommes)
        return _page(request, _formulaires(request))

    return gardee


def _traiter(request: HttpRequest, vue: Vue, admis: tuple[Any, ...], nommes: dict[str, Any]) -> HttpResponse:
    if not est_recente(request):
        formulaires = _formulaires(request)
        if not _confirmer(request, formulaires):
            return _page(request, formulaires)
    if request.POST.get(REPRISE) != "oui":
        return redirect(request.get_full_path())
    propre = QueryDict(mutable=True, encoding=request.encoding)
    for nom, valeurs in request.POST.lists():
        if not nom.startswith(PREFIXE):
            propre.setlist(nom, valeurs)
    propre._mutable = False
    # Les types de Django disent POST immuable; la copie propre en prend la place pour la vue.
    request.POST = propre  # type: ignore[assignment]
    return vue(request, *admis, **nommes)


def _formulaires(request: HttpRequest) -> dict[str, Form]:
    """Les façons de confirmer offertes à cette personne : code reçu, mot de passe, application."""
    personne = request.user
    if not isinstance(personne, Compte):
        return {}
    geste = request.POST.get(GESTE, "")

    def donnees(nom: str) -> QueryDict | None:
        return request.POST if geste == nom else None

    if personne.role == Role.PRESTATAIRE:
        return {"code_recu": CodeRecuForm(donnees("code_recu"), prefix=f"{PREFIXE}_code_recu")}
    offerts: dict[str, Form] = {}
    if personne.has_usable_password():
        offerts["mot_de_passe"] = _mot_de_passe(donnees("mot_de_passe"), personne)
    if Authenticator.objects.filter(user=personne, type=Authenticator.Type.TOTP).exists():
        offerts["application"] = _application(donnees("application"), personne)
    return offerts


def _mot_de_passe(donnees: QueryDict | None, personne: Compte) -> Form:
    forme: Form = ReauthenticateForm(data=donnees, user=personne, prefix=f"{PREFIXE}_mot_de_passe")
    forme.fields["password"].label = "Votre mot de passe"
    forme.fields["password"].help_text = ""
    forme.fields["password"].widget.attrs.pop("placeholder", None)
    return forme


def _application(donnees: QueryDict | None, personne: Compte) -> Form:
    forme: Form = CodeForm(data=donnees, user=personne, prefix=f"{PREFIXE}_application")
    forme.fields["code"].label = "Le code de votre application, ou un code de secours"
    forme.fields["code"].widget.attrs.pop("placeholder", None)
    return forme


def _confirmer(request: HttpRequest, formulaires: dict[str, Form]) -> bool:
    """Juger le geste reçu; vrai s'il confirme l'identité. Les erreurs restent sur le formulaire."""
    geste, personne = request.POST.get(GESTE, ""), request.user
    if not isinstance(personne, Compte):
        return False
    if geste == "demonstration":
        if settings.DEMONSTRATION:
            _noter(request, personne, geste)
        return bool(settings.DEMONSTRATION)
    if geste == "envoyer_code" and personne.role == Role.PRESTATAIRE:
        codes.envoyer(personne)
        return False
    forme = formulaires.get(geste)
    if forme is None:
        return False
    if not ratelimit.consume(request, action="reauthenticate", user=personne):
        forme.add_error(None, "Trop d'essais. Attendez une minute, puis recommencez.")
        return False
    if not forme.is_valid():
        return False
    if geste == "code_recu" and not codes.verifier(personne, forme.cleaned_data["code"]):
        forme.add_error("code", codes.MESSAGE_REFUS)
        return False
    _noter(request, personne, geste)
    return True


def _noter(request: HttpRequest, personne: Compte, methode: str) -> None:
    request.session.cycle_key()
    record_authentication(request, personne, method=methode, reauthenticated=True)


def _caches(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Ce que la personne avait déjà envoyé à la vue, à rendre tel quel."""
    for nom, valeurs in request.POST.lists():
        if not nom.startswith(PREFIXE) and nom != "csrfmiddlewaretoken":
            for valeur in valeurs:
                yield nom, str(valeur)


def _page(request: HttpRequest, formulaires: dict[str, Form]) -> HttpResponse:
    personne = request.user
    geste = request.POST.get(GESTE, "")
    reprise = request.method == "POST" and (GESTE not in request.POST or request.POST.get(REPRISE) == "oui")
    return render(
        request,
        "comptes/confirmer_identite.html",
        {
            "base": BASES.get(Role(getattr(personne, "role", Role.AGENT)), "base_personnel.html"),
            "formulaires": formulaires,
            "listes": list(formulaires.values()),
            "caches": list(_caches(request)) if reprise else [],
            "reprise": reprise,
            "code_envoye": geste in {"envoyer_code", "code_recu"},
            "par_code": "code_recu" in formulaires,
        },
    )
