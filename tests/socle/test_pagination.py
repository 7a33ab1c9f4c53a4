"""Pages par clé : on avance, on recule, on ne saute ni ne répète aucune rangée."""

from __future__ import annotations

import base64

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Template
from django.test import RequestFactory

from socle.pages import paginer_par_cle

ORDRE = ("app_label", "-model", "pk")


@pytest.mark.django_db
def test_avancer_puis_reculer_couvre_toute_la_liste():
    ContentType.objects.bulk_create(ContentType(app_label=f"zz{i // 4}", model=f"m{i}") for i in range(11))
    requete = ContentType.objects.filter(app_label__startswith="zz")
    attendu = list(requete.order_by(*ORDRE))
    page = paginer_par_cle(requete, "", ORDRE, taille=4)
    assert not page.precedents
    vus, pages = [*page.objets], [page]
    while page.suivants:
        page = paginer_par_cle(requete, page.suivants, ORDRE, taille=4)
        vus += page.objets
        pages.append(page)
    assert vus == attendu
    assert [len(p.objets) for p in pages] == [4, 4, 3]
    assert paginer_par_cle(requete, page.precedents, ORDRE, taille=4).objets == pages[1].objets
    retour = paginer_par_cle(requete, pages[1].precedents, ORDRE, taille=4)
    assert retour.objets == pages[0].objets
    assert not retour.precedents
    assert retour.suivants


@pytest.mark.django_db
@pytest.mark.parametrize("curseur", ["", "x", "W10:abc:def", "%00"])
def test_un_curseur_illisible_rend_la_premiere_page(curseur):
    premiere = paginer_par_cle(ContentType.objects.all(), "", ORDRE, taille=2).objets
    assert paginer_par_cle(ContentType.objects.all(), curseur, ORDRE, taille=2).objets == premiere


@pytest.mark.django_db
def test_le_curseur_ne_dit_rien_de_la_rangee():
    """Une adresse reste aux journaux du serveur : la clé de tri n'y paraît ni en clair ni en base 64."""
    ContentType.objects.create(app_label="zz", model="tremblay")
    ContentType.objects.create(app_label="zz", model="zoe")
    page = paginer_par_cle(ContentType.objects.filter(app_label="zz"), "", ("model", "pk"), taille=1)
    corps = page.suivants.split(":")[0]
    brut = base64.urlsafe_b64decode(corps + "=" * (-len(corps) % 4))
    assert "tremblay" not in page.suivants
    assert b"tremblay" not in brut
    suite = paginer_par_cle(ContentType.objects.filter(app_label="zz"), page.suivants, ("model", "pk"))
    assert [un.model for un in suite.objets] == ["zoe"]


@pytest.mark.django_db
def test_la_balise_garde_les_filtres():
    page = paginer_par_cle(ContentType.objects.all(), "", ("pk",), taille=1)
    requete = RequestFactory().get("/liste/", {"onglet": "a-faire"})
    html = Template("{% load composants %}{% pagination page %}").render(Context({"page": page, "request": requete}))
    assert "onglet=a-faire&amp;apres=" in html
    assert "Précédents" not in html
