"""Dates en mots, champ de date, erreurs nommées et pages communes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client

from socle import dates_en_mots as mots
from socle import horloge
from socle.champs_formulaire import ChampDate, ChampTelephone, moment_possible
from socle.composants import Balle, Cellule, Colonne, Groupe, Rangee, Tableau, Tache
from socle.pages import erreurs_de, poser_refus
from socle.refus import Refus
from socle.templatetags.composants import lien_tel

MARDI = datetime(2026, 8, 18, 14, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _mardi_18_aout():
    with horloge.figer(MARDI):
        yield


def test_dates_en_mots():
    assert mots.date_longue(date(2026, 12, 28)) == "lundi 28 décembre 2026"
    assert mots.date_longue(date(2026, 9, 1)) == "mardi 1er septembre 2026"
    assert mots.date_courte(date(2026, 8, 18)) == "mar. 18 août"
    assert mots.date_courte(date(2027, 1, 4)) == "lun. 4 janv. 2027" or mots.date_courte(date(2027, 1, 4)).endswith(
        "2027"
    )
    assert mots.heure(MARDI) == "10\u00a0h\u00a005"
    # 3 h UTC le 19 est encore le 18 au Québec.
    assert mots.date_moyenne(datetime(2026, 8, 19, 3, 0, tzinfo=UTC)) == "18 août 2026"


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 8, 16), "En retard de 2 jours"),
        (date(2026, 8, 17), "En retard de 1 jour"),
        (date(2026, 8, 18), "Aujourd'hui"),
        (date(2026, 8, 19), "Demain"),
        (date(2026, 8, 21), "Dans 3 jours"),
    ],
)
def test_ce_que_la_date_veut_dire(jour, attendu):
    assert mots.dans_combien(jour) == attendu


def test_un_filtre_de_date_accepte_l_absence():
    gabarit = Template("{% load composants %}[{{ rien|date_longue }}{{ rien|dans_combien }}]")
    assert gabarit.render(Context({"rien": None})) == "[]"


class _Form(forms.Form):
    nom = forms.CharField(label="Nom")
    jour = ChampDate(label="Date")
    voie = forms.ChoiceField(label="Voie?", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    ("cases", "attendu"),
    [
        (("1er", "Août", "2026"), date(2026, 8, 1)),
        ((" 01 ", "08", "2026"), date(2026, 8, 1)),
        (("29", "fevrier", "2028"), date(2028, 2, 29)),
    ],
)
def test_la_date_se_lit_comme_on_l_ecrit(cases, attendu):
    assert ChampDate().clean(list(cases)) == attendu


@pytest.mark.parametrize("cases", [("31", "2", "2026"), ("1", "x", "2026"), ("1", "1", "26"), ("-1", "1", "2026")])
def test_une_date_impossible_est_dite(cases):
    with pytest.raises(forms.ValidationError, match="n'existe pas"):
        ChampDate().clean(list(cases))


def test_une_date_incomplete_dit_ce_qui_manque():
    with pytest.raises(forms.ValidationError, match="Il manque le mois et l'année"):
        ChampDate().clean(["3", "", ""])


def test_le_resume_nomme_chaque_champ_et_garde_la_saisie():
    form = _Form({"jour_0": "31", "jour_jour": "31", "jour_mois": "février", "jour_annee": "2026"})
    assert [(e.texte, e.cible) for e in erreurs_de(form)] == [
        ("Remplissez «\u00a0Nom\u00a0».", "id_nom"),
        ("«\u00a0Date\u00a0» : cette date n'existe pas. Vérifiez le jour, le mois et l'année.", "id_jour_0"),
        ("Choisissez une réponse à «\u00a0Voie\u00a0».", "id_voie_0"),
    ]
    html = str(form)
    assert 'value="février"' in html
    assert 'aria-describedby="id_nom_error"' in html
    assert 'role="radiogroup"' in html
    assert " required" not in html


def test_un_signe_nul_se_dit_en_mots_simples():
    form = _Form({"nom": "Ev\x00e", "jour_jour": "1", "jour_mois": "2", "jour_annee": "2026", "voie": "a"})
    (erreur,) = erreurs_de(form)
    assert "signe invisible" in erreur.texte
    assert erreur.texte.startswith("«\u00a0Nom\u00a0»")
    assert "caractère nul" not in str(erreur)


def test_un_texte_trop_long_dit_son_compte_et_reste_entier():
    class Court(forms.Form):
        motif = forms.CharField(label="Motif", max_length=4000, widget=forms.Textarea)
        courriel = forms.EmailField(label="Courriel")

    form = Court({"motif": "é" * 5012, "courriel": "ève"})
    textes = [e.texte for e in erreurs_de(form)]
    assert textes[0].startswith("«\u00a0Motif\u00a0» : 5\u00a0012 caractères; la limite est 4\u00a0000.")
    assert textes[1].startswith("«\u00a0Courriel\u00a0» : écrivez un courriel complet")
    html = str(form)
    assert all(html.count(texte) == 2 for texte in textes)
    assert "é" * 5012 in html
    assert "maxlength" not in html


def test_un_refus_se_pose_pres_de_son_champ_ou_en_tete():
    form = _Form({})
    poser_refus(form, Refus("champ_invalide", "Écrivez un nom connu.", "nom"))
    poser_refus(form, Refus("etat_interdit"))
    assert "Écrivez un nom connu." in form.errors["nom"]
    assert form.non_field_errors()


def test_ce_qui_est_ecrit_est_echappe():
    gabarit = Template(
        "{% load composants %}{% balle nom %}{% etiquette nom %}{% carte titre=nom %}{{ nom }}{% endcarte %}"
        "{% message %}{{ nom }}{% endmessage %}{% etat_vide %}{{ nom }}{% endetat_vide %}{% tableau t %}"
    )
    malin = "<script>x</script>"
    rangee = Rangee([Cellule(malin, "/x"), Cellule(malin, balle=Balle(malin))])
    tableau = Tableau([Colonne(malin), Colonne("b")], [Groupe([rangee], malin)], malin)
    html = gabarit.render(Context({"nom": malin, "t": tableau}))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 10


@pytest.mark.parametrize(
    ("ecrit", "bon"),
    [
        ("555 555-0100", True),
        ("(555) 555-0100 poste 123", True),
        ("+33 1 23 45 67 89", True),
        ("5550100", True),
        ("", True),
        ("abc", False),
        ("12345", False),
        ("1234567890123456", False),
        ("555 555-0100 Ève", False),
        ("123 poste 4567", False),
    ],
)
def test_un_telephone_se_compose_ou_se_refuse(ecrit, bon):
    champ = ChampTelephone(label="Téléphone")
    if bon:
        assert champ.clean(ecrit) == ecrit
    else:
        with pytest.raises(forms.ValidationError, match="Écrivez un numéro"):
            champ.clean(ecrit)


@pytest.mark.parametrize(
    "ecrit", ["2020", "mars 2020", "Mars 2020", "vers 2015", "1er février 2020", "2020-03-15", "2020-03", "03/2020"]
)
def test_un_moment_qui_existe_est_accepte(ecrit):
    moment_possible(ecrit)


@pytest.mark.parametrize(
    "ecrit", ["31 février 2019", "31 février 2019 😀", "mars 2020\x07", "20", "longtemps", "2019-13-01", "mai 2099"]
)
def test_un_moment_impossible_est_dit(ecrit):
    with pytest.raises(forms.ValidationError):
        moment_possible(ecrit)


@pytest.mark.parametrize(
    ("ecrit", "lien"),
    [
        ("555 555-0100", "tel:+15555550100"),
        ("1 800 555-0142", "tel:+18005550142"),
        ("(555) 555-0100 poste 12", "tel:+15555550100,12"),
        ("418 555-0100 ext. 123", "tel:+14185550100,123"),
        ("418 555-0100, 7", "tel:+14185550100,7"),
        ("988", "tel:988"),
        ("+33 1 23 45 67 89", "tel:+33123456789"),
    ],
)
def test_le_lien_d_appel_compose_le_bon_numero(ecrit, lien):
    assert lien_tel(ecrit) == lien


def test_les_contrats_des_composants():
    with pytest.raises(ValueError, match="cinq colonnes"):
        Tableau([Colonne("x")] * 6, [], "")
    with pytest.raises(ValueError, match="inconnu"):
        Tache("x", "fini")
    with pytest.raises(ValueError, match="nom"):
        Template("{% load composants %}{% balle %}").render(Context())


def test_pages_communes_sans_compte():
    client = Client()
    assert client.get("/accessibilite/").status_code == 200
    reponse = client.post("/raccourcis/", {"actifs": "oui"})
    assert reponse.cookies["raccourcis_actifs"].value == "oui"
    assert "activés" in client.get("/raccourcis/").content.decode()
    sortie = client.get("/sortie/")
    assert sortie.status_code == 302
    assert not sortie["Location"].startswith("/")
    assert client.get("/page-qui-n-existe-pas/").status_code in {302, 404}
