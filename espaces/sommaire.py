"""Ce que montre le sommaire d'un dossier : la liste « Dossier complet? », les échéances, l'équipe.

Source : `ecrans-et-lettres.md` B1.3.
"""

from __future__ import annotations

from datetime import date

from django.urls import NoReverseMatch, reverse

from comptes import absences
from comptes.models import Compte, Role
from dossiers import urgences
from dossiers.acces import Droits
from dossiers.forms_frais import en_mots, vivants
from dossiers.models import (
    Attribution,
    Consentement,
    Demande,
    DemandeRenseignement,
    Dossier,
    Echeance,
    Invitation,
    Mandat,
    Piece,
)
from dossiers.pages import alertes_de, besoins_de
from formulaires.lecture import FormulairesRecus
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Ligne, Tache
from socle.dates_en_mots import date_longue, date_moyenne


def adresse(nom: str, dossier: Dossier, *suite: str) -> str:
    """Adresse d'une page du dossier, vide si cette page n'existe pas."""
    try:
        return reverse(nom, args=[dossier.reference, *suite])
    except NoReverseMatch:
        return ""


def _identite(dossier: Dossier, droits: Droits) -> Tache:
    personne = dossier.prestataire
    manque = [
        nom
        for nom, valeur in (
            ("la date de naissance", dossier.naissance),
            ("le numéro d'assurance maladie", dossier.nam),
            ("l'adresse", personne.adresse),
            ("le téléphone", personne.telephone),
        )
        if not valeur
    ]
    url = adresse("dossier_geste", dossier, "coordonnees") if droits.peut("consentement.ecrire") else ""
    if not manque:
        return Tache("Identité", "termine", url)
    return Tache("Identité", "en_cours", url, f"Il manque {', '.join(manque)}.")


def _consentement(dossier: Dossier, droits: Droits) -> Tache:
    donnes = {un.objet: un for un in Consentement.vivants().filter(dossier=dossier).order_by("pk")}
    url = adresse("dossier_geste", dossier, "consentir") if droits.peut("consentement.ecrire") else ""
    joindre = donnes.get("joindre_clinicien")
    if joindre is None:
        return Tache("Consentement", "pas_commence", url, "Demandez si nous pouvons joindre sa clinique.")
    dit = (
        "L'issue peut être dite à la clinique."
        if "communiquer_decision_clinicien" in donnes
        else "L'issue ne peut pas être dite à la clinique."
    )
    url = adresse("dossier_acces", dossier) if droits.peut("mandat.lire") else ""
    return Tache("Consentement", "termine", url, f"Donné le {date_moyenne(joindre.donne_le)}. {dit}")


def _manque_au_rapport(demande: Demande) -> str:
    attendues = DemandeRenseignement.objects.filter(
        demande=demande, close_le__isnull=True, destinataire__role=Role.CLINICIEN
    )
    noms = [
        referentiels.element(code, horloge.jour_civil(une.demandee_le)).libelle.lower()
        for une in attendues
        for code in une.elements
    ]
    return f"Demandé à la clinique : {', '.join(noms)}." if noms else ""


def _sr2100(dossier: Dossier, demande: Demande, droits: Droits, recus: FormulairesRecus) -> Tache:
    titre = "Rapport médical (SR-2100)"
    rapport = recus.rapport
    if rapport is not None:
        url = adresse("sr2100_rapport", dossier) if droits.peut("sr2100.lire") else ""
        version = f", version {rapport.version}" if rapport.version > 1 else ""
        recu = f"Signé le {date_moyenne(rapport.signe_le)} par {rapport.signataire.nom_complet}{version}."
        manque = _manque_au_rapport(demande)
        return Tache(titre, "probleme" if manque else "termine", url, f"{recu} {manque}".strip())
    url = adresse("dossier_geste", dossier, "inviter-clinicien") if droits.peut("clinicien.inviter") else ""
    if recus.a_substitut:
        return Tache(titre, "termine", adresse("dossier_pieces", dossier), "Un autre document en tient lieu.")
    invitation = Invitation.objects.filter(demande=demande, declinee_le__isnull=True).select_related("clinicien").last()
    if invitation is not None:
        jour = date_moyenne(invitation.invite_le)
        return Tache(titre, "en_cours", url, f"Invitation envoyée à {invitation.clinicien.nom_complet} le {jour}.")
    return Tache(titre, "pas_commence", url, "Aucun professionnel de la santé n'est invité.")


