"""Ce qui approche, ce qui se tait, ce qui n'avance plus : lectures des travaux du jour et des gestes du silence.

Toute lecture prend la fenêtre entière, pas seulement le jour même : un travail manqué se rattrape.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, TruncDate

from comptes.models import Compte, Role
from correspondance.models import Lettre
from dossiers import dates_attendues
from dossiers.etats import AVANT_DECISION, EN_RECOURS, Balle, Etat
from dossiers.models import (
    QUI_TIENT,
    Alerte,
    Consentement,
    Creneau,
    Demande,
    DemandeRenseignement,
    Dossier,
    Echeance,
    EssaiContact,
    Invitation,
    Mandat,
    PauseDelai,
    Rappel,
    Relance,
    Tache,
)
from dossiers.requetes import DossierQuerySet
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois, premier_jour_encore_bon
from socle import horloge
from socle.dates_en_mots import date_moyenne

AVIS_INACTIVITE = "avis_inactivite"
# La balle du bureau n'est jamais un silence de la personne.
ETATS_DU_SILENCE = (Etat.RECUE, Etat.A_COMPLETER)
DU_COTE_DE_LA_PERSONNE = (Role.PRESTATAIRE, Role.INTERVENANT, Role.CLINICIEN)
# Ce que l'agent consigne pour la personne vaut une nouvelle d'elle.
CONSIGNES_POUR_ELLE = (
    "changer_annonce", "changer_coordonnees", "confirmer_mandat", "confirmer_rencontre", "consentir", "demander_appel",
    "deposer_sr2105", "noter_besoin", "noter_frais_rapport", "prendre_plus_de_temps", "repondre_renseignement",
    "reprendre_delai", "suspendre_delai", "temoigner", "verser_piece",
)  # fmt: skip
# Plus loin en arrière, une fin passée ne se redit pas.
RATTRAPAGE = timedelta(days=90)


def jours(code: str) -> int:
    """Valeur d'une règle en jours, en vigueur aujourd'hui."""
    return int(referentiels.regle(code, horloge.aujourd_hui()))


def suivis() -> DossierQuerySet:
    """Dossiers à qui l'on parle encore : ni fusionnés, ni d'une personne décédée."""
    dossiers: DossierQuerySet = Dossier.objects.filter(fusionne_dans__isnull=True, deces_le__isnull=True)
    return dossiers


# --- Dates qui approchent ou qui sont passées --------------------------------------------------


@dataclass(frozen=True)
class ADire:
    """Une date à dire une fois à une personne."""

    pour: Compte
    genre: str
    objet: str
    jour: date


def _mandats(jour: date) -> QuerySet[Mandat]:
    proche = jour + timedelta(days=jours("mandat_bientot_echu_jours"))
    # Un mandat qui a duré autant qu'un recours finit bien après sa date.
    prolonge = Q(jusqu_a_fin_recours=True, jusqu_au__lt=jour)
    mandats: QuerySet[Mandat] = Mandat.objects.finissant().filter(
        Q(jusqu_au__range=(jour - RATTRAPAGE, proche)) | prolonge
    )
    return mandats


def _consentements(jour: date) -> QuerySet[Consentement]:
    mois = referentiels.regle("consentement_max_mois", jour)
    if mois is None:
        return Consentement.objects.none()
    borne = premier_jour_encore_bon(jour + timedelta(days=jours("consentement_bientot_echu_jours") + 1), int(mois))
    ancien = premier_jour_encore_bon(jour - RATTRAPAGE, int(mois))
    fenetre = (horloge.heure_locale(ancien), horloge.heure_locale(borne))
    # Ni retirés, et vivants ou échus : les deux se disent, chacun à son tour.
    return Consentement.objects.filter(retire_le__isnull=True, donne_le__gte=fenetre[0], donne_le__lt=fenetre[1])


def _recours(jour: date) -> QuerySet[Echeance]:
    proche = jour + timedelta(days=jours("recours_rappel_jours"))
    proches: QuerySet[Echeance] = dates_attendues.recours().filter(date__range=(jour, proche))
    return proches


def _objet(*morceaux: Any) -> Concat:
    """Ce que `Rappel.objet` garde d'un fait, écrit par la base."""
    premier, *suite = (Cast(un, TextField()) for un in morceaux)
    return Concat(premier, *(un for texte in suite for un in (Value(":"), texte)), output_field=TextField())


