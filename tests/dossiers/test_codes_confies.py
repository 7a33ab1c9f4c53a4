"""Les codes que la personne confie : un mandat, un témoignage; une seule réponse pour ce qui n'ouvre pas (S03)."""

from __future__ import annotations

import math
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from comptes.models import EssaiAcces
from correspondance.models import Lettre
from dossiers import acces, codes
from dossiers.actes import temoignages
from dossiers.actes.codes import Presentation
from dossiers.actes.codes_confies import condenser, en_attente, prendre
from dossiers.models import CodeConfie, Dossier, Mandat, Piece
from journal.models import Entree
from socle import horloge
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
ADRESSE = "192.0.2.9"
TEMOIN = {"temoin": "Aline Témoin", "lien": "sœur", "texte": "Elle dort peu."}


def confie(scene: Scene, par: str = "prestataire", portees: list[str] | None = None, jours: int = 90) -> codes.CodeEmis:
    fin = horloge.jour_civil(scene.instant) + timedelta(days=jours)
    rendu: codes.CodeEmis = scene.joue(
        par, "confier_code", usage="mandat", portees=portees or ["voir_etat", "repondre"], jusqu_au=fin
    )
    return rendu


def presente(scene: Scene, saisi: str, par: str = "ressource", **options: Any) -> Presentation:
    scene.attendre(minutes=1)
    with horloge.figer(scene.instant):
        return prendre(scene[par], saisi, adresse=ADRESSE, **options)


def ecrit(scene: Scene, saisi: str, **options: Any) -> Presentation:
    scene.attendre(minutes=1)
    with horloge.figer(scene.instant):
        return temoignages.ecrire(saisi, adresse=ADRESSE, cle=None, **{**TEMOIN, **options})


# --- Confier ---------------------------------------------------------------------------------
def test_cinquante_bits_et_rien_que_l_empreinte() -> None:
    assert codes.LONGUEUR * math.log2(len(codes.ALPHABET)) >= 50
    scene = Scene().deposee()
    emis = confie(scene)
    garde = CodeConfie.objects.get()
    assert garde.empreinte == condenser("mandat", emis.code) != condenser("temoignage", emis.code)
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names():
            curseur.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s OR t::text ILIKE %s',  # noqa: S608
                [f"%{emis.code}%", f"%{emis.imprime}%"],
            )
            assert curseur.fetchone()[0] == 0, table


@pytest.mark.parametrize("par", ["ressource", "clinicien", "medecin", "agent_ailleurs", "chef_bureau", "representant"])
def test_seuls_la_personne_et_son_agent_confient(par: str) -> None:
    scene = Scene().deposee()
    assert scene.refuse(par, "confier_code", usage="temoignage") == "acces_refuse"


def test_les_refus_de_confier() -> None:
    scene = Scene()
    assert scene.refuse("prestataire", "confier_code", usage="temoignage") == "etat_interdit"
    scene.deposee()
    fin = horloge.jour_civil(scene.instant) + timedelta(days=30)
    refuse = scene.refuse
    assert refuse("prestataire", "confier_code") == "champ_manquant"
    assert refuse("prestataire", "confier_code", usage="mandat") == "champ_manquant"
    assert refuse("prestataire", "confier_code", usage="autre") == "champ_invalide"
    mandat: dict[str, Any] = {"usage": "mandat", "jusqu_au": fin}
    assert refuse("prestataire", "confier_code", **mandat, portees=["tout"]) == "champ_invalide"
    assert refuse("prestataire", "confier_code", **mandat, portees=["voir_rapport_medical"]) == "champ_invalide"
    assert refuse("agent", "confier_code", **mandat, portees=["voir_etat", "voir_rapport_medical"]) == "champ_invalide"
    loin = {**mandat, "jusqu_au": fin + timedelta(days=900)}
    assert refuse("prestataire", "confier_code", **loin, portees=["voir_etat"]) == "champ_invalide"
    assert refuse("prestataire", "annuler_code_confie", usage="mandat") == "etat_interdit"


