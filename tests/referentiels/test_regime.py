"""Un régime d'épreuve daté : la demande de la veille et celle du jour ne se lisent pas dans les mêmes mots.

Rien du programme ne change : seules des lignes datées sont publiées. Le jour choisi est une épreuve, non celui de
la loi. Source : `domaine.md` §4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.html import escape

from correspondance.models import Lettre
from decisions import forms_csems
from decisions.lettres import contenu_decision, questions_posees
from decisions.models import Decision
from dossiers.lettres import mots
from dossiers.models import DemandeRenseignement
from evaluation import documents
from evaluation.views.commun import questions_de_la_loi
from evaluation.views.historique import libelles_motifs
from formulaires.lecture import parametres
from referentiels import actes, lecture, regimes
from referentiels.models import Publication, Vocabulaire
from revision.cahier import contenu as cahier
from revision.lettres import questions_posees as questions_de_la_revision
from socle import horloge
from socle.refus import Refus
from tests.fabriques import RAPPORT, REFUS, Scene

pytestmark = pytest.mark.django_db
PREMIER = dt.date(2027, 1, 1)
VEILLE = PREMIER - dt.timedelta(days=1)
CONCORDE = [{"cas": "CAS-01", "concorde": True}]
SOURCE = "Régime d'épreuve"
QUESTION = "Votre santé vous empêche-t-elle, pour un an ou plus, de suivre une mesure d'emploi ?"
MOTIF = "Ce motif est écrit dans les mots du régime d'épreuve."


@pytest.fixture(autouse=True)
def avant_le_regime() -> Iterator[None]:
    """Les règles se publient en mai 2026, avant toute demande d'épreuve."""
    with horloge.figer(horloge.heure_locale(dt.date(2026, 5, 4), 10)):
        yield


def publier(personnes: tuple[Any, Any], famille: str, code: str, contenu: dict[str, Any]) -> None:
    """Une ligne proposée par l'une, publiée par l'autre, à compter du premier jour."""
    autrice, approbateur = personnes
    proposee = actes.proposer(
        famille, code, contenu, auteur=autrice, source=SOURCE, certitude="demonstration", du=PREMIER
    )
    actes.publier_regle(proposee, approbateur, CONCORDE)


@pytest.fixture
def regime(personnes: tuple[Any, Any]) -> None:
    """Les mots préparés, une question, un motif et un seuil changent le premier jour."""
    for proposee in regimes.proposer_regime(regimes.LOI_71, PREMIER, auteur=personnes[0], source=SOURCE):
        actes.publier_regle(proposee, personnes[1], CONCORDE)
    publier(personnes, "vocabulaire", "question_duree", {"fr": QUESTION, "en": "A test question?"})
    ancien = lecture.motif("contraintes_non_severes", VEILLE)
    publier(
        personnes,
        "motif",
        ancien.code,
        {
            "libelle": ancien.libelle,
            "texte_lettre": MOTIF,
            "sens": ancien.sens,
            "question": ancien.question,
            "rang": ancien.rang,
        },
    )
    seuil = lecture.ligne_regle("duree_severe_mois", VEILLE)
    publier(personnes, "regle", seuil.code, {"valeur": 10, "unite": seuil.unite, "libelle": seuil.libelle})


def decidee(depot: dt.date) -> Scene:
    """Une demande déposée ce jour-là, à 23 h 30, refusée puis émise."""
    return Scene(instant=horloge.heure_locale(depot, 22, 30)).emise()


def lettre_de_refus(scene: Scene) -> str:
    """La version de lecture de la lettre de refus émise."""
    lettre = Lettre.objects.get(dossier=scene.dossier, modele="refus")
    return str(lettre.octets.html)


