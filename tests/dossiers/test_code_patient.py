"""Le code de patient : tirage, lecture, émission, présentation; une seule réponse pour tout ce qui n'ouvre pas."""

from __future__ import annotations

import math
import re
import string
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from comptes.models import Compte, Permis, Role
from correspondance.models import Lettre
from dossiers import codes
from dossiers.actes.codes import Presentation, code_a_imprimer, en_attente, presenter
from dossiers.etats import Etat
from dossiers.models import CodePatient, Dossier, Invitation
from dossiers.porte import executer
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus
from tests.fabriques import RAPPORT, Scene, scene

base = pytest.mark.django_db
ADRESSE = "192.0.2.7"
JOURS = 90


def verifie(compte: Compte, **champs: Any) -> Compte:
    """Donne au clinicien un permis vérifié de longue date."""
    Permis.objects.filter(compte=compte).update(**{"verifie_le": date(2025, 1, 1), **champs})
    return compte


def prete() -> Scene:
    """Une demande reçue, l'accord donné, deux cliniciens au permis vérifié dont aucun n'est invité."""
    jouee = Scene()
    jouee.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    jouee.joue("prestataire", "consentir", objet="joindre_clinicien")
    for cle in ("clinicien", "clinicien_ailleurs"):
        verifie(jouee[cle])
    return jouee


def presente(jouee: Scene, saisi: str, par: str = "clinicien", **options: Any) -> Presentation:
    jouee.attendre(minutes=1)
    with horloge.figer(jouee.instant):
        return presenter(jouee[par], saisi, adresse=ADRESSE, **options)


# --- Le code lui-même ----------------------------------------------------------------------


def test_dix_signes_de_trente_deux_font_cinquante_bits() -> None:
    assert len(set(codes.ALPHABET)) == 32
    assert codes.LONGUEUR * math.log2(len(codes.ALPHABET)) >= 50
    assert not set("ILOU") & set(codes.ALPHABET)
    tires = {codes.tirer() for _ in range(400)}
    assert len(tires) == 400
    assert set("".join(tires)) == set(codes.ALPHABET)
    assert all(re.fullmatch(r"[0-9A-Z]{5}-[0-9A-Z]{5}", codes.imprimer(code)) for code in tires)


def test_une_demonstration_a_graine_fixe_ne_rend_pas_les_codes_repetables() -> None:
    from socle import hasard

    tires = []
    for _ in range(2):
        with hasard.fixer("graine"):
            tires.append(codes.tirer())
    assert tires[0] != tires[1]


@pytest.mark.parametrize(
    "saisi",
    ["7K2M9-0101V", "7k2m9 o1o1v", " 7K2M9\u20110I0lu ", "7 k 2 m 9 o i o l u", "7K2M9\u00a0\u20130101V", "7k2m90101v"],
)
def test_la_lecture_pardonne_casse_espaces_tirets_et_sosies(saisi: str) -> None:
    assert codes.lire(saisi) == "7K2M90101V"


@pytest.mark.parametrize(
    "saisi",
    ["", "7K2M9-0101", "7K2M9-0101VV", "7K2M9-010\x00V", "7K2M9-0101é", "🙂" * 10, "7K2M9-0101$", "A" * 1_000_000,
     "-" * 70 + "7K2M90101V", "ß" * 10, "７K2M90101V"],
)  # fmt: skip
def test_ce_qui_n_est_pas_un_code_ne_se_lit_pas(saisi: str) -> None:
    assert codes.lire(saisi) is None


def test_toute_saisie_lue_reste_dans_l_alphabet() -> None:
    for signe in string.printable:
        lu = codes.lire(signe * 10)
        assert lu is None or set(lu) <= set(codes.ALPHABET)


