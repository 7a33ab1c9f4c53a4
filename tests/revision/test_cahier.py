"""Le cahier pour le Tribunal : ce qu'il contient, ce qu'il tait, ses bornes, ses pannes, son accès."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from dossiers.etats import Etat
from dossiers.models import Piece
from dossiers.porte import executer
from evaluation.models import BrouillonAvis
from journal.models import Entree
from revision.actes import cahier as actes_cahier
from revision.cahier import contenu, enfant, processus, rendu
from revision.models import BrouillonRevision, CahierTAQ, RecoursTAQ, Revision
from revision.tasks import PANNE, fabriquer_cahier, fabriquer_cahiers
from socle import horloge
from tests import fabriques
from tests.evaluation.grilles import GRILLE
from tests.fabriques import Scene, scene

pytestmark = pytest.mark.django_db
TIERCE = "Lise Tierce, 514 555-0000"


@pytest.fixture
def devant(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Une scène devant le Tribunal, à l'heure de la scène; le SR-2105 y nomme une tierce personne."""
    monkeypatch.setitem(fabriques.SR2105, "personnes_a_joindre", TIERCE)
    jouee = scene(Etat.DEVANT_TAQ)
    with horloge.figer(jouee.instant + timedelta(hours=1)):
        yield jouee


def pdf(pages: int = 3, sens: int = 0) -> bytes:
    """Un PDF de quelques pages blanches."""
    with pikepdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=(612, 792))
            if sens:
                page.obj.Rotate = sens
        tampon = io.BytesIO()
        document.save(tampon)
    return tampon.getvalue()


def image(mode: str, genre: str) -> bytes:
    """Une image unie."""
    tampon = io.BytesIO()
    Image.new(mode, (320, 200), (10, 120, 40, 90) if mode == "RGBA" else 90).save(tampon, genre)
    return tampon.getvalue()


def verser(jouee: Scene, titre: str, octets: bytes, extension: str = "pdf") -> Piece:
    """Une pièce reçue, sa copie gardée."""
    piece: Piece = executer("verser_piece", acteur=jouee["agent"], dossier=jouee.dossier, nature="Rapport", titre=titre)
    piece.fichier.save(f"{titre}.{extension}", ContentFile(octets), save=False)
    piece.verification, piece.sha256 = Piece.Verification.RECUE, hashlib.sha256(octets).hexdigest()
    piece.save()
    return piece


def produire(jouee: Scene) -> CahierTAQ:
    """Demande un cahier, le fabrique, et le relit."""
    demande = executer("produire_cahier", acteur=jouee["reviseur"], dossier=jouee.dossier)
    fabriquer_cahier(demande.pk)
    lu: CahierTAQ = CahierTAQ.objects.get(pk=demande.pk)
    return lu


def pret(jouee: Scene) -> CahierTAQ:
    """Un cahier prêt, sans le fabriquer : pour ce qui ne juge que l'accès."""
    fait = {"etat": CahierTAQ.Etat.PRET, "fini_le": horloge.maintenant(), "pages": 1, "taille": 4, "sha256": "0" * 64}
    cahier = CahierTAQ(
        recours=RecoursTAQ.objects.get(demande__dossier=jouee.dossier), par=jouee["reviseur"],
        demande_le=horloge.maintenant(), **fait,
    )  # fmt: skip
    cahier.fichier.save("essai.pdf", ContentFile(b"%PDF"), save=False)
    cahier.save()
    return cahier


def octets_de(cahier: CahierTAQ) -> bytes:
    with cahier.fichier.open("rb") as ouvert:
        return bytes(ouvert.read())


def textes(octets: bytes) -> list[str]:
    """Le texte de chaque page."""
    document = pypdfium2.PdfDocument(octets)
    try:
        return [document[rang].get_textpage().get_text_bounded().replace("\r\n", " ") for rang in range(len(document))]
    finally:
        document.close()


def client(jouee: Scene, cle: str) -> Client:
    navigateur = Client()
    navigateur.force_login(jouee[cle])
    return navigateur


