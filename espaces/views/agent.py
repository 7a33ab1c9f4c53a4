"""La file de l'agent d'aide financière. Source : `ecrans-et-lettres.md` B1.1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from comptes import absences
from comptes.models import Compte, Role
from correspondance.models import TacheHumaine
from dossiers import files as pages_de_file
from dossiers.actes.travail import prendre_le_suivant
from dossiers.etats import Etat
from dossiers.models import FiltreEnregistre, Tache
from dossiers.pages import personne_de
from dossiers.recherche import RESULTATS, chercher
from espaces import files
from espaces.filtres import Filtre, FormulaireFiltre, FormulaireNom
from espaces.lots import relance_possible
from socle import horloge
from socle.composants import Groupe, Lien, Tableau
from socle.dates_en_mots import date_moyenne

APERCU = 10
QUI = ("reference", "prestataire__prenom", "prestataire__nom")  # d'un dossier, ce que dit une ligne de registre


class FormulaireRecherche(forms.Form):
    """Une case : nom, numéro de dossier, NAM ou NAS. Envoyée par POST : rien de personnel dans l'adresse."""

    q = forms.CharField(label="Nom, numéro de dossier, NAM ou NAS", max_length=120)


def agent_de(request: HttpRequest) -> Compte:
    """L'agent connecté; un autre rôle n'a pas cette page (404)."""
    personne = personne_de(request)
    if personne.role != Role.AGENT:
        raise Http404
    return personne


def navigation(request: HttpRequest) -> list[Lien]:
    """Liens principaux de l'agent; rien pour les autres rôles."""
    if getattr(request.user, "role", "") != Role.AGENT:
        return []
    return [
        Lien("Mon travail", reverse("travail"), raccourci="t"),
        Lien("Rechercher", reverse("rechercher"), raccourci="r"),
        Lien("Nouvelle demande", reverse("dossier_nouveau")),
        Lien("Cliniques", reverse("portes")),
    ]


def _onglets(siennes: files.Files, actif: str) -> tuple[list[Lien], int, int]:
    """Onglets avec leurs comptes bornés; nombre de dossiers à l'agent, et sans responsable."""
    adresse = reverse("travail")
    requetes = [siennes.de_l_onglet(onglet.code) for onglet in files.ONGLETS]
    *comptes, libres = pages_de_file.compter_plusieurs([*requetes, siennes.sans_responsable()])
    liens = [
        pages_de_file.onglet(
            onglet.titre, f"{adresse}?file={onglet.code}" if onglet.code else adresse, compte, onglet.code == actif
        )
        for onglet, compte in zip(files.ONGLETS, comptes, strict=True)
    ]
    return liens, comptes[0], libres


def _groupes(siennes: files.Files, page: Any, jour: date, premiere: bool, miens: int, sans: int) -> list[Groupe]:
    """Groupes de l'onglet « À faire aujourd'hui », alertes lues d'un coup."""
    relances = list(siennes.a_relancer(jour).pour_file()[:APERCU]) if premiere else []
    libres = list(siennes.sans_responsable().pour_file()[:APERCU]) if premiere else []
    alertes = pages_de_file.alertes_de([*page.objets, *relances, *libres])
    lus = (
        (f"À vous · {pages_de_file.compte_en_mots(miens)}", page.objets),
        (f"À quelqu'un d'autre, mais vous relancez · {len(relances)}", relances),
        (f"Sans responsable dans votre bureau · {pages_de_file.compte_en_mots(sans)}", libres),
    )
    return [
        Groupe([pages_de_file.rangee(un, siennes.agent, jour, alertes.get(un.pk)) for un in dossiers], titre)
        for titre, dossiers in lus
    ]


@require_GET
def travail(request: HttpRequest) -> HttpResponse:
    """Ce que l'agent a à faire : échéance la plus proche d'abord, puis demande la plus ancienne."""
    agent = agent_de(request)
    garde, filtre = _filtre(request, agent)
    onglet = files.onglet(filtre.file)
    curseur = request.GET.get("apres", "")
    jour = horloge.aujourd_hui()
    siennes = files.Files(agent)
    page = pages_de_file.page_de_file(filtre.appliquer(siennes, jour), curseur)
    onglets, miens, libres = _onglets(siennes, onglet.code)
    simple = bool(onglet.code) or filtre.restreint
    groupes = (
        [Groupe(pages_de_file.rangees(page.objets, agent, jour))]
        if simple
        else _groupes(siennes, page, jour, not curseur, miens, libres)
    )
    contexte: dict[str, Any] = {
        "jour": jour,
        "bureau": agent.bureau,
        "recherche": FormulaireRecherche(),
        "onglets": onglets,
        "onglet": onglet,
        "page": page,
        "tableau": Tableau(pages_de_file.COLONNES, groupes, pages_de_file.LEGENDE),
        "libres": pages_de_file.compte_en_mots(libres),
        "filtre": filtre,
        "garde": garde,
        "vide": "Aucun dossier ne répond à ce filtre." if filtre.restreint else onglet.vide,
        # Lu seulement si on le demande : une file ordinaire ne paie pas la liste des collègues.
        "filtrer": FormulaireFiltre(filtre, agent) if filtre.restreint or "filtrer" in request.GET else None,
        "nommer": FormulaireNom() if filtre.restreint and garde is None else None,
        "lot": bool(page.objets),
        "relancer": relance_possible() and (filtre.file == "attente" or filtre.etat == Etat.A_COMPLETER),
        "remplaces": _remplaces(agent, jour),
        "mes_filtres": FiltreEnregistre.objects.filter(compte=agent).order_by("nom"),
    }
    if not simple and not curseur:
        contexte |= {"taches": _taches(agent), "a_la_main": _a_la_main(agent)}
    return render(request, "espaces/agent_travail.html", contexte)


