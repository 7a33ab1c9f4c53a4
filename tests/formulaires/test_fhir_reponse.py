"""Une `QuestionnaireResponse` devient un brouillon : aller-retour, échantillon R4, propriétés, accès."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptes.models import Delegation, Permis
from formulaires import coherence, regles
from formulaires.fhir.questionnaire import questionnaire
from formulaires.fhir.reponse import lire_reponse
from formulaires.fhir.textes import adresse
from formulaires.models import Brouillon, RapportMedical
from formulaires.saisie import Saisie
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.fhir_outils import Item, item_de, pages_de, remplir
from tests.formulaires.test_vues_sr2100 import PAGES, session
from tests.formulaires.test_vues_sr2100 import remplir as remplir_a_l_ecran

pytestmark = pytest.mark.django_db
R4 = Path(__file__).with_name("fhir_r4_reponse.json")
ENSEMBLE: dict[str, dict[str, str]] = {
    **PAGES,
    "duree": {
        "duree_type": "mois",
        "duree_mois": "18",
        "contrainte": "severe",
        "deterioration": "on",
        "depuis": "vers 2019",
        "traitements": "Deux essais.\nSans effet.",
        "contact": "418 555-0100, le matin",
    },
}


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Un clinicien invité, au consentement vivant; l'horloge est celle de la scène."""
    prete = Scene().deposee()
    with horloge.figer(prete.instant + timedelta(hours=1)):
        yield prete


def remplie(scene: Scene, pages: dict[str, dict[str, str]] = ENSEMBLE, **change: Any) -> Item:
    questions = questionnaire(horloge.aujourd_hui())
    return {**remplir(questions, pages, reference=scene.dossier.reference), **change}


@pytest.fixture
def lire(scene: Scene, tmp_path: Path) -> Any:
    """Joue la commande; rend le code de sortie et ce qu'elle écrit."""

    def jouer(ressource: Any, *options: str, par: str = "clinicien", dossier: str = "") -> tuple[int, str]:
        fichier = tmp_path / "reponse.json"
        octets = ressource if isinstance(ressource, bytes) else json.dumps(ressource).encode()
        fichier.write_bytes(octets)
        sortie = io.StringIO()
        arguments = ["--dossier", dossier or scene.dossier.reference, "--clinicien", scene[par].email or "", *options]
        try:
            call_command("lire_fhir", str(fichier), *arguments, stdout=sortie)
        except SystemExit as fin:
            return int(fin.code or 0), sortie.getvalue()
        return 0, sortie.getvalue()

    return jouer


def constats(sortie: str) -> list[tuple[str, str, str]]:
    """Sorte, FHIRPath et phrase de chaque constat d'un `OperationOutcome` que la bibliothèque accepte."""
    ressource = json.loads(sortie)
    OperationOutcome.model_validate(ressource)
    assert {issue["severity"] for issue in ressource["issue"]} == {"error"}
    return [(issue["code"], issue["expression"][0], issue["diagnostics"]) for issue in ressource["issue"]]


def garde() -> Saisie:
    return Saisie.lire(Brouillon.objects.get().contenu)


# --- Aller-retour


def test_meme_brouillon_que_par_l_ecran(scene: Scene, lire: Any) -> None:
    """Le questionnaire rempli puis relu dit, champ pour champ, ce que les quatre pages auraient gardé."""
    ressource = remplie(scene)
    QuestionnaireResponse.model_validate(ressource)
    code, sortie = lire(ressource)
    assert code == 0, sortie
    par_fhir = garde()
    brouillon = Brouillon.objects.get()
    assert (brouillon.pour, brouillon.modifie_par) == (scene["clinicien"], scene["clinicien"])
    assert (par_fhir.faites, par_fhir.a_confirmer) == ([], list(PAGES))
    Brouillon.objects.all().delete()
    remplir_a_l_ecran(session(scene["clinicien"]), scene, **ENSEMBLE)
    par_l_ecran = garde()
    jour = horloge.aujourd_hui()
    assert par_fhir.pages["duree"] == {nom: v for nom, v in par_l_ecran.pages["duree"].items() if nom != "version"}
    assert par_fhir.pages == par_l_ecran.pages
    assert par_fhir.rapport(jour) == par_l_ecran.rapport(jour)
    assert par_fhir.rapport(jour)["duree"] == {"type": "mois", "mois": 18}


