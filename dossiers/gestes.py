"""Les gestes d'un dossier : pour chacun, l'acte joué, le droit lu, le formulaire, les mots.

Un geste auquel la personne n'a pas droit, ou que l'état ne permet pas, est absent des pages.
Source : `ecrans-et-lettres.md` B0 et B1; actes, `cas/LISEZMOI.md`.
"""

from __future__ import annotations

from operator import attrgetter

from django.urls import reverse

from comptes.models import Role
from dossiers import forms
from dossiers.acces import Droits
from dossiers.etats import AVANT_DECISION, CHEZ_CSEMS, DECIDES, SUSPENDABLES, Etat
from dossiers.faits import FaitsDossier
from dossiers.forms_code import FormulaireCode
from dossiers.forms_code_suivi import FormulaireCodeSuivi
from dossiers.forms_frais import FormulaireAnnulationFrais, FormulaireFrais
from dossiers.forms_mandat import FormulaireCodeConfie, FormulaireConfirmation
from dossiers.forms_revision import FormulaireRevision
from dossiers.forms_taq import FormulaireIssueTaq
from dossiers.geste import Geste
from dossiers.gestes_equipe import GESTES_EQUIPE
from dossiers.gestes_rencontres import GESTES_RENCONTRES
from dossiers.gestes_silences import GESTES_SILENCES
from dossiers.models import Dossier
from socle.composants import Lien

FERMABLES = (*AVANT_DECISION,)


