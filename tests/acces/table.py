"""Ce que chaque adresse de la maison promet : à qui elle s'ouvre, par quelles méthodes.

Une ligne par nom d'adresse. Une adresse absente d'ici fait échouer `test_matrice_urls.py`, avec la ligne
à ajouter; une ligne dont l'adresse n'existe plus aussi. Source : `ecrans-et-lettres.md` B10; `epreuves.md` A01.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comptes.models import Role

R = Role
L = ("GET", "HEAD")
G = ("GET",)
P = ("POST",)
GP = ("GET", "POST")
GPH = ("GET", "HEAD", "POST")
PAR_MANDAT = (R.INTERVENANT, R.REPRESENTANT)
CSEMS = (R.MEDECIN_CSEMS, R.SPECIALISTE_CSEMS)
DRRA = (R.MEDECIN_DRRA, R.SPECIALISTE_DRRA)
Args = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Regle:
    """La promesse d'une adresse.

    `droits` : tous exigés sur le dossier de l'adresse. `roles` : vide, tous. `manque` : raison pour laquelle
    une personne permise peut recevoir 404 (l'objet n'est pas encore né). `ecrit` : raison pour laquelle un envoi
    sans champ agit. `confirme` : l'identité se confirme à cette adresse, une fois l'accès jugé.
    """

    genre: str
    methodes: tuple[str, ...]
    droits: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    args: Args | None = None
    manque: str = ""
    ecrit: str = ""
    confirme: bool = False
    variantes: dict[str, Any] = field(default_factory=dict)


def public(*methodes: str, **de_plus: Any) -> Regle:
    """Ouverte sans connexion."""
    return Regle("public", methodes, **de_plus)


def connecte(*methodes: str, **de_plus: Any) -> Regle:
    """Ouverte à toute personne connectée."""
    return Regle("connecte", methodes, **de_plus)


def roles(qui: tuple[str, ...] | str, *methodes: str, **de_plus: Any) -> Regle:
    """Ouverte à ces rôles; 404 pour les autres."""
    return Regle("roles", methodes, roles=(qui,) if isinstance(qui, str) else qui, **de_plus)


def dossier(droit: str | tuple[str, ...], *methodes: str, **de_plus: Any) -> Regle:
    """Ouverte à qui a ce droit (ou tous ceux-là) sur le dossier; 404 pour les autres, comme s'il n'existait pas."""
    return Regle("dossier", methodes, droits=(droit,) if isinstance(droit, str) else droit, **de_plus)


def demonstration() -> Regle:
    """N'existe qu'en démonstration."""
    return Regle("demonstration", ())


def fixe(**noms: Any) -> Args:
    """Arguments d'adresse qui ne tiennent pas à la scène."""
    return lambda _scene: dict(noms)


def _lettre(scene: Any) -> dict[str, Any]:
    """Référence d'une lettre émise du dossier, sinon d'une lettre qui n'existe pas."""
    emise = scene.dossier.lettres.filter(
        emise_le__isnull=False, destinataire=scene["prestataire"]
    ).order_by("pk").first()  # fmt: skip
    return {"lettre": emise.reference if emise else "L-2222-2222"}


def _ma_lettre(scene: Any) -> dict[str, Any]:
    return {"reference": _lettre(scene)["lettre"]}


def _question(scene: Any) -> dict[str, Any]:
    return {"numero": 0}


SANS_LETTRE = "aucune lettre émise dans cet état"
SANS_RAPPORT = "aucun rapport signé dans cet état, ou pas par cette personne"
SANS_CLINICIEN = "personne pour qui écrire"
SANS_DECISION = "aucune décision dans cet état"
SANS_REVISION = "aucune révision confiée à cette personne"
PAS_SAISI = "la personne n'est pas saisie de la demande courante"
AGENT_TRAITE = ("sommaire.lire", "dossier.traiter")

