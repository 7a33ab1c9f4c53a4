"""L'espace du professionnel de la santé : à remplir, à compléter, terminés; l'issue, si la personne y consent.

Source : `ecrans-et-lettres.md` B6 et C5. Rien n'est lu d'un dossier sans invitation au consentement vivant,
délégation, ou signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from comptes.lecture import permis_valide, peut_signer_rapport
from comptes.models import Compte, Delegation, Role
from decisions import temporaires
from decisions.models import RetourClinicien
from dossiers.acces import Droits
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.etats import Balle, Etat
from dossiers.models import Demande, DemandeRenseignement, Dossier, Invitation
from dossiers.pages import entrer, personne_de
from espaces import occasion_clinique
from formulaires import lecture
from formulaires.models import Brouillon, Contribution, RapportMedical
from referentiels import lecture as referentiels
from socle import horloge
from socle.composants import Cellule, Colonne, Etiquette, Groupe, Lien, Rangee, Tableau
from socle.dates_en_mots import date_moyenne
from socle.pages import paginer_par_cle

SR2100, CONTRIBUTION = Brouillon.Formulaire.SR2100, Brouillon.Formulaire.CONTRIBUTION
SANS_DATE = date(9999, 12, 31)
VUES = {
    "a-remplir": "À remplir",
    "a-completer": "À compléter",
    "termines": "Terminés",
}
VIDES = {
    "a-remplir": "Aucun rapport à remplir. Avez-vous un code patient?",
    "a-completer": "Rien à compléter ni à confirmer. S'il manque un point à un rapport, nous vous le demanderons ici.",
    "termines": "Aucun rapport terminé. Ceux que vous signez restent ici, avec leur suite.",
}
COMPTE_MAX = 1000


def navigation(request: HttpRequest) -> Sequence[Lien]:
    """Lien principal du professionnel de la santé."""
    if getattr(request.user, "role", "") != Role.CLINICIEN:
        return ()
    return (Lien("Mes rapports", reverse("clinique"), raccourci="t"),)


def clinicienne_de(request: HttpRequest) -> Compte:
    """Le professionnel de la santé connecté; un autre rôle n'a pas ces pages (404)."""
    personne = personne_de(request)
    if personne.role != Role.CLINICIEN:
        raise Http404
    return personne


def _pour_qui(personne: Compte, jour: date) -> list[int]:
    """La personne, et les cliniciens pour qui elle prépare aujourd'hui."""
    delegations = Delegation.objects.filter(delegue=personne, du__lte=jour).filter(Q(au__isnull=True) | Q(au__gte=jour))
    return [personne.pk, *delegations.values_list("clinicien_id", flat=True)]


def _dossiers(personne: Compte, cliniciens: list[int]) -> Any:
    """Dossiers visibles, avec ce qui est attendu de la personne sur chacun."""
    courante = Demande.objects.filter(dossier=OuterRef("pk"), ouverte_le__isnull=False).order_by("-rang")
    attendus = DemandeRenseignement.objects.filter(
        demande__dossier=OuterRef("pk"), destinataire=personne, close_le__isnull=True, repondue_le__isnull=True
    )
    invitations = Invitation.objects.filter(
        demande__dossier=OuterRef("pk"), clinicien_id__in=cliniciens, declinee_le__isnull=True
    )
    rapports = RapportMedical.objects.filter(demande_id=OuterRef("courante_id"), signataire_id__in=cliniciens)
    contributions = Contribution.objects.filter(demande_id=OuterRef("courante_id"), auteur=personne)
    a_confirmer = temporaires.attendus_de(personne).filter(decision__demande__dossier=OuterRef("pk")).order_by("-pk")
    return (
        Dossier.objects.visibles_par(personne, "clinique.lister")
        .filter(fusionne_dans__isnull=True)
        .annotate(courante_id=Subquery(courante.values("pk")[:1]))
        .annotate(
            attend=Exists(attendus),
            invite=Exists(invitations),
            signe=Exists(rapports) | Exists(contributions),
            confirmer_avant=Subquery(a_confirmer.values("fin")[:1]),
            occasion_avant=occasion_clinique.limite(personne, horloge.aujourd_hui()),
        )
        .annotate(limite=Coalesce(F("confirmer_avant"), F("occasion_avant"), F("avant_le"), Value(SANS_DATE)))
    )


