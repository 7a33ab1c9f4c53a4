"""La date d'effet trop éloignée est refusée par l'acte comme par les formulaires, à la même limite."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from decisions import effet, regles
from socle import horloge
from socle.refus import Refus
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
ACCEPTE = {"issue": "reconnue", "motifs": ["atteinte_et_duree_etablies"], "justification_date": "Date de la demande."}


@pytest.mark.parametrize(
    ("annee", "admise"), [(1995, False), (1996, True), (2026, True), (2027, True), (2028, False), (2062, False)]
)
def test_la_limite_est_la_meme_pour_la_regle_l_acte_et_le_champ(annee: int, admise: bool) -> None:
    le, visee = date(2026, 6, 1), date(annee, 3, 2)
    assert regles.effet_vraisemblable(visee, le, 30, 1) is admise
    with horloge.figer(horloge.heure_locale(le, 12, 0)):
        if admise:
            effet.valider(visee)
            assert effet.lire(visee, le, requis=True) == visee
            return
        with pytest.raises(ValidationError):
            effet.valider(visee)
        with pytest.raises(Refus) as refus:
            effet.lire(visee, le, requis=True)
        assert (refus.value.code, refus.value.champ) == ("champ_invalide", "date_effet")


def test_signer_refuse_une_date_d_effet_trop_eloignee_apres_les_autres_refus() -> None:
    scene = Scene().a_signer()
    loin = scene.instant.date() + timedelta(days=365 * 36)
    sans_raison = {**ACCEPTE, "justification_date": "", "date_effet": loin}
    assert scene.refuse("medecin", "signer_decision", **sans_raison) == "justification_absente"
    assert scene.refuse("medecin", "signer_decision", **ACCEPTE, date_effet=loin) == "champ_invalide"
    scene.joue("medecin", "signer_decision", **ACCEPTE, date_effet=scene.instant.date())


def test_rendre_la_revision_refuse_une_date_d_effet_trop_eloignee() -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    change = {"issue": "infirmee", "ce_qui_differe": "La durée.", "cause": "preuve_nouvelle"}
    loin = scene.instant.date() + timedelta(days=365 * 36)
    assert scene.refuse("reviseur", "rendre_revision", **change, date_effet=loin) == "champ_invalide"
    scene.joue("reviseur", "rendre_revision", **change, date_effet=scene.instant.date())
