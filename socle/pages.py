"""Aides aux vues : résumé d'erreurs, refus posé près du champ, pages par clé, conflit.

Source : `docs/interface.md`; `ecrans-et-lettres.md` A1 (résumé d'erreurs) et B0 (conflit).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Model, Q, QuerySet
from django.forms import (
    BaseForm,
    BooleanField,
    BoundField,
    ChoiceField,
    EmailField,
    Field,
    FileField,
    ModelChoiceField,
)
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from socle.champs import DechiffrementImpossible, chiffrer, dechiffrer
from socle.champs_formulaire import ChampDate
from socle.composants import ChampConflit, Erreur
from socle.refus import Refus

M = TypeVar("M", bound=Model)
SEL = "socle.pages.curseur"
SIGNE_NUL = ProhibitNullCharactersValidator.code

Formulaires = BaseForm | BaseFormSet[Any]


def erreurs_de(*formulaires: Formulaires | None) -> list[Erreur]:
    """Rendre les erreurs dans l'ordre de la page, avec l'identifiant du champ à atteindre."""
    liste: list[Erreur] = []
    for formulaire in formulaires:
        if isinstance(formulaire, BaseFormSet):
            if formulaire.is_bound:
                liste += [Erreur(str(texte)) for texte in formulaire.non_form_errors()]
                liste += erreurs_de(*formulaire.forms)
        elif formulaire is not None and formulaire.is_bound:
            liste += _erreurs_du_formulaire(formulaire)
    return liste


def _erreurs_du_formulaire(formulaire: BaseForm) -> list[Erreur]:
    liste = [Erreur(gettext(str(texte))) for texte in formulaire.non_field_errors()]
    for champ in formulaire:
        liste += [Erreur(texte, cible_de(champ)) for texte in textes_erreurs(champ)]
    return liste


def textes_erreurs(champ: BoundField) -> list[str]:
    """Les erreurs d'un champ, en phrases qui le nomment; le même texte sert en haut et au champ.

    Le « champ obligatoire » de Django ne nomme rien, et son « caractère nul » ne dit rien à personne :
    ils deviennent un geste. Une règle de champ (date, courriel, nombre, longueur) est précédée du nom du champ;
    la phrase d'une page, écrite pour elle, reste telle quelle.
    """
    return [texte for erreur in champ.errors.as_data() for texte in _textes(champ, erreur)]


def _textes(champ: BoundField, erreur: ValidationError) -> list[str]:
    sans_nom = erreur.code == "required" and erreur.message == Field.default_error_messages["required"]
    if sans_nom:
        return [_geste_manquant(champ)]
    if erreur.code == SIGNE_NUL:
        texte = "Un signe invisible s'est glissé dans ce texte. Effacez-le, puis écrivez-le de nouveau."
        return [_nomme(champ, gettext(texte))]
    parametres = erreur.params or {}
    if erreur.code == "max_length" and {"show_value", "limit_value"} <= set(parametres):
        return [_nomme(champ, _trop_long(parametres["show_value"], parametres["limit_value"]))]
    if erreur.code == "invalid" and isinstance(champ.field, EmailField):
        return [_nomme(champ, gettext("Écrivez un courriel complet, par exemple nom@exemple.ca."))]
    regle_du_champ = bool(erreur.code) and (erreur.code != "required" or isinstance(champ.field, ChampDate))
    textes = [gettext(str(texte)) for texte in erreur.messages]
    return [_nomme(champ, texte) for texte in textes] if regle_du_champ else textes


def _trop_long(compte: int, limite: int) -> str:
    # Espace insécable entre les milliers : le compte ne se coupe pas.
    ecrit, permis = (f"{nombre:,}".replace(",", "\u00a0") for nombre in (compte, limite))
    return gettext(
        "%(ecrit)s caractères; la limite est %(permis)s. Raccourcissez ce texte; il est gardé en entier ici."
    ) % {"ecrit": ecrit, "permis": permis}


def _entre_guillemets(champ: BoundField) -> str:
    # Espaces insécables : un guillemet ne passe pas seul à la ligne.
    nom = gettext(str(champ.label)).rstrip(" ?:\u00a0\u202f")
    return gettext("«\u00a0%(nom)s\u00a0»") % {"nom": nom}


def _nomme(champ: BoundField, texte: str) -> str:
    """« Nom » : la phrase, sauf si elle nomme déjà le champ."""
    if gettext(str(champ.label)) in texte:
        return texte
    return gettext("%(nom)s : %(texte)s") % {
        "nom": _entre_guillemets(champ),
        "texte": f"{texte[:1].lower()}{texte[1:]}",
    }


def _geste_manquant(champ: BoundField) -> str:
    nom = _entre_guillemets(champ)
    if isinstance(champ.field, FileField):
        return gettext("Joignez un fichier à %(nom)s.") % {"nom": nom}
    if isinstance(champ.field, BooleanField):
        return gettext("Cochez %(nom)s pour continuer.") % {"nom": nom}
    if isinstance(champ.field, ChoiceField | ModelChoiceField):
        return gettext("Choisissez une réponse à %(nom)s.") % {"nom": nom}
    return gettext("Remplissez %(nom)s.") % {"nom": nom}


def cible_de(champ: BoundField) -> str:
    """L'identifiant de la première case d'un champ lié, y compris un groupe de boutons radio."""
    if champ.widget_type in {"radioselect", "checkboxselectmultiple"}:
        return f"{champ.auto_id}_0"
    return champ.id_for_label or champ.auto_id


def poser_refus(formulaire: BaseForm, refus: Refus, *, a_la_personne: bool = False) -> None:
    """Mettre un refus d'acte près de son champ s'il est au formulaire, sinon en tête, en mots pour ce lecteur.

    Un formulaire qui éclate un champ de l'acte en plusieurs dit lequel le montre : `champs_acte`.
    """
    nomme = getattr(formulaire, "champs_acte", {}).get(refus.champ, refus.champ)
    champ = nomme if nomme in formulaire.fields else None
    formulaire.add_error(champ, gettext(refus.dit(a_la_personne=a_la_personne)))


def page_conflit(
    request: HttpRequest, champs: Sequence[ChampConflit], url_reprendre: str, **contexte: object
) -> HttpResponse:
    """Rendre la page 409 : les deux versions côte à côte, le texte de la personne gardé."""
    donnees = {"champs": champs, "url_reprendre": url_reprendre, **contexte}
    return render(request, "409.html", donnees, status=409)


@dataclass(frozen=True)
class PageParCle(Generic[M]):
    """Une page d'une liste longue; `suivants` et `precedents` sont des curseurs, vides aux bouts."""

    objets: list[M]
    suivants: str = ""
    precedents: str = ""