def test_le_clinicien_confirme_chaque_page_avant_de_signer(scene: Scene, lire: Any) -> None:
    """Rien n'est signé par l'import : la vérification ramène à la première page à confirmer."""
    assert lire(remplie(scene))[0] == 0
    client = session(scene["clinicien"], confirmee=True)
    base = f"/dossiers/{scene.dossier.reference}/sr2100/"
    assert client.post(f"{base}verifier/").headers["Location"] == f"{base}patient/?manque"
    assert not RapportMedical.objects.exists()
    page = client.get(f"{base}diagnostics/")
    assert page.context["a_confirmer"]
    assert page.context["form"]["libelle_1"].value() == "Fibromyalgie"
    remplir_a_l_ecran(client, scene, **ENSEMBLE)
    client.post(f"{base}verifier/")
    assert RapportMedical.objects.get().contenu["diagnostics"][0] == {"libelle": "Fibromyalgie"}


def test_l_anglais_donne_le_meme_brouillon(scene: Scene) -> None:
    jour = horloge.aujourd_hui()
    lues = [
        lire_reponse(
            remplir(questionnaire(jour, langue), ENSEMBLE, reference=scene.dossier.reference), scene.dossier, jour
        ).saisie
        for langue in ("fr", "en")
    ]
    assert lues[0] == lues[1]


def _echantillon(scene: Scene) -> Item:
    questions = questionnaire(horloge.aujourd_hui())
    texte = R4.read_text(encoding="utf-8").replace("@BASE@", adresse()).replace("@NAM@", scene.dossier.nam)
    ressource: Item = json.loads(texte.replace("@QUESTIONNAIRE@", f"{questions['url']}|{questions['version']}"))
    return ressource


def test_echantillon_r4_d_un_autre_logiciel(scene: Scene, lire: Any) -> None:
    """Une ressource R4 écrite à la main : patient contenu, récit, métadonnées, items sans texte, CRLF."""
    code, sortie = lire(_echantillon(scene))
    assert code == 0, sortie
    rapport = garde().rapport(horloge.aujourd_hui())
    assert rapport["diagnostics"] == [
        {"libelle": "Discopathie dégénérative", "code": "M51.3", "principal": True},
        {"libelle": "Trouble d'adaptation <récent>"},
    ]
    assert rapport["limitations"][0]["exemple"] == "Reste debout moins de dix minutes."
    assert rapport["duree"] == {"type": "mois", "mois": 24}
    assert rapport["traitements"] == "Physiothérapie, sans effet durable.\nDeux infiltrations."
    assert rapport["suivi_depuis"] == "2019-11"
    assert set(rapport) <= set(regles.CHAMPS_RAPPORT)
    assert "Discopathie" not in sortie


MOT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)
LIGNE = st.lists(MOT, min_size=1, max_size=4).map(" ".join)
MOMENT = st.sampled_from(["2019", "mars 2020", "vers 2001", "2020-03-15"])


@st.composite
def contenus(tirer: st.DrawFn) -> Item:
    """Un rapport que la signature recevrait, tel que l'écran peut le dire."""
    libelles = tirer(st.lists(LIGNE, min_size=1, max_size=6))
    principal = tirer(st.integers(0, len(libelles) - 1))
    diagnostics: list[Item] = []
    for rang, libelle in enumerate(libelles):
        ligne: Item = {"libelle": libelle}
        if tirer(st.booleans()):
            ligne["code"] = tirer(st.sampled_from(["F33.2", "M51.3", "G93.3"]))
        if rang == principal:
            ligne["principal"] = True
        diagnostics.append(ligne)
    limitations: list[Item] = []
    domaines = ("bouger", "mains", "endurance", "concentration", "emotions", "interactions", "organisation", "sens")
    for domaine in domaines:
        niveau = tirer(st.sampled_from(["", "aucune", "legere", "moderee", "grave", "ne_sait_pas"]))
        if not niveau and (limitations or domaine != "sens"):
            continue
        ligne = {"domaine": domaine, "niveau": niveau or "legere"}
        if niveau == "grave" or (niveau == "moderee" and tirer(st.booleans())):
            ligne["exemple"] = tirer(LIGNE)
        limitations.append(ligne)
    genre = tirer(st.sampled_from(["mois", "permanente", "indeterminee"]))
    duree: Item = {"type": genre, "mois": tirer(st.integers(1, 1200))} if genre == "mois" else {"type": genre}
    contenu: Item = {
        "diagnostics": diagnostics,
        "limitations": limitations,
        "duree": duree,
        "contrainte": tirer(st.sampled_from(regles.CONTRAINTES)),
        "effet_cumulatif": tirer(st.booleans()),
        "deterioration": tirer(st.booleans()),
    }
    for nom, valeurs in {
        "depuis": MOMENT,
        "suivi_depuis": MOMENT,
        "traitements": LIGNE,
        "justification": LIGNE,
    }.items():
        if tirer(st.booleans()):
            contenu[nom] = tirer(valeurs)
    return contenu


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contenu=contenus())
def test_tout_rapport_valide_revient_inchange(scene: Scene, contenu: Item) -> None:
    ressource = remplie(scene, pages_de(contenu))
    QuestionnaireResponse.model_validate(ressource)
    jour = horloge.aujourd_hui()
    lue = lire_reponse(json.loads(json.dumps(ressource)), scene.dossier, jour)
    assert lue.restes == []
    assert lue.saisie.rapport(jour) == contenu


