"""La page du chef d'équipe et ses attributions. Source : `ecrans-et-lettres.md` B4."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comptes import absences
from comptes.models import Compte, Role, Unite
from decisions.actes.signature import QUALITES_SIGNATAIRES
from dossiers import affectations, files
from dossiers.conflits import sans_ceux_en_conflit
from dossiers.forms import FormulaireAffectation, FormulaireGeste, ligne, radios
from dossiers.models import Dossier
from dossiers.pages import entrer, personne_de
from dossiers.porte import DejaFait, executer
from espaces import equipe
from espaces.attribution import FormulaireAttribution, attribuer, confies_en_mots
from revision.actes.traitement import QUALITES_REVISEURS
from revision.lecture import intervenus_avant
from socle import horloge
from socle.composants import Cellule, Groupe, Lien, Ligne, Rangee, Tableau
from socle.pages import page_conflit, poser_refus
from socle.refus import Refus

PERSONNEL_MAX = 200  # personnes offertes


def navigation(request: HttpRequest) -> list[Lien]:
    """Liens principaux d'un chef d'équipe."""
    if getattr(request.user, "role", "") != Role.CHEF_EQUIPE:
        return []
    return [
        Lien("Mon équipe", reverse("equipe"), raccourci="t"),
        Lien("Appels des cliniciens", reverse("appels_cliniciens")),
    ]


def chef_de(request: HttpRequest) -> Compte:
    """Le chef connecté; un autre rôle n'a pas cette page (404)."""
    personne = personne_de(request)
    if personne.role != Role.CHEF_EQUIPE:
        raise Http404
    return personne


def presents(*roles: str) -> list[Compte]:
    """Personnel actif et présent de ces rôles; les absents sont exclus."""
    comptes = Compte.objects.filter(absences.presents(horloge.aujourd_hui()), role__in=roles, is_active=True)
    return list(comptes.order_by("nom", "prenom", "pk")[:PERSONNEL_MAX])


@require_GET
def accueil(request: HttpRequest) -> HttpResponse:
    """Depuis quand on attend, ce qui n'a personne, ce qui échoit; chaque nombre mène à sa liste."""
    chef = chef_de(request)
    jour = horloge.aujourd_hui()
    adresse = reverse("equipe_liste")

    def ligne_de(titre: str, code: str, compte: int) -> Ligne:
        return Ligne(titre, files.compte_en_mots(compte), f"{adresse}?liste={code}", "Voir la liste")

    par_tranche = [equipe.de_la_tranche(chef, une, jour) for une in equipe.TRANCHES]
    listes = equipe.listes(chef)
    par_liste = [equipe.de_la_liste(chef, code, jour) for code in listes]
    comptes = iter(files.compter_plusieurs([*par_tranche, *par_liste]))
    tranches = [ligne_de(une.titre, une.code, next(comptes)) for une in equipe.TRANCHES]
    chiffres = [ligne_de(titre, code, next(comptes)) for code, titre in listes.items()]
    ancien = equipe.en_cours(chef).order_by("depose_le", "pk").first()
    contexte = {
        "jour": jour,
        "unite": chef.get_unite_display(),
        "tranches": tranches,
        "chiffres": chiffres,
        "ancien": ancien,
        "du_bureau": chef.unite == Unite.BUREAU,
        "texte_libres": "Attribuer des dossiers" if chef.unite == Unite.BUREAU else "Affecter des personnes",
        "url_libres": f"{adresse}?liste=sans-responsable",
    }
    return render(request, "espaces/equipe.html", contexte)


def _code_liste(request: HttpRequest, chef: Compte) -> tuple[str, str]:
    code = request.GET.get("liste", "")
    titres = {une.code: une.titre for une in equipe.TRANCHES} | equipe.listes(chef)
    if code not in titres:
        return "", "Tous les dossiers en cours"
    return code, titres[code]


@require_http_methods(["GET", "POST"])
def liste(request: HttpRequest) -> HttpResponse:
    """La liste derrière un nombre; le chef d'un bureau y attribue les dossiers cochés."""
    chef = chef_de(request)
    jour = horloge.aujourd_hui()
    code, titre = _code_liste(request, chef)
    tranche = next((une for une in equipe.TRANCHES if une.code == code), None)
    dossiers = equipe.de_la_tranche(chef, tranche, jour) if tranche else equipe.de_la_liste(chef, code, jour)
    page = files.page_de_file(dossiers, request.GET.get("apres", ""))
    form = None
    if chef.unite == Unite.BUREAU and code != "doublons":
        form = FormulaireAttribution(request.POST or None, page=page.objets, bureau_id=chef.bureau_id)
        if request.method == "POST" and form.is_valid():
            faits = attribuer(chef, form)
            if form.is_valid():
                messages.success(request, confies_en_mots(faits))
                return redirect(request.get_full_path())
    contexte = {
        "titre": titre,
        "page": page,
        "form": form,
        "tableau": Tableau(files.COLONNES, [Groupe(_rangees(chef, page.objets, jour, code))], files.LEGENDE),
    }
    return render(request, "espaces/equipe_liste.html", contexte)


PAGE_DE_LISTE = {"doublons": "equipe_fusion", "conflits": "equipe_conflits", "fermetures": "dossier_geste"}
GESTE_DE_LISTE = {"fermetures": ("trancher-fermeture",)}
PAGE_D_UNITE = {Unite.CSEMS: "equipe_evaluateur", Unite.DRRA: "equipe_reviseurs"}


