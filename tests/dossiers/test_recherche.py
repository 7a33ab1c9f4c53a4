"""Chercher une personne : ordre, accents, une lettre fautive; dire qui ressemble à qui, et pourquoi."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from comptes.models import Compte, Role
from dossiers import recherche
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier, MotNom
from dossiers.regles_recherche import (
    Proximite,
    lire_saisie,
    naissances_semblables,
    noms_en_partie,
    noms_semblables,
    proximite,
)
from tests.dossiers.scene import Scene, client, compte, monter

pytestmark = pytest.mark.django_db
NE_LE = date(1984, 5, 12)


def nomme(scene: Scene, prenom: str, nom: str, **identite: Any) -> Dossier:
    """Le dossier d'une personne de ce nom, au bureau de la scène."""
    personne = compte(Role.PRESTATAIRE)
    joindre = {cle: identite.pop(cle) for cle in ("telephone", "adresse") if cle in identite}
    Compte.objects.filter(pk=personne.pk).update(prenom=prenom, nom=nom, **joindre)
    personne.refresh_from_db()
    bureau = identite.pop("bureau_id", scene.bureau.pk)
    return ouvrir_dossier(personne, acteur=scene.agent, bureau_id=bureau, **({"naissance": NE_LE} | identite))


def trouves(saisie: str) -> list[str]:
    return [un.cle_tri for un in recherche.chercher(Dossier.objects.all(), saisie)]


@pytest.mark.parametrize(
    ("tape", "connu", "attendue"),
    [
        ("tremblay", "tremblay", Proximite.EXACT),
        ("trem", "tremblay", Proximite.DEBUT),
        ("tremblai", "tremblay", Proximite.FAUTE),
        ("remblay", "tremblay", Proximite.FAUTE),
        ("trembaly", "tremblay", Proximite.FAUTE),
        ("tremmblay", "tremblay", Proximite.FAUTE),
        ("faneuf", "phaneuf", Proximite.FAUTE),
        ("roi", "roy", Proximite.FAUTE),
        ("tramb", "tremblay", Proximite.DEBUT_FAUTIF),
        ("gagnon", "tremblay", None),
        ("li", "ly", None),
    ],
)
def test_la_proximite_de_deux_mots(tape: str, connu: str, attendue: Proximite | None) -> None:
    assert proximite(tape, connu) == attendue


def test_toute_faute_d_une_lettre_est_retrouvee_par_l_index() -> None:
    """Chaque lettre changée, oubliée, ajoutée ou inversée d'un nom : le vocabulaire rend toujours le nom."""
    for nom in ("tremblay", "roy", "bouchard", "lachapelle"):
        recherche.apprendre(nom)
        fautifs = {nom[:rang] + nom[rang + 1 :] for rang in range(len(nom))}
        fautifs |= {nom[:rang] + lettre + nom[rang:] for rang in range(len(nom) + 1) for lettre in "aez"}
        fautifs |= {nom[:rang] + lettre + nom[rang + 1 :] for rang in range(len(nom)) for lettre in "aez"}
        fautifs |= {nom[:rang] + nom[rang + 1] + nom[rang] + nom[rang + 2 :] for rang in range(len(nom) - 1)}
        perdus = [faux for faux in fautifs if len(faux) >= 3 and nom not in recherche.proches(faux)]
        assert perdus == []


def test_ordre_accents_debuts_et_fautes() -> None:
    scene = monter()
    voulu = nomme(scene, "Marie-Ève", "Côté-Tremblay")
    autre = nomme(scene, "Marius", "Tremblay")
    cle = voulu.cle_tri
    for saisie in ("cote marie", "MARIE ÈVE CÔTÉ", "tremblay eve", "coté-tremb marie", "Marie Cotte", "eve tremblai"):
        assert trouves(saisie)[0] == cle, saisie
    assert trouves("tremblay mari") == [cle, autre.cle_tri]
    assert trouves("marius tremblay") == [autre.cle_tri]
    assert trouves("introuvable") == trouves("") == trouves("  ' ") == []
    # Le mot exact passe devant le mot à une lettre près.
    assert trouves("marius tremblais") == [autre.cle_tri]