def _sr2105(dossier: Dossier, droits: Droits, recus: FormulairesRecus) -> Tache:
    titre = "Renseignements complémentaires (SR-2105)"
    url = adresse("sr2105", dossier) if droits.peut("sr2105.deposer") else ""
    if recus.sr2105_le is not None:
        return Tache(titre, "termine", url, f"Déposés le {date_moyenne(recus.sr2105_le)}.")
    if recus.sr2105_commence:
        return Tache(titre, "en_cours", url, "Commencés. Peuvent se faire au téléphone avec elle.")
    return Tache(titre, "pas_commence", url, "Peuvent se faire au téléphone avec la personne.")


def _contributions(dossier: Dossier, droits: Droits, recus: FormulairesRecus) -> list[Tache]:
    """Une ligne seulement s'il y en a : aucune n'est exigée."""
    nombre = recus.nombre_contributions
    if not nombre:
        return []
    url = adresse("contributions", dossier) if droits.peut("contribution.lire") else ""
    dit = "1 signée" if nombre == 1 else f"{nombre} signées"
    return [Tache("Contributions d'autres professionnels", "termine", url, f"{dit}, à côté du rapport médical.")]


def _frais(dossier: Dossier, droits: Droits) -> list[Tache]:
    """Une ligne seulement si la personne ou l'agent a noté des frais demandés pour le rapport."""
    if not droits.peut("frais.montrer"):
        return []
    url = adresse("dossier_geste", dossier, "frais-rapport")
    dits = " ".join(f"{en_mots(un)}." for un in vivants(dossier))
    return [Tache("Frais demandés pour le rapport", "termine", url, dits)]


def _pieces(dossier: Dossier, droits: Droits) -> Tache:
    etats = list(Piece.objects.filter(dossier=dossier).values_list("verification", flat=True)[:500])
    url = adresse("dossier_pieces", dossier) if droits.peut("piece.lire") else ""
    if not etats:
        return Tache("Pièces", "pas_commence", url, "Aucune pièce. Aucune n'est exigée.")
    attente, refusees = etats.count("en_verification"), etats.count("refusee")
    recues = len(etats) - attente - refusees
    mots = [f"{recues} reçue{'s' if recues > 1 else ''}"]
    mots += [f"{attente} en vérification"] if attente else []
    mots += [f"{refusees} refusée{'s' if refusees > 1 else ''}"] if refusees else []
    statut = "probleme" if refusees else "en_cours" if attente else "termine"
    return Tache("Pièces", statut, url, f"{', '.join(mots)}.")


def _ressource(dossier: Dossier, droits: Droits, jour: date) -> Tache:
    url = adresse("dossier_acces", dossier) if droits.peut("mandat.lire") else ""
    mandat = Mandat.objects.non_echus(jour).filter(dossier=dossier).select_related("intervenant__organisme").last()
    if mandat is None:
        return Tache("Personne-ressource", "termine", url, "Aucune. Personne n'y est tenu.")
    qui = mandat.intervenant.nom_complet
    if mandat.intervenant.organisme is not None:
        qui = f"{qui}, {mandat.intervenant.organisme.nom}"
    if mandat.confirme_le is None:
        url = adresse("dossier_geste", dossier, "confirmer-mandat") if droits.peut("mandat.confirmer") else url
        return Tache("Personne-ressource", "en_cours", url, f"{qui}. Mandat à confirmer par la personne.")
    return Tache("Personne-ressource", "termine", url, f"{qui}. Mandat jusqu'au {date_moyenne(mandat.jusqu_au)}.")


