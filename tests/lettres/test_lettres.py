"""Chaque lettre, en français et en anglais : lisible, complète, sans code brut, échappée, accessible."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from correspondance import composition, registre
from socle import lisibilite, pdf
from tests.lettres import contenus

pytestmark = pytest.mark.django_db

CAS = (
    "accuse", "accuse_delai", "renseignement_personne", "renseignement_clinique", "renseignement_ressource",
    "occasion", "acceptation", "acceptation_evidente", "refus", "refus_temporaire", "refus_partage",
    "refus_complet", "reconduit_complet", "refus_reconduit", "temporaire", "temporaire_oriente", "mandat",
    "mandat_personne", "accuse_revision", "accuse_revision_tardif",
    "confirmee", "confirmee_complete", "confirmee_reconnue", "confirmee_temporaire", "modifiee", "infirmee",
    "infirmee_temporaire",
    "confirmee_analysee", "confirmee_reconduite", "modifiee_analysee", "infirmee_analysee", "infirmee_evidente",
    "irrecevable", "recours_direct", "code", "code_suivi", "silence", "deces", "inactivite", "transfert",
    "fermeture_libre",
)  # fmt: skip
CODE_BRUT = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


@pytest.fixture(autouse=True)
def variables_indefinies_visibles(settings: Any) -> None:
    """Une variable absente du contexte se voit dans le rendu."""
    gabarits = deepcopy(settings.TEMPLATES)
    gabarits[0]["OPTIONS"]["string_if_invalid"] = "INDEFINIE(%s)"
    settings.TEMPLATES = gabarits


def rendre(cas: str, langue: str, *, lecture: bool = True) -> str:
    modele, contenu = contenus.tous()[cas]
    variables = composition.contexte(contenus.lettre(modele, contenu, langue), [])
    with translation.override("en" if langue == "en" else "fr-ca"):
        return render_to_string(registre.obtenir(modele).gabarit, {**variables, "lecture": lecture})


def test_tous_les_modeles_sont_couverts() -> None:
    assert set(CAS) == set(contenus.tous())
    assert {modele for modele, _ in contenus.tous().values()} == {modele.code for modele in registre.tous()}
    # Les quinze du contrat, un code pour la clinique, un pour suivre sa demande, et l'avis d'inactivité.
    assert len(registre.tous()) == 18
    assert all(modele.sujet_en for modele in registre.tous())


@pytest.mark.parametrize("langue", ["fr", "en"])
@pytest.mark.parametrize("cas", CAS)
def test_lisible_et_sans_code(cas: str, langue: str) -> None:
    html = rendre(cas, langue)
    texte = re.sub(r"<[^>]+>", " ", html)
    assert "INDEFINIE" not in html
    assert not CODE_BRUT.findall(texte)
    assert "None" not in texte
    assert "  ." not in texte
    # Un nom n'est pas de la rédaction : on mesure avec un nom court, on met en page avec un long.
    mesure = lisibilite.mesurer(lisibilite.texte_de_lettre(html.replace(contenus.NOM_LONG, "Léo Fictif")))
    assert mesure.defauts(anglais=langue == "en") == []


@pytest.mark.parametrize("cas", CAS)
def test_l_anglais_ne_garde_pas_de_francais(cas: str) -> None:
    texte = lisibilite.texte_de_lettre(rendre(cas, "en"))
    assert not re.search(r"\b(vous|nous|votre|notre|est|avez|cette)\b", texte.lower())


def test_la_premiere_ligne_dit_le_resultat() -> None:
    assert "<h1>Nous ne pouvons pas accepter votre demande" in rendre("refus", "fr")
    assert "<h1>Votre demande est acceptée.</h1>" in rendre("acceptation", "fr")
    assert "<h1>We cannot accept your request" in rendre("refus", "en")


def test_le_refus_dit_tout() -> None:
    html = rendre("refus_temporaire", "fr")
    for attendu in (
        "Nous savons que cette nouvelle est difficile",
        "Oui.", "Nous ne le savons pas.", "Non.",
        "Rapport médical (SR-2100)", contenus.NOM_LONG, "20 janvier 2026",
        "Il nous manque la durée prévue de vos limitations.",
        "Appelez-nous.", "Envoyez un nouveau rapport.", "Demandez une révision.",
        "lundi 8 juin 2026",
        "le 2 mars 2026, plus 7 jours pour la poste, plus 90 jours. Nous sommes fermés le dimanche 7 juin 2026.",
        "La révision est gratuite", "ne dépend pas de nous", "aide juridique",
        "1\u00a0866\u00a0277-3553", "811", "copie de votre dossier",
        "contraintes temporaires à l&#x27;emploi, pour 6 mois",
        "articles 70 et 107",
    ):  # fmt: skip
        assert attendu in html, attendu


def test_le_refus_dit_aussi_tout_ce_qui_est_facultatif() -> None:
    for cas in ("refus_complet", "reconduit_complet"):
        html = rendre(cas, "fr")
        for attendu in (
            "Nous avons lu cela dans vos documents.",
            "Votre âge a compté dans notre réponse.", "Changer de métier est plus long à votre âge.",
            "Rente d&#x27;invalidité de Retraite Québec", "Cela ne change rien à vos droits",
            "Ci-joint", "Examen du 4 mai", "Ses pages suivent cette lettre.", "&lt;b&gt;Rien d&#x27;autre&lt;/b&gt;",
        ):  # fmt: skip
            assert attendu in html, (cas, attendu)


def test_confirmer_dit_encore_comment_l_age_a_pese() -> None:
    html = rendre("confirmee_complete", "fr")
    assert "Votre âge a compté dans notre réponse." in html
    assert "Changer de métier est plus long à votre âge." in html
    assert "Votre âge" not in rendre("confirmee", "fr")


def test_le_texte_des_evaluateurs_est_echappe_et_borne() -> None:
    assert "&lt;b&gt;Léger&lt;/b&gt;" in rendre("refus", "fr")
    modele, contenu = contenus.tous()["refus"]
    contenu["questions"][2]["raisons"] = ["mot " * 400]
    variables = composition.contexte(contenus.lettre(modele, contenu), [])
    assert len(variables["questions"][2]["libres"][0]) <= 600
    assert variables["questions"][2]["libres"][0].endswith("mot…")


def test_reconduire_ou_confirmer_redit_les_raisons() -> None:
    for cas in ("refus_reconduit", "confirmee"):
        html = rendre(cas, "fr")
        assert "Nous ne savons pas combien de temps vos limitations vont durer." in html
        assert "Est-ce que cela va durer 12 mois ou plus ?" in html


def test_la_revision_dit_les_deux_reponses_et_les_raisons_des_reviseurs() -> None:
    html = rendre("infirmee_analysee", "fr")
    duree = html[html.index("Est-ce que cela va durer") : html.index("</div>", html.index("Est-ce que cela va durer"))]
    assert "La première décision disait : « Nous ne le savons pas »." in duree
    assert "Nous ne savons pas combien de temps" in duree.partition("Nous concluons")[0]
    conclu = duree.partition("Nous concluons")[2]
    assert ">Oui.</span> Notre réponse est différente." in conclu
    assert "&lt;b&gt;Stable&lt;/b&gt;" in conclu
    assert "Nous ne savons pas combien" not in conclu
    assert "Mon état ne change pas depuis trois ans." in html
    assert html.count("Notre réponse est la même.") == 1


def test_confirmer_ne_redit_pas_un_motif_que_les_reviseurs_contredisent() -> None:
    html = rendre("confirmee_analysee", "fr")
    assert html.count("Nous ne savons pas combien de temps vos limitations vont durer.") == 1
    assert "La durée est &lt;i&gt;écrite&lt;/i&gt;." in html
    socio = html.rpartition("Nous concluons")[2]
    # Maintenue sans raison neuve, la réponse redit en entier celle de la première décision.
    assert "Notre réponse est la même." in socio
    assert "Métier exercé treize ans." in socio


def test_confirmer_un_refus_reconduit_compare_aux_reponses_reconduites() -> None:
    html = rendre("confirmee_reconduite", "fr")
    assert html.count("La première décision disait") == 3
    assert "Nous ne savons pas combien de temps vos limitations vont durer." in html
    assert "La première décision disait" not in rendre("infirmee_evidente", "fr")


def test_le_tribunal_a_soixante_jours_ou_quinze() -> None:
    assert "plus 7 jours pour la poste, plus 60 jours" in rendre("confirmee", "fr")
    assert "plus 7 jours pour la poste, plus 15 jours" in rendre("irrecevable", "fr")


def test_un_avis_partage_se_dit() -> None:
    assert "n&#x27;ont pas la même réponse" in rendre("refus_partage", "fr") or "n'ont pas la même réponse" in rendre(
        "refus_partage", "fr"
    )


def test_un_deces_ne_parle_pas_a_la_personne_morte() -> None:
    html = rendre("deces", "fr")
    assert f"À la succession de {contenus.NOM_LONG}" in html
    assert not re.search(r"\bvotre\b", html, re.IGNORECASE)


@pytest.mark.parametrize(("cas", "pages"), [("refus", 3), ("acceptation", 2), ("accuse", 1), ("infirmee_analysee", 3)])
def test_pdf_accessible(cas: str, pages: int) -> None:
    with pikepdf.open(io.BytesIO(pdf.rendre(rendre(cas, "fr", lecture=False)))) as document:
        assert len(document.pages) <= pages
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "fr-CA"
        assert str(document.docinfo["/Title"])


def test_les_reglages_gardent_l_echappement() -> None:
    assert settings.TEMPLATES[0]["OPTIONS"].get("autoescape", True) is True
