"""Le rapport d'un médecin désigné accompagne un refus (art. 31), et son auteur le sait en l'écrivant."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from correspondance import composition
from correspondance.models import Lettre
from decisions import annexes
from dossiers.models import NATURE_EXAMEN, Piece
from socle import horloge
from socle.pdf import RenduImpossible
from tests.decisions.lecture import lu
from tests.fabriques import RECONNUE, REFUS, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
TEXTE = "La personne se tient debout dix minutes."


def _pdf(pages: int = 2) -> bytes:
    neuf, octets = pikepdf.new(), BytesIO()
    for _ in range(pages):
        neuf.add_blank_page()
    neuf.save(octets)
    return octets.getvalue()


def _photo() -> bytes:
    octets = BytesIO()
    Image.new("RGB", (40, 60), "white").save(octets, "JPEG")
    return octets.getvalue()


def _examen(scene: Scene, octets: bytes = b"", nom: str = "examen.pdf") -> Piece:
    """Un rapport d'examen vérifié, au dossier."""
    piece: Piece = scene.joue("medecin", "verser_piece", nature=NATURE_EXAMEN, titre="Examen du 4 mai", texte=TEXTE)
    if octets:
        piece.fichier.save(nom, ContentFile(octets), save=False)
        piece.sha256, piece.verification = "a" * 64, Piece.Verification.RECUE
        piece.save()
    return piece


def _refuser(scene: Scene) -> Lettre:
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    return Lettre.objects.get(modele="refus")


def _a_signer() -> Scene:
    return Scene().a_signer()


@pytest.mark.bornes("examen_designe", "cas")
def test_le_refus_porte_le_rapport_en_entier() -> None:
    scene = _a_signer()
    _examen(scene)
    lettre = _refuser(scene)
    assert [une["titre"] for une in lettre.contenu["annexes"]] == ["Examen du 4 mai"]
    scene.joue("systeme", "emettre_lettres")
    html = Lettre.objects.get(pk=lettre.pk).octets.html
    assert "Ci-joint" in html
    assert TEXTE in html


@pytest.mark.bornes("examen_designe", "cas")
def test_sans_examen_la_lettre_ne_joint_rien() -> None:
    scene = _a_signer()
    lettre = _refuser(scene)
    assert lettre.contenu["annexes"] == []
    scene.joue("systeme", "emettre_lettres")
    assert "Ci-joint" not in Lettre.objects.get(pk=lettre.pk).octets.html


@pytest.mark.bornes("examen_designe", "cas")
def test_une_reconnaissance_ne_joint_rien() -> None:
    scene = _a_signer()
    _examen(scene)
    scene.joue("medecin", "signer_decision", issue="reconnue", **RECONNUE)
    scene.joue("specialiste", "signer_decision", issue="reconnue")
    assert Lettre.objects.get(modele="acceptation").contenu["annexes"] == []


@pytest.mark.parametrize(("octets", "nom", "pages"), [(_pdf(), "e.pdf", 2), (_photo(), "e.jpg", 1)])
def test_le_fichier_suit_la_lettre_dans_le_meme_pdf(octets: bytes, nom: str, pages: int) -> None:
    scene = _a_signer()
    _examen(scene, octets, nom)
    lettre = _refuser(scene)
    joints = list(annexes.fichiers(lettre))
    assert len(joints) == 1
    seule = _pdf(3)
    entier = composition.joindre(seule, joints)
    with pikepdf.open(BytesIO(entier)) as document:
        assert len(document.pages) == 3 + pages
    assert composition.joindre(seule, []) == seule


