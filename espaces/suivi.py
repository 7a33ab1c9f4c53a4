"""Ce que lit une personne de sa propre demande, en mots simples; aucune écriture.

Jamais le résultat avant que la lettre soit émise. Source : `ecrans-et-lettres.md` B8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from comptes.models import Compte, Role
from correspondance import registre
from correspondance.models import Lettre
from correspondance.signaux import telephone
from dossiers.actes.plus_de_temps import reponse_visee
from dossiers.etats import (
    APRES_DECISION,
    AVANT_DECISION,
    CHEZ_CSEMS,
    DECIDES,
    Etat,
)
from dossiers.models import (
    Demande,
    DemandeRenseignement,
    Dossier,
    Echeance,
    Mandat,
    Occasion,
)
from espaces.depart import Geste, geste_depart
from espaces.suivi_maintenant import Reperage, reperages
from espaces.suivi_recours import demande_en_recours
from referentiels import lecture as referentiels
from revision import lecture as revisions
from revision.actes.taq import recours_direct_permis
from revision.models import Revision
from socle import horloge
from socle.composants import EtapeParcours, Lien
from socle.dates_en_mots import date_moyenne

DE_DECISION = ("acceptation", "refus", "refus_reconduit", "contrainte_temporaire")
DE_REVISION = ("decision_confirmee", "decision_modifiee", "decision_infirmee", "revision_irrecevable")
DEFAVORABLES = ("refus", "refus_reconduit", "decision_confirmee", "revision_irrecevable")


@dataclass
class Suivi:
    """Tout ce que la page d'accueil de la personne montre."""

    phrase: str
    precision: str = ""
    geste: Geste | None = None
    clinique: str = ""
    etapes: list[EtapeParcours] = field(default_factory=list)
    reperages: list[Reperage] = field(default_factory=list)
    lettre: Lettre | None = None
    choix: list[Lien] = field(default_factory=list)
    demande: Demande | None = None
    limite: Echeance | None = None
    recours: Demande | None = None


def ma_reference(personne: Compte) -> str | None:
    """La référence du dossier de la personne, ou None; jamais celle d'une autre."""
    trouvee = Dossier.objects.filter(prestataire=personne, fusionne_dans__isnull=True).values_list(
        "reference", flat=True
    )
    return trouvee.first()


def elements_en_mots(codes: Sequence[str], le: date) -> list[str]:
    """Les éléments manquants, en mots simples."""
    return [referentiels.element(code, le).dit("libelle") for code in codes]


def _en_liste(mots: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(mot[:1].lower() + mot[1:] for mot in mots))


def lettres_de(dossier: Dossier) -> list[Lettre]:
    """Lettres émises à la personne, la plus récente d'abord."""
    emises = Lettre.objects.filter(dossier=dossier, destinataire_id=dossier.prestataire_id, emise_le__isnull=False)
    return list(emises.order_by("-emise_le", "-pk"))


def titre_lettre(lettre: Lettre) -> str:
    """Titre montré dans une liste, dans la langue de la page; une décision n'y dit pas son résultat."""
    if lettre.modele in DE_DECISION:
        return gettext("La décision")
    if lettre.modele in DE_REVISION:
        return gettext("La décision en révision")
    return registre.obtenir(lettre.modele).titre((get_language() or "fr")[:2])


def derniere_decision(lettres: Sequence[Lettre], demande: Demande | None) -> Lettre | None:
    """Dernière lettre de décision de la demande courante."""
    if demande is None:
        return None
    return next(
        (une for une in lettres if une.demande_id == demande.pk and une.modele in (*DE_DECISION, *DE_REVISION)), None
    )


def renseignements_attendus(dossier: Dossier) -> list[DemandeRenseignement]:
    """Demandes de renseignement encore ouvertes, avec leur destinataire."""
    return list(
        DemandeRenseignement.objects.filter(demande__dossier=dossier, close_le__isnull=True)
        .select_related("destinataire", "demande")
        .order_by("pk")
    )


def occasion_ouverte(demande: Demande) -> Occasion | None:
    """L'occasion de répondre avant une décision défavorable, tant qu'elle attend."""
    if demande.etat not in AVANT_DECISION:
        return None
    return Occasion.objects.filter(demande=demande, repondue_le__isnull=True).order_by("-pk").first()


