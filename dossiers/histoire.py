"""L'histoire d'un dossier en mots simples : une phrase par acte, jamais un nom de code.

Source : `ecrans-et-lettres.md` B0 (Historique) et B10 (accès consultés par la personne).
"""

from __future__ import annotations

from django.db.models import QuerySet

from dossiers.models import Dossier
from journal.models import Entree
from socle import composants
from socle.refus import MESSAGES, MESSAGES_PERSONNE

PHRASES: dict[str, str] = {
    "ouvrir_dossier": "Dossier ouvert",
    "deposer_demande": "Demande déposée",
    "consentir": "Consentement donné",
    "retirer_consentement": "Consentement retiré",
    "inviter_clinicien": "Professionnel de la santé invité",
    "emettre_code": "Code pour la clinique remis",
    "presenter_code": "Code pour la clinique présenté par un professionnel de la santé",
    "decliner_rapport": "Invitation déclinée par le professionnel de la santé",
    "signer_sr2100": "Rapport médical (SR-2100) signé",
    "saisir_sr2100_papier": "Rapport médical (SR-2100) saisi depuis le papier",
    "substituer_rapport": "Autre rapport reçu à la place du SR-2100",
    "deposer_sr2105": "Renseignements complémentaires (SR-2105) déposés",
    "verser_piece": "Pièce versée",
    "signaler_piece_illisible": "Pièce difficile à lire : autre copie demandée au bureau",
    "refuser_envoi": "Envoi d'un fichier qui n'est ni un PDF ni une photo : rien n'en est gardé",
    "juger_piece": "Pièce vérifiée",
    "effacer_original": "Fichier tel que reçu effacé, sa copie vérifiée reste",
    "demander_renseignement": "Renseignement demandé",
    "repondre_renseignement": "Réponse reçue",
    "clore_renseignement": "Demande de renseignement close après un appel",
    "offrir_occasion": "Occasion de compléter offerte",
    "repondre_occasion": "Réponse à l'occasion de compléter",
    "confirmer_situation": "Situation confirmée par un appel",
    "declarer_complet": "Dossier déclaré complet",
    "transmettre_csems": "Dossier transmis au centre d'évaluation",
    "reconnaitre_evident": "Reconnaissance préparée",
    "accorder_temporaire": "Contrainte temporaire accordée",
    "proposer_renouvellement": "Clinique interrogée : contrainte temporaire toujours valable?",
    "relancer_renouvellement": "Clinique à rappeler pour la contrainte temporaire",
    "renouveler_temporaire": "Contrainte temporaire confirmée par la clinique",
    "ne_pas_confirmer_temporaire": "Contrainte temporaire non confirmée par la clinique",
    "accorder_renouvellement": "Contrainte temporaire renouvelée",
    "reconduire_refus": "Reconduction du refus préparée",
    "prendre_en_evaluation": "Dossier pris en évaluation",
    "rendre_avis": "Avis rendu",
    "affecter_evaluateur": "Évaluateur affecté",
    "rouvrir_evaluation": "Évaluation rouverte",
    "conclure_concertation": "Concertation conclue",
    "signer_decision": "Décision signée",
    "emettre_lettres": "Lettres émises",
    "emettre_lettre": "Lettre émise",
    "prouver_reception": "Réception d'une lettre prouvée",
    "demander_revision": "Révision demandée",
    "demander_delai": "Délai demandé en révision",
    "presenter_observations": "Observations présentées",
    "affecter_reviseur": "Réviseurs affectés",
    "juger_recevabilite": "Recevabilité jugée",
    "planifier_entrevue": "Entrevue convenue",
    "annuler_entrevue": "Entrevue annulée",
    "tenir_entrevue": "Entrevue tenue",
    "noter_desaccord": "Remarque d'un signataire gardée au dossier",
    "rendre_revision": "Décision en révision signée",
    "saisir_taq": "Recours au Tribunal consigné",
    "consigner_taq": "Issue du Tribunal consignée",
    "noter_taq": "Étape devant le Tribunal notée",
    "produire_cahier": "Cahier pour le Tribunal demandé",
    "terminer_cahier": "Fabrication du cahier pour le Tribunal terminée",
    "constater_recours_direct": "Délai de révision vérifié",
    "deposer_en_presence": "Dépôt d'une demande, en clinique",
    "signer_contribution": "Contribution d'un professionnel signée",
    "noter_frais_rapport": "Frais demandés pour le rapport notés",
    "annuler_frais_rapport": "Frais demandés pour le rapport annulés",
    "imprimer_trousse": "Trousse imprimée pour une clinique",
    "retirer_invitation": "Changement de professionnel de la santé",
    "proposer_mandat": "Mandat proposé",
    "confirmer_mandat": "Mandat confirmé",
    "revoquer_mandat": "Mandat révoqué",
    "consulter": "Lecture du dossier",
    "transmettre_mandat": "Mandat transmis à un collègue",
    "finir_mandats": "Mandat terminé : la personne a quitté son organisme",
    "confier_code": "Code confié pour un mandat ou un témoignage",
    "annuler_code_confie": "Code confié annulé",
    "prendre_mandat": "Mandat pris avec le code de la personne",
    "temoigner": "Témoignage d'un proche reçu",
    "ecrire_a_la_clinique": "Lettre à la clinique imprimée",
    "echanger": "Message écrit",
    "se_desister": "Désistement",
    "fermer": "Demande fermée",
    "prendre_dossier": "Dossier pris par un agent",
    "attribuer_dossier": "Dossier attribué",
    "declarer_conflit": "Conflit d'intérêts déclaré",
    "lever_conflit": "Conflit d'intérêts levé",
    "proposer_fusion": "Réunion avec un autre dossier proposée",
    "fusionner_dossiers": "Dossier réuni à un autre",
    "ecarter_fusion": "Réunion avec un autre dossier écartée",
    "defaire_fusion": "Dossier séparé de celui auquel il était réuni",
    "expliquer_decision": "Décision expliquée à la personne",
    "clore_tache": "Tâche close",
    "signaler_alerte": "Alerte signalée",
    "lever_alerte": "Alerte levée",
    "changer_coordonnees": "Coordonnées changées",
    "prendre_plus_de_temps": "Plus de temps pris pour répondre",
    "remettre_code_suivi": "Code de suivi remis à la personne",
    "deposer_plainte": "Plainte sur le service déposée",
    "repondre_plainte": "Réponse donnée à une plainte",
    "changer_annonce": "Façon d'apprendre le résultat notée",
    "clore_tache_de_lettre": "Lettre remise autrement",
    "rappeler_dates": "Date prochaine ou passée rappelée",
    "relancer_renseignement": "Document attendu : rappel envoyé",
    "suspendre_delai": "Délai mis en pause",
    "reprendre_delai": "Délai repris",
    "constater_inactivite": "Aucune nouvelle depuis plusieurs mois : à prévenir",
    "noter_essai": "Essai de joindre la personne",
    "prevenir_inactivite": "Personne appelée : aucune nouvelle depuis plusieurs mois",
    "proposer_fermeture": "Fermeture proposée au chef d'équipe",
    "trancher_fermeture": "Fermeture proposée : réponse du chef d'équipe",
    "constater_deces": "Décès noté",
    "transferer_bureau": "Dossier confié à un autre bureau",
    "constater_depart_clinicien": "Départ d'un professionnel de la santé noté",
    "signaler_depart_clinicien": "Départ d'un professionnel de la santé constaté",
    "retirer_rapport": "Rapport médical retiré",
    "effacer_brouillons": "Formulaire commencé : rappel, ou effacement à l'échéance",
    "demander_appel": "Appel ou rencontre demandé",
    "proposer_rencontre": "Moments de rencontre proposés",
    "confirmer_rencontre": "Rencontre confirmée",
    "noter_rencontre": "Rencontre : ce qui s'est passé est noté",
    "annuler_rencontre": "Rencontre annulée",
    "noter_besoin": "Besoin de communication noté",
    "retirer_besoin": "Besoin de communication retiré",
    "demander_appel_a_trois": "Appel à trois prévu : la personne, l'agent et un évaluateur",
    "relire_qualite": "Décision relue pour la qualité",
    "constater_reexamen": "Réexamen prévu : à ouvrir, les prestations continuent",
    "consigner_mois_solidarite": "Mois comptés vers le revenu de base",
    "retirer_mois_solidarite": "Mois retiré du compte vers le revenu de base",
    "signaler_immobile": "Dossier qui n'avance plus : signalé au bureau",
}
LUS: dict[str, str] = {
    "sommaire": "Sommaire consulté",
    "sr2100": "Rapport médical consulté",
    "sr2105": "Renseignements complémentaires consultés",
    "contribution": "Contributions de professionnels consultées",
    "portrait": "Portrait de la situation consulté",
    "lettre": "Lettres consultées",
    "avis": "Avis d'évaluation consultés",
    "retour": "Retour au professionnel consulté",
    "revision": "Révision consultée",
    "pieces": "Pièces consultées",
    "echanges": "Échanges consultés",
    "historique": "Historique consulté",
    "mandats": "Accès consultés",
    "tribunal": "Recours au Tribunal consulté",
    "cahier": "Cahier pour le Tribunal téléchargé",
}
# Jamais avant la personne : ces phrases diraient le résultat avant la lettre.
DIRAIENT_LE_RESULTAT = frozenset(
    {"reconnaitre_evident", "reconduire_refus", "accorder_temporaire", "accorder_renouvellement"}
)
# Une plainte ne se voit pas de qui elle peut viser : elle n'est dans aucune histoire, même refusée.
SILENCIEUX = ("constater_recours_direct", "emettre_lettres", "deposer_plainte", "repondre_plainte")