def taches(dossier: Dossier, demande: Demande, droits: Droits, recus: FormulairesRecus) -> list[Tache]:
    """La liste « Dossier complet? », toujours dans le même ordre."""
    return [
        _identite(dossier, droits),
        _consentement(dossier, droits),
        _sr2100(dossier, demande, droits, recus),
        *_contributions(dossier, droits, recus),
        _sr2105(dossier, droits, recus),
        _pieces(dossier, droits),
        *_frais(dossier, droits),
        _ressource(dossier, droits, horloge.aujourd_hui()),
    ]


def echeances(dossier: Dossier) -> list[Ligne]:
    """Échéances du dossier, chacune avec son calcul."""
    return [
        Ligne(une.get_code_display(), f"{date_longue(une.date)}. Calcul : {une.calcul}")
        for une in Echeance.objects.filter(dossier=dossier).order_by("date", "pk")[:20]
    ]


def _agent_en_mots(agent: Compte | None) -> str:
    """Le nom de l'agent; absent, jusqu'à quand et qui le remplace : un collègue sait à qui s'adresser."""
    if agent is None:
        return "Pas encore nommé"
    if not agent.is_active:
        return f"{agent.nom_complet} (compte fermé)"
    if agent.absent_jusqu_au is None or not absences.est_absent(agent, horloge.aujourd_hui()):
        return agent.nom_complet
    remplace = f"; {agent.remplacant.nom_complet} remplace" if agent.remplacant else ""
    return f"{agent.nom_complet}, absence jusqu'au {date_moyenne(agent.absent_jusqu_au)}{remplace}"


def equipe(dossier: Dossier) -> list[Ligne]:
    """Agent, évaluateurs et réviseurs nommés, en ce moment."""
    charges = (
        Attribution.objects.filter(dossier=dossier, au__isnull=True)
        .exclude(qualite__in=(Attribution.Qualite.AGENT, Attribution.Qualite.SIGNATAIRE))
        .select_related("qui")
    )
    lignes = [Ligne("Agent responsable", _agent_en_mots(dossier.agent))]
    noms: dict[str, list[str]] = {}
    for une in charges:
        noms.setdefault(une.get_qualite_display(), []).append(f"{une.qui.nom_complet}, {une.qui.get_role_display()}")
    if not noms:
        return [*lignes, Ligne("Équipe d'évaluation", "Pas encore nommée")]
    return [*lignes, *(Ligne(qualite, " · ".join(qui)) for qualite, qui in noms.items())]


def consignes(dossier: Dossier) -> list[Ligne]:
    """Pour chaque alerte vivante qui en a une : quoi faire, et avant quand."""
    jour = horloge.aujourd_hui()
    lignes = []
    for alerte in alertes_de(dossier):
        consigne = urgences.consigne(alerte.code, jour)
        if consigne is not None:
            dite = urgences.avant_en_mots(alerte.avant_le, jour)
            lignes.append(Ligne(alerte.get_code_display(), f"{dite}. {consigne.quoi_faire}".removeprefix(". ")))
    return lignes


def reperes(dossier: Dossier, demande: Demande | None, droits: Droits) -> list[Ligne]:
    """Comment joindre la personne et comment elle veut apprendre le résultat, pour qui doit l'appeler."""
    personne = dossier.prestataire
    lignes = []
    if droits.peut("renseignement.demander") or droits.personne.pk == personne.pk:
        lignes = [
            *([Ligne("Précautions", dossier.contact_sur)] if dossier.contact_sur else []),
            Ligne("La joindre", personne.telephone or personne.email or ""),
            *(Ligne("Pour se comprendre", str(besoin)) for besoin in besoins_de(dossier)),
            Ligne("Lettres", personne.get_canal_prefere_display()),
            Ligne("Apprendre le résultat", dossier.annonce),
        ]
    if personne.langue != "fr":
        lignes.append(Ligne("Langue", f"Anglais. {personne.motif_langue}".strip()))
    if demande is not None:
        lignes.append(Ligne("Demande", f"{demande.get_type_display()}, {demande.get_canal_display().lower()}"))
        lignes.append(Ligne("Déposée le", date_moyenne(demande.deposee_le)))
    return lignes