# --- Réponse inachevée


def test_une_reponse_inachevee_est_gardee_et_ce_qui_reste_est_dit(scene: Scene, lire: Any) -> None:
    pages = {"diagnostics": ENSEMBLE["diagnostics"], "patient": {"suivi_depuis": "31 février 2019"}}
    code, sortie = lire(remplie(scene, pages, status="in-progress"))
    assert code == 0
    assert garde().a_confirmer == ["patient", "diagnostics"]
    assert garde().pages["patient"] == {"suivi_depuis": "31 février 2019"}
    reste = [ligne for ligne in sortie.splitlines() if ligne.startswith("À finir à l'écran")]
    assert any("(duree.contrainte)" in ligne for ligne in reste)
    assert any("(patient.suivi_depuis)" in ligne for ligne in reste)
    code, sortie = lire(remplie(scene, pages), "--remplacer")
    assert code == 2
    assert {"duree.contrainte", "patient.suivi_depuis"} <= {
        d.partition("(")[2].partition(")")[0] for *_, d in constats(sortie)
    }


def test_une_reponse_vide_n_ecrit_rien(scene: Scene, lire: Any) -> None:
    ressource = remplie(scene, {}, status="in-progress")
    for page in ressource["item"]:
        page["item"] = [i for i in page.get("item", []) if "valueBoolean" not in i["answer"][0]]
    code, sortie = lire({**ressource, "item": [page for page in ressource["item"] if page["item"]]})
    assert (code, constats(sortie)[0][0]) == (2, "required")
    assert not Brouillon.objects.exists()


def test_la_contradiction_est_annoncee_et_l_ecran_l_interrompt(scene: Scene, lire: Any) -> None:
    """« Sévère » et six mois : gardé comme à l'écran, annoncé sans rien citer, tranché par le clinicien."""
    courte = {**ENSEMBLE, "duree": {**ENSEMBLE["duree"], "duree_mois": "6"}}
    code, sortie = lire(remplie(scene, courte))
    assert code == 0
    nom = coherence.PAR_CODE[regles.DUREE_INCOHERENTE].nom
    assert f"À corriger ou à garder à l'écran : {nom}." in sortie.splitlines()
    assert "6" not in sortie.partition("À corriger")[2].partition("\n")[0]
    assert garde().maintenir == []
    assert nom not in lire(remplie(scene), "--remplacer")[1]


# --- Brouillon déjà commencé


def test_brouillon_commence_n_est_remplace_que_sur_demande(scene: Scene, lire: Any) -> None:
    client = session(scene["clinicien"])
    base = f"/dossiers/{scene.dossier.reference}/sr2100/"
    client.post(f"{base}diagnostics/", {"principal": "1", "libelle_1": "Écrit à l'écran", "version": "0"})
    code, sortie = lire(remplie(scene))
    assert (code, [sorte for sorte, _, _ in constats(sortie)]) == (2, ["conflict"])
    assert "version 1" in sortie
    assert garde().pages["diagnostics"]["libelle_1"] == "Écrit à l'écran"
    assert lire(remplie(scene), "--remplacer")[0] == 0
    assert garde().pages["diagnostics"]["libelle_1"] == "Fibromyalgie"
    assert Brouillon.objects.get().version == 2
    # La même réponse reçue deux fois ne change rien et ne défait pas une page confirmée.
    client.post(f"{base}patient/", {**ENSEMBLE["patient"], "version": "2"})
    code, sortie = lire(remplie(scene))
    assert (code, "Rien n'a changé" in sortie) == (0, True)
    assert (garde().faites, Brouillon.objects.get().version) == (["patient"], 3)