def test_deux_fautes_dans_un_mot_se_retrouvent_en_dernier_recours() -> None:
    scene = monter()
    voulu = nomme(scene, "Ursule", "Brindamour")
    for saisie in ("ursule brandamur", "brindammoure", "brimdamor ursule", "urslue brandamur"):
        assert trouves(saisie) == [voulu.cle_tri], saisie
    # Un nom à une faute répond seul : le plus proche ne se noie pas parmi les lointains.
    autre = nomme(scene, "Ursule", "Brandamor")
    assert trouves("brandamur") == [autre.cle_tri]
    assert trouves("xyzdamxyz") == []


@pytest.mark.parametrize(
    ("prenom", "nom", "saisies"),
    [
        ("Anne", "D'Amours", ("d'amours", "damours anne", "d amours", "D’AMOURS Anne", "anne d")),
        ("Luc", "Damours", ("d'amours", "luc d'amours", "l damours")),
        ("Paul", "St-Pierre", ("saint-pierre", "saint pierre paul", "st pierre", "stpierre", "saintpierre p")),
        ("Ève", "Sainte-Marie", ("ste-marie", "ste marie eve", "saintemarie")),
        ("Mary", "McDonald", ("mc donald", "mary mc donald", "mcdonald m")),
        ("Marie-Paule", "L'Écuyer", ("mariepaule lecuyer", "lecuyer marie", "l'ecuyer mp", "LÉCUYER")),
    ],
)
def test_traits_d_union_apostrophes_abreges_et_initiales(prenom: str, nom: str, saisies: tuple[str, ...]) -> None:
    scene = monter()
    voulu = nomme(scene, prenom, nom)
    for saisie in saisies:
        attendu = [] if saisie == "l'ecuyer mp" else [voulu.cle_tri]
        assert trouves(saisie) == attendu, saisie


def test_une_initiale_ne_cache_personne_derriere_un_grand_vocabulaire() -> None:
    scene = monter()
    voulu = nomme(scene, "Jacqueline-Antoinette", "Tremblay")
    MotNom.objects.bulk_create([MotNom(mot=f"j{rang}", voisins=[]) for rang in range(recherche.FORMES_MAX + 5)])
    assert trouves("tremblay j") == trouves("j tremblay") == [voulu.cle_tri]
    assert trouves("tremblay k") == []


def test_la_naissance_choisit_entre_des_homonymes() -> None:
    scene = monter()
    un = nomme(scene, "Jean", "Modèle")
    nomme(scene, "Jean", "Modèle", naissance=date(1990, 1, 2))
    assert len(trouves("jean modele")) == 2
    assert [d.pk for d in recherche.chercher(Dossier.objects.all(), "Modèle 1984-05-12")] == [un.pk]
    assert lire_saisie("Modèle 1984-13-45") == (["modele", "1984", "13", "45"], None)


def test_nam_et_nas_exacts() -> None:
    scene = monter()
    voulu = nomme(scene, "Zoé", "Fictif", nam="FICZ84551299", nas="012345678")
    for saisie in ("FICZ 8455 1299", "ficz84551299", "012 345 678"):
        assert [un.pk for un in recherche.chercher(Dossier.objects.all(), saisie)] == [voulu.pk]
    assert recherche.chercher(Dossier.objects.all(), "012 345 679") == []


def test_un_nom_long_ou_etrange_ne_casse_rien() -> None:
    scene = monter()
    nomme(scene, "X", "Ab" * 50)
    assert MotNom.objects.filter(mot__startswith="abab").get().mot == "ab" * 40
    navigateur = client(scene.agent)
    for saisie in ("a" * 120, "%", "_ _", "\\", "'; --", "''", "é" * 60, "1984-02-31", "ab " * 40):
        assert navigateur.post(reverse("rechercher"), {"q": saisie}).status_code in (200, 302), saisie


def test_la_page_pardonne_et_ne_montre_que_son_bureau() -> None:
    scene, ailleurs = monter(), monter()
    voulu = nomme(scene, "Ursule", "Brindamour")
    nomme(ailleurs, "Ursule", "Brindamour")
    reponse = client(scene.agent).post(reverse("rechercher"), {"q": "brindamor ursule"})
    assert reponse.headers["Location"] == reverse("dossier_sommaire", args=[voulu.reference])


def test_refaire_le_vocabulaire_apres_un_chargement() -> None:
    scene = monter()
    voulu = nomme(scene, "Ursule", "Brindamour")
    MotNom.objects.all().delete()
    assert trouves("brindamour") == []
    assert recherche.refaire_vocabulaire() >= 2
    assert trouves("brindamour") == [voulu.cle_tri]