def test_les_mots_suivent_la_date_de_la_demande(regime: None) -> None:
    """Grille, lettre, révision, rapport : un seul jour sépare les deux régimes."""
    assert mots(VEILLE, "fr")["contraintes_severes"] == "contraintes sévères à l'emploi"
    assert mots(PREMIER, "fr")["contraintes_severes"] == "contraintes sévères de santé"
    assert mots(PREMIER, "en")["contraintes_severes"] == "severe health constraints"
    for questions in (
        questions_de_la_loi,
        lambda jour: questions_posees(jour, "fr"),
        lambda jour: questions_de_la_revision(jour, "fr"),
    ):
        assert questions(VEILLE)["duree"] != QUESTION
        assert questions(PREMIER)["duree"] == QUESTION
        assert questions(VEILLE)["atteinte"] == questions(PREMIER)["atteinte"]
    assert (parametres(VEILLE).mois_severe, parametres(PREMIER).mois_severe) == (12, 10)


def test_deux_demandes_un_jour_deux_regimes(regime: None) -> None:
    """La demande de la veille garde ses mots, même décidée sous le régime nouveau."""
    for depot, motif_neuf in ((VEILLE, False), (PREMIER, True)):
        scene = decidee(depot)
        assert scene.demande.jour_depot == depot
        decision = Decision.objects.select_related("demande__dossier", "projet").get(demande=scene.demande)
        fige = contenu_decision(decision)
        assert (fige["motifs"][0]["texte"] == MOTIF) is motif_neuf
        lue = Lettre.objects.get(dossier=scene.dossier, modele="refus")
        assert (lue.contenu["motifs"][0]["texte"] == MOTIF) is motif_neuf
        texte = lettre_de_refus(scene)
        assert ("contraintes sévères de santé" in texte) is motif_neuf
        assert (escape(MOTIF) in texte) is motif_neuf
        assert (escape(QUESTION) in texte) is motif_neuf


def test_le_formulaire_offre_les_motifs_du_regime_de_la_demande(personnes: tuple[Any, Any]) -> None:
    """Un motif né avec le régime ne s'offre pas, et ne se signe pas, pour une demande de la veille."""
    contenu = {"libelle": "Motif neuf", "texte_lettre": MOTIF, "sens": "defavorable", "question": "", "rang": 99}
    publier(personnes, "motif", "motif_du_regime", contenu)
    for depot, offert in ((VEILLE, False), (PREMIER, True)):
        scene = Scene(instant=horloge.heure_locale(depot, 22, 30)).a_signer()
        with horloge.figer(scene.instant):
            form = forms_csems.DecisionForm(issue="non_reconnue", demande=scene.demande)
        assert ("motif_du_regime" in dict(form.fields["motifs"].choices)) is offert  # type: ignore[attr-defined]
        code = scene.refuse("medecin", "signer_decision", issue="non_reconnue", motifs=["motif_du_regime"])
        assert code == ("" if offert else "champ_invalide")


# --- Une ligne qui commence, ou finit, au milieu d'un dossier -------------------------------------


def ajouter(personnes: tuple[Any, Any], modele: Any, code: str, du: dt.date, au: dt.date | None = None) -> None:
    """Une ligne neuve, sur le patron de celle de `modele`, pour cette seule période."""
    champs = (un.name for un in modele._meta.concrete_fields if un.name not in actes.COMMUNS)
    contenu = {nom: getattr(modele, nom) for nom in champs}
    proposee = actes.proposer(
        modele._meta.model_name, code, contenu, auteur=personnes[0], source=SOURCE, certitude="demonstration",
        du=du, au=au,
    )  # fmt: skip
    actes.publier_regle(proposee, personnes[1], CONCORDE)


def test_une_aide_nee_depuis_la_demande_est_nommee_dans_la_lettre(personnes: tuple[Any, Any]) -> None:
    """L'acte l'admet au jour de la signature : la lettre la lit au même jour, non à celui de la demande."""
    ajouter(personnes, lecture.programme_aide("services_sociaux", VEILLE), "aide_neuve", PREMIER)
    scene = Scene(instant=horloge.heure_locale(VEILLE, 22, 30)).a_signer()
    scene.attendre(days=1)
    scene.joue("medecin", "signer_decision", issue="non_reconnue", orientation=["aide_neuve"], **REFUS)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    lettre = Lettre.objects.get(dossier=scene.dossier, modele="refus")
    assert [une["code"] for une in lettre.contenu["orientation"]] == ["aide_neuve"]