def test_le_code_qr_porte_l_adresse_et_le_code_dans_le_fragment(settings: Any) -> None:
    settings.ADRESSE_PUBLIQUE = "https://contraintes.exemple.invalid/"
    adresse = codes.adresse("7K2M90101V")
    assert adresse == "https://contraintes.exemple.invalid/clinique/code/#code=7K2M9-0101V"
    dessin = codes.dessiner("7K2M90101V")
    assert dessin.startswith("<svg")
    assert "<title>" in dessin
    assert "style=" not in dessin
    assert dessin != codes.dessiner("7K2M90101W")


# --- Émettre -------------------------------------------------------------------------------


@base
@pytest.mark.parametrize("par", ["prestataire", "agent", "ressource"])
def test_emettre_suit_les_droits_de_l_invitation_et_ne_garde_que_l_empreinte(par: str) -> None:
    jouee = prete()
    if par == "ressource":
        fin = jouee.instant.date() + timedelta(days=100)
        jouee.joue("ressource", "proposer_mandat", portees=["repondre"], jusqu_au=fin)
        jouee.joue("prestataire", "confirmer_mandat", intervenant=jouee["ressource"])
    emis = jouee.joue(par, "emettre_code")
    garde = CodePatient.objects.get()
    jour = horloge.jour_civil(jouee.instant)
    assert garde.expire_le == emis.expire_le == jour + timedelta(days=JOURS)
    assert (garde.emis_par, garde.demande, garde.emis_le) == (jouee[par], jouee.demande, jouee.instant)
    assert garde.empreinte == codes.condenser(emis.code)
    assert emis.code not in {garde.empreinte, codes.condenser(emis.code)}
    ligne = Entree.objects.get(acte="emettre_code")
    assert ligne.details == {"code": garde.pk}
    with connection.cursor() as curseur:
        for table in connection.introspection.table_names():
            curseur.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s OR t::text ILIKE %s',  # noqa: S608
                [f"%{emis.code}%", f"%{emis.imprime}%"],
            )
            assert curseur.fetchone()[0] == 0, table


@base
@pytest.mark.parametrize(
    ("par", "code"),
    [("clinicien", "acces_refuse"), ("medecin", "acces_refuse"), ("agent_ailleurs", "acces_refuse"),
     ("ressource", "acces_refuse"), ("administrateur", "acces_refuse"), ("chef_bureau", "acces_refuse")],
)  # fmt: skip
def test_emettre_est_refuse_a_qui_ne_peut_inviter(par: str, code: str) -> None:
    jouee = prete()
    assert jouee.refuse(par, "emettre_code") == code
    assert not CodePatient.objects.exists()
    ligne = Entree.objects.latest("pk")
    assert (ligne.acte, ligne.nature, ligne.code_refus) == ("emettre_code", Entree.Nature.TENTATIVE, code)


@base
def test_une_portee_insuffisante_et_un_mandat_revoque_se_disent() -> None:
    jouee = prete()
    fin = jouee.instant.date() + timedelta(days=100)
    jouee.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin)
    assert jouee.refuse("ressource", "emettre_code") == "mandat_inactif"
    jouee.joue("prestataire", "confirmer_mandat", intervenant=jouee["ressource"])
    assert jouee.refuse("ressource", "emettre_code") == "portee_insuffisante"


@base
def test_emettre_exige_l_accord_puis_une_demande_ouverte() -> None:
    jouee = prete()
    jouee.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    assert jouee.refuse("agent", "emettre_code") == "consentement_absent"
    jouee.joue("prestataire", "consentir", objet="joindre_clinicien")
    jouee.joue("agent", "fermer", motif="inactivite")
    assert jouee.refuse("agent", "emettre_code") == "etat_interdit"
    assert not CodePatient.objects.exists()


@base
def test_un_nouveau_code_remplace_l_ancien_et_un_seul_attend() -> None:
    jouee = prete()
    ancien, neuf = jouee.joue("prestataire", "emettre_code"), jouee.joue("agent", "emettre_code")
    assert CodePatient.objects.filter(remplace_le__isnull=True).count() == 1
    assert presente(jouee, ancien.code).dossier is None
    assert presente(jouee, neuf.code).dossier == jouee.dossier
    copie = CodePatient.objects.get(remplace_le__isnull=False)
    copie.pk, copie.empreinte, copie.remplace_le = None, "x", None
    premiere = Scene()
    premiere.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
    copie.demande = premiere.demande
    copie.save()
    copie.pk, copie.empreinte = None, "y"
    with pytest.raises(IntegrityError, match="un_code_en_attente"), transaction.atomic():
        copie.save(force_insert=True)