def _rendez_vous(jour: date) -> QuerySet[Creneau]:
    """Rendez-vous qui tiennent, d'aujourd'hui au dernier jour où l'on rappelle; `jour` : leur date civile."""
    fin = jour + timedelta(days=jours("rencontre_rappel_jours") + 1)
    return Creneau.objects.filter(
        QUI_TIENT, debut__gte=horloge.heure_locale(jour), debut__lt=horloge.heure_locale(fin)
    ).annotate(jour=TruncDate("debut", tzinfo=horloge.FUSEAU))


def a_rappeler() -> DossierQuerySet:
    """Dossiers dont une date approche ou est passée, et n'est pas encore dite."""
    jour = horloge.aujourd_hui()
    dits = Rappel.objects.filter(dossier=OuterRef("dossier"), pour=OuterRef("dossier__prestataire"))
    du_mandat = dits.filter(objet=_objet(Value("mandat"), OuterRef("pk"), OuterRef("jusqu_au")))
    mandats = _mandats(jour).filter(
        (Q(jusqu_au__gte=jour) & ~Exists(du_mandat.filter(genre=Rappel.Genre.MANDAT_PROCHE)))
        | (Q(jusqu_au__lt=jour) & ~Exists(du_mandat.filter(genre=Rappel.Genre.MANDAT_ECHU)))
    )
    du_recours = dits.filter(objet=_objet(OuterRef("code"), OuterRef("demande_id"), OuterRef("date")))
    recours = _recours(jour).filter(~Exists(du_recours.filter(genre=Rappel.Genre.RECOURS_PROCHE)))
    de_l_accord = dits.filter(objet__startswith=_objet(Value("consentement"), OuterRef("pk"), Value("")))
    vivants = Consentement.vivants().values("pk")
    accords = _consentements(jour).filter(
        (Q(pk__in=vivants) & ~Exists(de_l_accord.filter(genre=Rappel.Genre.CONSENTEMENT_PROCHE)))
        | (~Q(pk__in=vivants) & ~Exists(de_l_accord.filter(genre=Rappel.Genre.CONSENTEMENT_ECHU)))
    )
    dites = Rappel.objects.filter(
        dossier=OuterRef("rencontre__dossier"), genre=Rappel.Genre.RENCONTRE, jour=OuterRef("jour")
    )
    rencontres = _rendez_vous(jour).filter(~Exists(dites))
    return suivis().filter(
        Q(pk__in=mandats.values("dossier"))
        | Q(pk__in=recours.values("dossier"))
        | Q(pk__in=accords.values("dossier"))
        | Q(pk__in=rencontres.values("rencontre__dossier"))
        | dates_attendues.a_rappeler(jour)
    )


def _fin_vecue(mandat: Mandat, jour: date) -> date:
    """La date à dire : celle du mandat, ou aujourd'hui s'il a tenu jusqu'à la fin d'un recours."""
    if not mandat.jusqu_a_fin_recours or mandat.jusqu_au >= jour:
        return mandat.jusqu_au
    tenu = Demande.objects.filter(dossier_id=mandat.dossier_id, recours_depuis__lte=mandat.jusqu_au).exists()
    return jour if tenu else mandat.jusqu_au


def a_dire(dossier: Dossier) -> list[ADire]:
    """Ce qui est à dire de ce dossier aujourd'hui, déjà dit ou non."""
    jour, personne = horloge.aujourd_hui(), dossier.prestataire
    trouves: list[ADire] = []
    for mandat in _mandats(jour).filter(dossier=dossier).select_related("intervenant").order_by("pk"):
        genre = Rappel.Genre.MANDAT_PROCHE if mandat.jusqu_au >= jour else Rappel.Genre.MANDAT_ECHU
        objet = f"mandat:{mandat.pk}:{mandat.jusqu_au}"
        trouves += [ADire(qui, genre, objet, _fin_vecue(mandat, jour)) for qui in (personne, mandat.intervenant)]
    for accord in _consentements(jour).filter(dossier=dossier).order_by("pk"):
        fin = accord.dernier_jour()
        if fin is None:
            continue
        genre = Rappel.Genre.CONSENTEMENT_PROCHE if fin >= jour else Rappel.Genre.CONSENTEMENT_ECHU
        trouves.append(ADire(personne, genre, f"consentement:{accord.pk}:{fin}", fin))
    for echeance in _recours(jour).filter(dossier=dossier).order_by("pk"):
        objet = f"{echeance.code}:{echeance.demande_id}:{echeance.date}"
        trouves.append(ADire(personne, Rappel.Genre.RECOURS_PROCHE, objet, echeance.date))
    for retenu in _rendez_vous(jour).filter(rencontre__dossier=dossier).order_by("debut"):
        le = horloge.jour_civil(retenu.debut)
        trouves.append(ADire(personne, Rappel.Genre.RENCONTRE, f"rencontre:{retenu.rencontre_id}:{le}", le))
    return trouves + [ADire(*une) for une in dates_attendues.a_dire(dossier, jour)]