def mandats_de(dossier: Dossier) -> list[Mandat]:
    """Tous les mandats, le plus récent d'abord."""
    mandats = Mandat.objects.filter(dossier=dossier).select_related(
        "intervenant__organisme", "transmis_de__intervenant"
    )
    return list(mandats.order_by("-propose_le", "-pk"))


def d_une_seule_lecture(demande: Demande | None, lettres: Sequence[Lettre]) -> list[Lettre]:
    """Les lettres, mises d'accord avec la demande lue avant elles : la page dit un seul moment.

    Une lettre émise entre les deux lectures date la décision sur la demande montrée (jamais enregistrée); si la
    demande lue n'était pas encore décidée, sa lettre attend la page suivante.
    """
    if demande is None:
        return list(lettres)
    etat = str(demande.etat)
    gardees = [
        une
        for une in lettres
        if not (une.demande_id == demande.pk and une.modele in DE_DECISION and etat in AVANT_DECISION)
    ]
    derniere = derniere_decision(gardees, demande)
    if derniere is None or derniere.emise_le is None or derniere.emise_le < demande.etat_depuis:
        return gardees  # une lettre d'avant l'état montré n'en est pas la réponse
    if etat in DECIDES and derniere.modele in DE_DECISION and demande.decision_emise_le is None:
        demande.decision_emise_le = derniere.jour_emission
    if etat == Etat.REVISION_RENDUE and derniere.modele in DE_REVISION and demande.revision_emise_le is None:
        demande.revision_emise_le = derniere.jour_emission
    return gardees


# --- La phrase -----------------------------------------------------------------------------

PHRASES: dict[str, tuple[str, str]] = {
    Etat.RECUE: ("Nous avons reçu votre demande.", "Nous vérifions que votre dossier est complet."),
    Etat.EN_REVISION: ("Votre demande de révision est à l'étude.", "Une autre équipe relit tout votre dossier."),
    Etat.DEVANT_TAQ: ("Votre dossier est devant le Tribunal.", "Le Tribunal vous écrira directement."),
    Etat.JUGEMENT_TAQ: ("Le Tribunal a rendu sa décision.", "Appelez-nous si vous avez des questions."),
    Etat.FERMEE: ("Votre demande est fermée.", "Vous pouvez faire une nouvelle demande quand vous voulez."),
}


def _attente(attendus: Sequence[DemandeRenseignement], personne: Compte) -> tuple[str, str]:
    roles = {Role(un.destinataire.role) for un in attendus}
    vous = any(un.destinataire_id == personne.pk for un in attendus)
    if vous and Role.CLINICIEN in roles:
        return "Nous attendons une réponse de vous et une de votre clinique.", ""
    if vous:
        return "Nous attendons une réponse de vous.", ""
    if Role.CLINICIEN in roles:
        return "Nous attendons une réponse de votre clinique.", "Vous n'avez rien à faire pour cela."
    return "Nous attendons une réponse de votre personne-ressource.", ""


def phrase(
    demande: Demande | None, attendus: Sequence[DemandeRenseignement], personne: Compte, geste: Geste | None
) -> tuple[str, str]:
    """Où en est la demande : une phrase, et une précision."""
    if demande is None:
        return "Nous n'avons pas encore de demande de vous.", "Vous pouvez la faire ici, ou nous appeler."
    etat = str(demande.etat)
    if etat == Etat.A_COMPLETER:
        return _attente(attendus, personne)
    if etat in DECIDES:
        if demande.decision_emise_le is None:
            return "Une décision est prise. Elle vous sera envoyée par lettre.", "Vous n'avez rien à faire."
        return "La décision est rendue. Elle est dans votre lettre.", ""
    if etat == Etat.REVISION_RENDUE:
        if demande.revision_emise_le is None:
            return "La révision est terminée. La réponse vous sera envoyée par lettre.", "Vous n'avez rien à faire."
        return "La décision en révision est rendue. Elle est dans votre lettre.", ""
    if etat in PHRASES:
        titre, suite = PHRASES[etat]
        return titre, "" if geste is not None else suite
    return "Votre demande est à l'étude.", "" if geste is not None else "Vous n'avez rien à faire."


# --- Le geste ------------------------------------------------------------------------------