@base
def test_la_duree_vient_de_la_regle_datee() -> None:
    assert int(referentiels.regle("code_patient_jours", date(2026, 2, 2))) == JOURS


# --- Présenter -----------------------------------------------------------------------------


@base
def test_un_code_ouvre_exactement_une_invitation() -> None:
    jouee, temoin = prete(), prete()
    emis = jouee.joue("prestataire", "emettre_code")
    avant = Entree.objects.count()
    assert presente(jouee, codes.imprimer(emis.code).lower()).dossier == jouee.dossier
    assert Entree.objects.count() == avant + 1
    ligne = Entree.objects.latest("pk")
    assert (ligne.acte, ligne.nature, ligne.acteur, ligne.dossier) == (
        "presenter_code", Entree.Nature.ACTE, jouee["clinicien"], jouee.dossier,
    )  # fmt: skip
    garde = CodePatient.objects.get(demande=jouee.demande)
    assert (garde.utilise_le, garde.utilise_par) == (jouee.instant, jouee["clinicien"])
    temoin.joue("agent", "inviter_clinicien", clinicien=temoin["clinicien"])
    for une in (jouee, temoin):
        invitation = Invitation.objects.get(demande=une.demande)
        assert (invitation.clinicien, invitation.declinee_le) == (une["clinicien"], None)
    # Ouvert par code, le rapport se signe comme sur invitation.
    jouee.joue("clinicien", "signer_sr2100", **RAPPORT)
    assert not Lettre.objects.filter(dossier=jouee.dossier).exclude(modele="accuse_reception").exists()


def tuer(comment: str, une: Scene, code: str) -> None:
    """Fait qu'un code, s'il existe, n'ouvre plus rien."""
    if comment == "echu":
        une.attendre(days=JOURS + 1)
    elif comment == "employe":
        presente(une, code, "clinicien_ailleurs")
    elif comment == "remplace":
        une.joue("agent", "emettre_code")
    elif comment == "accord_retire":
        une.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
    elif comment == "ferme":
        une.joue("agent", "fermer", motif="inactivite")


@base
def test_tout_code_qui_n_ouvre_pas_repond_pareil_et_fait_le_meme_travail() -> None:
    vus: set[tuple[Any, ...]] = set()
    for nom in ("inconnu", "echu", "employe", "remplace", "accord_retire", "ferme"):
        une = prete()
        code = une.joue("prestataire", "emettre_code").code
        tuer(nom, une, code)
        referentiels.rechauffer()
        saisi = codes.tirer() if nom == "inconnu" else code
        avant = Invitation.objects.count()
        with CaptureQueriesContext(connection) as captees:
            rendu = presente(une, saisi)
        ligne = Entree.objects.latest("pk")
        vus.add((rendu, ligne.acte, ligne.nature, ligne.code_refus, str(ligne.details), len(captees)))
        assert Invitation.objects.count() == avant, nom
        assert ligne.dossier_id == (None if nom == "inconnu" else une.dossier.pk)
    assert len(vus) == 1, vus
    assert next(iter(vus))[0] == Presentation()


@base
def test_le_dernier_jour_compte_encore() -> None:
    jouee = prete()
    emis = jouee.joue("prestataire", "emettre_code")
    jouee.attendre(days=JOURS)
    assert presente(jouee, emis.code).dossier == jouee.dossier