def url(jouee: Scene, suite: str = "") -> str:
    return f"/revision/{jouee.dossier.reference}/cahier/{suite}"


# --- Ce qu'il contient --------------------------------------------------------------------------
def test_le_cahier_est_pagine_indexe_et_scelle(devant: Scene) -> None:
    joints = pdf(3)
    verser(devant, "Imagerie", joints)
    verser(devant, "Photo", image("RGBA", "PNG"), "png")
    verser(devant, "Radiographie", image("L", "JPEG"), "jpg")
    cahier = produire(devant)
    assert (cahier.etat, cahier.raison_echec) == (CahierTAQ.Etat.PRET, "")
    octets = octets_de(cahier)
    assert (cahier.sha256, cahier.taille) == (hashlib.sha256(octets).hexdigest(), len(octets))
    pages = textes(octets)
    assert len(pages) == cahier.pages
    assert all(f"page {rang} de {len(pages)}" in page for rang, page in enumerate(pages, 1))
    documents = cahier.manifeste["documents"]
    assert [un["numero"] for un in documents] == list(range(1, len(documents) + 1))
    par_titre = {un["titre"]: un for un in documents}
    assert (par_titre["Imagerie"]["pages"], par_titre["Photo"]["pages"]) == (3, 1)
    assert par_titre["Imagerie"]["sha256"] == hashlib.sha256(joints).hexdigest()
    # Chaque page dite par l'index est celle où le document commence, et les documents se suivent.
    for un, suivant in itertools.pairwise(documents):
        assert suivant["page"] == un["page"] + un["pages"]
    assert "Recours consigné" in pages[par_titre["Recours consigné"]["page"] - 1]
    assert "Décision en révision" in pages[par_titre["Décision en révision"]["page"] - 1]
    assert any("Manifeste des empreintes" in page for page in pages[par_titre["Imagerie"]["page"] :])
    assert par_titre["Imagerie"]["sha256"] in "".join(pages).replace(" ", "")


def test_les_signets_les_etiquettes_et_le_manifeste_joint(devant: Scene) -> None:
    cahier = produire(devant)
    with pikepdf.open(io.BytesIO(octets_de(cahier))) as lu:
        with lu.open_outline() as signets:
            racine = [un.title for un in signets.root]
            enfants = [un.title for groupe in signets.root for un in groupe.children]
        joint = json.loads(lu.attachments["manifeste.json"].get_file().read_bytes())
        assert str(lu.Root.Lang) == "fr-CA"
        assert lu.Root.PageLabels.Nums[1].S == pikepdf.Name.D
        assert devant.dossier.reference in str(lu.docinfo["/Title"])
    assert racine == [
        "Couverture et index", "Recours au Tribunal", "Révision", "Décision contestée", "Lettres à la personne",
        "Rapports et formulaires", "Pièces et réponses", "Journal des accès", "Manifeste des empreintes",
    ]  # fmt: skip
    assert enfants == [un["titre"] for un in cahier.manifeste["documents"]]
    assert joint == cahier.manifeste


def test_ni_brouillon_ni_echange_ni_tiers(devant: Scene) -> None:
    """Ce que le Tribunal n'a pas à lire n'y est pas; ce qui est signé y est."""
    revision, maintenant = Revision.objects.get(), horloge.maintenant()
    BrouillonRevision.objects.create(
        revision=revision, auteur=devant["reviseur"], modifie_le=maintenant,
        contenu_json=json.dumps({"texte": "Analyse inachevée"}),
    )  # fmt: skip
    BrouillonAvis.objects.create(
        demande=devant.demande, auteur=devant["medecin"], modifie_le=maintenant,
        contenu_json=json.dumps({"texte": "Avis inachevé"}),
    )  # fmt: skip
    executer("echanger", acteur=devant["agent"], dossier=devant.dossier, a=devant["prestataire"], texte="Message bref")
    entier = " ".join(textes(octets_de(produire(devant))))
    for tu in ("Analyse inachevée", "Avis inachevé", "Message bref", "Lise Tierce", "514 555-0000"):
        assert tu not in entier
    for dit in ("Avis de medecin.", "Discopathie dégénérative", "4e secondaire", "Je conteste."):
        assert dit in entier