def paginer_par_cle(
    requete: QuerySet[M], curseur: str, ordre: tuple[str, ...] = ("pk",), taille: int = 25
) -> PageParCle[M]:
    """Couper une liste par la clé de tri, sans compter ni sauter de rangées.

    `ordre` : champs non nuls, « - » pour descendre; le dernier doit être unique. `curseur` : la
    valeur du paramètre `apres` de l'adresse; chiffré, car une adresse reste aux journaux du serveur et la clé
    de tri peut être un nom; illisible ou vide, c'est la première page.
    """
    sens, bornes = _lire_curseur(curseur, ordre)
    recule = sens == "avant"
    voulu = tuple(_inverse(champ) for champ in ordre) if recule else ordre
    requete = requete.order_by(*voulu)
    if bornes is not None:
        requete = requete.filter(_au_dela(voulu, bornes))
    lus = list(requete[: taille + 1])
    encore = len(lus) > taille
    objets = lus[:taille][::-1] if recule else lus[:taille]
    if not objets:
        return PageParCle([])
    a_la_suite, avant = (True, encore) if recule else (encore, bornes is not None)
    return PageParCle(
        objets,
        suivants=_curseur("apres", objets[-1], ordre) if a_la_suite else "",
        precedents=_curseur("avant", objets[0], ordre) if avant else "",
    )


def _inverse(champ: str) -> str:
    return champ.removeprefix("-") if champ.startswith("-") else f"-{champ}"


def _au_dela(ordre: Iterable[str], bornes: Sequence[Any]) -> Q:
    condition, egaux = Q(), Q()
    for champ, borne in zip(ordre, bornes, strict=True):
        nom = champ.removeprefix("-")
        condition |= egaux & Q(**{f"{nom}__{'lt' if champ.startswith('-') else 'gt'}": borne})
        egaux &= Q(**{nom: borne})
    return condition


def _curseur(sens: str, objet: Model, ordre: Iterable[str]) -> str:
    valeurs = [_valeur(objet, champ.removeprefix("-")) for champ in ordre]
    return chiffrer(signing.dumps([sens, *valeurs], salt=SEL))


def _valeur(objet: Any, chemin: str) -> Any:
    for nom in chemin.split("__"):
        objet = getattr(objet, nom)
    return objet.isoformat() if isinstance(objet, date | datetime) else objet


def _lire_curseur(curseur: str, ordre: Sequence[str]) -> tuple[str, list[Any] | None]:
    try:
        sens, *bornes = signing.loads(dechiffrer(curseur), salt=SEL)
    except (signing.BadSignature, DechiffrementImpossible):
        return "apres", None
    if len(bornes) != len(ordre):
        return "apres", None
    return sens, bornes