# --- Renseignements attendus -------------------------------------------------------------------


def rang_du(demandee_le: datetime, jour: date) -> int:
    """Rang de la dernière relance due ce jour-là; 0 s'il n'y en a pas."""
    ecoules = (jour - horloge.jour_civil(demandee_le)).days
    return sum(1 for seuil in referentiels.regle("relances_jours", jour) if ecoules >= int(seuil))


def renseignements_a_relancer() -> QuerySet[DemandeRenseignement]:
    """Renseignements attendus dont une relance est due; ni pendant une pause, ni avant la fin d'un temps accordé, ni
    après la dernière."""
    jour = horloge.aujourd_hui()
    seuils = [int(un) for un in referentiels.regle("relances_jours", jour)]
    en_pause = PauseDelai.objects.filter(demande=OuterRef("demande"), au__isnull=True)
    dues = Q(pk__in=())
    for rang, seuil in enumerate(seuils, start=1):
        avant = horloge.heure_locale(jour - timedelta(days=seuil - 1))
        faites = Relance.objects.filter(renseignement=OuterRef("pk"), rang__gte=rang)
        dues |= Q(~Exists(faites), demandee_le__lt=avant)
    sans_delai_ajoute = Q(prolonge_au__isnull=True) | Q(prolonge_au__lt=jour)
    return DemandeRenseignement.objects.filter(dues, sans_delai_ajoute, ~Exists(en_pause), close_le__isnull=True)


def a_relancer() -> DossierQuerySet:
    """Dossiers dont un renseignement attendu est à rappeler."""
    return suivis().filter(pk__in=renseignements_a_relancer().values("demande__dossier"))


# --- Silence -----------------------------------------------------------------------------------


def debut_du_silence() -> datetime:
    """Avant cet instant, un silence est une inactivité."""
    jour = horloge.aujourd_hui()
    return horloge.heure_locale(plus_mois(jour, -jours("inactivite_fermeture_mois")) + timedelta(days=1))


def nouvelles_depuis(instant: datetime | OuterRef) -> QuerySet[Entree]:
    """Gestes de la personne, de ses proches ou de sa clinique sur le dossier depuis cet instant."""
    return Entree.objects.filter(dossier=OuterRef("pk"), nature=Entree.Nature.ACTE, instant__gte=instant).filter(
        Q(role__in=DU_COTE_DE_LA_PERSONNE) | Q(acte__in=CONSIGNES_POUR_ELLE)
    )


def joints_depuis(instant: datetime) -> QuerySet[EssaiContact]:
    """Essais où la personne a répondu : ce n'est plus un silence."""
    return EssaiContact.objects.filter(
        demande__dossier=OuterRef("pk"), resultat=EssaiContact.Resultat.JOINTE, le__gte=instant
    )


def muets() -> DossierQuerySet:
    """Dossiers où la personne devait agir et n'a rien dit depuis la durée d'inactivité.

    Jamais une personne sans clinicien : elle n'est pas silencieuse, elle attend une porte.
    """
    depuis = debut_du_silence()
    sans_clinicien = Alerte.objects.filter(
        dossier=OuterRef("pk"), code=Alerte.Code.SANS_CLINICIEN, close_le__isnull=True
    )
    invitations = Invitation.objects.filter(demande__dossier=OuterRef("pk"))
    en_pause = PauseDelai.objects.filter(demande__dossier=OuterRef("pk"), au__isnull=True)
    return (
        suivis()
        .filter(etat__in=ETATS_DU_SILENCE, etat_depuis__lt=depuis)
        .exclude(etat=Etat.A_COMPLETER, balle__in=(Balle.CLINICIEN, Balle.RESSOURCE))
        .filter(
            ~Exists(sans_clinicien),
            ~Exists(nouvelles_depuis(depuis)),
            ~Exists(joints_depuis(depuis)),
            ~Exists(en_pause),
            ~Exists(invitations) | Exists(invitations.filter(declinee_le__isnull=True)),
        )
    )