def geste(
    dossier: Dossier,
    demande: Demande | None,
    attendus: Sequence[DemandeRenseignement],
    mandats: Sequence[Mandat],
    lettre: Lettre | None,
) -> Geste | None:
    """La première chose que la personne peut faire avancer; une seule à la fois."""
    if demande is None or demande.etat == Etat.FERMEE:
        return Geste(
            "Faire une demande",
            "Nous vous dirons ensuite quoi faire, une étape à la fois.",
            "Faire une demande",
            reverse("suivi_demande"),
            surtitre="Quand vous voulez",
        )
    return (
        _geste_occasion(demande)
        or _geste_renseignement(dossier, attendus)
        or geste_depart(dossier, demande)
        or _geste_mandat(mandats)
        or _geste_lettre(demande, lettre)
    )


def _geste_occasion(demande: Demande) -> Geste | None:
    occasion = occasion_ouverte(demande)
    if occasion is None:
        return None
    passee = horloge.aujourd_hui() > occasion.jusqu_au
    return Geste(
        "Répondez avant que nous décidions",
        "Il manque quelque chose à votre dossier. La date est passée, mais votre réponse sera lue."
        if passee
        else "Il manque quelque chose à votre dossier. Nous voulons vous entendre.",
        "Répondre",
        reverse("suivi_occasion"),
        None if passee else occasion.jusqu_au,
        demande_a_la_personne=True,
    )


def _geste_renseignement(dossier: Dossier, attendus: Sequence[DemandeRenseignement]) -> Geste | None:
    mien = next((un for un in attendus if un.destinataire_id == dossier.prestataire_id), None)
    if mien is None:
        return None
    quoi = elements_en_mots(mien.elements, horloge.jour_civil(mien.demandee_le))
    return Geste(
        "Répondez à notre question",
        gettext("Il nous manque : %(quoi)s. Vous pouvez répondre « je ne sais pas ».") % {"quoi": _en_liste(quoi)},
        "Répondre",
        reverse("repondre", args=[dossier.reference]),
        reponse_visee(mien),
        demande_a_la_personne=True,
    )


def _geste_mandat(mandats: Sequence[Mandat]) -> Geste | None:
    jour = horloge.aujourd_hui()
    for mandat in mandats:
        if mandat.confirme_le is None and mandat.revoque_le is None and mandat.jusqu_au >= jour:
            return Geste(
                gettext("%(nom)s propose de vous aider") % {"nom": mandat.intervenant.nom_complet},
                "Cette personne ne voit rien tant que vous n'avez pas dit oui.",
                "Voir la proposition",
                reverse("suivi_personnes"),
                mandat.jusqu_au,
            )
    return None


def _geste_lettre(demande: Demande, lettre: Lettre | None) -> Geste | None:
    dite = demande.decision_emise_le if demande.etat in DECIDES else demande.revision_emise_le
    if lettre is None or dite is None or demande.etat not in (*DECIDES, Etat.REVISION_RENDUE):
        return None
    return Geste(
        "Votre lettre est arrivée",
        "Vous pouvez la lire avec quelqu'un, ou nous appeler pour que nous la lisions ensemble.",
        "Lire la décision",
        reverse("suivi_decision"),
        surtitre="Quand vous êtes prêt ou prête",
    )


# --- Les étapes ----------------------------------------------------------------------------


def etapes(
    demande: Demande, attendus: Sequence[DemandeRenseignement], personne: Compte, revision: Revision | None
) -> list[EtapeParcours]:
    """Les étapes de la demande; elle peut revenir en arrière, et la raison est dite."""
    fond, attend = demande.etat_de_fond, demande.etat == Etat.A_COMPLETER
    decide, etude = fond in APRES_DECISION, fond in CHEZ_CSEMS
    a_vous = any(un.destinataire_id == personne.pk for un in attendus)
    liste = [EtapeParcours("Demande reçue", "faite", _le(demande.jour_depot))]
    if fond == Etat.FERMEE:
        le = horloge.jour_civil(demande.fermee_le) if demande.fermee_le else None
        return [*liste, EtapeParcours("Demande fermée", "en_cours", _le(le) if le else "")]
    if attend:
        detail = _retour(attendus, revenue=etude)
        liste.append(EtapeParcours("Dossier à compléter", "en_cours", detail, a_vous=a_vous))
    elif fond == Etat.RECUE:
        liste.append(EtapeParcours("Dossier à compléter", "en_cours", "Nous rassemblons ce qu'il faut."))
    else:
        liste.append(EtapeParcours("Dossier complet", "faite", _retours_passes(demande)))
    en_etude = not decide and not attend and fond != Etat.RECUE
    liste.append(
        EtapeParcours(
            "Étude du dossier",
            "faite" if decide else "en_cours" if en_etude else "a_venir",
            "Un médecin et une personne spécialiste lisent tout." if not decide else "",
        )
    )
    emise = demande.decision_emise_le
    if emise is not None:
        liste.append(EtapeParcours("Décision par lettre", "faite", _le(emise)))
    else:
        envoi = "Elle part par lettre." if decide else "Nous ne dirons jamais la réponse par courriel ni par texto."
        liste.append(EtapeParcours("Décision par lettre", "en_cours" if decide else "a_venir", envoi))
    return [*liste, *_etapes_de_recours(demande, revision)]


