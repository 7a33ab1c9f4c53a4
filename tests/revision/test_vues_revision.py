"""Les écrans de la révision : recevabilité, analyse vierge, entrevue, décision à deux."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from correspondance.models import Lettre
from dossiers.etats import Etat
from dossiers.models import Dossier
from dossiers.porte import executer
from journal.models import Entree
from revision.actes.traitement import garder_brouillon_revision
from revision.models import BrouillonRevision, Entrevue, Revision, SignatureRevision
from socle import horloge
from socle.refus import Refus
from tests.fabrique_csems import Equipe, ayant_lu, client_de, en_revision, recevable
from tests.outils_requetes import requetes

ANALYSE: dict[str, Any] = {
    "reponse_atteinte": "oui",
    "reponse_duree": "oui",
    "reponse_socioprofessionnel": "oui",
    "raison_duree": "Suivi depuis cinq ans.",
    "version": "0",
}
INFIRMER: dict[str, Any] = {
    "issue": "infirmee",
    "ce_qui_differe": "La durée est maintenant écrite.",
    "cause": "preuve_nouvelle",
    "date_effet_jour": "5",
    "date_effet_mois": "janvier",
    "date_effet_annee": "2026",
}


def _url(dossier: Dossier, suite: str = "") -> str:
    return f"/revision/{dossier.reference}/{suite}"


def test_recevabilite_dans_le_delai(equipe: Equipe) -> None:
    dossier = en_revision(equipe)
    client = client_de(equipe.medecin_drra, confirmee=True)
    assert dossier.reference in client.get("/revision/?file=nouvelles").content.decode()
    page = client.get(_url(dossier, "recevabilite/")).content.decode()
    assert "arrivée à temps" in page
    assert "Le calcul" in page
    sans = client.post(_url(dossier, "recevabilite/"), {"recevable": "non", "justification": " "})
    assert "Écrivez pourquoi la demande est irrecevable" in sans.content.decode()
    client.post(_url(dossier, "recevabilite/"), {"recevable": "oui"})
    assert Revision.objects.get().recevable is True


def test_recevabilite_tardive_exige_une_justification(equipe: Equipe) -> None:
    from tests.fabrique_csems import refuse

    dossier = refuse(equipe)
    with horloge.figer(horloge.maintenant() + timedelta(days=150)):
        executer("demander_revision", acteur=dossier.prestataire, dossier=dossier, motifs="En retard.")
        executer(
            "affecter_reviseur",
            acteur=equipe.chef_drra,
            dossier=dossier,
            medecin=equipe.medecin_drra,
            specialiste=equipe.specialiste_drra,
        )
        client = client_de(equipe.medecin_drra, confirmee=True)
        url = _url(dossier, "recevabilite/")
        assert "La demande est tardive" in client.get(url).content.decode()
        assert "La demande est tardive. Écrivez" in client.post(url, {"recevable": "oui"}).content.decode()
        client.post(url, {"recevable": "oui", "justification": "Hospitalisée."})
    assert Revision.objects.get().justification == "Hospitalisée."


def test_les_reponses_de_premiere_instance_attendent_la_sienne(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra)
    page = client.get(_url(dossier), {"premiere": "oui"}).content.decode()
    assert "selon Armand" not in page
    assert "Déjà lues en première instance" in page
    assert "s'ouvrent quand vous avez répondu à chaque question" in page
    assert client.get(f"/dossiers/{dossier.reference}/evaluation/").headers["Location"] == _url(dossier)
    client.post(_url(dossier), ANALYSE)
    assert BrouillonRevision.objects.get().contenu["raisons"]["duree"] == "Suivi depuis cinq ans."
    assert "selon Armand" not in client.get(_url(dossier)).content.decode()
    assert "selon Armand" in client.get(_url(dossier), {"premiere": "oui"}).content.decode()
    autre = client_de(equipe.specialiste_drra).get(_url(dossier), {"premiere": "oui"}).content.decode()
    assert "selon Armand" not in autre
    assert "Suivi depuis cinq ans." not in autre


def test_deux_fenetres_montrent_les_deux_versions(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    garder_brouillon_revision(Revision.objects.get(), equipe.medecin_drra, {"texte": "Autre fenêtre"})
    reponse = client_de(equipe.medecin_drra).post(_url(dossier), ANALYSE)
    assert reponse.status_code == 409
    assert "Autre fenêtre" in reponse.content.decode()


def test_noter_une_entrevue(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.specialiste_drra)
    page = client.post(_url(dossier, "entrevue/"), {"mode": "En personne", "note": ""}).content.decode()
    assert "Ce qui a été dit\xa0»." in page
    client.post(_url(dossier, "entrevue/"), {"mode": "En personne", "note": "Quarante minutes."})
    assert Entrevue.objects.get().mode == "En personne"
    assert dossier.reference in client.get("/revision/?file=a-decider").content.decode()


def test_infirmer_a_deux(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra, confirmee=True)
    assert client.get(_url(dossier, "decision/")).headers["Location"] == _url(dossier)
    client.post(_url(dossier), ANALYSE)
    url = _url(dossier, "decision/")
    vide = client.post(url, {"issue": "infirmee", "etape": "apercu"}).content.decode()
    assert "Dites ce qui diffère" in vide
    assert "Écrivez la date d&#x27;effet" in vide.replace("'", "&#x27;")
    apercu = client.post(url, {**INFIRMER, "etape": "apercu"})
    page = apercu.content.decode()
    assert "La durée est maintenant écrite." in page
    assert page.count("<h1") == 1
    assert Revision.objects.get().issue == ""
    client.post(url, {**INFIRMER, **ayant_lu(apercu)})
    assert Revision.objects.get().issue == "infirmee"
    assert Revision.objects.get().rendue_le is None
    assert "Il manque la signature" in client.get(url).content.decode()
    seconde = client_de(equipe.specialiste_drra, confirmee=True)
    seconde.post(_url(dossier), ANALYSE)
    adopter = seconde.get(url)
    page = adopter.content.decode()
    for dit in ("Irene Fictif a signé", "Je ne suis pas d'accord", "Ce qui diffère, selon Irene"):
        assert dit in page
    seconde.post(url, ayant_lu(adopter))
    assert dossier.courante is not None
    assert dossier.courante.etat == Etat.REVISION_RENDUE
    assert "La révision est rendue" in seconde.get(url).content.decode()


def test_la_lettre_dit_les_reponses_des_reviseurs(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client, url = client_de(equipe.medecin_drra, confirmee=True), _url(dossier, "decision/")
    client.post(_url(dossier), ANALYSE)
    apercu = client.post(url, {**INFIRMER, "etape": "apercu"})
    for dit in ("Suivi depuis cinq ans.", "Notre réponse est différente.", "Je ne peux pas rester debout.",
                "<strong>Irene Fictif</strong>", "<strong>Octave Fictif</strong>"):  # fmt: skip
        assert dit in apercu.content.decode()
    assert "La décision ne suit pas vos réponses" not in apercu.content.decode()
    client.post(_url(dossier), {**ANALYSE, "version": "1", "raison_duree": "Suivi depuis six ans."})
    for perimee in ({"analyse": "1"}, {"analyse": ""}, {}):
        lu = {nom: valeur for nom, valeur in ayant_lu(apercu).items() if nom != "analyse"}
        relue = client.post(url, {**INFIRMER, **lu, **perimee})
        assert "Votre analyse a changé" in relue.content.decode()
        assert "Suivi depuis six ans." in relue.content.decode()
    assert Revision.objects.get().issue == ""
    client.post(url, {**INFIRMER, **ayant_lu(relue)})
    autre = client_de(equipe.specialiste_drra, confirmee=True)
    autre.post(_url(dossier), ANALYSE)
    adopter = autre.get(url)
    assert "Suivi depuis six ans." in adopter.content.decode()
    autre.post(url, ayant_lu(adopter))
    figees = {une["question"]: une for une in Lettre.objects.get(modele="decision_infirmee").contenu["questions"]}
    assert {code: une["reponse"] for code, une in figees.items()} == dict.fromkeys(figees, "oui")
    assert figees["duree"]["raisons"] == ["Suivi depuis six ans."]


def test_une_analyse_incomplete_ne_decide_pas(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra, confirmee=True)
    client.post(_url(dossier), {"reponse_duree": "oui", "version": "0"})
    assert client.get(_url(dossier, "decision/")).headers["Location"] == _url(dossier)
    with pytest.raises(Refus) as refus:
        executer(
            "rendre_revision",
            acteur=equipe.medecin_drra,
            dossier=dossier,
            issue="confirmee",
            questions={"duree": "oui"},
        )
    assert refus.value.code == "question_sans_reponse"


def test_une_decision_qui_ne_suit_pas_ses_reponses_se_dit(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra, confirmee=True)
    client.post(_url(dossier), ANALYSE)
    page = client.post(_url(dossier, "decision/"), {"issue": "confirmee", "etape": "apercu"}).content.decode()
    assert "La décision ne suit pas vos réponses" in page


def test_maintenir_n_exige_rien_de_plus(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client = client_de(equipe.medecin_drra, confirmee=True)
    client.post(_url(dossier), ANALYSE)
    url = _url(dossier, "decision/")
    apercu = client.post(url, {"issue": "confirmee", "etape": "apercu"})
    client.post(url, {"issue": "confirmee", **ayant_lu(apercu)})
    assert Revision.objects.get().issue == "confirmee"


def test_adopter_attend_sa_propre_analyse(equipe: Equipe) -> None:
    """Le second réviseur ne lit ni n'adopte la décision du premier avant d'avoir répondu lui-même."""
    dossier = recevable(equipe)
    executer("rendre_revision", acteur=equipe.medecin_drra, dossier=dossier, issue="confirmee")
    seconde, url = client_de(equipe.specialiste_drra, confirmee=True), _url(dossier, "decision/")
    for reponse in (seconde.get(url), seconde.post(url, {"etape": "signer", "connaissance": "on"})):
        assert reponse.headers["Location"] == _url(dossier)
    assert SignatureRevision.objects.count() == 1
    seconde.post(_url(dossier), {"reponse_duree": "oui", "version": "0"})
    assert seconde.get(url).headers["Location"] == _url(dossier)
    seconde.post(_url(dossier), {**ANALYSE, "version": "1"})
    assert "Irene Fictif a signé" in seconde.get(url).content.decode()


def test_un_reviseur_ne_signe_pas_ce_qu_il_n_a_pas_lu(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    client, url = client_de(equipe.medecin_drra, confirmee=True), _url(dossier, "decision/")
    client.post(_url(dossier), ANALYSE)
    apercu = client.post(url, {"issue": "confirmee", "etape": "apercu"})
    assert f'href="{_url(dossier)}?document=' in apercu.content.decode()
    sans = client.post(url, {"issue": "confirmee", **ayant_lu(apercu), "connaissance": ""})
    assert "cochez cette case, avant de signer" in sans.content.decode()
    executer("verser_piece", acteur=equipe.agent, dossier=dossier, nature="Note", titre="Note arrivée depuis")
    encore = client.post(url, {"issue": "confirmee", **ayant_lu(apercu)})
    assert "(arrivé depuis, non lu)" in encore.content.decode()
    assert not SignatureRevision.objects.exists()
    client.post(url, {"issue": "confirmee", **ayant_lu(encore)})
    assert Entree.objects.get(acte="rendre_revision", nature="acte").details["attestes"]
    seconde = client_de(equipe.specialiste_drra, confirmee=True)
    seconde.post(_url(dossier), ANALYSE)
    adopter = seconde.get(url)
    sans = seconde.post(url, {**ayant_lu(adopter), "connaissance": ""})
    assert "cochez cette case, avant de signer" in sans.content.decode()
    assert SignatureRevision.objects.count() == 1
    seconde.post(url, ayant_lu(adopter))
    assert SignatureRevision.objects.count() == 2


def test_les_autres_roles_ne_voient_rien(equipe: Equipe) -> None:
    dossier = en_revision(equipe)
    for personne in (equipe.medecin, equipe.agent, equipe.clinicien, equipe.chef_drra, dossier.prestataire):
        client = client_de(personne)
        assert client.get("/revision/").status_code == 404
        assert client.get(_url(dossier)).status_code == 404


def test_bannieres_du_jour_20_et_du_jour_75(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    for jours, dit in ((5, ""), (21, "Le jour 20 est passé"), (76, "Le jour 75 est passé")):
        with horloge.figer(horloge.maintenant() + timedelta(days=jours)):
            page = client_de(equipe.medecin_drra).get(_url(dossier)).content.decode()
        assert (dit in page) if dit else ("est passé" not in page)


def test_la_file_coute_toujours_autant_de_requetes(equipe: Equipe) -> None:
    client = client_de(equipe.medecin_drra)

    def cout() -> int:
        client.get("/revision/?file=nouvelles")
        return requetes(client, "/revision/?file=nouvelles")

    en_revision(equipe)
    un = cout()
    en_revision(equipe)
    en_revision(equipe)
    assert cout() == un <= 15
