"""Les lettres d'un dossier : liste, version de lecture, PDF tel qu'émis."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from comptes.models import Compte
from correspondance import registre
from correspondance.models import Lettre, OctetsLettre, TacheHumaine
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.models import Dossier
from dossiers.pages import contexte, entrer, lecture_due
from dossiers.retenues import lettres_retenues
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau
from socle.dates_en_mots import date_moyenne

BORNE = 200
APRES = "S'ouvre après votre analyse"


def titre_de(lettre: Lettre) -> str:
    """Titre de la lettre en mots; jamais le code du modèle."""
    if not registre.existe(lettre.modele):
        return "Lettre"
    return registre.obtenir(lettre.modele).sujet or "Lettre"


def _etat(lettre: Lettre) -> tuple[Etiquette, ...]:
    if lettre.annulee_le is not None:
        return (Etiquette("Annulée", "neutre"),)
    if lettre.emise_le is None:
        return (Etiquette("À émettre", "attente"),)
    etats = {envoi.get_etat_display() for envoi in lettre.envois.all() if envoi.etat in ("tache_humaine", "echec")}
    return tuple(Etiquette(etat, "alerte") for etat in sorted(etats)) or (Etiquette("Émise", "positif"),)


def _rangee(dossier: Dossier, lettre: Lettre, *, retenue: bool) -> Rangee:
    ouverte = lettre.emise_le is not None and not registre.confidentielle(lettre.modele)
    adresse = reverse("dossier_lettre", args=[dossier.reference, lettre.reference]) if ouverte else ""
    reception = ""
    if lettre.recue_prouvee_le:
        reception = f"Reçue le {date_moyenne(lettre.recue_prouvee_le)}, prouvé"
    elif lettre.recue_presumee_le:
        reception = f"Réputée reçue le {date_moyenne(lettre.recue_presumee_le)}"
    copie = "Copie pour " if lettre.copie_de_id else ""
    return Rangee(
        (
            Cellule(titre_de(lettre), url=adresse, reference=lettre.reference, detail=APRES if retenue else ""),
            Cellule(f"{copie}{lettre.destinataire.nom_complet}"),
            Cellule(date_moyenne(lettre.jour_emission) if lettre.jour_emission else "—", detail=reception),
            Cellule(etiquettes=_etat(lettre)),
        )
    )


def lisibles(dossier: Dossier, personne: Compte) -> QuerySet[Lettre]:
    """Lettres que la personne peut lire : toutes pour le personnel; pour les autres, celles qui sont émises.

    Avant l'émission, le titre d'une lettre dirait déjà le résultat. Hors du Ministère, on lit les siennes et
    celles de la personne, jamais celles d'un tiers, ni une lettre confidentielle, qui porte un code.
    """
    toutes = Lettre.objects.filter(dossier=dossier)
    if personne.est_personnel:
        return toutes
    fermees = [modele.code for modele in registre.tous() if modele.confidentielle]
    miennes = toutes.filter(emise_le__isnull=False, destinataire_id__in=(dossier.prestataire_id, personne.pk))
    return miennes if personne.pk == dossier.prestataire_id else miennes.exclude(modele__in=fermees)


@require_GET
def lettres(request: HttpRequest, reference: str) -> HttpResponse:
    """Lettres nées de ce dossier, la plus récente d'abord, avec ce qu'une personne doit faire à la main."""
    dossier, droits = entrer(request, reference, "lettre.lire")
    nees = (
        lisibles(dossier, droits.personne)
        .select_related("destinataire")
        .prefetch_related("envois")
        .order_by("-pk")[:BORNE]
    )
    retenues = lettres_retenues(dossier, droits.personne)
    rangees = [_rangee(dossier, une, retenue=une.pk in retenues) for une in nees]
    colonnes = (Colonne("Lettre"), Colonne("À"), Colonne("Émise le"), Colonne("État"))
    taches = TacheHumaine.objects.filter(lettre__dossier=dossier, close_le__isnull=True).select_related("lettre")
    donnees = contexte(request, dossier, droits, "dossier_lettres") | {
        "tableau": Tableau(colonnes, [Groupe(rangees)], "La plus récente d'abord."),
        "taches": taches if droits.peut("reception.prouver") else (),
    }
    return render(request, "dossiers/lettres.html", donnees)


def _entrer(request: HttpRequest, reference: str, lettre: str) -> tuple[Dossier, Droits, OctetsLettre, bool]:
    """La lettre demandée, et vrai si l'écran la garde fermée : elle n'est alors ni montrée, ni consignée comme lue."""
    dossier, droits = entrer(request, reference, "lettre.lire", consigner=False)
    octets = _emise(dossier, droits.personne, lettre)
    retenue = octets.lettre_id in lettres_retenues(dossier, droits.personne)
    quoi = lecture_due(request, "lettre.lire")
    if quoi and not retenue:
        consigner_lecture(droits.personne, dossier, quoi)
    return dossier, droits, octets, retenue


def _emise(dossier: Dossier, personne: Compte, reference_lettre: str) -> OctetsLettre:
    octets = (
        OctetsLettre.objects.filter(lettre__in=lisibles(dossier, personne), lettre__reference=reference_lettre)
        .select_related("lettre__destinataire")
        .first()
    )
    if octets is None:
        raise Http404
    if registre.confidentielle(octets.lettre.modele) and octets.lettre.destinataire_id != personne.pk:
        raise Http404
    return octets


@require_GET
def lettre(request: HttpRequest, reference: str, lettre: str) -> HttpResponse:
    """Version de lecture d'une lettre émise, exactement celle qui a été gardée."""
    dossier, droits, octets, retenue = _entrer(request, reference, lettre)
    if retenue:
        return render(request, "dossiers/lettre_retenue.html", contexte(request, dossier, droits, "dossier_lettres"))
    donnees = contexte(request, dossier, droits, "dossier_lettres") | {
        "lettre": octets.lettre,
        "titre_lettre": titre_de(octets.lettre),
        # Le HTML gardé vient de nos gabarits, où tout texte est échappé; il est figé en base.
        "article": mark_safe(octets.html),  # noqa: S308
        "a_pdf": bool(octets.pdf),
    }
    return render(request, "dossiers/lettre.html", donnees)


@require_GET
def lettre_pdf(request: HttpRequest, reference: str, lettre: str) -> HttpResponse:
    """Octets du PDF tels qu'émis."""
    dossier, _droits, octets, retenue = _entrer(request, reference, lettre)
    if retenue:
        return redirect("dossier_lettre", dossier.reference, octets.lettre.reference)
    if not octets.pdf:
        raise Http404
    reponse = HttpResponse(bytes(octets.pdf), content_type="application/pdf")
    reponse["Content-Disposition"] = f'attachment; filename="lettre-{octets.lettre.reference}.pdf"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