def test_un_motif_fini_depuis_la_demande_se_lit_encore_au_cahier(personnes: tuple[Any, Any]) -> None:
    """Le motif admis au régime de la demande garde son libellé, même éteint le jour de la signature."""
    ancien = lecture.motif("contraintes_non_severes", VEILLE)
    ajouter(personnes, ancien, "motif_d_un_jour", VEILLE, VEILLE)
    scene = Scene(instant=horloge.heure_locale(VEILLE, 22, 30)).a_signer()
    scene.attendre(days=1)
    donnees = {**REFUS, "motifs": ["motif_d_un_jour"]}
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **donnees)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    decision = Decision.objects.get(demande=scene.demande)
    assert decision.scellee_le is not None
    assert cahier._decision("Décision contestée", decision, decision.scellee_le).titre == "Décision"
    assert libelles_motifs(decision) == [ancien.libelle]


def test_une_reponse_a_un_element_retire_depuis_est_recue_et_se_lit(personnes: tuple[Any, Any]) -> None:
    """Ce qu'on a demandé à la clinique reste à répondre, même si le dictionnaire ne l'offre plus."""
    ajouter(personnes, lecture.element("traitements_essayes", VEILLE), "element_d_un_jour", VEILLE, VEILLE)
    scene = Scene(instant=horloge.heure_locale(VEILLE, 10)).deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "demander_renseignement", elements=["element_d_un_jour"], a=scene["clinicien"])
    scene.attendre(days=2)
    assert scene.refuse("clinicien", "repondre_renseignement", reponses={"element_invente": "Non."}) == "champ_invalide"
    scene.joue("clinicien", "repondre_renseignement", reponses={"element_d_un_jour": "Deux, sans effet."})
    faite = DemandeRenseignement.objects.get(demande=scene.demande)
    sections = str(documents._sections_reponse(faite))
    assert lecture.element("traitements_essayes", VEILLE).libelle in sections
    assert "Deux, sans effet." in sections


def test_proposer_un_regime_n_y_met_rien_en_vigueur(personnes: tuple[Any, Any]) -> None:
    """Les deux expressions préparées sont proposées; « avant la loi 71 » n'est pas du régime."""
    proposees = regimes.proposer_regime(regimes.LOI_71, PREMIER, auteur=personnes[0], source=SOURCE)
    assert [une.code for une in proposees] == ["contraintes_severes", "contraintes_temporaires"]
    assert lecture.vocabulaire("contraintes_severes", PREMIER, "fr") == "contraintes sévères à l'emploi"
    assert Vocabulaire.objects.filter(code="contraintes_severes").count() == 1
    with pytest.raises(Refus) as pris:
        regimes.proposer_regime("loi99", PREMIER, auteur=personnes[0], source=SOURCE)
    assert (pris.value.code, pris.value.champ) == ("champ_invalide", "regime")


def test_la_commande_propose_et_dit_ce_qui_manque(personnes: tuple[Any, Any]) -> None:
    sortie = StringIO()
    options = {"du": PREMIER, "auteur": personnes[0].email, "source": SOURCE}
    call_command("proposer_regime", "loi71", **options, stdout=sortie)
    assert "contraintes_severes, à compter du 2027-01-01" in sortie.getvalue()
    assert Publication.objects.filter(etat=Publication.Etat.PROPOSEE).count() == 2
    with pytest.raises(CommandError, match="préparé"):
        call_command("proposer_regime", "loi99", **options)
    with pytest.raises(CommandError, match="compte"):
        call_command("proposer_regime", "loi71", **{**options, "auteur": "personne@exemple.test"})
