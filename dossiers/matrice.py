"""La matrice des droits : rôle × ressource.verbe → liens qui l'ouvrent.

Source : `ecrans-et-lettres.md` B10, complétée par `cas/LISEZMOI.md` (colonne « par » des actes).
Chaque droit associe à un rôle une liste d'alternatives; une alternative est un groupe de faits qui
doivent tous être vrais. Les faits sont calculés par `dossiers/acces.py`. Un rôle absent n'a pas le droit.
"""

from __future__ import annotations

from comptes.models import Role

Alternative = tuple[str, ...]
Droits = dict[Role, tuple[Alternative, ...]]

R = Role
TOUS: tuple[Alternative, ...] = (("tous",),)
SOI: tuple[Alternative, ...] = (("soi",),)
BUREAU: tuple[Alternative, ...] = (("bureau",),)
EVALUATEUR: tuple[Alternative, ...] = (("evaluateur",),)
REVISEUR: tuple[Alternative, ...] = (("reviseur",),)
INVITE: tuple[Alternative, ...] = (("invite",), ("signataire",))
EQUIPE: tuple[Alternative, ...] = (("equipe",),)


def mandat(portee: str) -> tuple[Alternative, ...]:
    """Alternative ouverte par un mandat vivant qui porte cette portée."""
    return ((f"mandat:{portee}",),)


AGENT_ET_PERSONNE: Droits = {R.PRESTATAIRE: SOI, R.AGENT: BUREAU}
AGENT_SEUL: Droits = {R.AGENT: BUREAU}
EVALUATEURS: Droits = {R.MEDECIN_CSEMS: EVALUATEUR, R.SPECIALISTE_CSEMS: EVALUATEUR}
REVISEURS: Droits = {R.MEDECIN_DRRA: REVISEUR, R.SPECIALISTE_DRRA: REVISEUR}
# Lire exige en plus de n'avoir pris aucune part à la première décision; les actes, eux, répondent `conflit_interet`.
REVISEURS_LISENT: Droits = dict.fromkeys(REVISEURS, (("reviseur", "sans_conflit"),))
RECOURS: Droits = {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("demander_revision")}