@base
@pytest.mark.parametrize(
    "permis",
    [
        {"verifie_le": None},
        {"expire_le": date(2026, 2, 1)},
        {"du": date(2026, 2, 3)},
        {"verifie_le": date(2026, 2, 3)},
    ],
)
def test_sans_permis_verifie_le_code_ne_montre_rien_et_reste_bon(permis: dict[str, Any]) -> None:
    jouee = prete()
    verifie(jouee["clinicien"], **permis)
    emis = jouee.joue("prestataire", "emettre_code")
    for saisi in (emis.code, codes.tirer()):
        with pytest.raises(Refus) as refus:
            presente(jouee, saisi)
        assert refus.value.code == "signataire_non_autorise"
    assert not Invitation.objects.exists()
    assert presente(jouee, emis.code, "clinicien_ailleurs").dossier == jouee.dossier


@base
def test_un_permis_valide_aujourd_hui_ouvre_encore() -> None:
    jouee = prete()
    verifie(jouee["clinicien"], expire_le=date(2026, 2, 2))
    emis = jouee.joue("prestataire", "emettre_code")
    assert presente(jouee, emis.code).dossier == jouee.dossier


@base
def test_l_acte_seul_refuse_dans_l_ordre_du_contrat() -> None:
    jouee, autre = prete(), prete()
    emis, ailleurs = jouee.joue("prestataire", "emettre_code"), autre.joue("prestataire", "emettre_code")
    for par in ("agent", "prestataire", "ressource", "administrateur"):
        assert jouee.refuse(par, "presenter_code", code=emis.code) == "acces_refuse"
    assert jouee.refuse("clinicien", "presenter_code") == "champ_manquant"
    # Le bon code, mais d'un autre dossier, n'ouvre pas celui-ci.
    assert jouee.refuse("clinicien", "presenter_code", code=ailleurs.code) == "champ_invalide"
    assert jouee.refuse("clinicien", "presenter_code", code="\x00🙂") == "champ_invalide"
    Permis.objects.filter(compte=jouee["clinicien"]).delete()
    assert jouee.refuse("clinicien", "presenter_code", code=emis.code) == "signataire_non_autorise"
    assert not Invitation.objects.exists()


@base
def test_un_code_d_une_demande_passee_n_ouvre_pas_la_suivante() -> None:
    jouee = prete()
    emis = jouee.joue("prestataire", "emettre_code")
    jouee.joue("agent", "fermer", motif="inactivite")
    jouee.joue("prestataire", "deposer_demande", canal="en_ligne", type="nouvelle")
    assert presente(jouee, emis.code).dossier is None
    assert en_attente(jouee.demande, jouee.instant.date()) is None


@base
def test_un_meme_envoi_recu_deux_fois_rend_le_dossier_sans_compter_d_essai() -> None:
    from uuid import uuid4

    from comptes.models import EssaiAcces

    jouee, cle = prete(), uuid4()
    emis = jouee.joue("prestataire", "emettre_code")
    assert [presente(jouee, emis.code, cle=cle).dossier for _ in range(2)] == [jouee.dossier] * 2
    assert Entree.objects.filter(acte="presenter_code").count() == 1
    assert not EssaiAcces.objects.exists()
    # La clé d'un autre n'ouvre rien.
    assert presente(jouee, emis.code, "clinicien_ailleurs", cle=cle).dossier is None


@base
def test_un_clinicien_qui_a_decline_peut_revenir_par_un_code() -> None:
    jouee = prete()
    jouee.joue("agent", "inviter_clinicien", clinicien=jouee["clinicien"])
    jouee.joue("clinicien", "decliner_rapport", motif="Absente")
    emis = jouee.joue("prestataire", "emettre_code")
    assert presente(jouee, emis.code).dossier == jouee.dossier
    assert Invitation.objects.filter(demande=jouee.demande, declinee_le__isnull=True).count() == 1


@base
def test_la_feuille_ne_s_imprime_que_pour_le_code_qui_attend_dans_ce_dossier() -> None:
    jouee, autre = prete(), prete()
    emis = jouee.joue("prestataire", "emettre_code")
    with horloge.figer(jouee.instant):
        relu = code_a_imprimer(jouee.dossier, codes.imprimer(emis.code))
        assert relu == emis
        assert code_a_imprimer(autre.dossier, emis.code) is None
        assert code_a_imprimer(jouee.dossier, "n'importe quoi") is None
    presente(jouee, emis.code)
    with horloge.figer(jouee.instant):
        assert code_a_imprimer(jouee.dossier, emis.code) is None