def lignes(
    dossier: Dossier, natures: tuple[str, ...] = (Entree.Nature.ACTE, Entree.Nature.TENTATIVE)
) -> QuerySet[Entree]:
    """Lignes d'histoire du dossier, de ces natures, avec leur auteur; les constats de routine se taisent."""
    return (
        Entree.objects.filter(dossier=dossier, nature__in=natures).exclude(acte__in=SILENCIEUX).select_related("acteur")
    )


def phrase(entree: Entree) -> str:
    """Ce qui s'est passé, en mots; une lecture dit ce qui a été lu."""
    if entree.nature == Entree.Nature.CONSULTATION:
        return LUS.get(str(entree.details.get("quoi", "")), "Dossier consulté")
    dite = PHRASES.get(entree.acte, "Geste consigné")
    if entree.nature == Entree.Nature.TENTATIVE:
        return f"Refusé : {dite[0].lower()}{dite[1:]}"
    return dite


def _detail(entree: Entree, *, public: bool) -> str:
    if entree.nature == Entree.Nature.TENTATIVE:
        phrases = MESSAGES_PERSONNE if public else MESSAGES
        return phrases.get(entree.code_refus, "").split(". ")[0].rstrip(".")
    if entree.details.get("rouvert"):
        return "l'évaluation est rouverte"
    return ""


def evenement(entree: Entree, lecteur_id: int, *, public: bool = False) -> composants.Evenement:
    """Ligne de chronologie; « vous » pour le lecteur, le nom pour les autres.

    `public` : le lecteur n'est pas du Ministère; rien n'annonce le résultat avant la lettre.
    """
    if public and entree.acte in DIRAIENT_LE_RESULTAT:
        return composants.Evenement("Demande étudiée par le bureau", entree.instant, "le bureau", "")
    qui = "le système"
    if entree.acteur is not None:
        qui = "vous" if entree.acteur_id == lecteur_id else entree.acteur.nom_complet
    return composants.Evenement(phrase(entree), entree.instant, qui, _detail(entree, public=public))
