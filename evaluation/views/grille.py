"""La grille à l'écran : ses volets, l'enregistrement en passant, ce qui diffère d'une fenêtre à l'autre."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse

from comptes.models import Role
from dossiers.acces import Droits
from dossiers.models import Demande
from evaluation import brouillons, documents
from evaluation import grille as grilles
from evaluation.actes import garder_brouillon_avis
from evaluation.forms import AvisForm
from evaluation.grille import Definition, Genre, Volet
from evaluation.models import Avis, BrouillonAvis
from evaluation.regles import QUESTIONS
from evaluation.views.commun import REPONSES, questions_de_la_loi
from formulaires.models import RapportMedical
from formulaires.views.commun import reponse_en_passant
from referentiels.models import QuestionGrille
from socle.composants import ChampConflit
from socle.dates_en_mots import heure

VOLET_DU_ROLE = {Role.MEDECIN_CSEMS: Volet.MEDICAL, Role.SPECIALISTE_CSEMS: Volet.SOCIO}
NE_SE_GARDE_PAS = "Une réponse ne se garde pas telle quelle. « Enregistrer » vous dira laquelle."
CHANGEE_AILLEURS = (
    "Une même réponse a changé ici et dans une autre fenêtre. Les autres sont gardées; "
    "« Enregistrer » vous montrera les deux textes."
)


def formulaire_de(demande: Demande, donnees: Any = None, **options: Any) -> AvisForm:
    """Le formulaire de la grille, dans les mots en vigueur à la date de la demande."""
    jour = demande.jour_depot
    return AvisForm(donnees, libelles=questions_de_la_loi(jour), definition=grilles.definition(jour), **options)


def volets(formulaire: AvisForm, droits: Droits, lus: list[documents.DocumentLu]) -> list[dict[str, Any]]:
    """Les volets de la grille; celui de son métier est ouvert, l'autre s'ouvre d'un geste."""
    definition = formulaire.definition
    if definition is None:
        return []
    le_sien = VOLET_DU_ROLE.get(Role(droits.personne.role))
    au_rapport = niveaux_au_rapport(lus, definition)
    blocs = []
    for volet, titre in grilles.VOLETS.items():
        lignes = [_ligne(formulaire, definition, ligne, au_rapport) for ligne in definition.du_volet(volet)]
        dites = sum(ligne["dites"] for ligne in lignes)
        if lignes:
            fautif = any(ligne["fautive"] for ligne in lignes)
            ouvert = volet in (le_sien, Volet.COMMUN) or fautif
            blocs.append({"titre": titre, "lignes": lignes, "dites": dites, "ouvert": ouvert})
    return blocs


def _ligne(
    formulaire: AvisForm, definition: Definition, ligne: QuestionGrille, au_rapport: Mapping[str, str]
) -> dict[str, Any]:
    """Une ligne : ses champs, combien y sont répondus, et si l'un porte une erreur."""
    if ligne.genre == Genre.DOMAINES:
        champs = [formulaire[f"domaine_{code}"] for code, _ in definition.domaines]
        aides = [au_rapport.get(code, "") for code, _ in definition.domaines]
        domaines = [{"champ": champ, "aide": aide} for champ, aide in zip(champs, aides, strict=True)]
        propre: dict[str, Any] = {"titre": ligne.libelle, "aide": ligne.aide, "domaines": domaines}
    else:
        champs = [formulaire[f"grille_{ligne.code}"], formulaire[f"phrase_{ligne.code}"]]
        propre = {"reponse": champs[0], "phrase": champs[1], "domaines": []}
    repondus = champs if ligne.genre == Genre.DOMAINES else champs[:1]
    return {
        **propre,
        "dites": len([champ for champ in repondus if champ.value()]),
        "fautive": any(champ.errors for champ in champs),
    }


