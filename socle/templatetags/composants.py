"""Les composants de l'interface, une balise chacun. Mode d'emploi : `docs/interface.md`.

`{% load composants %}` donne aussi les filtres de dates. Les balises qui entourent du contenu
se ferment par `{% end… %}`; le contenu reçu est déjà échappé par le moteur de gabarits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from socle import dates_en_mots as dates
from socle import pages, tableaux
from socle.champs_formulaire import numero_et_poste
from socle.composants import (
    Balle,
    Citation,
    Erreur,
    Etape,
    Mesure,
    ProchaineEtape,
    Tableau,
)
from socle.icones import ICONES
from socle.pages import erreurs_de

register = template.Library()

for _filtre in (
    dates.date_longue,
    dates.date_moyenne,
    dates.date_courte,
    dates.date_heure,
    dates.heure,
    dates.dans_combien,
    dates.il_reste,
    dates.depuis,
    dates.est_en_retard,
):
    # Une date absente s'affiche vide : un gabarit n'a pas à la garder à chaque fois.
    register.filter(
        _filtre.__name__,
        lambda valeur, calcul=_filtre: calcul(valeur) if valeur else "",
    )


def _rendre(nom_gabarit: str, /, **contexte: Any) -> SafeString:
    return render_to_string(f"composants/{nom_gabarit}.html", contexte)


# --- Petits éléments ------------------------------------------------------------------


@register.simple_tag
def icone(nom: str) -> SafeString:
    """Dessiner une icône décorative, cachée aux lecteurs d'écran. `KeyError` si elle n'existe pas."""
    trace = ICONES[nom]
    return format_html('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', trace)


@register.inclusion_tag("composants/bouton.html")
def bouton(
    texte: str,
    variante: str = "plein",
    nom: str = "",
    valeur: str = "",
    icone: str = "",
    raison: str = "",
    formaction: str = "",
    precision: str = "",
    raccourci: str = "",
) -> dict[str, Any]:
    """Un bouton d'envoi. `variante` : plein, contour, danger, texte. Voir `lien_bouton`.

    `raison` : le bouton ne peut pas servir encore, et la phrase dit pourquoi; il reste
    atteignable au clavier. `precision` : complément lu par les lecteurs d'écran seulement.
    """
    return dict(locals())


@register.inclusion_tag("composants/lien_bouton.html")
def lien_bouton(
    texte: str,
    url: str,
    variante: str = "plein",
    icone: str = "",
    precision: str = "",
    raccourci: str = "",
) -> dict[str, Any]:
    """Un lien qui a l'allure d'un bouton : il mène à une page, il n'envoie rien."""
    return dict(locals())


@register.simple_block_tag(end_name="endactions")
def actions(content: str) -> SafeString:
    """Ranger des boutons sur une ligne; pleine largeur au téléphone chez le prestataire."""
    return format_html('<div class="actions">{}</div>', content)


@register.simple_tag
def etiquette(texte: str, ton: str = "neutre", icone: str = "") -> SafeString:
    """Une étiquette. `ton` : neutre, info, attente, positif, alerte."""
    dessin = globals()["icone"](icone) if icone else ""
    return format_html('<span class="etiquette ton-{}">{}{}</span>', ton, dessin, gettext(str(texte)))


@register.simple_tag
def balle(nom: str | Balle = "", a_vous: bool = False) -> SafeString:
    """Qui doit agir : balle pleine « à vous », creuse sinon; le nom suit toujours."""
    return tableaux.rendre_balle(nom if isinstance(nom, Balle) else Balle(nom, a_vous))


@register.simple_tag
def numero(valeur: int) -> SafeString:
    """Le numéro d'une citation, à placer aussi dans la page citée."""
    return format_html('<span class="numero">{}</span>', valeur)


# --- Dossier et listes ----------------------------------------------------------------


@register.inclusion_tag("composants/prochaine_etape.html")
def prochaine_etape(suite: ProchaineEtape) -> dict[str, Any]:
    """La carte « Prochaine étape · À faire par · Avant le »."""
    return {"suite": suite}