def test_ce_que_deux_identites_ont_en_commun() -> None:
    assert noms_semblables("fictif jean", "jean fictif") == "nom et prénom inversés"
    assert noms_semblables("fictif jean", "fictif jaen") == "nom à une lettre près"
    assert noms_semblables("fictif jean", "fictif jean paul") == ""
    assert noms_semblables("st pierre luc", "saint pierre luc") == "même nom, écrit autrement"
    assert noms_semblables("damours luc", "d amours luc") == "même nom, écrit autrement"
    assert noms_en_partie("fictif jean", "fictif jean paul") == "une partie du même nom"
    assert noms_en_partie("jean", "fictif jean") == noms_en_partie("fictif jean", "fictif jean") == ""
    assert naissances_semblables(date(1984, 5, 12), date(1984, 12, 5)) == "jour et mois de naissance inversés"
    assert naissances_semblables(date(1984, 5, 12), date(1985, 5, 12)) == "date de naissance proche"
    assert naissances_semblables(date(1984, 5, 12), date(1985, 6, 12)) == ""


def test_les_ressemblances_disent_pourquoi() -> None:
    scene = monter()
    voulu = nomme(scene, "Ursule", "Brindamour", nam="BRIU84551299", telephone="418 555-0123", adresse="1, rue Fictive")
    nomme(scene, "Ursule", "Brindamour", naissance=date(1950, 1, 1))

    def raisons(nom: str, prenom: str, naissance: date, **autres: Any) -> list[list[str]]:
        lues = recherche.ressemblances(nom, prenom, naissance=naissance, **autres)
        return [dites for dossier, dites in lues if dossier.pk == voulu.pk]

    assert raisons("Brindamour", "Ursule", NE_LE) == [["même nom", "même date de naissance"]]
    assert raisons("Ursule", "Brindamour", NE_LE) == [["nom et prénom inversés", "même date de naissance"]]
    assert raisons("Brindamor", "Ursule", date(1984, 12, 5)) == [
        ["nom à une lettre près", "jour et mois de naissance inversés"]
    ]
    assert raisons("Autrement", "Nommée", date(1999, 1, 1), nam="BRIU84551299") == [["même NAM"]]
    assert raisons("Brindamour", "Ursule", date(1999, 1, 1), telephone="(418) 555-0123") == [
        ["même nom", "même téléphone"]
    ]
    assert raisons("Brindamour", "Ursule", date(1999, 1, 1), adresse="1 Rue fictive") == [["même nom", "même adresse"]]
    assert raisons("Brindamour", "Ursule", date(1999, 1, 1)) == []


def test_un_nom_de_mariage_ou_un_second_prenom_se_reconnait_a_la_naissance() -> None:
    scene = monter()
    voulu = nomme(scene, "Marie-Ève", "Brindamour")
    lues = recherche.ressemblances("Brindamour-Modèle", "Marie-Ève", naissance=NE_LE)
    assert [(un.pk, dites) for un, dites in lues] == [(voulu.pk, ["une partie du même nom", "même date de naissance"])]
    assert recherche.ressemblances("Brindamour-Modèle", "Marie-Ève", naissance=date(1984, 5, 13)) == []


def test_la_bonne_personne_ressort_parmi_trop_d_homonymes(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = monter()
    for _ in range(4):
        nomme(scene, "Marie", "Modèle", naissance=date(1950, 1, 1))
    voulu = nomme(scene, "Marie", "Modèle", naissance=date(1984, 12, 5))
    monkeypatch.setattr(recherche, "CANDIDATS", 3)
    lues = recherche.ressemblances("Modèle", "Marie", naissance=NE_LE)
    assert [(un.pk, dites) for un, dites in lues] == [(voulu.pk, ["même nom", "jour et mois de naissance inversés"])]


def test_la_nouvelle_demande_montre_qui_ressemble_et_pourquoi() -> None:
    scene = monter()
    nomme(scene, "Ursule", "Brindamour")
    envoi = {
        "prenom": "Ursule", "nom": "Brindamor",
        "naissance_jour": "12", "naissance_mois": "mai", "naissance_annee": "1984",
    }  # fmt: skip
    page = client(scene.agent).post(reverse("dossier_nouveau"), envoi).content.decode()
    assert "Nom à une lettre près, même date de naissance" in page
    assert "peut-être déjà un dossier" in page