MATRICE: dict[str, Droits] = {
    # Lectures.
    "sommaire.lire": {
        R.PRESTATAIRE: SOI,
        R.AGENT: BUREAU,
        R.MEDECIN_CSEMS: (("attribue",), ("pool_csems",)),
        R.SPECIALISTE_CSEMS: (("attribue",), ("pool_csems",)),
        R.MEDECIN_DRRA: (("attribue", "sans_conflit"),),
        R.SPECIALISTE_DRRA: (("attribue", "sans_conflit"),),
        R.CHEF_EQUIPE: EQUIPE,
        R.CLINICIEN: (("invite", "joindre_clinicien"), ("signataire",)),
        R.INTERVENANT: mandat("voir_etat"),
    },
    "sr2100.lire": {
        R.PRESTATAIRE: SOI,
        R.AGENT: (("bureau", "avant_decision"),),
        **EVALUATEURS,
        **REVISEURS_LISENT,
        R.CLINICIEN: (("signataire",),),
        R.INTERVENANT: mandat("voir_rapport_medical"),
    },
    # La contribution d'un autre professionnel se lit comme le rapport; son auteur relit la sienne.
    "contribution.lire": {
        R.PRESTATAIRE: SOI,
        R.AGENT: (("bureau", "avant_decision"),),
        **EVALUATEURS,
        **REVISEURS_LISENT,
        R.CLINICIEN: (("contributeur",),),
        R.INTERVENANT: mandat("voir_rapport_medical"),
    },
    # Le portrait n'est montré à la clinique que par la personne, permis vérifié, pendant que le rapport s'écrit.
    "portrait.lire": {
        R.CLINICIEN: (("invite", "joindre_clinicien", "portrait_montre", "permis_verifie", "avant_decision"),)
    },
    "sr2105.lire": {**AGENT_ET_PERSONNE, **EVALUATEURS, **REVISEURS_LISENT, R.INTERVENANT: mandat("repondre")},
    "piece.lire": {**AGENT_ET_PERSONNE, **EVALUATEURS, **REVISEURS_LISENT, R.INTERVENANT: mandat("verser_pieces")},
    "lettre.lire": {
        **AGENT_ET_PERSONNE,
        **EVALUATEURS,
        **REVISEURS_LISENT,
        R.CHEF_EQUIPE: EQUIPE,
        R.INTERVENANT: mandat("recevoir_lettres"),
    },
    "avis.lire": {
        R.PRESTATAIRE: (("soi", "decision_emise"),),
        R.AGENT: (("bureau", "decidee"),),
        R.CHEF_EQUIPE: (("equipe_csems", "decidee"),),
        **EVALUATEURS,
        **REVISEURS_LISENT,
        R.INTERVENANT: mandat("jamais"),
    },
    "retour.lire": {
        R.PRESTATAIRE: (("soi", "decision_emise"),),
        R.AGENT: (("bureau", "decision_emise"),),
        R.CLINICIEN: (("signataire", "retour_emis", "communiquer_decision_clinicien"),),
        R.INTERVENANT: mandat("jamais"),
    },
    "revision.lire": {R.PRESTATAIRE: SOI, **REVISEURS_LISENT, R.INTERVENANT: mandat("demander_revision")},
    "echange.lire": {
        R.AGENT: BUREAU,
        **EVALUATEURS,
        # L'accord de la personne retiré, les fils de la clinique se ferment aussitôt.
        R.CLINICIEN: (("invite", "joindre_clinicien"), ("signataire", "joindre_clinicien")),
        R.INTERVENANT: mandat("repondre"),
    },
    "historique.lire": {R.PRESTATAIRE: SOI, R.AGENT: BUREAU, **EVALUATEURS, **REVISEURS_LISENT},
    "consultations.lire": {R.PRESTATAIRE: SOI, R.CHEF_EQUIPE: EQUIPE},
    "mandat.lire": {
        **AGENT_ET_PERSONNE,
        R.MEDECIN_CSEMS: EVALUATEUR,
        R.SPECIALISTE_CSEMS: EVALUATEUR,
        R.CHEF_EQUIPE: EQUIPE,
        **REVISEURS_LISENT,
    },
    # Actes.
    "demande.deposer": {R.PRESTATAIRE: SOI, R.AGENT: BUREAU, R.CLINICIEN: TOUS, R.INTERVENANT: TOUS},
    "consentement.ecrire": AGENT_ET_PERSONNE,
    "frais.noter": AGENT_ET_PERSONNE,
    "clinicien.inviter": {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("repondre")},
    # Le code lui-même est jugé par l'acte : présenter un code est permis à tout professionnel de la santé.
    "code.presenter": {R.CLINICIEN: TOUS},
    "rapport.decliner": {R.CLINICIEN: (("invite",),)},
    "sr2100.signer": {R.CLINICIEN: INVITE},
    "sr2100.preparer": {R.CLINICIEN: (*INVITE, ("delegue", "joindre_clinicien"))},
    # Confirmer une contrainte temporaire : celui qu'on a interrogé, tant que son rapport est au dossier.
    "temporaire.confirmer": {R.CLINICIEN: (("signataire", "renouvellement_propose"),)},
    "clinique.lister": {
        R.CLINICIEN: (
            ("invite", "joindre_clinicien"),
            ("signataire",),
            ("contributeur", "joindre_clinicien"),
            ("delegue", "joindre_clinicien"),
        ),
    },
    # La feuille à remplir à la main porte un nom et une date de naissance : qui peut faire écrire le rapport l'imprime.
    "sr2100.imprimer": {
        **AGENT_ET_PERSONNE,
        R.CLINICIEN: (("invite", "joindre_clinicien"), ("signataire",), ("delegue", "joindre_clinicien")),
        R.INTERVENANT: mandat("repondre"),
    },
    "contribution.signer": {R.CLINICIEN: (("invite",),)},
    "sr2100.saisir": AGENT_SEUL,
    "sr2105.deposer": {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("repondre")},
    "piece.verser": {
        **AGENT_ET_PERSONNE,
        **EVALUATEURS,
        **REVISEURS,
        R.CLINICIEN: INVITE,
        R.INTERVENANT: mandat("verser_pieces"),
    },
    "piece.signaler": {**EVALUATEURS, **REVISEURS},
    "renseignement.demander": {**AGENT_SEUL, **EVALUATEURS, **REVISEURS},
    "renseignement.repondre": {**AGENT_ET_PERSONNE, R.CLINICIEN: INVITE, R.INTERVENANT: mandat("repondre")},
    "renseignement.relancer": {**AGENT_SEUL, R.SYSTEME: TOUS},
    "renseignement.clore": {**AGENT_SEUL, **EVALUATEURS, **REVISEURS},
    "occasion.offrir": {**AGENT_SEUL, **EVALUATEURS},
    "occasion.repondre": {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("repondre")},
    "dossier.traiter": AGENT_SEUL,
    "dossier.attribuer": {R.AGENT: BUREAU, R.CHEF_EQUIPE: (("equipe_bureau",),)},
    # Quitter un dossier où l'on a un lien avec la personne; le chef lève une déclaration faite par erreur.
    "conflit.declarer": {**AGENT_SEUL, **EVALUATEURS},
    "conflit.lever": {R.CHEF_EQUIPE: EQUIPE},
    "fusion.proposer": {**AGENT_SEUL, R.CHEF_EQUIPE: (("equipe_bureau",),)},
    "dossier.fusionner": {R.CHEF_EQUIPE: (("equipe_bureau",),)},
    "evaluation.prendre": {R.MEDECIN_CSEMS: TOUS, R.SPECIALISTE_CSEMS: TOUS},
    "avis.rendre": EVALUATEURS,
    "evaluateur.affecter": {R.CHEF_EQUIPE: (("equipe_csems",),)},
    "evaluation.rouvrir": {**AGENT_SEUL, **EVALUATEURS},
    "decision.signer": {**AGENT_SEUL, **EVALUATEURS},
    "reception.prouver": AGENT_SEUL,
    "revision.demander": RECOURS,
    "reviseur.affecter": {R.CHEF_EQUIPE: (("equipe_drra",),)},
    "revision.traiter": REVISEURS,
    # Devoir signer en second et ne pas être d'accord : le dire au dossier.
    "desaccord.noter": {**EVALUATEURS, **REVISEURS},
    "taq.saisir": AGENT_ET_PERSONNE,
    "taq.consigner": AGENT_SEUL,
    "taq.lire": {**AGENT_SEUL, **REVISEURS_LISENT},
    # Le cahier réunit tout le dossier : la DRRA seule, et le réviseur sans conflit.
    "cahier.produire": REVISEURS_LISENT,
    "mandat.proposer": {R.INTERVENANT: (("organisme",),), R.REPRESENTANT: TOUS},
    "mandat.exercer": {R.INTERVENANT: (("mandat_vivant",),)},
    "mandat.confirmer": AGENT_ET_PERSONNE,
    "mandat.revoquer": {**AGENT_ET_PERSONNE, R.INTERVENANT: (("mandat_existe",),)},
    # Finir le mandat d'une personne qui part : elle-même n'y peut plus rien, la maison le fait.
    "mandat.finir": {R.SYSTEME: TOUS},
    "echange.ecrire": {**AGENT_SEUL, **EVALUATEURS, R.CLINICIEN: INVITE, R.INTERVENANT: mandat("repondre")},
    "demande.se_desister": {R.PRESTATAIRE: SOI},
    "demande.fermer": AGENT_SEUL,
    "fermeture.trancher": {R.CHEF_EQUIPE: (("equipe_bureau",),)},
    "rapport.retirer": {R.CLINICIEN: (("signataire",),), R.CHEF_EQUIPE: (("equipe_bureau",),)},
    "appel.demander": {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("repondre")},
    # Une première rencontre s'offre, se propose, se confirme; la personne répond, ou l'équipe pour elle au téléphone.
    "rencontre.proposer": {**AGENT_SEUL, **EVALUATEURS},
    "rencontre.repondre": {**AGENT_ET_PERSONNE, **EVALUATEURS, R.INTERVENANT: mandat("repondre")},
    "besoin.noter": {**AGENT_ET_PERSONNE, R.INTERVENANT: mandat("repondre")},
    # Une détresse se signale par quiconque voit le dossier, quelle que soit la portée de son mandat.
    "alerte.signaler": {
        **AGENT_ET_PERSONNE,
        **EVALUATEURS,
        **REVISEURS,
        R.CHEF_EQUIPE: EQUIPE,
        R.CLINICIEN: INVITE,
        R.INTERVENANT: (("mandat_vivant",),),
    },
    "alerte.lever": {**AGENT_SEUL, R.CHEF_EQUIPE: (("equipe_bureau",),)},
    # Un code de suivi : l'agent le remet; la personne se le fait poster.
    "code_suivi.remettre": AGENT_ET_PERSONNE,
    # La plainte ne s'ouvre pas à l'agent : elle peut le viser. Le chef du bureau y répond.
    "plainte.deposer": {R.PRESTATAIRE: SOI},
    "plainte.repondre": {R.CHEF_EQUIPE: (("equipe_bureau",),)},
    # Relire après coup une décision tirée au hasard ou changée en révision; rien n'y change la décision.
    "qualite.relire": {R.CHEF_EQUIPE: (("equipe_bureau",), ("equipe_csems",))},
    "systeme.jouer": {R.SYSTEME: TOUS},
}


