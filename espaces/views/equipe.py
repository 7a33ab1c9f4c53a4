"""La page du chef d'équipe et ses attributions. Source : `ecrans-et-lettres.md` B4."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comptes.models import Compte, Role, Unite
from decisions.actes.signature import QUALITES_SIGNATAIRES
from dossiers import affectations, files
from dossiers.forms import FormulaireAffectation, FormulaireGeste, ligne, radios
from dossiers.models import Dossier
from dossiers.pages import FormulaireActe, entrer, personne_de
from dossiers.porte import DejaFait, executer
from espaces import equipe
from revision.actes.traitement import QUALITES_REVISEURS
from socle import horloge
from socle.composants import Cellule, Groupe, Lien, Ligne, Rangee, Tableau
from socle.pages import page_conflit, poser_refus
from socle.refus import Refus

PERSONNEL_MAX = 200


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


def presents(*roles: str, bureau_id: int | None = None) -> list[Compte]:
    """Personnel actif et présent de ces rôles; les absents sont exclus."""
    jour = horloge.aujourd_hui()
    comptes = Compte.objects.filter(role__in=roles, is_active=True).exclude(absent_jusqu_au__gte=jour)
    if bureau_id is not None:
        comptes = comptes.filter(bureau_id=bureau_id)
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
    par_liste = [equipe.de_la_liste(chef, code, jour) for code in equipe.LISTES]
    comptes = iter(files.compter_plusieurs([*par_tranche, *par_liste]))
    tranches = [ligne_de(une.titre, une.code, next(comptes)) for une in equipe.TRANCHES]
    chiffres = [ligne_de(titre, code, next(comptes)) for code, titre in equipe.LISTES.items()]
    ancien = equipe.en_cours(chef).order_by("depose_le", "pk").first()
    contexte = {
        "jour": jour,
        "unite": chef.get_unite_display(),
        "tranches": tranches,
        "chiffres": chiffres,
        "ancien": ancien,
        "texte_libres": "Attribuer des dossiers" if chef.unite == Unite.BUREAU else "Affecter des personnes",
        "du_bureau": chef.unite == Unite.BUREAU,
        "url_libres": f"{adresse}?liste=sans-responsable",
    }
    return render(request, "espaces/equipe.html", contexte)


class FormulaireAttribution(FormulaireActe):
    """Dossiers cochés et agent à qui les confier."""

    dossiers = forms.MultipleChoiceField(label="Dossiers", widget=forms.CheckboxSelectMultiple)
    agent = forms.ChoiceField(label="Confier à")
    motif = ligne("Pourquoi?", requis=False)
    lus = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, page: list[Dossier], agents: list[Compte], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agents = {str(un.pk): un for un in agents}
        self.page = {un.reference: un for un in page}
        noms = [(cle, un.nom_complet) for cle, un in self.agents.items()]
        for nom, choix in (
            ("agent", [("", "Choisir un agent"), *noms]),
            ("dossiers", [(un.reference, f"{un.prestataire.nom_complet}, {un.reference}") for un in page]),
        ):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = choix

    @property
    def lus_maintenant(self) -> str:
        """À qui est chaque dossier de la page : renvoyé tel quel, pour ne rien écrire par-dessus un autre onglet."""
        return " ".join(f"{reference}={affectations.marque_agent(un)}" for reference, un in self.page.items())

    def affectation_lue(self, reference: str) -> str:
        """La marque que la page montrait pour ce dossier; vide si elle ne la disait pas."""
        lus = dict(un.split("=", 1) for un in self.cleaned_data["lus"].split() if "=" in un)
        return lus.get(reference, "")


def _attribuer(chef: Compte, form: FormulaireAttribution) -> int:
    """Confie chaque dossier coché; un dossier refusé est dit, les autres sont confiés."""
    lues, faits = form.cleaned_data, 0
    for reference in lues["dossiers"]:
        cle = uuid5(form.jeton, reference) if form.jeton else None
        try:
            executer(
                "attribuer_dossier", acteur=chef, dossier=form.page[reference], cle=cle,
                agent=form.agents[lues["agent"]], motif=lues["motif"], affectation_lue=form.affectation_lue(reference),
            )  # fmt: skip
        except DejaFait:
            pass
        except affectations.AffectationChangee:
            form.add_error(
                "dossiers", f"{reference} a changé de mains pendant ce temps. Relisez la liste, puis recommencez."
            )
            continue
        except Refus as refus:
            form.add_error("dossiers", f"{reference} : {refus.message}")
            continue
        faits += 1
    return faits


def _code_liste(request: HttpRequest) -> tuple[str, str]:
    code = request.GET.get("liste", "")
    titres = {une.code: une.titre for une in equipe.TRANCHES} | equipe.LISTES
    if code not in titres:
        return "", "Tous les dossiers en cours"
    return code, titres[code]


@require_http_methods(["GET", "POST"])
def liste(request: HttpRequest) -> HttpResponse:
    """La liste derrière un nombre; le chef d'un bureau y attribue les dossiers cochés."""
    chef = chef_de(request)
    jour = horloge.aujourd_hui()
    code, titre = _code_liste(request)
    tranche = next((une for une in equipe.TRANCHES if une.code == code), None)
    dossiers = equipe.de_la_tranche(chef, tranche, jour) if tranche else equipe.de_la_liste(chef, code, jour)
    page = files.page_de_file(dossiers, request.GET.get("apres", ""))
    form = None
    if chef.unite == Unite.BUREAU:
        agents = presents(Role.AGENT, bureau_id=chef.bureau_id)
        form = FormulaireAttribution(request.POST or None, page=page.objets, agents=agents)
        if request.method == "POST" and form.is_valid():
            faits = _attribuer(chef, form)
            if form.is_valid():
                pluriel = "s" if faits > 1 else ""
                messages.success(request, f"{faits} dossier{pluriel} confié{pluriel}.")
                return redirect(request.get_full_path())
    contexte = {
        "titre": titre,
        "page": page,
        "form": form,
        "tableau": Tableau(files.COLONNES, [Groupe(_rangees(chef, page.objets, jour))], files.LEGENDE),
    }
    return render(request, "espaces/equipe_liste.html", contexte)


def _rangees(chef: Compte, dossiers: list[Dossier], jour: Any) -> list[Rangee]:
    rangees = files.rangees(dossiers, chef, jour)
    if chef.unite == Unite.BUREAU:
        return rangees
    jours = equipe.jours_de_revision(dossiers, jour) if chef.unite == Unite.DRRA else {}
    nom = "equipe_reviseurs" if chef.unite == Unite.DRRA else "equipe_evaluateur"
    refaites = []
    for dossier, rangee in zip(dossiers, rangees, strict=True):
        cellules = list(rangee.cellules)
        cellules[0] = Cellule(
            dossier.prestataire.nom_complet, url=reverse(nom, args=[dossier.reference]), reference=dossier.reference
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
        self.offrir_comptes("evaluateur", presents(Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS))

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
    return render(request, "espaces/equipe_affecter.html", contexte)


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