def _le(jour: date) -> str:
    return gettext("Le %(jour)s.") % {"jour": date_moyenne(jour)}


def _retour(attendus: Sequence[DemandeRenseignement], *, revenue: bool) -> str:
    if not attendus:
        return ""
    le = horloge.jour_civil(attendus[0].demandee_le)
    quoi = [dit for un in attendus for dit in elements_en_mots(un.elements, horloge.jour_civil(un.demandee_le))]
    dits = {"jour": date_moyenne(le), "quoi": _en_liste(quoi)}
    if revenue:
        return gettext("Revenue à cette étape le %(jour)s : il manquait %(quoi)s.") % dits
    return gettext("Demandé le %(jour)s : il manquait %(quoi)s.") % dits


def _retours_passes(demande: Demande) -> str:
    """Dire qu'un retour a eu lieu, même une fois réglé."""
    dernier = (
        DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=False, apres_transmission=True)
        .order_by("-pk")
        .first()
    )
    return _retour([dernier], revenue=True) if dernier is not None else ""


def _etapes_de_recours(demande: Demande, revision: Revision | None) -> list[EtapeParcours]:
    if not demande.etat_avant_revision or demande.etat in DECIDES:
        return []
    recue = ""
    if revision is not None:
        recue = gettext("Demande reçue le %(jour)s.") % {"jour": date_moyenne(revision.recue_le)}
    if demande.etat == Etat.EN_REVISION:
        return [EtapeParcours("Révision par une autre équipe", "en_cours", recue)]
    liste = [EtapeParcours("Révision par une autre équipe", "faite", recue)]
    if demande.etat in (Etat.DEVANT_TAQ, Etat.JUGEMENT_TAQ):
        jugee = demande.etat == Etat.JUGEMENT_TAQ
        liste.append(EtapeParcours("Tribunal administratif du Québec", "faite" if jugee else "en_cours"))
    return liste


# --- Le reste ------------------------------------------------------------------------------


def echeance(demande: Demande | None, code: str) -> Echeance | None:
    """Échéance tenue de la demande, avec son calcul en mots."""
    return Echeance.objects.filter(demande=demande, code=code).first() if demande is not None else None


def peut_demander_revision(demande: Demande | None) -> bool:
    """Vrai si la dernière décision est émise et n'est pas déjà contestée."""
    return demande is not None and demande.etat in DECIDES and demande.decision_emise_le is not None


def demande_contestable(dossier: Dossier) -> Demande | None:
    """La demande dont la dernière décision émise se conteste encore, même si une autre demande est ouverte depuis."""
    derniere = dossier.demandes.filter(decision_emise_le__isnull=False).order_by("-rang").first()
    return derniere if peut_demander_revision(derniere) else None


def peut_saisir_taq(demande: Demande | None, revision: Revision | None = None) -> bool:
    """Vrai après la décision en révision émise, ou après son dernier jour sans réponse.

    `revision` : celle de cette demande, si la page l'a déjà lue avec ses réceptions.
    """
    if demande is None:
        return False
    if demande.etat == Etat.REVISION_RENDUE:
        return demande.revision_emise_le is not None
    return demande.etat == Etat.EN_REVISION and recours_direct_permis(demande, revision)