def _filtre(request: HttpRequest, agent: Compte) -> tuple[FiltreEnregistre | None, Filtre]:
    """Le filtre gardé que nomme l'adresse (404 s'il n'est pas à soi), sinon celui que l'adresse décrit."""
    numero = request.GET.get("filtre", "")
    if not numero:
        return None, Filtre.lire(request.GET)
    connu = numero.isascii() and numero.isdigit() and len(numero) < 10
    garde = FiltreEnregistre.objects.filter(compte=agent, pk=int(numero)).first() if connu else None
    if garde is None:
        raise Http404
    return garde, Filtre.lire(garde.criteres)


def _remplaces(agent: Compte, jour: date) -> list[Compte]:
    """Collègues absents ce jour que cet agent remplace : leurs dossiers sont à un clic."""
    return list(Compte.objects.filter(absences.absents(jour), remplacant=agent, is_active=True)[:APERCU])


@dataclass(frozen=True)
class Geste:
    """Une ligne de registre : de qui, quel geste, depuis quand."""

    reference: str
    nom: str
    quoi: str
    depuis: datetime
    note: str = ""
    avant: date | None = None


def _taches(agent: Compte) -> list[Geste]:
    """Gestes attendus sur les dossiers de l'agent, hors explication (elle a son onglet)."""
    lues = (
        Tache.objects.filter(dossier__agent=agent, dossier__fusionne_dans__isnull=True, close_le__isnull=True)
        .exclude(code=Tache.Code.DECISION_A_EXPLIQUER)
        # Une tâche sans date est due depuis qu'elle est née : une offre à faire dans dix jours ne la cache pas.
        .order_by(Coalesce("avant_le", TruncDate("nee_le")), "pk")
        .select_related("dossier__prestataire")
        .only(*(f"dossier__{champ}" for champ in QUI), "code", "nee_le", "note", "avant_le")[:APERCU]
    )
    return [
        Geste(
            une.dossier.reference,
            une.dossier.prestataire.nom_complet,
            une.get_code_display(),
            une.nee_le,
            une.note,
            une.avant_le,
        )
        for une in lues
    ]


def _a_la_main(agent: Compte) -> list[Geste]:
    """Lettres que la machine n'a pas pu remettre, sur les dossiers de l'agent."""
    lues = (
        TacheHumaine.objects.filter(lettre__dossier__agent=agent, close_le__isnull=True)
        .order_by("cree_le", "pk")
        .select_related("lettre__dossier__prestataire")
        .only(*(f"lettre__dossier__{champ}" for champ in QUI), "genre", "cree_le")[:APERCU]
    )
    dossiers = [(une, une.lettre.dossier) for une in lues]
    return [
        Geste(dossier.reference, dossier.prestataire.nom_complet, une.get_genre_display(), une.cree_le)
        for une, dossier in dossiers
    ]


@require_POST
def prendre_suivant(request: HttpRequest) -> HttpResponse:
    """Prend le premier dossier sans responsable et l'ouvre."""
    pris = prendre_le_suivant(agent_de(request))
    if pris is None:
        messages.info(request, "La file de l'équipe est vide. Rien à prendre pour le moment.")
        return redirect("travail")
    messages.success(request, "Ce dossier est maintenant à vous.")
    return redirect("dossier_sommaire", pris.reference)


def rechercher(request: HttpRequest) -> HttpResponse:
    """Cherche une personne parmi les dossiers que l'agent peut voir."""
    agent = agent_de(request)
    formulaire = FormulaireRecherche(request.POST or None)
    contexte: dict[str, Any] = {"form": formulaire}
    if formulaire.is_valid():
        connus = files.du_bureau(agent).only(*files.D_UNE_RANGEE, "naissance")
        trouves = chercher(connus, formulaire.cleaned_data["q"])
        if len(trouves) == 1:
            return redirect("dossier_sommaire", trouves[0].reference)
        jour = horloge.aujourd_hui()
        montres = trouves[:RESULTATS]
        contexte |= {
            "tableau": pages_de_file.avec_colonne(
                "Naissance",
                [date_moyenne(un.naissance) if un.naissance else "—" for un in montres],
                pages_de_file.rangees(montres, agent, jour),
                "Le nom exact d'abord, puis les plus proches.",
                sans=pages_de_file.OUVERT_DEPUIS,
            ),
            "encore": len(trouves) > RESULTATS,
        }
    return render(request, "espaces/agent_recherche.html", contexte)
