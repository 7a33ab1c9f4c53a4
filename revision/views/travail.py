"""`/revision/` : les files de la direction de la révision; l'obligation des 30 jours d'abord."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from revision import files
from revision.models import Revision
from revision.views.commun import reviseur_de
from socle import horloge
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Lien, Rangee, Tableau
from socle.dates_en_mots import date_courte, date_heure
from socle.pages import paginer_par_cle

DEFAUT = "nouvelles"
VIDES = {
    "nouvelles": "Aucune révision nouvelle. Le chef d'équipe vous en affectera.",
    "entrevue": "Aucune entrevue à faire.",
    "a-decider": "Aucune révision à décider.",
    "a-signer": "Rien n'attend votre signature.",
}
ECRANS = {
    "nouvelles": "revision_recevabilite",
    "entrevue": "revision_dossier",
    "a-decider": "revision_dossier",
    "a-signer": "revision_decision",
}
REPERES = {"jour_20": Etiquette("Jour 20 passé", "attente"), "jour_75": Etiquette("Jour 75 passé", "alerte")}


@require_http_methods(["GET"])
def travail(request: HttpRequest) -> HttpResponse:
    """Quatre files; la plus ancienne demande d'abord."""
    personne = reviseur_de(request)
    comptes = {cle: files.compter(requete(personne)) for cle, (_, requete) in files.ONGLETS.items()}
    actif = request.GET.get("file", "")
    if actif not in files.ONGLETS:
        actif = next((cle for cle, nombre in comptes.items() if nombre), DEFAUT)
    requete = files.ONGLETS[actif][1](personne).select_related("demande__dossier__prestataire")
    page = paginer_par_cle(requete, request.GET.get("apres", ""), ordre=files.ORDRE)
    contexte = {
        "onglets": [
            Lien(titre, f"{reverse('revision')}?file={cle}", cle == actif, comptes[cle])
            for cle, (titre, _) in files.ONGLETS.items()
        ],
        "titre_file": files.ONGLETS[actif][0],
        "tableau": _tableau(page.objets, actif),
        "pagination": page,
        "vide": VIDES[actif],
    }
    return render(request, "revision/travail.html", contexte)


def _tableau(revisions: list[Revision], actif: str) -> Tableau:
    horloges = files.horloges(revisions)
    colonnes = (
        Colonne("Personne"),
        Colonne("Demandée le"),
        Colonne("Rendre avant le"),
        Colonne("Recours direct après le"),
        Colonne("Jour"),
    )
    rangees = [_rangee(revision, horloges[revision.pk], actif) for revision in revisions]
    return Tableau(colonnes, (Groupe(rangees),), f"Révisions : {files.ONGLETS[actif][0].lower()}")


def _rangee(revision: Revision, de: files.Horloge, actif: str) -> Rangee:
    dossier = revision.demande.dossier
    jour = horloge.aujourd_hui()
    repere = REPERES.get(de.banniere(jour))
    return Rangee(
        (
            Cellule(
                dossier.prestataire.nom_complet,
                reverse(ECRANS[actif], args=[dossier.reference]),
                reference=dossier.reference,
            ),
            Cellule(date_courte(revision.recue_le)),
            Cellule(echeance=de.rendre) if de.rendre else Cellule("Aucune date"),
            Cellule(echeance=de.direct) if de.direct else Cellule("Aucune date"),
            Cellule(
                de.en_mots,
                detail=f"Entrevue : {date_heure(de.entrevue.le)}" if de.entrevue else "",
                etiquettes=(repere,) if repere else (),
            ),
        ),
        en_retard=de.rendre is not None and de.rendre < jour,
    )