# --- À plusieurs ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.usefixtures("resemer")
def test_deux_cliniciens_au_meme_instant_un_seul_l_obtient() -> None:
    jouee = prete()
    emis = jouee.joue("prestataire", "emettre_code")
    barriere, obtenus = threading.Barrier(2), {}

    def un(cle: str) -> None:
        try:
            with horloge.figer(jouee.instant):
                barriere.wait()
                obtenus[cle] = presenter(jouee[cle], emis.code, adresse=ADRESSE).dossier
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un, args=(cle,)) for cle in ("clinicien", "clinicien_ailleurs")]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=30)
    assert sorted(dossier is not None for dossier in obtenus.values()) == [False, True]
    assert Invitation.objects.count() == 1


@base
def test_le_role_seul_ne_suffit_pas() -> None:
    """Un délégué de la clinique, sans permis, ne présente pas de code."""
    jouee = prete()
    delegue = Compte.objects.create_user(email="adjointe@exemple.invalid", nom="Adjointe", role=Role.CLINICIEN)
    emis = jouee.joue("prestataire", "emettre_code")
    dossier: Dossier = jouee.dossier
    with horloge.figer(jouee.instant), pytest.raises(Refus, match="permis"):
        executer("presenter_code", acteur=delegue, dossier=dossier, code=emis.code)


@base
def test_un_code_s_emet_dans_tout_etat_ou_l_on_peut_inviter() -> None:
    for etat in (Etat.A_COMPLETER, Etat.EN_EVALUATION, Etat.NON_RECONNUES):
        assert scene(etat).joue("prestataire", "emettre_code").code


# --- Par lettre ----------------------------------------------------------------------------


@base
def test_la_lettre_porte_le_code_chiffre_et_personne_n_en_recoit_copie() -> None:
    jouee = prete()
    fin = jouee.instant.date() + timedelta(days=100)
    jouee.joue("ressource", "proposer_mandat", portees=["recevoir_lettres"], jusqu_au=fin)
    jouee.joue("prestataire", "confirmer_mandat", intervenant=jouee["ressource"])
    emis = jouee.joue("agent", "emettre_code", par_lettre=True)
    jouee.joue("systeme", "emettre_lettres")
    lettre = Lettre.objects.get(modele="code_clinique")
    assert lettre.destinataire == jouee["prestataire"]
    assert lettre.contenu["code"] == emis.imprime
    assert emis.imprime in lettre.octets.html
    assert "<svg" in lettre.octets.html
    assert Entree.objects.get(acte="emettre_code").details["par_lettre"] is True
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT contenu::text, html FROM correspondance_lettre l"
            " JOIN correspondance_octetslettre o ON o.lettre_id = l.id WHERE l.id = %s",
            [lettre.pk],
        )
        assert all(emis.imprime not in garde and emis.code not in garde for garde in curseur.fetchone())


@base
@pytest.mark.parametrize("comment", ["employe", "remplace", "accord_retire", "echu"])
def test_une_lettre_dont_le_code_n_ouvre_plus_ne_part_pas(comment: str) -> None:
    jouee = prete()
    emis = jouee.joue("prestataire", "emettre_code", par_lettre=True)
    tuer(comment, jouee, emis.code)
    jouee.joue("systeme", "emettre_lettres")
    lettre = Lettre.objects.get(modele="code_clinique")
    assert lettre.emise_le is None
    assert lettre.annulee_le is not None


@base
def test_sans_le_demander_aucune_lettre_ne_nait() -> None:
    jouee = prete()
    jouee.joue("prestataire", "emettre_code", par_lettre=False)
    assert not Lettre.objects.filter(modele="code_clinique").exists()
    assert jouee.refuse("prestataire", "emettre_code", par_lettre="peut-être") == "champ_invalide"