def choix(demande: Demande | None, recours: Demande | None, revision: Revision | None = None) -> list[Lien]:
    """Les gestes possibles en ce moment; les autres sont absents. `recours` : la demande contestée, courante ou non."""
    liens = [
        Lien("Se parler : un appel, une rencontre", reverse("suivi_appel")),
        Lien("Comment me joindre", reverse("suivi_coordonnees")),
        Lien("Ce qui m'aide à communiquer", reverse("suivi_besoins")),
        Lien("Mes personnes-ressources", reverse("suivi_personnes")),
        Lien("Mes autorisations", reverse("suivi_autorisations")),
        Lien("Mes documents", reverse("suivi_documents")),
        Lien("L'argent pendant l'attente", reverse("suivi_argent")),
        Lien("Me plaindre du service", reverse("suivi_plainte")),
    ]
    if demande is None:
        return liens
    if demande.etat in (*AVANT_DECISION, Etat.EN_REVISION):
        liens.append(Lien("Comment apprendre la décision", reverse("suivi_annonce")))
    if demande.etat in AVANT_DECISION:
        liens.append(Lien("Choisir qui remplit le rapport médical", reverse("suivi_clinicien")))
        liens.append(Lien("Trouver une clinique", reverse("suivi_portes")))
        liens.append(Lien("Donner un code à mon médecin", reverse("suivi_code_clinique")))
    if peut_demander_revision(demande):
        liens.append(Lien("Demander une révision", reverse("suivi_revision")))
    if recours is not None and recours.etat == Etat.EN_REVISION:
        liens.append(Lien("Ajouter des observations", reverse("suivi_observations")))
        liens.append(Lien("Demander plus de temps", reverse("suivi_delai")))
    if peut_saisir_taq(recours, revision):
        liens.append(Lien("S'adresser au Tribunal", reverse("suivi_tribunal")))
    if demande.decision_emise_le is not None or demande.rang > 1:
        liens.append(Lien("Nouvelle demande ou révision ?", reverse("suivi_que_faire")))
    if demande.etat in (*DECIDES, Etat.REVISION_RENDUE, Etat.JUGEMENT_TAQ):
        liens.append(Lien("Faire une nouvelle demande", reverse("suivi_demande")))
    if demande.etat in (*AVANT_DECISION, Etat.EN_REVISION):
        liens.append(Lien("Retirer ma demande", reverse("suivi_desistement")))
    return liens


def suivi(dossier: Dossier) -> tuple[Suivi, list[Lettre]]:
    """La page de la personne, et ses lettres."""
    personne, demande = dossier.prestataire, dossier.courante_lue
    attendus = renseignements_attendus(dossier)
    lettres = d_une_seule_lecture(demande, lettres_de(dossier))
    lettre = derniere_decision(lettres, demande)
    a_faire = geste(dossier, demande, attendus, mandats_de(dossier), lettre)
    titre, precision = phrase(demande, attendus, personne, a_faire)
    clinique = next((un for un in attendus if un.destinataire.role == Role.CLINICIEN), None)
    dit = ""
    if clinique is not None:
        quoi = elements_en_mots(clinique.elements, horloge.jour_civil(clinique.demandee_le))
        dit = gettext("Nous avons demandé à %(qui)s : %(quoi)s. Vous n'avez rien à faire pour cela.") % {
            "qui": clinique.destinataire.nom_complet,
            "quoi": _en_liste(quoi),
        }
    en_recours = demande is not None and bool(demande.etat_avant_revision)
    revision = revisions.derniere_avec_receptions(demande) if demande is not None and en_recours else None
    parcourues = etapes(demande, attendus, personne, revision) if demande is not None else []
    contestable = peut_demander_revision(demande)
    limite = echeance(demande, Echeance.Code.DEMANDER_REVISION) if contestable else None
    recours = demande_en_recours(dossier)
    reperees = reperages(dossier, demande, attendus, parcourues, geste=a_faire is not None, limite=limite)
    offerts = choix(demande, recours, revision)
    page = Suivi(titre, precision, a_faire, dit, parcourues, reperees, lettre, offerts, demande, limite, recours)
    return page, lettres


def aide(dossier: Dossier) -> dict[str, Any]:
    """Qui s'en occupe, par quel téléphone, et les lignes de crise."""
    return {
        "telephone": dossier.bureau.telephone or telephone(),
        "crises": referentiels.lignes_aide(horloge.aujourd_hui(), crise=True),
    }