def _rangees(chef: Compte, dossiers: list[Dossier], jour: Any, code: str) -> list[Rangee]:
    """Rangées de la liste; le nom mène au geste que la liste appelle."""
    rangees = files.rangees(dossiers, chef, jour)
    nom = PAGE_DE_LISTE.get(code) or PAGE_D_UNITE.get(Unite(chef.unite))
    if nom is None:
        return rangees
    suite = GESTE_DE_LISTE.get(code, ())
    jours = equipe.jours_de_revision(dossiers, jour) if chef.unite == Unite.DRRA else {}
    refaites = []
    for dossier, rangee in zip(dossiers, rangees, strict=True):
        cellules = list(rangee.cellules)
        cellules[0] = Cellule(
            dossier.prestataire.nom_complet,
            url=reverse(nom, args=[dossier.reference, *suite]),
            reference=dossier.reference,
        )
        if dossier.pk in jours:
            ecoule, total = jours[dossier.pk]
            cellules[3] = Cellule(f"Jour {ecoule} de {total}")
        refaites.append(Rangee(cellules, rangee.en_retard))
    return refaites


class FormulairePersonnes(FormulaireAffectation):
    """Affecter des personnes à ces titres, que l'acte nomme."""

    qualites: tuple[str, ...] = ()

    def marque(self) -> str:
        return affectations.marque(self.dossier, *self.qualites)

    def affectes(self) -> list[Compte]:
        return [une.qui for une in affectations.vivantes(self.dossier, *self.qualites)]


class FormulaireEvaluateur(FormulairePersonnes):
    """Remplaçant, ou tiers avis après un désaccord."""

    qualites = QUALITES_SIGNATAIRES

    evaluateur = radios("À qui?")
    motif = ligne("Pourquoi?")

    def preparer(self) -> None:
        super().preparer()
        libres = sans_ceux_en_conflit(self.dossier, presents(Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS))
        self.offrir_comptes("evaluateur", libres)

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        return lues | {"evaluateur": self.comptes[lues["evaluateur"]]}


class FormulaireReviseurs(FormulairePersonnes):
    """Un médecin et un spécialiste; le conflit d'intérêts se dit près de la personne en cause."""

    qualites = QUALITES_REVISEURS

    medecin = radios("Médecin réviseur")
    specialiste = radios("Spécialiste réviseur")

    def preparer(self) -> None:
        super().preparer()
        medecins, specialistes = presents(Role.MEDECIN_DRRA), presents(Role.SPECIALISTE_DRRA)
        self.offrir_comptes("medecin", medecins)
        self.offrir_comptes("specialiste", specialistes)
        self.comptes = {str(un.pk): un for un in (*medecins, *specialistes)}

    def donnees(self) -> dict[str, Any]:
        return super().donnees() | {nom: self.comptes[self.cleaned_data[nom]] for nom in ("medecin", "specialiste")}


def _affecter(
    request: HttpRequest, reference: str, modele: type[FormulaireAffectation], acte: str, droit: str, titre: str
) -> HttpResponse:
    dossier, droits = entrer(request, reference)
    if not droits.peut(droit):
        raise Http404
    form = modele(request.POST or None, dossier=dossier, personne=droits.personne)
    try:
        if request.method == "POST" and form.is_valid() and _jouer(request, form, acte, dossier):
            messages.success(request, "L'affectation est faite.")
            return redirect("equipe")
    except affectations.AffectationChangee:
        return page_conflit(request, form.conflit(), request.path)
    contexte = {"dossier": dossier, "form": form, "champs": list(form.visible_fields()), "titre": titre}
    contexte["intervenus"] = _intervenus(dossier) if droit == "reviseur.affecter" else []
    return render(request, "espaces/equipe_affecter.html", contexte)


def _intervenus(dossier: Dossier) -> list[str]:
    """Les réviseurs déjà intervenus dans une autre demande de ce dossier."""
    demande = dossier.demandes.filter(etat_avant_revision__gt="").order_by("-rang").first()
    return intervenus_avant(demande) if demande is not None else []


def _jouer(request: HttpRequest, form: FormulaireGeste, acte: str, dossier: Dossier) -> bool:
    """Comme `soumettre`, mais un conflit d'intérêts est ici celui de la personne choisie : il se dit au champ."""
    try:
        executer(acte, acteur=form.personne, dossier=dossier, cle=form.jeton, **form.donnees())
    except DejaFait:
        return True
    except Refus as refus:
        if refus.code == "conflit_interet":
            _poser_conflit(form, dossier)
        elif refus.code == "acces_refuse":
            raise Http404 from refus
        else:
            poser_refus(form, refus)
        return False
    return True


def _poser_conflit(form: FormulaireGeste, dossier: Dossier) -> None:
    from revision.actes.traitement import en_conflit

    demande = dossier.demandes.filter(etat_avant_revision__gt="").order_by("-rang").first()
    for nom, personne in form.donnees().items():
        if demande is not None and isinstance(personne, Compte) and en_conflit(demande, personne):
            qui = personne.nom_complet
            form.add_error(nom, f"{qui} a pris part à la première décision. Choisissez une autre personne.")


@require_http_methods(["GET", "POST"])
def evaluateur(request: HttpRequest, reference: str) -> HttpResponse:
    """Le chef du CSEMS affecte un remplaçant ou un tiers."""
    return _affecter(
        request, reference, FormulaireEvaluateur, "affecter_evaluateur", "evaluateur.affecter", "Affecter un évaluateur"
    )


@require_http_methods(["GET", "POST"])
def reviseurs(request: HttpRequest, reference: str) -> HttpResponse:
    """Le chef de la DRRA affecte les deux réviseurs, sans lire aucun texte clinique."""
    return _affecter(
        request, reference, FormulaireReviseurs, "affecter_reviseur", "reviseur.affecter", "Affecter les réviseurs"
    )
