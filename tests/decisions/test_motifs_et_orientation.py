"""Une phrase par motif, l'orientation qui ne change rien, et « sévère mais pas permanente », consigné."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from correspondance.models import Lettre
from decisions import phrases, regles
from decisions.complements import lire_phrases
from decisions.forms_csems import DecisionForm
from decisions.models import Decision
from dossiers.etats import Etat
from referentiels import lecture as referentiels
from referentiels.models import ProgrammeAide
from socle import horloge
from tests.decisions.lecture import lu
from tests.fabrique_csems import ayant_lu
from tests.fabriques import RAPPORT, RECONNUE, REFUS, Scene
from tests.formulaires.test_vues_sr2100 import session
from tests.lettres import contenus

pytestmark = pytest.mark.django_db
PHRASE = "Selon nous, un emploi assis reste possible pour vous."
MOTIF = "contraintes_non_severes"


def _signer(scene: Scene, **de_plus: Any) -> Decision:
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS, **de_plus)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    return Decision.objects.get(demande=scene.demande)


def test_la_phrase_du_motif_va_dans_la_lettre_apres_la_raison_du_catalogue() -> None:
    scene = Scene().a_signer()
    decision = _signer(scene, phrases_motifs={MOTIF: f" {PHRASE} "})
    assert lire_phrases(decision) == {MOTIF: PHRASE}
    lettre = Lettre.objects.get(modele="refus")
    assert lettre.contenu["motifs"][0]["phrase"] == PHRASE
    posees = dict.fromkeys(phrases.QUESTIONS, "?")
    socio = phrases.decision(lettre.contenu, posees, False)["questions"][2]
    assert socio["raison"]
    assert socio["libres"] == [PHRASE]


def test_sans_phrase_rien_ne_change_a_l_acte() -> None:
    decision = _signer(Scene().a_signer())
    assert lire_phrases(decision) == {}
    assert decision.orientation == []


def test_la_phrase_d_un_motif_sans_question_suit_son_texte() -> None:
    contenu = contenus.decision(motifs=("situation_inchangee",), questions=[])
    contenu["motifs"][0]["phrase"] = PHRASE
    assert phrases.motifs_a_dire(contenu, False)[-1] == PHRASE
    assert len(phrases.motifs_a_dire(contenu, False)) == 2


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("phrases_motifs", {"autre_motif": "Une phrase."}),
        ("phrases_motifs", "une phrase"),
        ("phrases_motifs", {MOTIF: "x" * 601}),
        ("phrases_motifs", {MOTIF: 3.5j}),
        ("orientation", ["inconnu"]),
        ("orientation", "services_emploi"),
    ],
)
def test_ce_qui_est_illisible_est_refuse(champ: str, valeur: Any) -> None:
    scene = Scene().a_signer()
    refus = scene.refuse("medecin", "signer_decision", issue="non_reconnue", **REFUS, **{champ: valeur})
    assert refus == "champ_invalide"
    assert not Decision.objects.exists()


def test_l_orientation_se_dit_dans_les_deux_langues_et_n_ote_aucun_droit() -> None:
    scene = Scene().a_signer()
    _signer(scene, orientation=["services_communautaires", "rente_invalidite"])
    contenu = Lettre.objects.get(modele="refus").contenu
    dites = phrases.orientation_en_mots(contenu["orientation"], False)
    assert [une["telephone"] for une in dites] == ["211", "1 800 463-5185"]
    assert "Community" in phrases.orientation_en_mots(contenu["orientation"], True)[0]["nom"]
    scene.joue("systeme", "emettre_lettres")
    lettre = Lettre.objects.get(modele="refus")
    assert "Cela ne change rien à vos droits" in lettre.octets.html
    assert scene.refuse("prestataire", "demander_revision", motifs="Je conteste.") == ""


def test_la_lettre_nomme_le_programme_du_jour_de_la_signature() -> None:
    """Un numéro changé depuis la demande : la lettre porte celui que le signataire a lu."""
    scene = Scene().a_signer()
    ligne = ProgrammeAide.objects.get(code="services_communautaires")
    jour = scene.instant.date() + timedelta(days=1)
    ProgrammeAide.objects.filter(pk=ligne.pk).update(en_vigueur_au=jour - timedelta(days=1))
    ligne.pk, ligne.telephone, ligne.en_vigueur_du = None, "1 800 555-0100", jour
    ligne.save()
    referentiels.invalider()
    scene.attendre(days=1)
    _signer(scene, orientation=["services_communautaires"])
    (dite,) = Lettre.objects.get(modele="refus").contenu["orientation"]
    assert dite["telephone"] == "1 800 555-0100"


def test_la_contrainte_temporaire_oriente_aussi_et_garde_le_droit_a_l_evaluation() -> None:
    scene = Scene().complete({**RAPPORT, "duree": {"type": "mois", "mois": 4}, "contrainte": "temporaire"})
    scene.joue("agent", "accorder_temporaire", mois=4, orientation=["services_sociaux"])
    scene.joue("systeme", "emettre_lettres")
    html = Lettre.objects.get(modele="contrainte_temporaire").octets.html
    assert "811" in html
    assert "Vous gardez le droit à une évaluation" in html


def test_chaque_programme_dit_quoi_pour_qui_et_ou_appeler() -> None:
    programmes = referentiels.programmes_aide(contenus.JOUR)
    assert programmes
    for un in programmes:
        assert un.description
        assert un.pour_qui
        assert un.telephone
        assert un.libelle_en
        assert un.description_en


@pytest.mark.parametrize(
    ("issue", "reponses", "attendu"),
    [
        ("non_reconnue", ("oui", "non", "oui"), True),
        ("non_reconnue", ("oui", "inconnu", "oui"), False),
        ("non_reconnue", ("non", "non", "oui"), False),
        ("non_reconnue", ("oui", "non", "non"), False),
        ("reconnue", ("oui", "non", "oui"), False),
    ],
)
def test_severe_mais_pas_permanente(issue: str, reponses: tuple[str, str, str], attendu: bool) -> None:
    lues = dict(zip(("atteinte", "duree", "socioprofessionnel"), reponses, strict=True))
    assert regles.severe_non_permanente(issue, lues) is attendu


def test_le_scellement_le_consigne() -> None:
    scene = Scene().en_evaluation()
    for par in ("medecin", "specialiste"):
        scene.joue(
            par,
            "rendre_avis",
            questions={"atteinte": "oui", "duree": "non", "socioprofessionnel": "oui"},
            texte=f"Avis de {par}.",
            pieces_citees=["sr2100"],
            recommandation="ne_pas_reconnaitre",
        )
    scene.joue("medecin", "conclure_concertation", accord="oui")
    fin = scene.instant.date().replace(month=12)
    scene.joue("specialiste", "offrir_occasion", elements=["duree_limitations"], jusqu_au=fin, appel_note="Appel.")
    scene.joue("prestataire", "repondre_occasion", texte="Rien.")
    assert _signer(scene).severe_non_permanente is True
    assert _signer(Scene().a_signer()).severe_non_permanente is False


def _page(scene: Scene) -> tuple[Client, str]:
    return session(scene["medecin"], confirmee=True), f"/dossiers/{scene.dossier.reference}/decision/"


def test_l_ecran_demande_une_phrase_par_motif_coche_et_garde_le_reste() -> None:
    scene = Scene().a_signer()
    envoi = {"issue": "non_reconnue", "etape": "apercu", **REFUS, "orientation": ["services_communautaires"]}
    with horloge.figer(scene.instant):
        client, adresse = _page(scene)
        page = client.post(adresse, envoi)
        assert "Dites ce motif à la personne" in lu(page)
        assert [champ.name for champ in page.context["form"].champs_phrases()] == [f"phrase_{MOTIF}"]
        assert page.context["form"]["orientation"].value() == ["services_communautaires"]
        apercu = client.post(adresse, {**envoi, f"phrase_{MOTIF}": PHRASE})
        montre = lu(apercu)
        assert "Vous allez refuser" in montre
        assert PHRASE in montre
        assert "Facilité de lecture" in montre
        assert "Services communautaires près de chez vous" in montre
        client.post(adresse, {**envoi, f"phrase_{MOTIF}": PHRASE, **ayant_lu(apercu)})
    decision = Decision.objects.get()
    assert lire_phrases(decision) == {MOTIF: PHRASE}
    assert decision.orientation == ["services_communautaires"]


def test_une_phrase_trop_longue_se_dit_pres_de_son_champ() -> None:
    scene = Scene().a_signer()
    with horloge.figer(scene.instant):
        client, adresse = _page(scene)
        envoi = {"issue": "non_reconnue", "etape": "apercu", **REFUS, f"phrase_{MOTIF}": "é" * 601}
        page = client.post(adresse, envoi)
    assert page.context["form"].errors[f"phrase_{MOTIF}"]
    assert not Decision.objects.exists()


RECONNAITRE = {
    "issue": "reconnue", "etape": "apercu", "justification_date": "Date de la demande.",
    "motifs": ["effet_cumulatif"], "phrase_effet_cumulatif": "Vos problèmes de santé s'ajoutent.",
    "date_effet_jour": "2", "date_effet_mois": "février", "date_effet_annee": "2026",
}  # fmt: skip


@pytest.mark.parametrize(
    ("de_plus", "erreur"),
    [
        ({}, "Cochez « Aucun réexamen prévu »"),
        (
            {"sans_reexamen": "on", "reexamen_le_jour": "2", "reexamen_le_mois": "2", "reexamen_le_annee": "2031"},
            "Choisissez : une date, ou aucun réexamen.",
        ),
        (
            {"reexamen_le_jour": "1", "reexamen_le_mois": "2", "reexamen_le_annee": "2026"},
            "Choisissez une date à venir pour le réexamen.",
        ),
        ({"sans_reexamen": "on"}, ""),
        ({"reexamen_le_jour": "2", "reexamen_le_mois": "2", "reexamen_le_annee": "2031"}, ""),
    ],
)
def test_le_reexamen_se_dit_meme_quand_il_n_y_en_a_pas(de_plus: dict[str, str], erreur: str) -> None:
    scene = Scene().a_signer()
    with horloge.figer(scene.instant):
        client, adresse = _page(scene)
        page = lu(client.post(adresse, {**RECONNAITRE, **de_plus}))
    if erreur:
        assert erreur in page
        assert "D'où vient la date proposée" in page
    else:
        assert "Relisez la lettre avant de signer" in page


def test_la_seconde_signature_montre_l_histoire_de_la_date() -> None:
    scene = Scene().a_signer()
    scene.joue("medecin", "signer_decision", issue="reconnue", **RECONNUE)
    with horloge.figer(scene.instant):
        client = session(scene["specialiste"], confirmee=True)
        page = lu(client.get(f"/dossiers/{scene.dossier.reference}/decision/"))
    assert "Date d'effet : son histoire" in page
    assert "Aucun réexamen prévu." in page


def _reconduit() -> Scene:
    scene = Scene().emise()
    scene.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    scene.joue("agent", "confirmer_situation", appel_note="Rien n'a changé.")
    scene.joue("agent", "declarer_complet")
    scene.joue("agent", "reconduire_refus")
    assert scene.demande.etat == Etat.EN_ATTENTE_SIGNATURE
    return scene


def test_reconduire_exige_ce_qui_changerait_et_une_phrase() -> None:
    scene = _reconduit()
    adresse = f"/dossiers/{scene.dossier.reference}/signer/"
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        ouverte = client.get(adresse)
        montres = [champ.name for champ in ouverte.context["champs"]]
        assert montres[:2] == ["motifs", "phrase_situation_inchangee"]
        page = client.post(adresse, {"motifs": ["situation_inchangee"]})
    erreurs = page.context["form"].errors
    assert set(erreurs) == {"ce_qui_changerait", "phrase_situation_inchangee"}


@pytest.mark.parametrize(
    ("issue", "jamais"), [("reconnue", "diagnostic_evident"), ("non_reconnue", "situation_inchangee")]
)
def test_une_decision_evaluee_n_offre_pas_le_motif_d_une_autre_voie(issue: str, jamais: str) -> None:
    scene = Scene().a_signer()
    with horloge.figer(scene.instant):
        champ: Any = DecisionForm(issue=issue, demande=scene.demande).fields["motifs"]
        offerts = [code for code, _ in champ.choices]
        connus = [motif.code for motif in referentiels.motifs(horloge.aujourd_hui())]
    assert jamais in connus
    assert offerts
    assert jamais not in offerts
