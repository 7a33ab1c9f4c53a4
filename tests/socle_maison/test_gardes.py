"""Chaque garde attrape la faute qu'elle vise : une garde qui ne mord pas ne garde rien."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import pytest
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db.models import DateField
from django.template import Context, Engine
from django.test import Client
from django.utils import timezone

from journal.models import Entree
from referentiels.models import Regle
from tests import gardes

ECHEC = pytest.fail.Exception


@pytest.mark.parametrize("adresse", [("192.0.2.1", 80), ("exemple.invalid", 443), ("::ffff:192.0.2.1", 80, 0, 0)])
def test_le_reseau_est_ferme(adresse: tuple[object, ...]) -> None:
    famille = socket.AF_INET6 if len(adresse) == 4 else socket.AF_INET
    with socket.socket(famille) as prise, pytest.raises(gardes.ReseauFerme):
        prise.connect(adresse)


def test_la_resolution_de_noms_est_fermee() -> None:
    with pytest.raises(gardes.ReseauFerme):
        socket.getaddrinfo("exemple.invalid", 443)


def test_une_variable_absente_d_un_gabarit_de_la_maison_echoue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "essai.html").write_text("<p>{{ inconnue }}</p>")
    moteur = Engine(dirs=[str(tmp_path)], string_if_invalid=gardes.VariableAbsente())
    assert moteur.get_template("essai.html").render(Context()) == "<p></p>"
    monkeypatch.setattr(gardes, "RACINE", tmp_path)
    assert moteur.from_string("{{ inconnue }}").render(Context()) == ""
    (tmp_path / "defaut.html").write_text("{{ inconnue|default:'rien' }}{% if inconnue %}oui{% endif %}")
    assert moteur.get_template("defaut.html").render(Context()) == "rien"
    with pytest.raises(ECHEC, match="inconnue"):
        moteur.get_template("essai.html").render(Context())


@pytest.mark.django_db
def test_une_tranche_sans_ordre_echoue() -> None:
    with pytest.raises(ECHEC, match="sans ordre"):
        list(Entree.objects.order_by()[:3])
    assert list(Entree.objects.order_by("pk")[:3]) == []


@pytest.mark.django_db
def test_paginer_sans_ordre_est_une_erreur() -> None:
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(Regle.objects.order_by(), 10).page(1)


@pytest.mark.django_db
def test_verrouiller_une_jointure_sans_of_echoue() -> None:
    with pytest.raises(ECHEC, match="sans « of »"):
        str(Entree.objects.select_related("acteur").select_for_update().query)


@pytest.mark.django_db
def test_un_instant_naif_est_une_erreur() -> None:
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        Entree.objects.filter(instant=dt.datetime(2026, 1, 1)).exists()  # noqa: DTZ001


def test_un_instant_dans_un_champ_de_date_echoue() -> None:
    with pytest.raises(ECHEC, match="champ de date"):
        DateField(name="recu_le").to_python(timezone.now())
    assert DateField().to_python("2026-01-02") == dt.date(2026, 1, 2)


@pytest.mark.parametrize(
    ("html", "faute"),
    [
        ('<form method="post"></form>', "jeton"),
        ('<p style="color:red">', "style"),
        ("<script>1</script>", "script"),
        ('<button onclick="x()">', "onclick"),
        ('<a href=" JavaScript:x()">', "javascript"),
    ],
)
def test_une_page_fautive_est_vue(html: str, faute: str) -> None:
    assert faute in " ".join(gardes.fautes_de_page(html))


def test_une_page_saine_passe() -> None:
    html = '<form method="POST"><input name="csrfmiddlewaretoken"></form><form></form><script src="/s.js"></script>'
    assert gardes.fautes_de_page(html) == []


@pytest.mark.django_db
@pytest.mark.parametrize("methode", ["get", "head"])
def test_une_lecture_qui_ecrit_echoue(methode: str, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    from cse import views

    def ecrire(*_: object) -> None:
        Regle.objects.filter(pk=0).update(code="x")

    monkeypatch.setattr(views, "JsonResponse", ecrire)
    with pytest.raises(ECHEC, match="écrit dans referentiels_regle"):
        getattr(client, methode)("/sante/")
