"""La lettre telle qu'elle partirait aujourd'hui, sans rien écrire : « La lettre dira ceci »."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from comptes.models import Role
from correspondance import composition, registre
from correspondance.models import Lettre
from decisions import lecture, lettres
from decisions.actes.signature import METIER
from decisions.models import Decision
from dossiers.models import Attribution, Demande
from referentiels import lecture as referentiels
from socle import horloge


def lettre(modele: str, demande: Demande, cause: models.Model, contenu: dict[str, Any]) -> SafeString:
    """Rend la version de lecture d'une lettre non née, datée d'aujourd'hui."""
    jour = horloge.aujourd_hui()
    presumee = int(referentiels.regle("reception_presumee_jours", jour))
    destinataire = demande.dossier.prestataire
    feinte = Lettre(
        modele=modele,
        dossier=demande.dossier,
        demande=demande,
        destinataire=destinataire,
        cause_type=cause._meta.label_lower,
        cause_id=cause.pk or 0,
        contenu=contenu,
        langue=destinataire.langue,
        jour_emission=jour,
        recue_presumee_le=jour + timedelta(days=presumee),
    )
    variables = {**composition.contexte(feinte, []), "lecture": True}
    with translation.override("en" if feinte.langue == "en" else "fr-ca"):
        return composition.en_page(render_to_string(registre.obtenir(modele).gabarit, variables))


def decision_feinte(demande: Demande, donnees: dict[str, Any]) -> Decision:
    """La décision que porterait la première signature, sans l'écrire."""
    projet = lecture.projet_du_tour(demande)
    champs = {nom: valeur for nom, valeur in donnees.items() if valeur is not None and nom != "phrases_motifs"}
    return Decision(
        demande=demande,
        projet=projet,
        voie=demande.voie,
        tour=demande.tour,
        preparee_le=horloge.maintenant(),
        phrases_json=json.dumps(donnees.get("phrases_motifs") or {}, ensure_ascii=False),
        **champs,
    )


def lettre_de_decision(decision: Decision) -> SafeString:
    """La lettre de cette décision, écrite ou feinte, au nom des évaluateurs qui la signeront."""
    contenu = lettres.contenu_decision(decision)
    if decision.scellee_le is None:
        contenu["signataires"] = _signataires_prevus(decision.demande)
    return lettre(lettres.modele_de(decision), decision.demande, decision, contenu)


def _signataires_prevus(demande: Demande) -> list[dict[str, str]]:
    saisis = Attribution.objects.filter(
        demande=demande, qualite=Attribution.Qualite.EVALUATEUR, au__isnull=True
    ).prefetch_related("qui")
    return [{"nom": une.qui.nom_complet, "metier": METIER[Role(une.qui.role)]} for une in saisis]