def muets_a_signaler() -> DossierQuerySet:
    """Dossiers muets que l'agent n'a pas encore à prévenir."""
    dites = Tache.objects.filter(
        dossier=OuterRef("pk"), code=Tache.Code.PREVENIR_INACTIVITE, nee_le__gte=debut_du_silence()
    )
    return muets().filter(~Exists(dites))


def est_muet(dossier: Dossier) -> bool:
    """Vrai si ce dossier est muet aujourd'hui (`muets`)."""
    return muets().filter(pk=dossier.pk).exists()


def lettre_de_silence(demande: Demande) -> Lettre | None:
    """La dernière lettre d'inactivité partie pour cette demande."""
    return (
        Lettre.objects.filter(
            demande=demande, modele=AVIS_INACTIVITE, emise_le__isnull=False, annulee_le__isnull=True, copie_de=None
        )
        .order_by("-pk")
        .first()
    )


@dataclass(frozen=True)
class Essais:
    """Ce qui a été tenté pour joindre la personne : combien de fois, par combien de canaux."""

    nombre: int
    canaux: int
    lettre_le: date | None

    def manque(self, jour: date) -> str:
        """Ce qui manque avant de proposer une fermeture; vide si rien ne manque."""
        voulus = jours("essais_avant_silence")
        if self.lettre_le is None:
            return "La lettre d'inactivité n'est pas partie. Faites d'abord « Prévenir la personne »."
        if self.nombre < voulus or self.canaux < min(2, voulus):
            return f"Il faut {voulus} essais par deux canaux, notés au dossier. Il y en a {self.nombre}."
        attente = self.lettre_le + timedelta(days=jours("inactivite_reponse_jours"))
        if jour <= attente:
            return f"La personne a jusqu'au {date_moyenne(attente)} pour répondre à la lettre."
        return ""


def essais_de(demande: Demande) -> Essais:
    """Les essais notés depuis le début du silence; la lettre émise en est un, par son canal."""
    depuis = debut_du_silence()
    faits = EssaiContact.objects.filter(demande=demande, le__gte=depuis)
    canaux = set(faits.values_list("canal", flat=True))
    lettre = lettre_de_silence(demande)
    lettre_le = lettre.jour_emission if lettre is not None and (lettre.emise_le or depuis) >= depuis else None
    if lettre_le is not None:
        canaux.add(EssaiContact.Canal.LETTRE)
    return Essais(faits.count() + (1 if lettre_le is not None else 0), len(canaux), lettre_le)


# --- Pauses ------------------------------------------------------------------------------------


def jours_de_pause(demande: Demande) -> tuple[int, bool]:
    """Jours civils de pause finie depuis le dernier changement d'état, et si une pause court encore."""
    total, ouverte = 0, False
    depuis = demande.etat_depuis
    for pause in PauseDelai.objects.filter(demande=demande).only("du", "au", "demande_id"):
        if pause.au is None:
            ouverte = True
        elif pause.au > depuis:
            total += (horloge.jour_civil(pause.au) - horloge.jour_civil(max(pause.du, depuis))).days
    return total, ouverte


# --- Professionnels partis ---------------------------------------------------------------------


def cliniciens_partis() -> DossierQuerySet:
    """Dossiers à l'étude ou en recours où l'invité n'a plus de compte actif, pas encore signalés à l'agent.

    Une décision rendue n'attend plus ce professionnel; la fin d'une contrainte temporaire a sa propre tâche.
    """
    parties = Invitation.objects.filter(
        demande__dossier=OuterRef("pk"), declinee_le__isnull=True, clinicien__is_active=False
    )
    dernier = parties.order_by().values("demande__dossier").annotate(le=Max("invite_le")).values("le")
    dites = Tache.objects.filter(dossier=OuterRef("pk"), code=Tache.Code.CLINICIEN_PARTI, nee_le__gte=dernier)
    return suivis().filter(Exists(parties), ~Exists(dites), etat__in=(*AVANT_DECISION, *EN_RECOURS))
