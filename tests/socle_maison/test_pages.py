"""La sonde, la taille des envois, les en-têtes et la porte fermée par défaut."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from cse.intergiciels import SansCache


@pytest.mark.django_db
def test_la_sonde_dit_que_la_base_repond(client: Client) -> None:
    reponse = client.get("/sante/")
    assert reponse.status_code == 200
    assert reponse.json() == {"etat": "en service"}


@pytest.mark.django_db
def test_la_sonde_dit_que_la_base_est_tombee(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", tomber)
    assert client.get("/sante/").status_code == 503


@pytest.mark.django_db
def test_un_envoi_trop_lourd_est_refuse_sans_etre_lu(client: Client, settings) -> None:
    settings.TAILLE_MAX_REQUETE = 1000
    reponse = client.post("/compte/login/", {"login": "x" * 1001})
    assert reponse.status_code == 413
    assert "Mo" in reponse.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("jeton", [False, True])
def test_un_texte_trop_long_pour_etre_lu_le_dit_en_francais(jeton: bool) -> None:
    """Lu d'abord par la vue, ou par la garde du jeton : la même page de la maison."""
    client = Client(enforce_csrf_checks=jeton)
    client.cookies["csrftoken"] = "a" * 32
    reponse = client.post("/compte/login/", {"login": "x" * 2_700_000})
    page = reponse.content.decode()
    assert reponse.status_code == 413
    assert "Ce texte est trop long" in page
    assert "Précédent" in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_un_envoi_de_trop_de_champs_est_413(client: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    assert client.post("/compte/login/", {f"c{n}": "x" for n in range(9)}).status_code == 413


@pytest.mark.django_db
def test_un_hote_inconnu_recoit_la_page_de_la_maison(client: Client) -> None:
    reponse = client.get("/compte/login/", headers={"host": "ailleurs.exemple"})
    assert reponse.status_code == 400
    assert "Rien n'a été reçu" in reponse.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("chemin", ["/suivi/lettres/%00/", "/clinique/dossiers/A%00B/", "/dossiers/%00/sr2100/"])
def test_l_octet_nul_dans_une_adresse_est_404(client: Client, chemin: str) -> None:
    assert client.get(chemin).status_code == 404


@pytest.mark.django_db
def test_un_envoi_permis_passe(client: Client) -> None:
    assert client.post("/compte/login/", {"login": "x" * 1001}).status_code != 413


@pytest.mark.django_db
def test_les_en_tetes_ferment_la_page(client: Client) -> None:
    entetes = client.get("/compte/login/").headers
    politique = entetes["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "script-src 'self'" in politique
    assert "unsafe" not in politique
    assert entetes["X-Frame-Options"] == "DENY"
    assert entetes["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in entetes["Cache-Control"]
    assert "camera=()" in entetes["Permissions-Policy"]


def test_une_page_garde_la_mise_en_cache_qu_elle_a_dite() -> None:
    def vue(requete: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    reponse = SansCache(vue)(RequestFactory().get("/"))
    assert reponse["Cache-Control"] == "max-age=60"


@pytest.mark.django_db
def test_aucune_inscription_publique(client: Client) -> None:
    donnees = {
        "email": "neuf@exemple.invalid",
        "password1": "un mot de passe long",
        "password2": "un mot de passe long",
    }
    reponse = client.post("/compte/signup/", donnees)
    assert reponse.status_code in (200, 302, 403, 404)
    from comptes.models import Compte

    assert not Compte.objects.filter(email="neuf@exemple.invalid").exists()


def _vues(motifs: list[URLPattern | URLResolver]) -> list[URLPattern]:
    vues: list[URLPattern] = []
    for motif in motifs:
        vues += _vues(motif.url_patterns) if isinstance(motif, URLResolver) else [motif]
    return vues


def test_la_porte_est_fermee_par_defaut(settings) -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    ouvertes = [m for m in _vues(get_resolver().url_patterns) if not getattr(m.callback, "login_required", True)]
    fermees = [m for m in _vues(get_resolver().url_patterns) if getattr(m.callback, "login_required", True)]
    assert len(fermees) > len(ouvertes) > 0