# Un représentant exerce son mandat comme une personne-ressource; son titre et sa preuve sont jugés à la confirmation.
for _droits in MATRICE.values():
    if R.INTERVENANT in _droits:
        _droits.setdefault(R.REPRESENTANT, _droits[R.INTERVENANT])
# Seul un organisme passe un mandat à un collègue : un représentant est nommé pour lui-même.
MATRICE["mandat.transmettre"] = {R.INTERVENANT: (("mandat_vivant", "organisme"), ("mandat_de_l_equipe",))}


def _s_il_y_en_a(droit: str, fait: str) -> Droits:
    """Le même droit, vrai s'il y a quelque chose à lire : une page sans ce document n'en paie pas la lecture."""
    return {role: tuple((*groupe, fait) for groupe in groupes) for role, groupes in MATRICE[droit].items()}


MATRICE["substitut.montrer"] = _s_il_y_en_a("sr2100.lire", "substitut_recu")
MATRICE["frais.montrer"] = _s_il_y_en_a("frais.noter", "frais_notes")
MATRICE["echange.montrer"] = _s_il_y_en_a("echange.lire", "echange_ecrit")
MATRICE["contribution.montrer"] = _s_il_y_en_a("contribution.lire", "contribution_signee")
MATRICE["taq.montrer"] = _s_il_y_en_a("taq.lire", "recours_taq")

CONSULTATIONS: dict[str, str] = {
    "sommaire": "sommaire.lire",
    "sr2100": "sr2100.lire",
    "sr2105": "sr2105.lire",
    "contribution": "contribution.lire",
    "portrait": "portrait.lire",
    "lettre": "lettre.lire",
    "avis": "avis.lire",
    "retour": "retour.lire",
    "revision": "revision.lire",
    "pieces": "piece.lire",
    "echanges": "echange.lire",
    "historique": "historique.lire",
    "mandats": "mandat.lire",
    "tribunal": "taq.montrer",
    "cahier": "cahier.produire",
}