def test_ce_qui_est_signe_y_est_en_entier() -> None:
    """La grille et les pages citées d'un avis, la dissidence, le désaccord d'un signataire, qui a écrit la demande."""
    jouee = Scene().en_evaluation()
    for qui in ("medecin", "specialiste"):
        jouee.joue(
            qui, "rendre_avis", questions=fabriques.NON, texte=f"Avis de {qui}.", pieces_citees=["sr2100"],
            recommandation="ne_pas_reconnaitre", grille=GRILLE,
        )  # fmt: skip
    jouee.joue("medecin", "conclure_concertation", accord="oui")
    jouee.joue(
        "specialiste", "offrir_occasion", elements=["evaluation_complementaire"], appel_note="Appel fait.",
        jusqu_au=jouee.instant.date() + timedelta(days=8),
    )  # fmt: skip
    jouee.joue("prestataire", "repondre_occasion", texte="Rien à ajouter.")
    jouee.joue("medecin", "signer_decision", issue="non_reconnue", **fabriques.REFUS)
    jouee.joue("specialiste", "noter_desaccord", texte="La durée est écrite.")
    jouee.joue("specialiste", "signer_decision", issue="non_reconnue")
    jouee.joue("systeme", "emettre_lettres")
    jouee.attendre(days=2)
    representant = {"nom": "Me Fictif", "qualite": "avocat"}
    jouee.joue("agent", "demander_revision", forme="avocat", representant=representant)
    jouee.joue("chef_drra", "affecter_reviseur", medecin=jouee["reviseur"], specialiste=jouee["reviseuse"])
    jouee.joue("reviseuse", "juger_recevabilite", recevable="oui")
    jouee.joue("reviseur", "rendre_revision", issue="confirmee")
    jouee.joue("reviseuse", "noter_desaccord", texte="Je lis autrement la page 3.")
    jouee.joue("reviseuse", "rendre_revision", issue="confirmee")
    jouee.joue("systeme", "emettre_lettres")
    jouee.joue("prestataire", "saisir_taq", motifs="Je conteste.")
    with horloge.figer(jouee.instant + timedelta(hours=1)):
        entier = " ".join(textes(octets_de(produire(jouee)))).replace("\u2019", "'")
    phrases = [dite["phrase"] for dite in GRILLE["lignes"].values()]
    for dit in (*phrases, "La durée est écrite.", "Je lis autrement la page 3.", "Me Fictif, avocat"):
        assert dit in entier, dit


def test_le_journal_nomme_le_personnel_et_tait_le_nom_des_autres(devant: Scene) -> None:
    executer("consulter", acteur=devant["agent"], dossier=devant.dossier, quoi="sommaire")
    executer("consulter", acteur=devant["clinicien"], dossier=devant.dossier, quoi="sommaire")
    journal = " ".join(" ".join(textes(lot)) for lot in rendu.journal(devant.dossier, horloge.maintenant()))
    assert devant["agent"].nom_complet in journal
    assert "Professionnel de la santé" in journal
    assert devant["clinicien"].nom_complet not in journal


def test_un_long_journal_se_rend_en_plusieurs_fois(devant: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendu, "LIGNES_PAR_RENDU", 2)
    for _ in range(3):
        executer("consulter", acteur=devant["agent"], dossier=devant.dossier, quoi="sommaire")
    lignes = Entree.objects.filter(dossier=devant.dossier, nature=Entree.Nature.CONSULTATION).count()
    assert len(rendu.journal(devant.dossier, horloge.maintenant())) == -(-lignes // 2)


def test_une_piece_sans_copie_est_dite_et_non_jointe(devant: Scene) -> None:
    piece = verser(devant, "En attente", pdf(2))
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.EN_COURS)
    cahier = produire(devant)
    dit = next(un for un in cahier.manifeste["documents"] if un["titre"] == "En attente")
    assert (dit["pages"], dit["sha256_recu"]) == (1, "")
    assert "en vérification" in textes(octets_de(cahier))[dit["page"] - 1]


