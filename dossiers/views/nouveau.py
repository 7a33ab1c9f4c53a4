"""Consigner une nouvelle demande : chercher d'abord, créer ensuite. Source : `ecrans-et-lettres.md` B1.2."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from comptes.models import Compte, Role
from dossiers import files
from dossiers.actes.demandes import consigner_nouvelle_personne
from dossiers.forms import ligne, zone
from dossiers.models import Demande, Dossier
from dossiers.pages import FormulaireActe, personne_de
from dossiers.porte import DejaFait
from dossiers.recherche import ressemblances
from journal.models import Entree
from referentiels.identifiants import compacter, verifier_nam
from socle import horloge
from socle.champs_formulaire import ChampDate, ChampTelephone
from socle.composants import Tableau
from socle.pages import poser_refus
from socle.refus import Refus


def reserves_nam(lues: dict[str, Any]) -> tuple[str, ...]:
    """Ce qui surprend dans le NAM : dit avant de créer, jamais un empêchement (il peut manquer ou venir d'ailleurs)."""
    nam, naissance = lues.get("nam"), lues.get("naissance")
    return tuple(verifier_nam(nam, naissance).avertissements) if nam and naissance else ()


class FormulaireIdentite(FormulaireActe):
    """Qui est la personne : NAM, ou nom et date de naissance."""

    nam = ligne(
        "Numéro d'assurance maladie",
        requis=False,
        maximum=20,
        aide="Quatre lettres et huit chiffres. Vide si elle ne l'a pas.",
    )
    prenom = ligne("Prénom", maximum=80)
    nom = ligne("Nom", maximum=120)
    naissance = ChampDate(label="Date de naissance", naissance=True)
    nam_vu = ""  # le NAM dont la réserve a déjà été montrée : elle n'arrête qu'une fois

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nam_vu = compacter(str(self.data.get("nam_vu", ""))[:40])

    def reserver_le_nam(self, garder: str) -> None:
        """Arrête une fois l'envoi d'un NAM qui surprend; `garder` : le geste qui le garde tel quel."""
        reserves = reserves_nam(self.cleaned_data)
        if reserves and self.cleaned_data["nam"] != self.nam_vu:
            self.nam_vu = self.cleaned_data["nam"]
            self.add_error("nam", f"{' '.join(reserves)} Corrigez-le, ou {garder} pour le garder.")

    def clean_nam(self) -> str:
        """Sans espace ni tiret, en majuscules."""
        return compacter(self.cleaned_data["nam"])

    def clean_naissance(self) -> Any:
        """Une naissance n'est pas à venir."""
        jour = self.cleaned_data["naissance"]
        if (jour and not horloge.aujourd_hui().year - 120 <= jour.year) or (jour and jour > horloge.aujourd_hui()):
            raise forms.ValidationError("Cette date de naissance n'est pas possible. Vérifiez l'année.")
        return jour


class FormulaireNouveau(FormulaireIdentite):
    """Le reste : joindre la personne, sa langue, comment elle veut apprendre le résultat, son dépôt."""

    adresse = zone("Adresse postale", requis=False, maximum=400, rangs=3)
    telephone = ChampTelephone(label="Téléphone")
    email = forms.EmailField(
        label="Courriel", required=False, help_text="Un courriel dit seulement qu'il y a du nouveau."
    )
    canal_prefere = forms.ChoiceField(
        label="Comment recevoir les lettres?", choices=Compte.Canal.choices, widget=forms.RadioSelect, initial="poste"
    )
    langue = forms.ChoiceField(
        label="Langue des lettres",
        choices=(("fr", "Français"), ("en", "Anglais")),
        widget=forms.RadioSelect,
        initial="fr",
    )
    motif_langue = ligne(
        "Si en anglais, pourquoi?",
        requis=False,
        maximum=120,
        aide="La Charte demande une raison : par exemple, une correspondance déjà en anglais.",
    )
    annonce = ligne(
        "Comment, et avec qui, veut-elle apprendre le résultat?",
        requis=False,
        aide="Par exemple : « Par un appel, avec Mme Prototype ».",
    )
    canal = forms.ChoiceField(
        label="Comment la demande est-elle reçue?", choices=Demande.Canal.du_bureau(), widget=forms.RadioSelect
    )
    type = forms.ChoiceField(
        label="Quelle demande?", choices=Demande.Type.choices, widget=forms.RadioSelect, initial=Demande.Type.INITIALE
    )
    autre_personne = forms.BooleanField(label="J'ai vérifié : c'est une autre personne", required=False)

    def __init__(self, *args: Any, semblables: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not semblables:
            del self.fields["autre_personne"]

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        if lues.get("langue") == "en" and not (lues.get("motif_langue") or "").strip():
            self.add_error("motif_langue", "Écrivez la raison.")
        if "autre_personne" in self.fields and not self.errors and not lues.get("autre_personne"):
            self.add_error("autre_personne", "Ouvrez le dossier de cette personne, ou cochez que c'en est une autre.")
        self.reserver_le_nam("créez la demande de nouveau")
        courriel = lues.get("email")
        if courriel and Compte.objects.filter(email__iexact=courriel).exists():
            self.add_error("email", "Ce courriel est déjà celui d'un autre compte. Vérifiez-le avec la personne.")
        return lues


def _agent(request: HttpRequest) -> Compte:
    personne = personne_de(request)
    if personne.role != Role.AGENT or personne.bureau_id is None:
        raise Http404
    return personne


def _qui_ressemble(agent: Compte, identite: FormulaireIdentite) -> tuple[list[tuple[Dossier, list[str]]], bool]:
    """Dossiers que l'agent voit et qui ressemblent à cette personne, avec pourquoi; et s'il y en a ailleurs."""
    if not identite.is_valid():
        return [], False
    qui = identite.cleaned_data
    trouves = ressemblances(
        qui["nom"],
        qui["prenom"],
        naissance=qui["naissance"],
        nam=qui["nam"],
        telephone=str(identite.data.get("telephone", ""))[:400],
        adresse=str(identite.data.get("adresse", ""))[:400],
    )
    siens = Dossier.objects.visibles_par(agent).filter(pk__in=[dossier.pk for dossier, _ in trouves])
    vus = set(siens.values_list("pk", flat=True))
    visibles = [(dossier, raisons) for dossier, raisons in trouves if dossier.pk in vus]
    return visibles, len(visibles) < len(trouves)


def _en_phrase(raisons: list[str]) -> str:
    dite = ", ".join(raisons)
    return f"{dite[:1].upper()}{dite[1:]}"


def _tableau(visibles: list[tuple[Dossier, list[str]]], agent: Compte) -> Tableau | None:
    """Les dossiers qui ressemblent, chacun avec ce qui le fait ressembler."""
    if not visibles:
        return None
    lues = files.rangees([dossier for dossier, _ in visibles], agent, horloge.aujourd_hui())
    raisons = [_en_phrase(une) for _, une in visibles]
    return files.avec_colonne("Pourquoi", raisons, lues, "Est-ce l'une de ces personnes?", sans=files.ALERTES)


def _creer(agent: Compte, form: FormulaireNouveau) -> Dossier | None:
    lues = form.cleaned_data
    try:
        return consigner_nouvelle_personne(
            agent,
            personne={
                nom: lues[nom]
                for nom in (
                    "prenom", "nom", "adresse", "telephone", "email", "canal_prefere", "langue", "motif_langue",
                )
            },
            identite={
                "nam": lues["nam"],
                "naissance": lues["naissance"],
                "region": agent.bureau.region if agent.bureau else "",
            },
            depot={"canal": lues["canal"], "type": lues["type"]},
            annonce=lues["annonce"],
            cle=form.jeton,
        )  # fmt: skip
    except Refus as refus:
        poser_refus(form, refus)
        return None
    except DejaFait as deja:
        return deja.entree.dossier


def _deja(form: FormulaireIdentite) -> Dossier | None:
    """Le dossier qu'une même soumission a déjà créé."""
    entree = Entree.objects.filter(cle=form.jeton).select_related("dossier").first() if form.jeton else None
    return entree.dossier if entree is not None else None


@require_http_methods(["GET", "POST"])
def nouveau(request: HttpRequest) -> HttpResponse:
    """Cherche la personne; montre qui lui ressemble; puis crée la personne, son dossier et sa demande."""
    agent = _agent(request)
    if request.method != "POST":
        return render(request, "dossiers/nouveau_chercher.html", {"form": FormulaireIdentite()})
    identite = FormulaireIdentite(request.POST)
    if not identite.is_valid() and request.POST.get("geste") != "creer":
        return render(request, "dossiers/nouveau_chercher.html", {"form": identite})
    deja = _deja(identite) if identite.is_valid() and request.POST.get("geste") == "creer" else None
    if deja is not None:
        return redirect("dossier_sommaire", deja.reference)
    visibles, ailleurs = _qui_ressemble(agent, identite)
    envoye = request.POST.get("geste") == "creer"
    if envoye:
        form = FormulaireNouveau(request.POST, semblables=bool(visibles) or ailleurs)
        dossier = _creer(agent, form) if form.is_valid() else None
        if dossier is not None:
            messages.success(request, "La demande est déposée et datée. Un accusé de réception partira.")
            return redirect("dossier_sommaire", dossier.reference)
    else:
        form = FormulaireNouveau(initial=identite.cleaned_data, semblables=bool(visibles) or ailleurs)
    contexte = {"form": form, "ailleurs": ailleurs, "tableau": _tableau(visibles, agent)}
    return render(request, "dossiers/nouveau.html", contexte)