def _de_la_vue(dossiers: Any, vue: str) -> Any:
    """Une question ouverte ou une confirmation attendue passent avant le reste."""
    a_completer = Q(attend=True) | Q(confirmer_avant__isnull=False) | occasion_clinique.A_COMPLETER
    a_remplir = ~a_completer & Q(invite=True, signe=False) & ~Q(etat=Etat.FERMEE)
    if vue == "a-completer":
        return dossiers.filter(a_completer)
    return dossiers.filter(a_remplir) if vue == "a-remplir" else dossiers.exclude(a_completer).exclude(a_remplir)


def _onglets(dossiers: Any, active: str) -> list[Lien]:
    liens = []
    for vue, titre in VUES.items():
        compte = None
        if vue != "termines":
            compte = len(_de_la_vue(dossiers, vue).values_list("pk", flat=True)[: COMPTE_MAX + 1])
        texte = f"{titre} (1 000+)" if compte is not None and compte > COMPTE_MAX else titre
        compte = None if compte is not None and compte > COMPTE_MAX else compte
        liens.append(Lien(texte, f"{reverse('clinique')}?vue={vue}", vue == active, compte))
    return liens


@require_http_methods(["GET"])
def liste(request: HttpRequest) -> HttpResponse:
    """Ce qui attend la personne : à remplir, à compléter, terminés."""
    personne, jour = clinicienne_de(request), horloge.aujourd_hui()
    dossiers = _dossiers(personne, _pour_qui(personne, jour))
    vue = request.GET.get("vue", "")
    onglets = _onglets(dossiers, vue)
    if vue not in VUES:
        vue = "a-completer" if onglets[1].compte and not onglets[0].compte else "a-remplir"
        onglets = [Lien(o.texte, o.url, o.url.endswith(f"={vue}"), o.compte) for o in onglets]
    requete = _de_la_vue(dossiers, vue).select_related("prestataire")
    ordre = ("-pk",) if vue == "termines" else ("limite", "pk")
    page = paginer_par_cle(requete, request.GET.get("apres", ""), ordre)
    tableau = _tableau(page.objets, vue, personne)
    contexte = {"onglets": onglets, "page": page, "tableau": tableau, "vide": VIDES[vue], "titre_vue": VUES[vue]}
    return render(request, "espaces/clinique_liste.html", contexte)


def _tableau(dossiers: list[Any], vue: str, personne: Compte) -> Tableau:
    faire = {"a-remplir": _rangees_a_remplir, "a-completer": _rangees_a_completer, "termines": _rangees_terminees}
    titres = {
        "a-remplir": ("Patient", "Ce qui est demandé", "Avant le"),
        "a-completer": ("Patient", "Ce qui est attendu", "Avant le"),
        "termines": ("Patient", "Rapport", "Suite"),
    }
    colonnes = [Colonne(titre) for titre in titres[vue]]
    return Tableau(colonnes, [Groupe(faire[vue](dossiers, personne))], VUES[vue])


def _patient(dossier: Any) -> Cellule:
    return Cellule(
        dossier.prestataire.nom_complet,
        url=reverse("clinique_dossier", args=[dossier.reference]),
        reference=dossier.reference,
    )


def _limite(dossier: Any) -> Cellule:
    """La date n'est montrée que si c'est bien le clinicien que le dossier attend."""
    if dossier.balle == Balle.CLINICIEN and dossier.avant_le is not None:
        return Cellule(echeance=dossier.avant_le)
    return Cellule("Aucune date")


def _a_faire(personne: Compte) -> tuple[str, str]:
    """Ce que le titre de cette personne peut signer : le rapport médical, ou une contribution."""
    jour = horloge.aujourd_hui()
    if lecture.natures_permises(personne, jour):
        if peut_signer_rapport(personne, jour):
            return "Rapport médical (SR-2100), ou contribution", "Quatre pages, ou une seule"
        return "Contribution, à côté du rapport médical", "Une page, environ 10 minutes"
    return "Rapport médical (SR-2100)", "Quatre pages, environ 5 minutes"