def test_la_revision_qui_maintient_le_joint_aussi() -> None:
    scene = _a_signer()
    _examen(scene, _pdf())
    _refuser(scene)
    scene.joue("systeme", "emettre_lettres")
    scene.attendre(days=2)
    scene.joue("prestataire", "demander_revision", motifs="Je conteste.")
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    scene.joue("reviseur", "rendre_revision", issue="confirmee")
    scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    lettre = Lettre.objects.get(modele="decision_confirmee")
    assert len(list(annexes.fichiers(lettre))) == 1
    scene.joue("systeme", "emettre_lettres")
    assert TEXTE in Lettre.objects.get(pk=lettre.pk).octets.html


def test_ce_qui_arrive_apres_la_signature_ne_s_ajoute_pas() -> None:
    scene = _a_signer()
    lettre = _refuser(scene)
    _examen(scene, _pdf())
    assert list(annexes.fichiers(lettre)) == []


def test_une_annexe_disparue_retient_la_lettre() -> None:
    scene = _a_signer()
    piece = _examen(scene, _pdf())
    lettre = _refuser(scene)
    Piece.objects.filter(pk=piece.pk).update(fichier="")
    with pytest.raises(RenduImpossible):
        list(annexes.fichiers(lettre))
    with pytest.raises(RenduImpossible):
        composition.joindre(_pdf(), [b"rien de lisible"])


def test_l_auteur_est_averti_et_confirme_qu_il_le_sait() -> None:
    scene = Scene().en_evaluation()
    adresse = f"/dossiers/{scene.dossier.reference}/examen/"
    envoi: dict[str, Any] = {"titre": "Examen du 4 mai", "texte": TEXTE}
    with horloge.figer(scene.instant):
        client = session(scene["medecin"])
        page = lu(client.get(adresse))
        assert "il part avec la lettre, en entier" in page
        faute = client.post(adresse, envoi)
        assert "Cochez cette case" in lu(faute)
        assert faute.context["form"]["texte"].value() == TEXTE
        vide = lu(client.post(adresse, {"titre": "Examen", "compris": "on"}))
        assert "Écrivez le rapport, ou joignez-le." in vide
        assert not Piece.objects.filter(nature=NATURE_EXAMEN).exists()
        assert client.post(adresse, {**envoi, "compris": "on"}).status_code == 302
        assert "Examen du 4 mai, Medecin" in lu(client.get(adresse))
        for autre in ("specialiste", "agent", "prestataire", "medecin2"):
            assert session(scene[autre]).get(adresse).status_code == 404
    piece = Piece.objects.get(nature=NATURE_EXAMEN)
    assert (piece.texte, piece.versee_par) == (TEXTE, scene["medecin"])


def test_un_fichier_en_verification_se_dit_puis_la_lettre_l_attend() -> None:
    """Signé pendant la vérification, le rapport n'est pas oublié : la lettre attend, puis le joint."""
    scene = _a_signer()
    piece = _examen(scene, _pdf())
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.EN_COURS)
    envoi = {"issue": "non_reconnue", "etape": "apercu", **REFUS, "phrase_contraintes_non_severes": "Un emploi assis."}
    with horloge.figer(scene.instant):
        client = session(scene["medecin"], confirmee=True)
        page = lu(client.post(f"/dossiers/{scene.dossier.reference}/decision/", envoi))
    assert "Le rapport d'examen est encore en vérification" in page
    lettre = _refuser(scene)
    with pytest.raises(RenduImpossible):
        list(annexes.fichiers(lettre))
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.RECUE)
    assert len(list(annexes.fichiers(lettre))) == 1


def test_un_fichier_refuse_est_remplace_par_celui_que_son_auteur_verse_de_nouveau() -> None:
    scene = _a_signer()
    piece = _examen(scene, _pdf())
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.EN_COURS)
    lettre = _refuser(scene)
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.REFUSEE, fichier="")
    with pytest.raises(RenduImpossible):
        list(annexes.fichiers(lettre))
    _examen(scene, _pdf(5), "encore.pdf")
    (octets,) = annexes.fichiers(lettre)
    with pikepdf.open(BytesIO(octets)) as document:
        assert len(document.pages) == 5
