"""Intergiciels de la maison."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from dossiers.views import ouverture

Suite = Callable[[HttpRequest], HttpResponse]


class LimiteDeTaille:
    """Refuser un envoi trop lourd à la lecture de son en-tête, avant d'en lire le corps."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rendre 413 au-delà de `TAILLE_MAX_REQUETE` octets, 411 si la taille n'est pas dite."""
        annonce = request.META.get("CONTENT_LENGTH") or "0"
        # Un envoi par morceaux n'annonce pas sa taille : rien ne le bornerait. Le proxy, lui, l'annonce toujours.
        if request.META.get("HTTP_TRANSFER_ENCODING") or not (annonce.isascii() and annonce.isdigit()):
            return render(request, "413.html", {"sans_taille": True}, status=411)
        if int(annonce) > settings.TAILLE_MAX_REQUETE:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class HoteDesFichiers:
    """L'hôte des fichiers ne sert que des fichiers : ni page, ni séance, ni témoin."""

    def __init__(self, get_response: Suite) -> None:
        if not settings.HOTE_FICHIERS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Répondre à la place du site quand l'hôte demandé est celui des fichiers."""
        if request.get_host() != settings.HOTE_FICHIERS:
            return self.get_response(request)
        return ouverture.repondre(request)


class AdresseLisible:
    """Une adresse qui porte l'octet nul ne nomme rien : PostgreSQL ne sait pas le chercher."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Rendre 404, comme pour toute adresse inconnue."""
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)


class SansCache:
    """Une page qui dépend de la personne n'est gardée par aucun intermédiaire."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Poser `Cache-Control: no-store, private`, sauf si la vue a dit le sien."""
        reponse = self.get_response(request)
        if not reponse.has_header("Cache-Control"):
            patch_cache_control(reponse, no_store=True, private=True)
        return reponse