TABLE: dict[str, Regle] = {
    # Maison.
    "sante": public(*L),
    "accueil": public(*L),
    "composants": public(*GP, manque="la galerie n'existe qu'en démonstration"),
    "accessibilite": public(*G),
    "raccourcis": public(*GP),
    "bien_remplir": public(*L),
    "sortie_rapide": public(*G),
    "prolonger_seance": connecte(*P),
    # Agent.
    "travail": roles(R.AGENT, *G),
    "prendre_suivant": roles(R.AGENT, *P, ecrit="prend le premier dossier libre"),
    "rechercher": roles(R.AGENT, *GP),
    "travail_lot": roles(R.AGENT, *P, manque="un geste en lot se nomme; sans nom, il n'existe pas"),
    "travail_filtres": roles(R.AGENT, *P),
    "dossier_sommaire": dossier("sommaire.lire", *G),
    "dossier_que_faire": dossier(AGENT_TRAITE, *G),
    "dossier_triage": dossier(AGENT_TRAITE, *GP),
    "dossier_temporaire": dossier(AGENT_TRAITE, *GP, confirme=True),
    "dossier_signer": dossier(AGENT_TRAITE, *GP, confirme=True),
    "dossier_expliquer": dossier(AGENT_TRAITE, *GP, manque=SANS_DECISION),
    "dossier_examen": dossier(
        ("sommaire.lire", "piece.verser"), *GP, roles=(R.MEDECIN_CSEMS, R.MEDECIN_DRRA), manque=PAS_SAISI
    ),
    "revenu_de_base": dossier(AGENT_TRAITE, *GP),
    # Clinique.
    "toujours_valable": dossier(("sr2100.lire", "temporaire.confirmer"), *GP, confirme=True),
    # Pages d'un dossier.
    "dossier_echanges": dossier("echange.lire", *GP),
    "dossier_fil": dossier("echange.lire", *GP, args=fixe(rang=0), manque="aucun fil de ce rang"),
    "mes_echanges": roles((R.AGENT, R.CLINICIEN, *CSEMS, *PAR_MANDAT), *G),
    "dossier_lettres": dossier("lettre.lire", *G),
    "dossier_lettre": dossier("lettre.lire", *G, args=_lettre, manque=SANS_LETTRE),
    "dossier_lettre_pdf": dossier("lettre.lire", *G, args=_lettre, manque="les lettres de la scène sont sans PDF"),
    "dossier_tache_lettre": dossier(
        ("lettre.lire", "reception.prouver"), *GP, args=fixe(tache=0), manque="aucune tâche de lettre"
    ),
    "dossier_historique": dossier("historique.lire", *G),
    "dossier_acces": dossier("mandat.lire", *G),
    "masquer_identite": dossier("sommaire.lire", *P),
    "dossier_geste": dossier("sommaire.lire", *GP),
    "dossier_code_feuille": dossier("clinicien.inviter", *P),
    "dossier_pieces": dossier("piece.lire", *GP),
    "dossier_piece": dossier("piece.lire", *G, args=fixe(piece=0), manque="aucune pièce de ce numéro"),
    "plus_de_temps": dossier(
        "renseignement.repondre", *P, ecrit="le bouton de la page recule la date de ce qui est attendu"
    ),
    "rencontre_ics": dossier(
        "rencontre.repondre", *G, args=fixe(rencontre=0), manque="aucun rendez-vous dans la scène"
    ),
    "dossier_nouveau": roles(R.AGENT, *GP),
    "sr2100_papier": dossier(("sommaire.lire", "sr2100.saisir"), *GP),
    "portes": roles((R.AGENT, *PAR_MANDAT), *L),
    "dossier_trousse": dossier("clinicien.inviter", *GP, roles=(R.AGENT, *PAR_MANDAT)),
    "signaler_detresse": connecte(*GP, ecrit="le bouton de la page signale, sans champ exigé"),
    # Clinique.
    "clinique": roles(R.CLINICIEN, *G),
    "clinique_code": roles(R.CLINICIEN, *GP),
    "clinique_depot": roles(R.CLINICIEN, *GP),
    "clinique_dossier": dossier("clinique.lister", *G, roles=(R.CLINICIEN,)),
    "clinique_retrait": dossier("rapport.retirer", *GP, roles=(R.CLINICIEN,)),
    "clinique_retour": dossier("retour.lire", *G, roles=(R.CLINICIEN,)),
    "codes_diagnostic": roles((R.CLINICIEN, R.AGENT), *P),
    "sr2100": dossier("sr2100.preparer", *GP, manque=SANS_CLINICIEN),
    "sr2100_decliner": dossier("rapport.decliner", *GP),
    "sr2100_points": dossier("sr2100.preparer", *GP, manque=SANS_CLINICIEN),
    "sr2100_verifier": dossier("sr2100.preparer", *GP, manque=SANS_CLINICIEN, confirme=True),
    "sr2100_page": dossier("sr2100.preparer", *GP, args=fixe(etape="patient"), manque=SANS_CLINICIEN),
    "sr2100_signe": dossier("sr2100.lire", *G, manque=SANS_RAPPORT),
    "sr2100_rapport": dossier("sr2100.lire", *G, manque=SANS_RAPPORT),
    "sr2100_feuille": dossier("sr2100.imprimer", *G, manque="aucune demande dans cet état"),
    "sr2100_pieces": dossier("piece.verser", *GP, roles=(R.CLINICIEN,)),
    "sr2100_comparer": dossier("sr2100.lire", *G, manque=SANS_RAPPORT),
    "sr2100_copie": dossier("sr2100.lire", *G, manque=SANS_RAPPORT),
    "contribution": dossier("contribution.signer", *GP),
    "contribution_verifier": dossier(
        "contribution.signer", *GP, manque="aucune contribution prête : retour à la page à remplir", confirme=True
    ),
    "contribution_signee": dossier("contribution.lire", *G),
    "contributions": dossier("contribution.lire", *G),
    "contribution_copie": dossier(
        "contribution.lire", *G, args=fixe(rang=0), manque="aucune contribution dans la scène"
    ),
    "portrait": dossier("portrait.lire", *G),
    "repondre": dossier("renseignement.repondre", *GP, manque="aucune question posée à cette personne"),
    "sr2105": dossier(("sr2105.lire", "sr2105.deposer"), *GP),
    "sr2105_debut": dossier(("sr2105.lire", "sr2105.deposer"), *G),
    "sr2105_papier": dossier(("sr2105.lire", "sr2105.deposer"), *G),
    "sr2105_appels": dossier(
        ("sr2105.lire", "sr2105.deposer"),
        *GP,
        args=fixe(etape="soins"),
        ecrit="un brouillon, même vide, se garde",
        confirme=True,
    ),
    "sr2105_liste": dossier(("sr2105.lire", "dossier.traiter"), *G),
    "sr2105_noter": dossier(
        ("sr2105.lire", "dossier.traiter"), *GP, args=fixe(rang=0), manque="aucune personne de ce rang"
    ),
    "sr2105_verifier": dossier(("sr2105.lire", "sr2105.deposer"), *GP, confirme=True),
    "sr2105_question": dossier(
        ("sr2105.lire", "sr2105.deposer"),
        *GP,
        args=fixe(theme="scolarite"),
        ecrit="un brouillon, même vide, se garde",
    ),
    # Personne-ressource.
    "organisme": roles(PAR_MANDAT, *G),
    "mandat_demander": roles(PAR_MANDAT, *GP),
    "mandat_demande": roles(PAR_MANDAT, *G),
    "mandat_prendre": roles(PAR_MANDAT, *GP),
    "organisme_equipe": roles(R.INTERVENANT, *GP, manque="aucun gestionnaire dans la scène", confirme=True),
    "organisme_retirer": roles(
        R.INTERVENANT, *GP, args=fixe(numero=0), manque="aucun gestionnaire dans la scène", confirme=True
    ),
    "organismes": roles((R.AGENT, R.ADMINISTRATEUR, *PAR_MANDAT), *L),
    "temoigner": public(*GP),
    "organisme_transmettre": dossier("mandat.transmettre", *GP, roles=(R.INTERVENANT,)),
    "organisme_lettres": dossier("clinicien.inviter", *G, roles=PAR_MANDAT),
    "organisme_lettre": dossier("clinicien.inviter", *GP, roles=PAR_MANDAT, args=fixe(code="premier_rapport")),
    "organisme_dossier": dossier("mandat.exercer", *G, roles=PAR_MANDAT),
    "organisme_document": dossier("piece.verser", *GP, roles=PAR_MANDAT),
    "organisme_portrait": dossier("piece.verser", *GP, roles=PAR_MANDAT),
    "organisme_occasion": dossier("occasion.repondre", *GP, roles=PAR_MANDAT),
    "organisme_revision": dossier("revision.demander", *GP, roles=PAR_MANDAT),
    "organisme_observations": dossier("revision.demander", *GP, roles=PAR_MANDAT),
    "organisme_delai": dossier("revision.demander", *GP, roles=PAR_MANDAT),
    "organisme_code": dossier("clinicien.inviter", *GP, roles=PAR_MANDAT, ecrit="le bouton de la page fait un code"),
    "organisme_fin": dossier("mandat.exercer", *GP, roles=PAR_MANDAT, ecrit="le bouton de la page met fin au mandat"),
    # La personne.
    "suivi": roles(R.PRESTATAIRE, *L),
    "suivi_connexion": public(*GP),
    "suivi_code": public(*GP),
    "suivi_langue": public(*P),
    "suivi_lettres": roles(R.PRESTATAIRE, *L),
    "suivi_lettre": roles(R.PRESTATAIRE, *L, args=_ma_lettre, manque=SANS_LETTRE),
    "suivi_lettre_pdf": roles(R.PRESTATAIRE, *L, args=_ma_lettre, manque=SANS_LETTRE),
    "suivi_decision": roles(R.PRESTATAIRE, *L, manque=SANS_DECISION),
    "suivi_documents": roles(R.PRESTATAIRE, *GP),
    "suivi_lectures": roles(R.PRESTATAIRE, *L),
    "suivi_occasion": roles(R.PRESTATAIRE, *GP),
    "suivi_appel": roles(R.PRESTATAIRE, *GP, ecrit="le bouton de la page demande l'appel"),
    "suivi_besoins": roles(R.PRESTATAIRE, *GP),
    "suivi_demande": roles(R.PRESTATAIRE, *GP, ecrit="le bouton de la page dépose la demande"),
    "suivi_desistement": roles(R.PRESTATAIRE, *GP, ecrit="le bouton de la page retire la demande"),
    "suivi_revision": roles(R.PRESTATAIRE, *GP),
    "suivi_ce_qui_a_change": roles(R.PRESTATAIRE, *L),
    "suivi_que_faire": roles(R.PRESTATAIRE, *L),
    "suivi_delai": roles(R.PRESTATAIRE, *GP),
    "suivi_observations": roles(R.PRESTATAIRE, *GP),
    "suivi_tribunal": roles(R.PRESTATAIRE, *GP),
    "suivi_coordonnees": roles(R.PRESTATAIRE, *GP, confirme=True),
    "suivi_personnes": roles(R.PRESTATAIRE, *GP, confirme=True),
    "suivi_confier": roles(R.PRESTATAIRE, *GP, confirme=True),
    "suivi_temoin": roles(R.PRESTATAIRE, *GP, confirme=True),
    "suivi_organismes": roles(R.PRESTATAIRE, *L),
    "suivi_autorisations": roles(R.PRESTATAIRE, *GP, confirme=True),
    "suivi_clinicien": roles(R.PRESTATAIRE, *GP),
    "suivi_annonce": roles(R.PRESTATAIRE, *GP),
    "suivi_argent": roles(R.PRESTATAIRE, *GP, ecrit="le bouton de la page dit l'urgence"),
    "suivi_plainte": roles(R.PRESTATAIRE, *GP),
    "suivi_frais": roles(R.PRESTATAIRE, *GP),
    "suivi_clinicien_changer": roles(R.PRESTATAIRE, *P),
    "suivi_portes": roles(R.PRESTATAIRE, *L),
    "suivi_trousse": roles(R.PRESTATAIRE, *GP),
    "suivi_code_clinique": roles(R.PRESTATAIRE, *GP, ecrit="le bouton de la page fait un code"),
    "suivi_code_feuille": roles(R.PRESTATAIRE, *P),
    # Centre d'évaluation.
    "evaluation": roles(CSEMS, *G),
    "evaluation_prendre": dossier(
        ("evaluation.prendre", "sommaire.lire"), *P, ecrit="le bouton de la file prend le dossier"
    ),
    "dossier_evaluation": dossier("avis.lire", *GP, ecrit="un brouillon, même vide, se garde"),
    "evaluation_rendre": dossier("avis.rendre", *GP, manque=PAS_SAISI, confirme=True),
    "evaluation_renseignement": dossier("renseignement.demander", *GP),
    "evaluation_clore_renseignement": dossier("renseignement.clore", *P),
    "evaluation_occasion": dossier("occasion.offrir", *GP, roles=CSEMS),
    "evaluation_page_image": dossier(
        "piece.lire", *G, args=fixe(piece=0, rang=1), manque="aucune pièce en PDF dans la scène"
    ),
    "evaluation_concertation": dossier("avis.lire", *GP, roles=CSEMS, manque=PAS_SAISI),
    "decision_csems": dossier("decision.signer", *GP, roles=CSEMS, manque=PAS_SAISI, confirme=True),
    "decision_rouvrir": dossier("evaluation.rouvrir", *GP, roles=CSEMS, manque=PAS_SAISI),
    "appels_cliniciens": roles((*CSEMS, R.CHEF_EQUIPE, R.ADMINISTRATEUR), *GP),
    # Révision.
    "revision": roles(DRRA, *G),
    "revision_dossier": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION),
    "revision_recevabilite": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION, confirme=True),
    "revision_entrevue": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION),
    "revision_prevoir": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION),
    "dossier_desaccord": dossier("desaccord.noter", *GP, roles=(*CSEMS, *DRRA)),
    "revision_decision": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION, confirme=True),
    "revision_cahier": dossier("revision.lire", *GP, roles=DRRA, manque=SANS_REVISION),
    "revision_cahier_fichier": dossier(
        "cahier.produire", *G, roles=DRRA, args=fixe(numero=0), manque="aucun cahier dans la scène"
    ),
    "dossier_tribunal": dossier("taq.montrer", *G),
    "dossier_tribunal_noter": dossier("taq.consigner", *GP),
    # Chef d'équipe.
    "equipe": roles(R.CHEF_EQUIPE, *G),
    "equipe_liste": roles(R.CHEF_EQUIPE, *GP),
    "equipe_passation": roles(R.CHEF_EQUIPE, *GP, manque="seul le chef d'un bureau a des agents"),
    "equipe_fusion": dossier(("sommaire.lire", "dossier.fusionner"), *GP),
    "equipe_conflits": dossier(("sommaire.lire", "conflit.lever"), *GP),
    "equipe_garde": roles(R.CHEF_EQUIPE, *GP, manque="seul le chef d'un bureau tient une garde"),
    "urgences": roles((R.AGENT, R.CHEF_EQUIPE, R.ADMINISTRATEUR), *GP),
    "absences": roles((R.AGENT, R.CHEF_EQUIPE, *CSEMS, *DRRA), *GP),
    "rappels_lus": connecte(*P, ecrit="marque ses propres rappels, ceux qu'il nomme"),
    "equipe_arrets": roles(R.CHEF_EQUIPE, *G),
    "equipe_qualite": roles(R.CHEF_EQUIPE, *L),
    "equipe_qualite_revue": dossier(("sommaire.lire", "qualite.relire"), *GP, manque="aucune revue dans la scène"),
    "equipe_plaintes": roles(R.CHEF_EQUIPE, *L),
    "equipe_plainte": dossier(
        ("sommaire.lire", "plainte.repondre"), *GP, args=fixe(numero=0), manque="aucune plainte dans la scène"
    ),
    "equipe_evaluateur": dossier(("sommaire.lire", "evaluateur.affecter"), *GP),
    "equipe_ce_qui_a_change": dossier("lettre.lire", *G, roles=(R.CHEF_EQUIPE,)),
    "equipe_reviseurs": dossier(("sommaire.lire", "reviseur.affecter"), *GP),
    # Règles et listes : l'administrateur et les chefs lisent; trancher et déléguer, l'administrateur.
    "regles": roles((R.ADMINISTRATEUR, R.CHEF_EQUIPE), *G),
    "regle": roles((R.ADMINISTRATEUR, R.CHEF_EQUIPE), *G, args=fixe(famille="regle", code="delai_taq_jours")),
    "regles_proposition": roles(
        R.ADMINISTRATEUR, *GP, args=fixe(numero=0), manque="aucune proposition zéro", confirme=True
    ),
    "regles_delegations": roles(R.ADMINISTRATEUR, *GP, confirme=True),
    # Comptes et lieux.
    "gestion_comptes": roles(R.ADMINISTRATEUR, *GPH),
    "gestion_creer": roles(R.ADMINISTRATEUR, *GP, confirme=True),
    "gestion_compte": roles(R.ADMINISTRATEUR, *GP, args=fixe(numero=0), manque="aucun compte zéro"),
    "gestion_geste": roles(
        R.ADMINISTRATEUR, *P, args=fixe(numero=0, nom="fermer"), confirme=True, manque="aucun compte zéro"
    ),
    "gestion_lieux": roles(R.ADMINISTRATEUR, *GP),
    "gestion_fichiers": roles(R.ADMINISTRATEUR, *L),
    "gestion_travaux": roles(R.ADMINISTRATEUR, *L),
    # Envois.
    "envois": roles(R.ADMINISTRATEUR, *L),
    "envoi_reessayer": roles(R.ADMINISTRATEUR, *P, args=_question, manque="aucun envoi de ce numéro"),
    "envoi_clore_tache": roles(R.ADMINISTRATEUR, *GP, args=_question, manque="aucune tâche de ce numéro"),
    # Démonstration.
    "demonstration": demonstration(),
    "courrier": demonstration(),
    "courrier_emettre": demonstration(),
    "courrier_pdf": demonstration(),
}

# Ce que d'autres écrivent : la règle vaut pour tout le préfixe.
PREFIXES: dict[str, str] = {
    "administration/": "administrateur seul",
    "compte/": "connexion et second facteur, d'allauth",
}
