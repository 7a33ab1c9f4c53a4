"""Montrer la lettre d'une décision avant de la signer : l'acte est joué à blanc, puis tout est annulé."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from comptes.models import Compte
from correspondance import composition, registre
from correspondance.models import Lettre
from decisions.models import Decision
from dossiers.models import Dossier
from dossiers.porte import executer
from referentiels import lecture as referentiels
from socle import horloge


def lettre_a_blanc(acte: str, personne: Compte, dossier: Dossier, **donnees: Any) -> SafeString:
    """Version de lecture de la lettre que ferait naître cet acte; rien n'en reste en base.

    Lève le même `Refus` que l'acte : ce qui ne peut pas être signé se dit avant la page d'arrêt.
    """
    with transaction.atomic():
        try:
            decision = executer(acte, acteur=personne, dossier=dossier, **donnees)
            return _lire(decision)
        finally:
            transaction.set_rollback(True)


def _lire(decision: Decision) -> SafeString:
    lettre = (
        Lettre.objects.filter(cause_type=Decision._meta.label_lower, cause_id=decision.pk)
        .select_related("destinataire", "dossier__bureau", "dossier__agent", "demande")
        .first()
    )
    if lettre is None:
        return SafeString("")
    lettre.jour_emission = horloge.aujourd_hui()
    jours = int(referentiels.regle("reception_presumee_jours", lettre.jour_emission))
    lettre.recue_presumee_le = lettre.jour_emission + dt.timedelta(days=jours)
    variables = composition.contexte(lettre, registre.destinataires_en_copie(lettre))
    with translation.override("en" if lettre.langue == "en" else "fr-ca"):
        rendu = render_to_string(registre.obtenir(lettre.modele).gabarit, {**variables, "lecture": True})
    return composition.en_page(rendu)
