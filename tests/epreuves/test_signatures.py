"""C01 à l'écran : une page d'avant la signature de l'autre ne signe rien; une page renvoyée dit ce qui est fait.

Source : `epreuves.md` C01, C03.
"""

from __future__ import annotations

from typing import Any

import pytest

from correspondance.models import Lettre
from decisions.models import Decision, Signature
from dossiers.etats import Etat
from dossiers.models import Dossier
from revision.models import Revision, SignatureRevision
from tests.fabrique_csems import Equipe, a_signer, ayant_lu, client_de, creer_equipe, recevable

REFUSER: dict[str, Any] = {
    "issue": "non_reconnue",
    "motifs": ["duree_non_etablie"],
    "phrase_duree_non_etablie": "Votre rapport ne dit pas combien de temps cela va durer.",
    "ce_qui_changerait": ["duree_limitations"],
}
RECONNAITRE: dict[str, Any] = {
    "issue": "reconnue",
    "date_effet_jour": "5",
    "date_effet_mois": "janvier",
    "date_effet_annee": "2026",
    "justification_date": "Date de la demande.",
    "sans_reexamen": "on",
    "motifs": ["effet_cumulatif"],
    "phrase_effet_cumulatif": "Vos problèmes de santé s'ajoutent.",
}
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


@pytest.fixture
def equipe(db: None) -> Equipe:
    """Un agent, un clinicien, deux évaluateurs et deux réviseurs."""
    return creer_equipe()


def _decision(dossier: Dossier) -> str:
    return f"/dossiers/{dossier.reference}/decision/"


@pytest.mark.parametrize("sien", [REFUSER, RECONNAITRE], ids=["meme_issue", "issue_contraire"])
def test_c01_deux_pages_ouvertes_la_seconde_ne_signe_rien(equipe: Equipe, sien: dict[str, Any]) -> None:
    """Qui avait choisi avant la signature de l'autre la relit avant de signer; rien n'est adopté à son insu."""
    dossier = a_signer(equipe)
    url = _decision(dossier)
    medecin, specialiste = (client_de(un, confirmee=True) for un in (equipe.medecin, equipe.specialiste))
    montree = specialiste.post(url, {**sien, "etape": "apercu"})
    premiere = medecin.post(url, {**REFUSER, "etape": "apercu"})
    medecin.post(url, {**REFUSER, **ayant_lu(premiere)})
    conflit = specialiste.post(url, {**sien, **ayant_lu(montree)})
    assert conflit.status_code == 200
    assert "vient de signer" in conflit.content.decode()
    assert Signature.objects.count() == 1
    assert not Lettre.objects.filter(modele__in=("refus", "acceptation")).exists()
    specialiste.post(url, ayant_lu(conflit))
    assert Signature.objects.count() == 2
    assert Decision.objects.filter(scellee_le__isnull=False).count() == 1
    assert Lettre.objects.filter(modele="refus").count() == 1
    assert dossier.courante is not None
    assert dossier.courante.etat == Etat.NON_RECONNUES


def test_c03_signer_deux_fois_montre_la_confirmation(equipe: Equipe) -> None:
    """Double clic, retour puis renvoi : une signature, et la page dit ce qui est fait."""
    dossier = a_signer(equipe)
    url = _decision(dossier)
    for personne in (equipe.medecin, equipe.specialiste):
        client = client_de(personne, confirmee=True)
        deja = Signature.objects.count()
        envoi = (
            {**REFUSER, **ayant_lu(client.post(url, {**REFUSER, "etape": "apercu"}))}
            if not deja
            else ayant_lu(client.get(url))
        )
        client.post(url, envoi)
        for _ in range(2):
            encore = client.post(url, envoi, follow=True).content.decode()
            assert "signé" in encore
        assert Signature.objects.count() == deja + 1
    assert Lettre.objects.filter(modele="refus").count() == 1


def test_c01_une_revision_signee_entre_temps_ne_s_adopte_pas_sans_la_lire(equipe: Equipe) -> None:
    dossier = recevable(equipe)
    url = f"/revision/{dossier.reference}/decision/"
    medecin, specialiste = (client_de(un, confirmee=True) for un in (equipe.medecin_drra, equipe.specialiste_drra))
    for client in (medecin, specialiste):
        client.post(f"/revision/{dossier.reference}/", ANALYSE)
    montree = specialiste.post(url, {"issue": "confirmee", "etape": "apercu"})
    premiere = medecin.post(url, {**INFIRMER, "etape": "apercu"})
    medecin.post(url, {**INFIRMER, **ayant_lu(premiere)})
    for envoi in ({"issue": "confirmee", **ayant_lu(montree)}, {"issue": "confirmee", "etape": "apercu"}):
        conflit = specialiste.post(url, envoi)
        assert conflit.status_code == 200
        assert "vient de signer" in conflit.content.decode()
        assert SignatureRevision.objects.count() == 1
    assert Revision.objects.get().rendue_le is None
    specialiste.post(url, ayant_lu(conflit))
    assert Revision.objects.get().issue == "infirmee"
    assert Revision.objects.get().rendue_le is not None