@pytest.mark.parametrize(
    ("sens", "pose"),
    [(0, (1, 0, 0, 1, 488, 12)), (90, (0, 1, -1, 0, 600, 668)), (180, (-1, 0, 0, -1, 124, 780)),
     (270, (0, -1, 1, 0, 12, 124))],
)  # fmt: skip
def test_le_numero_se_pose_dans_le_sens_de_la_page(sens: int, pose: tuple[int, ...]) -> None:
    """Un texte de 100 points finit à 24 points du bord droit, à 12 du bas, comme la page se lit."""
    assert tuple(float(un) for un in enfant.pose([0, 0, 612, 792], sens, 100.0).split()) == pose


# --- Pannes -------------------------------------------------------------------------------------
def test_un_document_illisible_fait_echouer_et_se_nomme(devant: Scene) -> None:
    verser(devant, "Abîmée", b"%PDF-1.4 rien du tout")
    cahier = produire(devant)
    assert cahier.etat == CahierTAQ.Etat.ECHEC
    assert "« Abîmée » ne s'ouvre pas" in cahier.raison_echec
    page = client(devant, "reviseur").get(url(devant)).content.decode()
    assert "Pas produit" in page
    assert "Abîmée" in page


def test_une_panne_se_dit_sans_detail_et_un_autre_cahier_se_demande(
    devant: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tomber(*_: Any, **__: Any) -> None:
        raise RuntimeError("détail interne")

    with monkeypatch.context() as panne:
        panne.setattr(processus, "jouer", tomber)
        rate = produire(devant)
    assert (rate.etat, rate.raison_echec) == (CahierTAQ.Etat.ECHEC, PANNE)
    assert produire(devant).etat == CahierTAQ.Etat.PRET


def test_qui_n_est_plus_reviseur_ne_recoit_pas_le_cahier(devant: Scene) -> None:
    demande = executer("produire_cahier", acteur=devant["reviseur"], dossier=devant.dossier)
    devant["reviseur"].is_active = False
    devant["reviseur"].save()
    assert fabriquer_cahier(demande.pk) is False
    assert "n'est plus chargée" in CahierTAQ.objects.get().raison_echec


def test_le_passage_reprend_ce_que_personne_ne_fabrique(devant: Scene) -> None:
    demande = executer("produire_cahier", acteur=devant["reviseur"], dossier=devant.dossier)
    assert actes_cahier.tenir_fabrication(demande.pk)
    assert fabriquer_cahiers() == 0  # un travailleur le tient
    with horloge.figer(horloge.maintenant() + actes_cahier.TENUE + timedelta(seconds=1)):
        assert fabriquer_cahiers() == 1
        assert fabriquer_cahiers() == 0
    assert CahierTAQ.objects.get().etat == CahierTAQ.Etat.PRET


def test_un_cahier_qui_tue_son_travailleur_finit_par_echouer(devant: Scene) -> None:
    demande = executer("produire_cahier", acteur=devant["reviseur"], dossier=devant.dossier)
    CahierTAQ.objects.filter(pk=demande.pk).update(essais=actes_cahier.ESSAIS_MAX)
    assert fabriquer_cahier(demande.pk) is False
    assert CahierTAQ.objects.get().raison_echec == PANNE


def test_un_resultat_arrive_trop_tard_ne_remplace_rien(devant: Scene) -> None:
    cahier = pret(devant)
    assert devant.refuse("systeme", "terminer_cahier", cahier=cahier.pk, raison="Trop tard.") == "etat_interdit"
    cahier.refresh_from_db()
    assert cahier.etat == CahierTAQ.Etat.PRET


def test_l_avancement_se_suit(devant: Scene) -> None:
    demande = executer("produire_cahier", acteur=devant["reviseur"], dossier=devant.dossier)
    actes_cahier.avancer(demande.pk, 3, 12)
    page = client(devant, "reviseur").get(url(devant)).content.decode()
    assert "3 documents prêts sur 12." in page
    assert "Produire" not in page
    fabriquer_cahier(demande.pk)
    fait = CahierTAQ.objects.get()
    assert fait.faits == fait.total == len(fait.manifeste["documents"])


# --- Accès --------------------------------------------------------------------------------------
@pytest.mark.parametrize("par", ["agent", "prestataire", "medecin", "reviseur2", "chef_drra", "administrateur"])
def test_la_drra_seule_le_produit(devant: Scene, par: str) -> None:
    assert devant.refuse(par, "produire_cahier") == "acces_refuse"
    assert not CahierTAQ.objects.exists()


def test_sans_recours_il_n_y_a_pas_de_cahier() -> None:
    jouee = scene(Etat.REVISION_RENDUE)
    assert jouee.refuse("reviseur", "produire_cahier") == "etat_interdit"
    page = client(jouee, "reviseur").get(url(jouee)).content.decode()
    assert "Aucun recours au Tribunal" in page
    refusee = client(jouee, "reviseur").post(url(jouee))
    assert refusee.status_code == 200
    assert "pas de cahier à produire" in refusee.content.decode()
    assert not RecoursTAQ.objects.exists()


def test_un_seul_cahier_a_la_fois(devant: Scene) -> None:
    devant.joue("reviseur", "produire_cahier")
    assert devant.refuse("reviseuse", "produire_cahier") == "etat_interdit"


def test_demander_telecharger_et_le_dire_a_la_personne(devant: Scene) -> None:
    navigateur = client(devant, "reviseuse")
    assert "Produire le cahier" in navigateur.get(url(devant)).content.decode()
    assert navigateur.post(url(devant)).headers["Location"] == url(devant)
    cahier = CahierTAQ.objects.get()
    assert navigateur.get(url(devant, f"{cahier.pk}/")).status_code == 404  # pas encore prêt
    fabriquer_cahier(cahier.pk)
    assert "Télécharger le cahier" in navigateur.get(url(devant)).content.decode()
    lues = Entree.objects.filter(dossier=devant.dossier, details__quoi="cahier")
    assert not lues.exists()
    for fois in (1, 2):
        reponse = navigateur.get(url(devant, f"{cahier.pk}/"))
        recus = b"".join(reponse.streaming_content)  # type: ignore[attr-defined]
        cahier.refresh_from_db()
        assert hashlib.sha256(recus).hexdigest() == cahier.sha256
        assert "attachment" in reponse.headers["Content-Disposition"]
        assert lues.count() == fois
    assert lues.latest("pk").details == {"quoi": "cahier", "document": f"cahier-{cahier.pk}"}
    assert "cahier du Tribunal" in client(devant, "prestataire").get(reverse("suivi_lectures")).content.decode()


def test_chaque_chose_lue_se_dit_a_la_personne() -> None:
    from dossiers.matrice import CONSULTATIONS
    from espaces.views.suivi import QUOI

    assert set(QUOI) == set(CONSULTATIONS)


@pytest.mark.parametrize("qui", ["agent", "reviseur2", "chef_drra", "medecin", "prestataire"])
def test_les_autres_ne_savent_pas_qu_il_existe(devant: Scene, qui: str) -> None:
    cahier = pret(devant)
    assert client(devant, "reviseur").get(url(devant, f"{cahier.pk}/")).status_code == 200
    assert client(devant, qui).get(url(devant, f"{cahier.pk}/")).status_code == 404
    assert client(devant, qui).get(url(devant)).status_code == 404


def test_le_cahier_d_un_autre_dossier_ne_s_ouvre_pas(devant: Scene) -> None:
    cahier = pret(devant)
    autre = scene(Etat.DEVANT_TAQ)
    assert client(autre, "reviseur").get(url(autre, f"{cahier.pk}/")).status_code == 404


def test_les_familles_exclues_existent_bien() -> None:
    """Un renommage dans le SR-2105 rouvrirait la section des tiers sans bruit."""
    from evaluation.lecture_rapport import THEMES_SR2105

    assert {titre for _, titre in THEMES_SR2105} >= contenu.SECTIONS_DE_TIERS
