"""Les écrans du centre d'évaluation : prendre, répondre, citer, rendre, se concerter, signer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from comptes.models import Compte
from correspondance.models import Lettre
from decisions import pieces
from decisions.models import Signature
from dossiers.actes.lectures import documents_ouverts
from dossiers.etats import Etat
from dossiers.models import DemandeRenseignement, Dossier, Occasion, Piece
from dossiers.porte import executer
from evaluation import lecture
from evaluation.actes import garder_brouillon_avis
from evaluation.models import Avis, BrouillonAvis, Concertation
from journal.models import Entree
from socle import horloge
from socle.refus import Refus
from tests.fabrique_csems import (
    Equipe,
    a_signer,
    avis,
    ayant_lu,
    client_de,
    compte,
    en_concertation,
    pris,
    refuse,
    transmis,
)
from tests.outils_requetes import requetes

GRILLE: dict[str, Any] = {
    "reponse_atteinte": "oui",
    "raison_atteinte": "Vos crises sont décrites.",
    "reponse_duree": "inconnu",
    "raison_duree": "Le rapport ne dit pas la durée.",
    "reponse_socioprofessionnel": "non",
    "raison_socioprofessionnel": "Votre métier reste possible.",
    "texte": "Ensemble.",
    "recommandation": "ne_pas_reconnaitre",
    "citation": ["sr2100"],
}
CHOIX: dict[str, Any] = {
    "issue": "non_reconnue",
    "motifs": ["duree_non_etablie"],
    "phrase_duree_non_etablie": "Votre rapport ne dit pas combien de temps cela va durer.",
    "ce_qui_changerait": ["duree_limitations"],
}


def _url(dossier: Dossier, suite: str = "evaluation/") -> str:
    return f"/dossiers/{dossier.reference}/{suite}"


def test_prendre_puis_rendre_son_avis(equipe: Equipe) -> None:
    dossier = transmis(equipe)
    client = client_de(equipe.medecin, confirmee=True)
    file = client.get("/evaluation/?file=a-prendre")
    assert "Prendre en évaluation" in file.content.decode()
    assert client.post(f"/evaluation/{dossier.reference}/prendre/").headers["Location"] == _url(dossier)
    assert client.get("/evaluation/?file=a-prendre").content.decode().count(dossier.reference) == 0
    encore = client.post(f"/evaluation/{dossier.reference}/prendre/", follow=True).content.decode()
    assert "Vous avez déjà pris ce dossier." in encore
    assert "Une personne de votre métier" not in encore
    assert dossier.reference in client.get("/evaluation/?file=a-evaluer").content.decode()
    suite = client.post(_url(dossier), {**GRILLE, "version": "0", "geste": "rendre"})
    assert suite.headers["Location"] == _url(dossier, "evaluation/rendre/")
    page = client.get(_url(dossier, "evaluation/rendre/")).content.decode()
    assert "Le rapport ne dit pas la durée." in page
    assert "Nous ne le savons pas" in page
    assert not Avis.objects.exists()
    client.post(_url(dossier, "evaluation/rendre/"), {"version": "1"})
    rendu = Avis.objects.get()
    assert rendu.raisons["duree"] == "Le rapport ne dit pas la durée."
    assert rendu.pieces_citees == ["sr2100"]
    assert "Ensemble." in rendu.texte
    assert not BrouillonAvis.objects.exists()


def test_rendre_demande_de_confirmer_son_identite(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    client.post(_url(dossier), {**GRILLE, "version": "0", "geste": "rendre"})
    reponse = client.post(_url(dossier, "evaluation/rendre/"), {"version": "1"})
    assert reponse.status_code == 200
    assert "dentité" in reponse.content.decode()
    assert not Avis.objects.exists()


def test_rendre_dit_ce_qui_manque_et_garde_le_reste(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    partielle = {
        "reponse_atteinte": "oui",
        "raison_atteinte": "Raison <b>gardée</b>",
        "version": "0",
        "geste": "rendre",
    }
    page = client.post(_url(dossier), partielle).content.decode()
    assert "Répondez à la question « Durée »." in page
    assert "Citez au moins une pièce" in page
    assert "Raison &lt;b&gt;gardée&lt;/b&gt;" in page
    assert not Avis.objects.exists()


@pytest.mark.parametrize("mauvais", ["x" * 601, "nul\x00ici"])
def test_une_raison_fautive_revient_avec_son_message(equipe: Equipe, mauvais: str) -> None:
    dossier = pris(equipe)
    reponse = client_de(equipe.medecin).post(_url(dossier), {**GRILLE, "raison_duree": mauvais, "version": "0"})
    assert reponse.status_code == 200
    assert "<title>Erreur" in reponse.content.decode()
    assert not BrouillonAvis.objects.exists()


def test_citer_et_ouvrir_enregistrent_ce_qui_est_ecrit(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    ecrit = {**GRILLE, "citation": [], "version": "0", "geste": "citer:sr2105"}
    client.post(_url(dossier), ecrit)
    garde = BrouillonAvis.objects.get().contenu
    assert garde["citations"] == ["sr2105"]
    assert garde["raisons"]["atteinte"] == GRILLE["raison_atteinte"]
    client.post(
        _url(dossier), {**GRILLE, "citation": ["sr2105", "inventée"], "version": "1", "geste": "retirer:sr2105"}
    )
    assert BrouillonAvis.objects.get().contenu["citations"] == []


def test_deux_fenetres_montrent_les_deux_versions(equipe: Equipe) -> None:
    dossier = pris(equipe)
    demande = dossier.courante
    assert demande is not None
    garder_brouillon_avis(
        demande, equipe.medecin, {"questions": {"duree": "non"}, "raisons": {"duree": "Autre fenêtre"}}
    )
    reponse = client_de(equipe.medecin).post(_url(dossier), {**GRILLE, "version": "0"})
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert "Autre fenêtre" in page
    assert "Le rapport ne dit pas la durée." in page


def test_l_autre_avis_reste_ferme_avant_le_sien(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.specialiste, dossier)
    client = client_de(equipe.medecin)
    assert "selon Clemence" not in client.get(_url(dossier)).content.decode()
    assert client.get(_url(dossier, "concertation/")).headers["Location"] == _url(dossier)
    avis(equipe.medecin, dossier)
    assert "selon Clemence" in client.get(_url(dossier, "concertation/")).content.decode()


def test_les_roles_sans_droit_ne_voient_rien(equipe: Equipe) -> None:
    dossier = pris(equipe)
    autre = compte("medecin_csems", "Basile")
    assert client_de(autre).get(_url(dossier)).status_code == 404
    assert client_de(autre).post(_url(dossier), GRILLE).status_code == 404
    assert client_de(autre).get(_url(dossier, "decision/")).status_code == 404
    for personne in (equipe.agent, equipe.clinicien, equipe.medecin_drra):
        assert client_de(personne).get("/evaluation/").status_code == 404
        assert client_de(personne).get(_url(dossier)).status_code == 404


def test_apres_la_decision_l_agent_lit_les_avis_signes(equipe: Equipe) -> None:
    dossier = refuse(equipe)
    page = client_de(equipe.agent).get(_url(dossier)).content.decode()
    assert "Avis signés" in page
    assert "selon Armand" in page
    assert 'name="geste"' not in page


def test_concertation_differences_et_desaccord(equipe: Equipe) -> None:
    dossier = pris(equipe)
    avis(equipe.medecin, dossier)
    avis(equipe.specialiste, dossier, questions={"atteinte": "oui", "duree": "oui", "socioprofessionnel": "non"})
    client = client_de(equipe.medecin)
    page = client.get(_url(dossier, "concertation/")).content.decode()
    assert "Armand Fictif répond « Renseignement insuffisant »; Clemence Fictif répond « Oui »" in page
    garde = page[page.index("Ce que la décision gardera") : page.index('name="accord"')]
    divergente = "Nous ne le savons pas.</strong> Armand Fictif : Renseignement insuffisant; Clemence Fictif : Oui."
    assert divergente in garde
    assert garde.count("<dt>") == 3
    assert garde.count("Armand Fictif") == 1
    page = client.post(_url(dossier, "concertation/"), {"accord": "non", "note": ""}).content.decode()
    assert "Expliquez le désaccord" in page
    assert not Concertation.objects.exists()
    client.post(_url(dossier, "concertation/"), {"accord": "non", "note": "La durée."})
    assert Concertation.objects.get().accord is False
    assert "Un tiers avis est attendu" in client.get(_url(dossier, "concertation/")).content.decode()


def test_signer_un_refus_a_deux(equipe: Equipe) -> None:
    dossier = a_signer(equipe)
    client = client_de(equipe.medecin, confirmee=True)
    choix = CHOIX
    apercu = client.post(_url(dossier, "decision/"), {**choix, "etape": "apercu"})
    page = apercu.content.decode()
    assert "Vous allez refuser" in page
    assert (page.count("<h1"), page.count('<h2 class="resultat"')) == (1, 1)
    assert "selon Armand" in page
    assert "Nous ne le savons pas" in page
    assert dossier.courante is not None
    assert dossier.courante.etat == Etat.EN_ATTENTE_SIGNATURE
    client.post(_url(dossier, "decision/"), {**choix, **ayant_lu(apercu)})
    assert "Votre signature est au dossier" in client.get(_url(dossier, "decision/")).content.decode()
    seconde = client_de(equipe.specialiste, confirmee=True)
    adopter = seconde.get(_url(dossier, "decision/"))
    assert "Armand Fictif a signé" in adopter.content.decode()
    seconde.post(_url(dossier, "decision/"), ayant_lu(adopter))
    assert dossier.courante.etat == Etat.NON_RECONNUES
    page = seconde.get(_url(dossier, "decision/")).content.decode()
    assert "signée par les deux" in page
    assert "part au prochain envoi, à 17 h 30 un jour ouvrable" in page
    Compte.objects.filter(pk=dossier.prestataire_id).update(canal_prefere="portail")
    page = seconde.get(_url(dossier, "decision/")).content.decode()
    assert "part tout de suite, au portail de la personne" in page
    assert "17 h 30" not in page


def test_on_ne_signe_pas_ce_qu_on_n_a_pas_lu(equipe: Equipe) -> None:
    """La lettre dit « ce que nous avons lu » : chaque ligne a été ouverte, ou confirmée, par chaque signataire."""
    dossier = a_signer(equipe)
    demande = dossier.courante
    assert demande is not None
    url, occasion = _url(dossier, "decision/"), Occasion.objects.get()
    medecin = client_de(equipe.medecin, confirmee=True)
    choix = CHOIX
    apercu = medecin.post(url, {**choix, "etape": "apercu"})
    page = apercu.content.decode()
    assert "Rien d&#x27;autre." in page  # la réponse à l'occasion, en entier
    restent = [
        page.index(f"?document={une.cle}#gauche")
        for une in pieces.non_lus(pieces.documents(demande), equipe.medecin, demande)
    ]
    assert restent == sorted(restent)
    assert page.index(f"?document=occasion-{occasion.pk}#gauche") == restent[0]
    assert page.count('target="_blank" rel="noopener"') == page.count("(nouvel onglet)") == len(restent)
    sans = medecin.post(url, {**choix, **ayant_lu(apercu), "connaissance": ""}).content.decode()
    assert "cochez cette case, avant de signer" in sans
    assert not Signature.objects.exists()
    # Tout ouvrir suffit : plus rien à confirmer.
    for une in pieces.documents(demande):
        medecin.get(_url(dossier), {"document": une.cle})
    assert "non lu" not in medecin.post(url, {**choix, "etape": "apercu"}).content.decode()
    medecin.post(url, {**choix, "etape": "signer"})
    assert Signature.objects.count() == 1
    seconde = client_de(equipe.specialiste, confirmee=True)
    adopter = seconde.get(url)
    assert "Rien d&#x27;autre." in adopter.content.decode()
    refusee = seconde.post(url, {**ayant_lu(adopter), "connaissance": ""}).content.decode()
    assert "cochez cette case, avant de signer" in refusee
    assert Signature.objects.count() == 1
    seconde.post(url, ayant_lu(adopter))
    lettre = Lettre.objects.get(modele="refus")
    lues = pieces.documents(demande)
    assert [une["titre"] for une in lettre.contenu["pieces_lues"]] == [une.titre for une in lues]
    assert "Votre réponse avant la décision" in [une.titre for une in lues]
    for signataire in (equipe.medecin, equipe.specialiste):
        assert pieces.non_lus(lues, signataire, demande) == []


def test_la_case_cochee_ne_vaut_que_pour_la_liste_montree(equipe: Equipe) -> None:
    """Un document arrivé entre la page et la signature fait montrer la page de nouveau, et le marque."""
    dossier = a_signer(equipe)
    url, medecin = _url(dossier, "decision/"), client_de(equipe.medecin, confirmee=True)
    choix = CHOIX
    envoi = {**choix, **ayant_lu(medecin.post(url, {**choix, "etape": "apercu"}))}
    executer("verser_piece", acteur=equipe.agent, dossier=dossier, nature="Note", titre="Note arrivée depuis")
    encore = medecin.post(url, envoi)
    page = encore.content.decode()
    assert not Signature.objects.exists()
    assert "Un document est arrivé depuis" in page
    assert page.count("(arrivé depuis, non lu)") == 1
    assert page.index("Note arrivée depuis") < page.index("(arrivé depuis, non lu)")
    assert "checked" not in page
    medecin.post(url, {**choix, **ayant_lu(encore)})
    assert Signature.objects.count() == 1
    seconde = client_de(equipe.specialiste, confirmee=True)
    envoi = ayant_lu(seconde.get(url))
    executer("verser_piece", acteur=equipe.agent, dossier=dossier, nature="Note", titre="Autre note")
    assert "(arrivé depuis, non lu)" in seconde.post(url, envoi).content.decode()
    assert Signature.objects.count() == 1


def test_confirmer_n_est_pas_ouvrir(equipe: Equipe) -> None:
    """La confirmation est dans la ligne de la signature; aucune lecture qui n'a pas eu lieu n'entre au journal."""
    dossier = a_signer(equipe)
    demande = dossier.courante
    assert demande is not None
    url, medecin = _url(dossier, "decision/"), client_de(equipe.medecin, confirmee=True)
    choix = CHOIX
    apercu = medecin.post(url, {**choix, "etape": "apercu"})
    avant = documents_ouverts(equipe.medecin, dossier.pk)
    montres = {une.cle for une in pieces.non_lus(pieces.documents(demande), equipe.medecin, demande)}
    assert montres
    medecin.post(url, {**choix, **ayant_lu(apercu)})
    signee = Entree.objects.get(acte="signer_decision", nature="acte")
    assert set(signee.details["attestes"]) == montres
    assert documents_ouverts(equipe.medecin, dossier.pk) == avant
    assert pieces.non_lus(pieces.documents(demande), equipe.medecin, demande) == []
    with pytest.raises(Refus) as refus:
        executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, issue="non_reconnue", attestes=["x-1"])
    assert (refus.value.code, refus.value.champ) == ("champ_invalide", "attestes")


def test_refuser_sans_occasion_ne_se_signe_pas(equipe: Equipe) -> None:
    dossier = a_signer(equipe, occasion=False)
    client = client_de(equipe.medecin, confirmee=True)
    assert "Offrir l'occasion de compléter" in client.get(_url(dossier, "decision/")).content.decode()
    choix = CHOIX
    signe = {**choix, **ayant_lu(client.post(_url(dossier, "decision/"), {**choix, "etape": "apercu"}))}
    page = client.post(_url(dossier, "decision/"), signe).content.decode()
    assert "encore eu l" in page
    sans_motif = client.post(_url(dossier, "decision/"), {"issue": "non_reconnue", "etape": "apercu"}).content.decode()
    assert "Cochez au moins un motif." in sans_motif
    jour = horloge.aujourd_hui()
    offre = {
        "elements": ["duree_limitations"],
        "jusqu_au_jour": "1",
        "jusqu_au_mois": "janvier",
        "jusqu_au_annee": str(jour.year + 1),
        "appel_note": "Appel.",
    }
    assert (
        client.post(
            _url(dossier, "evaluation/occasion/"), {**offre, "jusqu_au_jour": "31", "jusqu_au_mois": "2"}
        ).status_code
        == 200
    )
    assert not Occasion.objects.exists()
    assert client.post(_url(dossier, "evaluation/occasion/"), offre).headers["Location"] == _url(dossier, "decision/")
    assert Occasion.objects.count() == 1


def test_rouvrir_annule_la_premiere_signature(equipe: Equipe) -> None:
    dossier = a_signer(equipe)
    motifs: dict[str, Any] = {"issue": "non_reconnue", "motifs": ["duree_non_etablie"]}
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, **motifs)
    client = client_de(equipe.specialiste)
    assert client.post(_url(dossier, "decision/rouvrir/"), {"motif": ""}).status_code == 200
    client.post(_url(dossier, "decision/rouvrir/"), {"motif": "Relire la durée."})
    assert dossier.courante is not None
    assert dossier.courante.etat == Etat.EN_CONCERTATION


def test_demander_un_renseignement_puis_le_clore(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    url = _url(dossier, "evaluation/renseignement/")
    assert "Cochez au moins un élément." in client.post(url, {"a": str(equipe.clinicien.pk)}).content.decode()
    assert client.post(url, {"elements": ["duree_limitations"], "a": str(equipe.agent.pk)}).status_code == 200
    client.post(url, {"elements": ["duree_limitations"], "a": str(equipe.clinicien.pk)})
    assert DemandeRenseignement.objects.get().destinataire == equipe.clinicien
    client.post(f"{url}clore/", {"cloture-appel_note": "Aucune réponse à la clinique."})
    assert dossier.courante is not None
    assert dossier.courante.etat == Etat.EN_EVALUATION


def test_une_piece_pdf_s_ouvre_en_image_jamais_en_fichier(equipe: Equipe) -> None:
    from weasyprint import HTML

    dossier = pris(equipe)
    executer("verser_piece", acteur=equipe.agent, dossier=dossier, nature="note", titre="Note de physiothérapie")
    piece = Piece.objects.get()
    piece.fichier.save("note.pdf", ContentFile(HTML(string="<p>Station debout : dix minutes</p>").write_pdf()))
    piece.verification = Piece.Verification.EN_COURS
    piece.save()
    client = client_de(equipe.medecin)
    image = _url(dossier, f"evaluation/pieces/{piece.pk}/page-1.png")
    assert client.get(image).status_code == 404
    piece.verification = Piece.Verification.RECUE
    piece.save()
    page = client.get(_url(dossier), {"document": f"piece-{piece.pk}"}).content.decode()
    assert "Station debout : dix minutes" in page
    assert image in page
    assert ".pdf" not in page
    assert client.get(image).content.startswith(b"\x89PNG")
    assert client.get(image.replace("page-1", "page-2")).status_code == 404
    assert client_de(compte("medecin_csems", "Ondine")).get(image).status_code == 404


def test_la_file_coute_toujours_autant_de_requetes(equipe: Equipe) -> None:
    client = client_de(equipe.medecin)

    def cout() -> int:
        client.get("/evaluation/?file=a-evaluer")
        return requetes(client, "/evaluation/?file=a-evaluer")

    pris(equipe)
    un = cout()
    pris(equipe)
    pris(equipe)
    assert cout() == un <= 15


def test_le_non_lu_suit_le_journal(equipe: Equipe) -> None:
    dossier = en_concertation(equipe)
    client = client_de(equipe.medecin)
    premier = client.get(_url(dossier)).content.decode()
    assert "1 non lu" in premier
    sr2105 = lecture and dossier.sr2105.get()
    client.get(_url(dossier), {"document": f"sr2105-{sr2105.pk}"})
    assert "tous lus" in client.get(_url(dossier)).content.decode()
