"""Adresses de la personne, et de l'entrée en démonstration."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from comptes.langue import dans_sa_langue
from espaces.views import (
    changement,
    connexion,
    demonstration,
    langue,
    que_faire,
    suivi,
    suivi_accords,
    suivi_choix,
    suivi_clinicien,
    suivi_code_clinique,
    suivi_frais,
    suivi_mandats,
    suivi_portes,
    suivi_recours,
    suivi_rencontre,
    suivi_repondre,
    trousse,
)

urlpatterns: list[URLPattern] = [
    path("suivi/", suivi.accueil, name="suivi"),
    path("suivi/connexion/", connexion.connexion, name="suivi_connexion"),
    path("suivi/connexion/code/", connexion.code, name="suivi_code"),
    path("suivi/langue/", langue.changer, name="suivi_langue"),
    path("suivi/lettres/", suivi.lettres, name="suivi_lettres"),
    path("suivi/lettres/<str:reference>/", suivi.lettre, name="suivi_lettre"),
    path("suivi/lettres/<str:reference>/lettre.pdf", suivi.lettre_pdf, name="suivi_lettre_pdf"),
    path("suivi/decision/", suivi.decision, name="suivi_decision"),
    path("suivi/documents/", suivi.documents, name="suivi_documents"),
    path("suivi/lectures/", suivi.qui_a_vu, name="suivi_lectures"),
    path("suivi/avant-de-decider/", suivi_repondre.occasion, name="suivi_occasion"),
    path("suivi/appel/", suivi_rencontre.rencontre, name="suivi_appel"),
    path("suivi/besoins/", suivi_rencontre.besoins, name="suivi_besoins"),
    path("suivi/demande/", suivi_repondre.demande, name="suivi_demande"),
    path("suivi/retirer/", suivi_repondre.desistement, name="suivi_desistement"),
    path("suivi/revision/", suivi_recours.revision, name="suivi_revision"),
    path("suivi/revision/delai/", suivi_recours.delai, name="suivi_delai"),
    path("suivi/revision/observations/", suivi_recours.observations, name="suivi_observations"),
    path("suivi/revision/ce-qui-a-change/", changement.de_la_personne, name="suivi_ce_qui_a_change"),
    path("suivi/que-faire/", que_faire.de_la_personne, name="suivi_que_faire"),
    path("suivi/tribunal/", suivi_recours.tribunal, name="suivi_tribunal"),
    path("suivi/coordonnees/", suivi_accords.coordonnees, name="suivi_coordonnees"),
    path("suivi/personnes-ressources/", suivi_accords.personnes, name="suivi_personnes"),
    path("suivi/personnes-ressources/confier/", suivi_mandats.confier, name="suivi_confier"),
    path("suivi/personnes-ressources/temoin/", suivi_mandats.temoin, name="suivi_temoin"),
    path("suivi/personnes-ressources/organismes/", suivi_mandats.organismes_de_la_personne, name="suivi_organismes"),
    path("suivi/autorisations/", suivi_accords.autorisations, name="suivi_autorisations"),
    path("suivi/clinicien/", suivi_clinicien.clinicien, name="suivi_clinicien"),
    path("suivi/annonce/", suivi_choix.annonce, name="suivi_annonce"),
    path("suivi/argent/", suivi_choix.argent, name="suivi_argent"),
    path("suivi/plainte/", suivi_choix.plainte, name="suivi_plainte"),
    path("suivi/frais/", suivi_frais.frais, name="suivi_frais"),
    path("suivi/clinicien/changer/", suivi_portes.changer, name="suivi_clinicien_changer"),
    path("suivi/clinicien/portes/", suivi_portes.portes_de_la_personne, name="suivi_portes"),
    path("suivi/clinicien/trousse/", trousse.la_mienne, name="suivi_trousse"),
    path("suivi/clinicien/code/", suivi_code_clinique.code, name="suivi_code_clinique"),
    path("suivi/clinicien/code.pdf", suivi_code_clinique.feuille, name="suivi_code_feuille"),
]
# Sans séance, une personne va à sa porte, non à celle du personnel; chaque page se dit dans sa langue.
for _adresse in urlpatterns:
    # Une feuille imprimée garde la langue de ce qu'elle imprime.
    if _adresse.name not in {"suivi_code_feuille", "suivi_lettre_pdf"}:
        _adresse.callback = dans_sa_langue(_adresse.callback)
    _adresse.callback.__dict__["login_url"] = "suivi_connexion"
# La démonstration seule : ailleurs, l'adresse n'existe pas.
if settings.DEMONSTRATION:
    urlpatterns.append(path("demonstration/", demonstration.choisir, name="demonstration"))