AGENT = frozenset({str(Role.AGENT)})
_BASE: tuple[Geste, ...] = (
    Geste(
        "prendre",
        "prendre_dossier",
        "dossier.traiter",
        forms.SansChamp,
        "Prendre ce dossier",
        "Prendre ce dossier",
        "Ce dossier est maintenant à vous.",
        "Vous en devenez responsable.",
        condition=attrgetter("sans_responsable"),
    ),
    Geste(
        "repondre-pour",
        "repondre_renseignement",
        "renseignement.repondre",
        forms.FormulaireRepondre,
        "Noter une réponse reçue",
        "Consigner la réponse",
        "La réponse est au dossier.",
        "La réponse de la personne, dans ses mots. Laissez vide ce qu'elle n'a pas dit.",
        condition=attrgetter("attend_un_renseignement"),
        roles=AGENT,
    ),
    Geste(
        "demander",
        "demander_renseignement",
        "renseignement.demander",
        forms.FormulaireDemander,
        "Demander un document",
        "Envoyer la demande",
        "La demande est envoyée. Le dossier attend la réponse.",
        "Choisissez ce qui manque et qui peut le donner. La personne reçoit une lettre; la clinique, une tâche.",
        etats=(*SUSPENDABLES, Etat.A_COMPLETER),
        interruption="demander",
    ),
    Geste(
        "clore-renseignement",
        "clore_renseignement",
        "renseignement.clore",
        forms.FormulaireClore,
        "Clore sans réponse, après un appel",
        "Clore la demande",
        "La demande de renseignement est close.",
        condition=attrgetter("attend_un_renseignement"),
    ),
    Geste(
        "declarer-complet",
        "declarer_complet",
        "dossier.traiter",
        forms.SansChamp,
        "Déclarer le dossier complet",
        "Déclarer complet",
        "Le dossier est complet. Vous pouvez le trier.",
        "Vérifiez que le rapport médical est au dossier et que rien n'est attendu.",
        etats=(Etat.RECUE,),
    ),
    Geste(
        "inviter-clinicien",
        "inviter_clinicien",
        "clinicien.inviter",
        forms.FormulaireInvitation,
        "Inviter un professionnel de la santé",
        "Inviter",
        "Le professionnel est invité à remplir le rapport médical.",
        "Le choix du professionnel revient à la personne. Son consentement doit être au dossier.",
        ou=("sommaire", "acces"),
        etats=(*AVANT_DECISION, *DECIDES),
    ),
    Geste(
        "retirer-invitation",
        "retirer_invitation",
        "clinicien.inviter",
        forms.FormulaireRetraitInvitation,
        "Changer de professionnel de la santé",
        "Retirer l'invitation",
        "L'invitation est retirée. Vous pouvez en inviter un autre.",
        "Le choix revient à la personne. Un rapport déjà signé reste au dossier.",
        condition=attrgetter("invitation_vivante"),
        ou=("sommaire", "acces"),
        roles=AGENT,
    ),
    Geste(
        "frais-rapport",
        "noter_frais_rapport",
        "frais.noter",
        FormulaireFrais,
        "Noter des frais demandés pour le rapport",
        "Noter les frais",
        "Les frais sont notés.",
        "Une trace datée. Ne promettez pas de remboursement.",
        roles=AGENT,
        gabarit="dossiers/frais.html",
    ),
    Geste(
        "annuler-frais",
        "annuler_frais_rapport",
        "frais.noter",
        FormulaireAnnulationFrais,
        "Annuler des frais notés par erreur",
        "Annuler ces frais",
        "Les frais sont annulés. La ligne reste au journal.",
        condition=attrgetter("frais_notes"),
        roles=AGENT,
    ),
    Geste(
        "code-clinique",
        "emettre_code",
        "clinicien.inviter",
        FormulaireCode,
        "Imprimer un code pour la clinique",
        "Faire un code",
        "Un code est fait.",
        "La personne le remet au professionnel de son choix, qui ouvre alors le rapport médical à remplir.",
        ou=("sommaire", "acces"),
        etats=(*AVANT_DECISION, *DECIDES),
        roles=AGENT,
        gabarit="dossiers/code_clinique.html",
    ),
    Geste(
        "code-suivi",
        "remettre_code_suivi",
        "code_suivi.remettre",
        FormulaireCodeSuivi,
        "Remettre un code de suivi à la personne",
        "Faire un code",
        "Un code est fait.",
        "Pour suivre sa demande sans texto ni courriel : son numéro de dossier, sa date de naissance et ce code.",
        ou=("sommaire", "acces"),
        roles=AGENT,
        sans_demande=True,
        gabarit="dossiers/code_suivi.html",
    ),
    Geste(
        "plus-de-temps",
        "prendre_plus_de_temps",
        "renseignement.repondre",
        forms.SansChamp,
        "Donner plus de temps pour répondre",
        "Donner plus de temps",
        "La date est reculée. Aucune lettre ne part.",
        "La personne ou sa clinique demande du temps au téléphone. Ce qui est demandé reste demandé.",
        etats=(Etat.A_COMPLETER,),
        roles=AGENT,
    ),
    Geste(
        "deposer",
        "deposer_demande",
        "demande.deposer",
        forms.FormulaireDepot,
        "Déposer une nouvelle demande",
        "Déposer la demande",
        "La demande est déposée et datée. Un accusé de réception partira.",
        "Toute demande est reçue et datée, même pendant une révision.",
        condition=attrgetter("depot_possible"),
        roles=AGENT,
        sans_demande=True,
    ),
    Geste(
        "coordonnees",
        "changer_coordonnees",
        "consentement.ecrire",
        forms.FormulaireCoordonnees,
        "Changer les coordonnées",
        "Enregistrer les coordonnées",
        "Les coordonnées sont à jour.",
    ),
    Geste(
        "annonce",
        "changer_annonce",
        "consentement.ecrire",
        forms.FormulaireAnnonce,
        "Noter comment apprendre le résultat",
        "Enregistrer",
        "C'est noté.",
        "Comment, et avec qui, la personne veut apprendre la décision.",
    ),
    Geste(
        "offrir-occasion",
        "offrir_occasion",
        "occasion.offrir",
        forms.FormulaireOccasion,
        "Offrir l'occasion de compléter",
        "Offrir l'occasion",
        "L'occasion est offerte. La lettre partira.",
        "Avant toute réponse défavorable, la personne doit pouvoir compléter son dossier.",
        etats=(Etat.COMPLETE, *CHEZ_CSEMS),
    ),
    Geste(
        "repondre-occasion",
        "repondre_occasion",
        "occasion.repondre",
        forms.FormulaireTexte,
        "Noter la réponse à l'occasion",
        "Consigner la réponse",
        "La réponse est au dossier.",
        condition=attrgetter("occasion_ouverte"),
        roles=AGENT,
    ),
    Geste(
        "confirmer-situation",
        "confirmer_situation",
        "dossier.traiter",
        forms.FormulaireAppel,
        "Noter l'appel de confirmation",
        "Noter l'appel",
        "L'appel est noté.",
        "Exigé avant de reconduire un refus.",
        etats=(Etat.RECUE, Etat.COMPLETE),
    ),
    Geste(
        "rouvrir",
        "rouvrir_evaluation",
        "evaluation.rouvrir",
        forms.FormulaireReouverture,
        "Revenir au triage",
        "Revenir au triage",
        "La demande est revenue au triage.",
        etats=(Etat.EN_ATTENTE_SIGNATURE,),
        condition=attrgetter("voie_de_l_agent"),
        roles=AGENT,
    ),
    Geste(
        "demander-revision",
        "demander_revision",
        "revision.demander",
        FormulaireRevision,
        "Consigner une demande de révision",
        "Consigner la demande",
        "La demande de révision est reçue et datée.",
        condition=attrgetter("decision_emise"),
        roles=AGENT,
    ),
    Geste(
        "demander-delai",
        "demander_delai",
        "revision.demander",
        forms.FormulaireDelai,
        "Noter une demande de délai",
        "Noter le délai",
        "Le délai demandé est noté.",
        "La personne demande du temps pour compléter sa révision. Le délai de réponse repart de ses documents.",
        etats=(Etat.EN_REVISION,),
        roles=AGENT,
    ),
    Geste(
        "presenter-observations",
        "presenter_observations",
        "revision.demander",
        forms.FormulaireObservations,
        "Noter des observations",
        "Consigner les observations",
        "Les observations sont au dossier.",
        etats=(Etat.EN_REVISION,),
        roles=AGENT,
    ),
    Geste(
        "saisir-taq",
        "saisir_taq",
        "taq.saisir",
        forms.FormulaireTaq,
        "Consigner un recours au Tribunal",
        "Consigner le recours",
        "Le recours est consigné.",
        etats=(Etat.EN_REVISION, Etat.REVISION_RENDUE),
        roles=AGENT,
    ),
    Geste(
        "consigner-taq",
        "consigner_taq",
        "taq.consigner",
        FormulaireIssueTaq,
        "Consigner l'issue du Tribunal",
        "Consigner l'issue",
        "L'issue est consignée.",
        etats=(Etat.DEVANT_TAQ,),
    ),
    Geste(
        "clore-tache",
        "clore_tache",
        "dossier.traiter",
        forms.FormulaireTache,
        "Clore une tâche",
        "Clore la tâche",
        "La tâche est close.",
        condition=attrgetter("tache_vivante"),
    ),
    Geste(
        "substitut",
        "substituer_rapport",
        "sr2100.saisir",
        forms.FormulaireSubstitut,
        "Recevoir un autre rapport",
        "Recevoir le document",
        "Le document est au dossier.",
        "Un rapport fait pour un autre organisme, ou une exemption, tient lieu de SR-2100.",
        etats=AVANT_DECISION,
        ou=("pieces",),
    ),
    Geste(
        "confirmer-mandat",
        "confirmer_mandat",
        "mandat.confirmer",
        FormulaireConfirmation,
        "Confirmer un mandat",
        "Confirmer le mandat",
        "Le mandat est confirmé. Une lettre l'annonce aux deux.",
        "La lecture du rapport médical ne s'ajoute que par la personne elle-même.",
        condition=attrgetter("mandat_a_confirmer"),
        ou=("acces", "sommaire"),
        roles=AGENT,
    ),
    Geste(
        "confier-code",
        "confier_code",
        "mandat.confirmer",
        FormulaireCodeConfie,
        "Faire un code pour un mandat ou un témoignage",
        "Faire le code",
        "Le code est fait.",
        "La personne le remet à qui l'aidera, ou à un proche qui veut écrire. Son identité est vérifiée avant.",
        ou=("acces",),
        roles=AGENT,
        gabarit="dossiers/code_confie.html",
    ),
    Geste(
        "revoquer-mandat",
        "revoquer_mandat",
        "mandat.revoquer",
        forms.FormulaireRevocation,
        "Révoquer un mandat",
        "Révoquer le mandat",
        "Le mandat est révoqué, dès maintenant.",
        condition=attrgetter("mandat_a_revoquer"),
        ou=("acces",),
        roles=AGENT,
        interruption="revoquer",
    ),
    Geste(
        "consentir",
        "consentir",
        "consentement.ecrire",
        forms.FormulaireConsentement,
        "Noter un consentement",
        "Noter le consentement",
        "Le consentement est noté.",
        ou=("acces", "sommaire"),
        roles=AGENT,
    ),
    Geste(
        "retirer-consentement",
        "retirer_consentement",
        "consentement.ecrire",
        forms.FormulaireRetrait,
        "Noter le retrait d'un consentement",
        "Noter le retrait",
        "Le retrait est noté, dès maintenant.",
        ou=("acces",),
        roles=AGENT,
        interruption="retirer",
    ),
    Geste(
        "prouver-reception",
        "prouver_reception",
        "reception.prouver",
        forms.FormulaireReception,
        "Prouver la réception d'une lettre",
        "Noter la réception",
        "La réception est notée. Les échéances sont recalculées.",
        condition=attrgetter("lettre_emise"),
        ou=("lettres", "sommaire"),
    ),
    Geste(
        "attribuer",
        "attribuer_dossier",
        "dossier.attribuer",
        forms.FormulaireAttribuer,
        "Attribuer le dossier",
        "Attribuer le dossier",
        "Le dossier est attribué.",
    ),
    Geste(
        "fermer",
        "fermer",
        "demande.fermer",
        forms.FormulaireFermeture,
        "Fermer la demande",
        "Fermer la demande",
        "La demande est fermée. Une lettre le dit à la personne.",
        "Un décès, un autre bureau ou un silence ont chacun leur geste : ne fermez pas pour cela.",
        etats=FERMABLES,
        interruption="fermer",
    ),
)
GESTES: tuple[Geste, ...] = (*_BASE, *GESTES_RENCONTRES, *GESTES_SILENCES)
TOUS = (*GESTES, *GESTES_EQUIPE)
PAR_CODE = {geste.code: geste for geste in TOUS}


def permis(geste: Geste, droits: Droits, faits: FaitsDossier) -> bool:
    """Vrai si la personne a le droit du geste et si l'état du dossier le permet."""
    if not droits.peut(geste.droit) or (geste.roles and droits.personne.role not in geste.roles):
        return False
    if not faits.etats:
        return geste.sans_demande
    if geste.etats and not faits.etats & set(map(str, geste.etats)):
        return False
    return geste.condition is None or geste.condition(faits)


def offerts(dossier: Dossier, droits: Droits, ou: str) -> list[Lien]:
    """Gestes permis maintenant, à montrer sur cette page."""
    faits = FaitsDossier.charger(dossier)
    return [
        Lien(geste.titre, reverse("dossier_geste", args=[dossier.reference, geste.code]))
        for geste in TOUS
        if ou in geste.ou and permis(geste, droits, faits)
    ]