def test_brouillon_echu_se_remplace_sans_le_demander(scene: Scene, lire: Any) -> None:
    assert lire(remplie(scene))[0] == 0
    with horloge.figer(horloge.maintenant() + timedelta(days=61)):
        assert lire(remplie(scene, {**ENSEMBLE, "patient": {"bien_mon_patient": "on"}}))[0] == 0
        assert garde().pages["patient"] == {"bien_mon_patient": "on"}


# --- Accès et empêchements : ceux de l'écran


@pytest.mark.parametrize(
    "par", ["prestataire", "agent", "medecin", "clinicien_ailleurs", "ressource", "administrateur"]
)
def test_le_dossier_est_ferme_aux_memes_personnes(scene: Scene, lire: Any, par: str) -> None:
    code, sortie = lire(remplie(scene), par=par)
    assert (code, constats(sortie)[0][0]) == (2, "forbidden")
    assert json.loads(sortie)["issue"][0]["details"]["coding"][0]["code"] == "acces_refuse"
    assert not Brouillon.objects.exists()


def test_dossier_inconnu_et_dossier_ferme_se_disent_pareil(scene: Scene, lire: Any) -> None:
    inconnu = lire(remplie(scene), dossier="CSE-INCONNU")
    assert inconnu == lire(remplie(scene), par="clinicien_ailleurs")


def test_un_refus_d_acces_precede_ce_que_dit_la_reponse(scene: Scene, lire: Any) -> None:
    _, sortie = lire({"resourceType": "QuestionnaireResponse", "status": "completed"}, par="agent")
    assert [sorte for sorte, _, _ in constats(sortie)] == ["forbidden"]


def test_le_delegue_prepare_le_brouillon_du_clinicien(scene: Scene, lire: Any) -> None:
    jour = horloge.aujourd_hui()
    Delegation.objects.create(delegue=scene["clinicien_ailleurs"], clinicien=scene["clinicien"], du=jour, au=jour)
    assert lire(remplie(scene), par="clinicien_ailleurs")[0] == 0
    brouillon = Brouillon.objects.get()
    assert (brouillon.pour, brouillon.modifie_par) == (scene["clinicien"], scene["clinicien_ailleurs"])


def test_invitation_declinee_ferme_la_porte(scene: Scene, lire: Any) -> None:
    scene.joue("clinicien", "decliner_rapport", motif="Je ne le suis plus.")
    assert constats(lire(remplie(scene))[1])[0][0] == "forbidden"


def test_consentement_retire_n_ecrit_rien(scene: Scene, lire: Any) -> None:
    scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    code, sortie = lire(remplie(scene))
    assert (code, "consentement_absent" in sortie) == (2, True)
    assert not Brouillon.objects.exists()


def test_titre_non_autorise_refuse_et_permis_echu_averti(scene: Scene, lire: Any) -> None:
    permis = Permis.objects.filter(compte=scene["clinicien"])
    permis.update(titre="ergotherapeute")
    code, sortie = lire(remplie(scene))
    assert (code, "signataire_non_autorise" in sortie) == (2, True)
    assert not Brouillon.objects.exists()
    permis.update(titre="medecin", expire_le=horloge.aujourd_hui() - timedelta(days=1))
    code, sortie = lire(remplie(scene))
    assert (code, "permis reste à prouver" in sortie) == (0, True)


# --- La commande d'écriture


def test_ecrire_puis_lire_par_les_commandes(scene: Scene, lire: Any) -> None:
    sortie = io.StringIO()
    call_command("ecrire_fhir", "--langue", "en", stdout=sortie)
    questions = json.loads(sortie.getvalue())
    assert (questions["language"], item_de(questions, "duree.contrainte")["text"]) == (
        "en-CA",
        "Which constraint are you describing?",
    )
    assert lire(remplir(questions, ENSEMBLE, reference=scene.dossier.reference))[0] == 0
    passe = io.StringIO()
    call_command("ecrire_fhir", "--le", horloge.aujourd_hui().isoformat(), stdout=passe)
    assert json.loads(passe.getvalue())["version"] == questions["version"]
    with pytest.raises(CommandError, match="1950-01-01"):
        call_command("ecrire_fhir", "--le", "1950-01-01", stdout=io.StringIO())


def test_fichier_absent_se_dit_sans_trace(scene: Scene) -> None:
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("lire_fhir", "/nulle/part.json", "--dossier", "x", "--clinicien", "y@exemple.invalid")


def test_la_ressource_recue_n_est_pas_modifiee(scene: Scene) -> None:
    ressource = remplie(scene)
    avant = copy.deepcopy(ressource)
    lire_reponse(ressource, scene.dossier, horloge.aujourd_hui())
    assert ressource == avant