def test_un_code_neuf_remplace_l_ancien_de_meme_usage() -> None:
    scene = Scene().deposee()
    ancien = confie(scene)
    temoin = scene.joue("prestataire", "confier_code", usage="temoignage")
    neuf = confie(scene)
    assert presente(scene, ancien.code).dossier is None
    assert presente(scene, temoin.code).dossier is None  # un code de témoignage n'ouvre pas de mandat
    assert presente(scene, neuf.code).dossier == scene.dossier
    second = CodeConfie(
        dossier=scene.dossier, usage="temoignage", empreinte="un second", emis_le=scene.instant,
        emis_par=scene["prestataire"], expire_le=horloge.jour_civil(scene.instant),
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


# --- Prendre ---------------------------------------------------------------------------------
def test_le_code_donne_le_mandat_que_la_personne_y_a_mis() -> None:
    scene = Scene().deposee()
    emis = confie(scene, portees=["voir_etat", "voir_rapport_medical"])
    assert presente(scene, f" {emis.imprime.lower()} ").dossier == scene.dossier
    mandat = Mandat.objects.get()
    assert (mandat.intervenant, mandat.confirme_par, mandat.moyen) == (
        scene["ressource"], scene["prestataire"], Mandat.Moyen.CODE,
    )  # fmt: skip
    assert (mandat.portees, mandat.portees_ajoutees) == (["voir_etat"], ["voir_rapport_medical"])
    assert Lettre.objects.filter(modele="mandat_confirme").count() == 2
    with horloge.figer(scene.instant):
        assert acces.peut(scene["ressource"], "sr2100.lire", scene.dossier)
    garde = CodeConfie.objects.get()
    assert (garde.utilise_par, garde.utilise_le) == (scene["ressource"], mandat.confirme_le)


def test_s03_inconnu_echu_employe_annule_recoivent_la_meme_reponse() -> None:
    scene = Scene().deposee()
    employe = confie(scene)
    presente(scene, employe.code)
    annule = confie(scene)
    scene.joue("prestataire", "annuler_code_confie", usage="mandat")
    issues = [presente(scene, saisi, "ressource_ailleurs") for saisi in ("ZZZZZ-ZZZZZ", employe.code, annule.code)]
    echu = confie(scene)
    scene.attendre(days=15)
    issues.append(presente(scene, echu.code, "ressource_ailleurs"))
    assert set(issues) == {Presentation()}
    assert Mandat.objects.count() == 1
    tentatives = Entree.objects.filter(acte="prendre_mandat", nature="tentative")
    assert [une.code_refus for une in tentatives] == ["champ_invalide"] * 4


def test_s03_cinq_essais_puis_une_pause_qui_vaut_aussi_pour_le_bon_code() -> None:
    scene = Scene().deposee()
    emis = confie(scene)
    issues = [presente(scene, "ZZZZZ-ZZZZ0") for _ in range(5)]
    assert [issue.pause is None for issue in issues] == [True] * 4 + [False]
    assert presente(scene, emis.code).dossier is None
    scene.attendre(minutes=16)
    assert presente(scene, emis.code).dossier == scene.dossier


def test_le_meme_envoi_deux_fois_ne_fait_qu_un_mandat() -> None:
    from uuid import uuid4

    scene, cle = Scene().deposee(), uuid4()
    emis = confie(scene)
    assert presente(scene, emis.code, cle=cle).dossier == presente(scene, emis.code, cle=cle).dossier == scene.dossier
    assert Mandat.objects.count() == 1
    assert not EssaiAcces.objects.exists()


def test_un_representant_dont_le_titre_veut_un_ecrit_ne_prend_pas_de_code() -> None:
    scene = Scene().deposee()
    emis = confie(scene)
    refus = presente(scene, emis.code, "representant", titre="tuteur").refus
    assert refus is not None
    assert (refus.code, refus.champ) == ("justification_absente", "titre")
    sans = presente(scene, emis.code, "representant").refus
    assert sans is not None
    assert sans.code == "champ_manquant"
    assert presente(scene, emis.code, "representant", titre="proche").dossier == scene.dossier
    assert Mandat.objects.get().titre == "proche"


def test_un_dossier_reuni_a_un_autre_n_ouvre_plus() -> None:
    scene = Scene().deposee()
    emis, autre = confie(scene), Scene()
    Dossier.objects.filter(pk=scene.dossier.pk).update(fusionne_dans=autre.dossier)
    assert presente(scene, emis.code) == Presentation()


# --- Témoigner -------------------------------------------------------------------------------
def test_le_temoignage_est_une_piece_qui_dit_qui_parle() -> None:
    scene = Scene().deposee()
    emis = scene.joue("prestataire", "confier_code", usage="temoignage")
    assert en_attente(scene.dossier, "temoignage", horloge.jour_civil(scene.instant)) is not None
    with horloge.figer(scene.instant):
        assert temoignages.code_bon(emis.code, adresse=ADRESSE).dossier == scene.dossier
        assert temoignages.encore_bon(emis.code)  # regarder n'emploie pas le code
    assert ecrit(scene, emis.code).dossier == scene.dossier
    piece = Piece.objects.get()
    assert (piece.nature, piece.titre) == ("Témoignage", "Témoignage de Aline Témoin (sœur)")
    assert "Identité non vérifiée." in piece.texte
    assert piece.texte.endswith("Elle dort peu.")
    assert not Piece.portraits().exists()
    assert ecrit(scene, emis.code).dossier is None
    assert Piece.objects.count() == 1


def test_le_temoignage_se_cite_dans_un_avis() -> None:
    scene = Scene().deposee()
    emis = scene.joue("prestataire", "confier_code", usage="temoignage")
    ecrit(scene, emis.code)
    scene.joue("clinicien", "signer_sr2100", **_rapport())
    scene.joue("prestataire", "deposer_sr2105", scolarite="4e secondaire")
    for acte in ("declarer_complet", "transmettre_csems"):
        scene.joue("agent", acte)
    scene.joue("medecin", "prendre_en_evaluation")
    scene.joue(
        "medecin", "rendre_avis", questions={"atteinte": "oui", "duree": "oui", "socioprofessionnel": "oui"},
        texte="Lu.", pieces_citees=["Témoignage de Aline Témoin (sœur)"], recommandation="reconnaitre",
    )  # fmt: skip


def _rapport() -> dict[str, Any]:
    from tests.fabriques import RAPPORT

    return RAPPORT


def test_s03_un_temoin_sans_compte_a_cinq_essais_par_adresse() -> None:
    scene = Scene().deposee()
    emis = scene.joue("prestataire", "confier_code", usage="temoignage")
    issues = [ecrit(scene, "ZZZZZ-ZZZZ0") for _ in range(5)]
    assert issues[-1].pause is not None
    assert ecrit(scene, emis.code).dossier is None
    assert not Piece.objects.exists()


def test_les_champs_du_temoignage_sont_exiges() -> None:
    scene = Scene().deposee()
    emis = scene.joue("prestataire", "confier_code", usage="temoignage")
    for champ in ("temoin", "lien", "texte"):
        refus = ecrit(scene, emis.code, **{champ: " "}).refus
        assert refus is not None
        assert (refus.code, refus.champ) == ("champ_manquant", champ)
    assert CodeConfie.objects.get().utilise_le is None


# --- À plusieurs ---------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("resemer")
def test_s03_deux_aidants_au_meme_instant_un_seul_prend_le_mandat() -> None:
    scene = Scene().deposee()
    emis = confie(scene)
    barriere, obtenus = threading.Barrier(2), {}

    def un(cle: str) -> None:
        try:
            with horloge.figer(scene.instant):
                barriere.wait(timeout=30)
                obtenus[cle] = prendre(scene[cle], emis.code, adresse=ADRESSE).dossier
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un, args=(cle,)) for cle in ("ressource", "ressource_ailleurs")]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert sorted(dossier is not None for dossier in obtenus.values()) == [False, True]
    assert Mandat.objects.count() == 1