@register.inclusion_tag("composants/entete_dossier.html", takes_context=True)
def entete_dossier(
    context: Context,
    nom: str,
    reference: str,
    suite: ProchaineEtape | None = None,
    etiquettes: Sequence[Any] = (),
    url_masquer: str = "",
    masque: bool = False,
) -> dict[str, Any]:
    """L'en-tête collant d'un dossier, à placer dans le bloc `bandeau`.

    `etiquettes` : le statut public d'abord, puis les alertes. `url_masquer` : reçoit un POST
    `masque=oui|non`; `masque` vrai : le nom est remplacé par « Identité masquée ».
    """
    return {
        "nom": nom,
        "reference": reference,
        "suite": suite,
        "etiquettes": etiquettes,
        "url_masquer": url_masquer,
        "masque": masque,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("composants/onglets.html")
def onglets(liens: Iterable[Any], nom: str = "Sections du dossier") -> dict[str, Any]:
    """Des onglets qui sont des liens. `liens` : `Lien(texte, url, actif, compte)`."""
    return {"liens": liens, "nom": nom}


@register.simple_tag
def tableau(tableau: Tableau, vide: str = "Rien ici pour l'instant.") -> SafeString:
    """Un tableau de travail; sans rangée, l'état vide `vide` prend sa place."""
    return etat_vide(conditional_escape(vide)) if tableau.est_vide else tableaux.rendre(tableau)


@register.inclusion_tag("composants/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, nom: str = "Pages de la liste", parametre: str = "apres") -> dict[str, Any]:
    """Précédents et Suivants d'une `PageParCle`; garde les autres filtres de l'adresse."""
    requete = context.get("request")

    def adresse(curseur: str) -> str:
        filtres = requete.GET.copy() if requete is not None else None
        if filtres is None or not curseur:
            return f"?{parametre}={curseur}" if curseur else ""
        filtres[parametre] = curseur
        return f"?{filtres.urlencode()}"

    return {"precedents": adresse(page.precedents), "suivants": adresse(page.suivants), "nom": nom}


@register.inclusion_tag("composants/liste_taches.html")
def liste_taches(taches: Iterable[Any]) -> dict[str, Any]:
    """La liste de tâches : statut en étiquette tant que c'est ouvert, texte simple une fois terminé."""
    return {"taches": taches}


@register.inclusion_tag("composants/fil_etapes.html")
def fil_etapes(etapes: Sequence[Etape], courante: int) -> dict[str, Any]:
    """« Étape 2 sur 4 · Limitations — ensuite : Durée ». `courante` compte à partir de 1."""
    suivante = etapes[courante].titre if courante < len(etapes) else ""
    return {
        "etapes": etapes,
        "courante": courante,
        "titre": etapes[courante - 1].titre,
        "suivante": suivante,
        "total": len(etapes),
    }


@register.inclusion_tag("composants/parcours.html")
def parcours(etapes: Iterable[Any]) -> dict[str, Any]:
    """Le parcours montré au prestataire, en `EtapeParcours`; une étape peut revenir."""
    return {"etapes": etapes}


@register.inclusion_tag("composants/chronologie.html")
def chronologie(evenements: Iterable[Any]) -> dict[str, Any]:
    """Les événements, du plus récent au plus ancien (l'ordre reçu est gardé)."""
    return {"evenements": evenements}


@register.inclusion_tag("composants/recapitulatif.html")
def recapitulatif(lignes: Iterable[Any], etroit: bool = False) -> dict[str, Any]:
    """La liste « Vérifier » : clé, valeur, Modifier. `etroit` : la clé au-dessus, en petit."""
    return {"lignes": lignes, "etroit": etroit}


@register.inclusion_tag("composants/echanges.html")
def echanges(messages: Iterable[Any]) -> dict[str, Any]:
    """Un fil d'échanges, du plus ancien au plus récent."""
    return {"messages": messages}


# --- Messages et pages ----------------------------------------------------------------

_ICONES_MESSAGE = {"info": "info", "succes": "succes", "attention": "alerte", "urgence": "urgence"}
_TONS_MESSAGE = {"info": "info", "succes": "positif", "attention": "attente", "urgence": "alerte"}


@register.simple_block_tag(end_name="endmessage")
def message(content: str, ton: str = "info", titre: str = "", annonce: bool = False) -> SafeString:
    """Un message. `ton` : info, succes, attention, urgence. `annonce` : lu dès l'arrivée."""
    contexte = {"ton": _TONS_MESSAGE[ton], "icone": _ICONES_MESSAGE[ton]}
    return _rendre("message", contenu=content, titre=titre, annonce=annonce, **contexte)


@register.simple_block_tag(end_name="endetat_vide")
def etat_vide(content: str) -> SafeString:
    """Une phrase et ce qu'il y a à faire, quand il n'y a rien à montrer."""
    return format_html('<div class="etat-vide">{}</div>', _paragraphe(content))


@register.simple_block_tag(end_name="endcarte")
def carte(content: str, titre: str = "", note: str = "", ancre: str = "") -> SafeString:
    """Une carte titrée (h2). `note` : texte doux à droite du titre. `ancre` : identifiant du titre."""
    return _rendre("carte", contenu=content, titre=titre, note=note, ancre=ancre)


@register.simple_block_tag(end_name="endune_chose")
def une_chose(
    content: str, titre: str, avant: date | None = None, surtitre: str = "Une chose à faire par vous"
) -> SafeString:
    """La carte « une chose à faire » du prestataire : une seule par page."""
    return _rendre("une_chose", contenu=content, titre=titre, avant=avant, surtitre=surtitre)


@register.simple_block_tag(end_name="endinterruption")
def interruption(content: str, titre: str) -> SafeString:
    """La page d'interruption, avant un geste irréversible, rare ou contradictoire (porte le h1)."""
    return _rendre("interruption", contenu=content, titre=titre)


@register.simple_block_tag(end_name="endconfirmation")
def confirmation(content: str, titre: str, reference: str = "") -> SafeString:
    """Le panneau de confirmation (porte le h1) : la référence, puis une phrase."""
    return _rendre("confirmation", contenu=content, titre=titre, reference=reference)


@register.simple_block_tag(end_name="enddeux_volets")
def deux_volets(content: str, gauche: str, droite: str) -> SafeString:
    """Preuve à gauche, question à droite; empilés à 900 px ou moins, avec des sauts.

    `gauche`, `droite` : textes des sauts (« Aller aux pièces », « Aller à la grille »); le
    contenu est deux `{% volet %}` nommés `gauche` et `droite`.
    """
    return _rendre("deux_volets", contenu=content, gauche=gauche, droite=droite)


@register.simple_block_tag(end_name="endvolet")
def volet(content: str, nom: str, titre: str, note: str = "") -> SafeString:
    """Un des deux volets; `nom` (gauche ou droite) est aussi son ancre."""
    return _rendre("volet", contenu=content, nom=nom, titre=titre, note=note)


@register.inclusion_tag("composants/documents.html")
def documents(liste: Iterable[Any], nom: str = "Pièces") -> dict[str, Any]:
    """La liste des pièces du volet gauche; la pièce ouverte est marquée."""
    return {"documents": liste, "nom": nom}


@register.inclusion_tag("composants/citations.html")
def citations(liste: Sequence[Citation]) -> dict[str, Any]:
    """Les citations d'une réponse, numérotées comme dans la page."""
    return {"citations": liste}


@register.inclusion_tag("composants/barre_lecture.html")
def barre_lecture(mesures: Iterable[Mesure], note: str = "") -> dict[str, Any]:
    """Le score de lecture : il informe, il ne bloque pas un texte libre."""
    return {"mesures": mesures, "note": note}


@register.filter
def textes_erreurs(champ: BoundField) -> list[str]:
    """Les erreurs d'un champ, avec le même texte que le résumé."""
    return pages.textes_erreurs(champ)


@register.filter
def lien_tel(numero: str) -> str:
    """« tel:+15555550100 » : un numéro nord-américain de dix chiffres prend +1; un numéro court reste tel quel.

    Un poste (« poste 123 ») n'est pas composé avec le numéro : il suit une virgule, qui fait une pause.
    """
    ecrit, poste = numero_et_poste(str(numero)) or (str(numero), "")
    chiffres = "".join(signe for signe in ecrit if signe.isdigit())
    if len(chiffres) == 10:
        chiffres = f"1{chiffres}"
    entier = f"+{chiffres}" if len(chiffres) > 10 else chiffres
    return f"tel:{entier},{poste}" if poste else f"tel:{entier}"


# --- Formulaires ----------------------------------------------------------------------


@register.inclusion_tag("composants/resume_erreurs.html")
def resume_erreurs(*formulaires: Any) -> dict[str, Any]:
    """Le résumé en tête de page; reçoit formulaires, jeux de formulaires ou listes d'`Erreur`."""
    erreurs: list[Erreur] = []
    for source in formulaires:
        if isinstance(source, BaseForm | BaseFormSet):
            erreurs += erreurs_de(source)
        elif source:
            erreurs += source
    return {"erreurs": erreurs}


@register.simple_tag(takes_context=True)
def prefixe_erreur(context: Context) -> str:
    """« Erreur : » si un formulaire du contexte est en erreur, pour le titre de la page."""
    valeurs: Iterable[Any] = context.flatten().values()
    formulaires = [v for v in valeurs if isinstance(v, BaseForm | BaseFormSet)]
    en_erreur = any(erreurs_de(f) for f in formulaires) or bool(context.get("erreurs"))
    return f"{gettext('Erreur :')} " if en_erreur else ""


@register.simple_tag
def champ(
    champ: BoundField,
    aide: str = "",
    etiquette: str = "",
    en_rang: bool = False,
    titre_page: bool = False,
    largeur: int = 0,
    **attributs: str,
) -> SafeString:
    """Rendre un champ lié : étiquette, aide, erreur, saisie, reliés entre eux.

    `en_rang` : choix côte à côte. `titre_page` : l'étiquette est le h1 de la page. `largeur` :
    2, 4, 10 ou 20 signes. Autres attributs (`inputmode`, `autocomplete`) : posés sur la saisie.
    """
    from socle.rendu_champ import rendre_champ

    options = {"aide": aide, "etiquette": etiquette, "en_rang": en_rang, "titre_page": titre_page}
    return rendre_champ(champ, largeur=largeur, attributs=attributs, **options)


@register.inclusion_tag("composants/rangee_choix.html")
def rangee_choix(
    niveau: BoundField,
    exemple: BoundField | None = None,
    aide: str = "",
    ouvre: str = "moderee grave",
    suggestion: str = "",
) -> dict[str, Any]:
    """Un domaine en une rangée de boutons radio; l'exemple s'ouvre aux valeurs nommées dans `ouvre`.

    `aide` : quelques mots sous le nom du domaine. `suggestion` : phrase type sous l'exemple.
    """
    from socle.rendu_champ import contexte_rangee

    return contexte_rangee(niveau, exemple, aide, set(ouvre.split()), suggestion)


def _paragraphe(contenu: str) -> SafeString:
    texte = contenu.strip()
    return mark_safe(texte if texte.startswith("<") else f"<p>{texte}</p>")  # noqa: S308