def _rangees_a_remplir(dossiers: list[Any], personne: Compte) -> list[Rangee]:
    gardes = {
        brouillon.demande_id: brouillon
        for brouillon in Brouillon.objects.filter(
            demande_id__in=[dossier.courante_id for dossier in dossiers],
            formulaire__in=(SR2100, CONTRIBUTION),
        ).filter(Q(pour=personne) | Q(modifie_par=personne))
    }
    quoi, duree = _a_faire(personne)
    rangees = []
    for dossier in dossiers:
        brouillon = gardes.get(dossier.courante_id)
        detail = duree
        if brouillon is not None and not brouillon.est_expire(horloge.aujourd_hui()):
            detail = f"Commencé, gardé jusqu'au {date_moyenne(brouillon.expire_le)}"
        rangees.append(Rangee([_patient(dossier), Cellule(quoi, detail=detail), _limite(dossier)]))
    return rangees


def _rangees_a_completer(dossiers: list[Any], personne: Compte) -> list[Rangee]:
    attendus: dict[int, list[str]] = {}
    demandes = DemandeRenseignement.objects.filter(
        demande__dossier__in=dossiers, destinataire=personne, close_le__isnull=True, repondue_le__isnull=True
    ).select_related("demande")
    for demande in demandes:
        jour = horloge.jour_civil(demande.demandee_le)
        noms = [referentiels.element(code, jour).dit("libelle") for code in demande.elements]
        attendus.setdefault(demande.demande.dossier_id, []).extend(noms)
    rangees = []
    for dossier in dossiers:
        manque, limite = attendus.get(dossier.pk), _limite(dossier)
        quoi = Cellule(", ".join(manque or ()), detail="Réponse en 2 minutes")
        if not manque and dossier.confirmer_avant is not None:
            adresse = reverse("toujours_valable", args=[dossier.reference])
            quoi = Cellule("À confirmer : toujours valable?", url=adresse, detail="Contrainte temporaire, une minute")
            limite = Cellule(echeance=dossier.confirmer_avant)
        elif not manque and dossier.occasion_avant is not None:
            adresse = reverse("clinique_dossier", args=[dossier.reference])
            quoi = Cellule("Lire ce qui manque avant la décision", url=adresse, detail="Répondre aide la personne")
            limite = Cellule(echeance=dossier.occasion_avant)
        rangees.append(Rangee([_patient(dossier), quoi, limite]))
    return rangees


def _rangees_terminees(dossiers: list[Any], personne: Compte) -> list[Rangee]:
    lisibles = set(
        Dossier.objects.visibles_par(personne, "retour.lire")
        .filter(pk__in=[dossier.pk for dossier in dossiers])
        .values_list("pk", flat=True)
    )
    rangees = []
    for dossier in dossiers:
        suite = Cellule("", etiquettes=[Etiquette(dossier.statut_public or "Reçue", "info")])
        if dossier.pk in lisibles:
            suite = Cellule(
                "Lire la décision et ce qui manquait", url=reverse("clinique_retour", args=[dossier.reference])
            )
        rapport = "Signé" if dossier.signe else "Aucun rapport de vous à cette demande"
        rangees.append(Rangee([_patient(dossier), Cellule(rapport), suite]))
    return rangees


def _adresse(nom: str, reference: str) -> str:
    try:
        return reverse(nom, args=[reference])
    except NoReverseMatch:
        return ""


def _brouillon(demande: Demande, genre: str, pour: Compte) -> Brouillon | None:
    """Le brouillon encore gardé de ce formulaire."""
    garde = lecture.brouillon_de(demande, genre, pour)
    return garde if garde is not None and not garde.est_expire(horloge.aujourd_hui()) else None