def niveaux_au_rapport(lus: list[documents.DocumentLu], definition: Definition) -> dict[str, str]:
    """« Au rapport : grave », par domaine, d'après le dernier rapport médical du volet; jamais coché d'avance."""
    rapport = next((un.objet for un in lus if isinstance(un.objet, RapportMedical)), None)
    if rapport is None:
        return {}
    niveaux = dict(definition.niveaux)
    ecrits = {une.get("domaine"): une.get("niveau") for une in rapport.contenu.get("limitations", [])}
    return {
        code: f"Au rapport : {niveaux.get(ecrits[code], ecrits[code]).lower()}"
        if ecrits.get(code)
        else "Au rapport : rien d'écrit"
        for code, _ in definition.domaines
    }


def en_passant(
    demande: Demande, droits: Droits, formulaire: AvisForm, contenu: dict[str, Any] | None, lu: str
) -> JsonResponse:
    """Garde la grille pendant la frappe, réponse par réponse; `contenu` vide si le formulaire est fautif."""
    version = formulaire.cleaned_data.get("version") or 0

    def garder() -> BrouillonAvis:
        return garder_brouillon_avis(demande, droits.personne, contenu or {}, version, lu)

    return reponse_en_passant(
        garder,
        trop_long=contenu is None,
        ailleurs=CHANGEE_AILLEURS,
        dit_trop_long=NE_SE_GARDE_PAS,
        dit=lambda garde: f"Brouillon enregistré à {heure(garde.modifie_le)}. Vous seul le voyez.",
        lu=brouillons.empreintes(contenu or {}),
    )


def ne_s_ecrit_plus(dit: str) -> JsonResponse:
    """Répond à `brouillon.js` que plus rien ne se garde d'ici, et pourquoi."""
    return JsonResponse({"dit": dit}, status=409)


def est_en_passant(request: HttpRequest) -> bool:
    """Vrai si l'envoi vient de `brouillon.js`, sans geste de la personne."""
    return request.POST.get("auto") == "1"


def champs_en_conflit(
    ecrit: Mapping[str, Any],
    garde: Mapping[str, Any],
    libelles: Mapping[str, str],
    definition: Definition,
    seules: Collection[str],
) -> list[ChampConflit]:
    """Les réponses en cause (`seules`, des chemins de `evaluation.brouillons`), chacune dans ses deux versions."""
    noms = _noms(libelles, definition)
    plat_ecrit, plat_garde = brouillons.a_plat(ecrit), brouillons.a_plat(garde)
    return [
        ChampConflit(
            noms.get(chemin, "Une réponse"),
            _dire(chemin, plat_ecrit.get(chemin), definition),
            _dire(chemin, plat_garde.get(chemin), definition),
        )
        for chemin in seules
        if plat_ecrit.get(chemin) != plat_garde.get(chemin)
    ]


def _noms(libelles: Mapping[str, str], definition: Definition) -> dict[str, str]:
    """Ce que chaque chemin du brouillon nomme à l'écran."""
    noms = {"texte": "Texte d'ensemble", "recommandation": "Votre recommandation", "citations": "Pièces citées"}
    for question in QUESTIONS:
        noms[f"questions.{question}"] = libelles[question]
        noms[f"raisons.{question}"] = f"Raison : {libelles[question]}"
    noms |= {f"grille.domaines.{code}": libelle for code, libelle in definition.domaines}
    for ligne in definition.lignes:
        noms[f"grille.lignes.{ligne.code}.reponse"] = ligne.libelle
        noms[f"grille.lignes.{ligne.code}.phrase"] = f"Précision : {ligne.libelle}"
    return noms


def _dire(chemin: str, valeur: Any, definition: Definition) -> str:
    """Une valeur de brouillon, en mots."""
    if valeur is None:
        return ""
    if chemin == "citations":
        return "\n".join(documents.titres_cites(valeur))
    if chemin == "recommandation":
        return dict(Avis.Recommandation.choices).get(valeur, "")
    if chemin.startswith("questions."):
        return REPONSES.get(valeur, "")
    if chemin.startswith("grille.domaines."):
        return dict(definition.niveaux).get(valeur, "")
    if chemin.endswith(".reponse"):
        ligne = next((une for une in definition.lignes if f".{une.code}." in chemin), None)
        return definition.choix(ligne).get(valeur, "") if ligne is not None else ""
    return str(valeur)