def _a_ecrire(demande: Demande, droits: Droits, signataire: Compte) -> dict[str, Any]:
    """Le rapport ou la contribution que ce titre peut signer, et leurs brouillons.

    Sans permis au compte, le titre n'est pas connu : les deux s'offrent, et la signature jugera.
    """
    personne, jour = droits.personne, horloge.aujourd_hui()
    natures = lecture.natures_permises(personne, jour)
    contribue = droits.peut("contribution.signer") and (bool(natures) or permis_valide(personne, jour) is None)
    rapporte = not natures or peut_signer_rapport(personne, jour)
    commencee = _brouillon(demande, CONTRIBUTION, personne) if contribue else None
    return {
        "rapporte": rapporte,
        "peut_rapporter": rapporte and droits.peut("sr2100.signer"),
        "contribue": contribue,
        "brouillon": _brouillon(demande, SR2100, signataire) if rapporte else None,
        "brouillon_contribution": commencee,
        "texte_contribution": "Reprendre la contribution" if commencee else "Écrire une contribution",
    }


@require_http_methods(["GET"])
def dossier(request: HttpRequest, reference: str) -> HttpResponse:
    """Un dossier vu de la clinique : ce qui est attendu, ce qui est signé, ce qu'on peut encore faire."""
    personne, jour = clinicienne_de(request), horloge.aujourd_hui()
    ouvert, droits = entrer(request, reference, "clinique.lister")
    vu = _dossiers(personne, _pour_qui(personne, jour)).filter(pk=ouvert.pk).first()
    if vu is None or ouvert.courante_lue is None:
        raise Http404
    attendues = DemandeRenseignement.objects.filter(
        demande__dossier=ouvert, destinataire=personne, close_le__isnull=True, repondue_le__isnull=True
    )
    manque = [
        referentiels.element(code, horloge.jour_civil(demande.demandee_le))
        for demande in attendues
        for code in demande.elements
    ]
    clinicien = personne if droits.peut("sr2100.signer") else lecture.clinicien_represente(personne, ouvert, jour)
    contexte = {
        "dossier": ouvert,
        "vu": vu,
        "jour": jour,
        "manque": manque,
        "titre_manque": "Il nous manque un point" if len(manque) == 1 else f"Il nous manque {len(manque)} points",
        "a_remplir": vu.invite and not vu.signe and ouvert.etat != Etat.FERMEE,
        "rapport": lecture.rapport_signe_par(ouvert, personne) if droits.peut("sr2100.lire") else None,
        **_a_ecrire(ouvert.courante_lue, droits, clinicien or personne),
        "a_contribue": droits.peut("contribution.lire"),
        "montre_portrait": droits.peut("portrait.lire"),
        "peut_decliner": droits.peut("rapport.decliner") and not vu.signe,
        "peut_imprimer": droits.peut("sr2100.imprimer"),
        "peut_verser": droits.peut("piece.verser") and consentement_vivant(ouvert, JOINDRE),
        "peut_signer": droits.peut("sr2100.signer"),
        **occasion_clinique.carte(ouvert, personne, jour),
        "peut_lire_retour": droits.peut("retour.lire"),
        "url_echanges": _adresse("dossier_echanges", reference) if droits.peut("echange.lire") else "",
        "pour": clinicien if clinicien is not None and clinicien.pk != personne.pk else None,
    }
    return render(request, "espaces/clinique_dossier.html", contexte)


@require_http_methods(["GET"])
def retour(request: HttpRequest, reference: str) -> HttpResponse:
    """L'issue et ce qui manquait, à l'émission et jamais avant, tant que la personne y consent."""
    personne = clinicienne_de(request)
    ouvert, _droits = entrer(request, reference, "retour.lire")
    retours = [
        {
            "retour": un,
            "manque": [referentiels.element(code, un.decision.demande.jour_depot) for code in un.elements],
        }
        for un in RetourClinicien.objects.filter(decision__demande__dossier=ouvert, clinicien=personne)
        .select_related("decision__demande")
        .order_by("-emis_le")
    ]
    return render(request, "espaces/clinique_retour.html", {"dossier": ouvert, "retours": retours})
