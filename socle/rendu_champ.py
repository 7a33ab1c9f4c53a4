"""Ce qu'un champ lié devient avant d'être rendu : ses liens ARIA et ses choix.

Étiquettes, aides et choix se disent dans la langue de la page, s'ils y sont traduits.

Source : WCAG 2.2, 1.3.1, 3.3.1 et 3.3.2; `ecrans-et-lettres.md` A1 (résumé et champ disent le même texte).
"""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, CheckboxInput, HiddenInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

GROUPES = {"radioselect", "checkboxselectmultiple"}


def rendre_champ(
    champ: BoundField, *, largeur: int = 0, attributs: dict[str, str] | None = None, **options: Any
) -> SafeString:
    """Rendre `composants/champ.html`; un champ caché est rendu nu."""
    if isinstance(champ.field.widget, HiddenInput):
        return SafeString(champ.as_widget())
    aide = gettext(str(options.get("aide") or champ.help_text))
    decrit = _decrit_par(champ, bool(aide))
    contexte = {
        "champ": champ,
        "genre": _genre(champ),
        "etiquette": gettext(str(options.get("etiquette") or champ.label)),
        "aide": aide,
        "decrit": decrit,
        "en_rang": options.get("en_rang", False),
        "titre_page": options.get("titre_page", False),
        "a_confirmer": a_confirmer(champ),
        "choix": choix_de(champ) if champ.widget_type in GROUPES else [],
        "saisie": _saisie(champ, decrit, largeur, attributs or {}),
    }
    return render_to_string("composants/champ.html", contexte)


def a_confirmer(champ: BoundField | None) -> bool:
    """Vrai si le formulaire dit que ce champ, repris d'ailleurs, attend d'être confirmé (`a_confirmer`)."""
    return champ is not None and champ.name in getattr(champ.form, "a_confirmer", ())


def _genre(champ: BoundField) -> str:
    if champ.widget_type in GROUPES:
        return "groupe"
    if isinstance(champ.field.widget, CheckboxInput):
        return "case"
    return "ensemble" if champ.use_fieldset else "simple"


def _decrit_par(champ: BoundField, aide: bool) -> str:
    liens = [f"{champ.auto_id}_helptext"] if aide else []
    if champ.errors:
        liens.append(f"{champ.auto_id}_error")
    return " ".join(liens)


def _saisie(champ: BoundField, decrit: str, largeur: int, attributs: dict[str, str]) -> str:
    if champ.widget_type in GROUPES:
        return ""
    # La validation est celle du serveur : « required » ferait parler le navigateur à sa place.
    champ.form.use_required_attribute = False
    # « maxlength » couperait un texte collé sans le dire : la longueur est jugée au serveur, le texte gardé en entier.
    champ.field.widget.attrs.pop("maxlength", None)
    poses: dict[str, Any] = dict(attributs)
    if largeur:
        classe = champ.field.widget.attrs.get("class", "")
        poses["class"] = f"{classe} largeur-{largeur}".strip()
    if decrit and not champ.use_fieldset:
        poses["aria-describedby"] = decrit
    return champ.as_widget(attrs=poses)


def choix_de(champ: BoundField, ouvre: frozenset[str] | set[str] = frozenset()) -> list[dict[str, Any]]:
    """Rendre les choix d'un groupe, avec leur identifiant et s'ils sont retenus."""
    return [
        {
            "id": f"{champ.auto_id}_{rang}",
            "type": sous.data["type"],
            "nom": sous.data["name"],
            "valeur": sous.data["value"] or "",
            "texte": gettext(str(sous.data["label"])),
            "retenu": sous.data["selected"],
            "precise": str(sous.data["value"]) in ouvre,
        }
        for rang, sous in enumerate(champ.subwidgets)
    ]


def contexte_rangee(
    niveau: BoundField, exemple: BoundField | None, aide: str, ouvre: set[str], suggestion: str
) -> dict[str, Any]:
    """Réunir ce que `composants/rangee_choix.html` affiche."""
    decrit = _decrit_par(niveau, bool(aide))
    en_erreur = bool(exemple is not None and exemple.errors)
    saisie = ""
    if exemple is not None:
        liens = _decrit_par(exemple, bool(suggestion))
        saisie = _saisie(exemple, liens, 0, {"rows": "1"})
    return {
        "niveau": niveau,
        "choix": choix_de(niveau, ouvre),
        "aide": aide,
        "decrit": decrit,
        "exemple": exemple,
        "saisie": saisie,
        "suggestion": suggestion,
        "en_erreur": en_erreur,
        "niveau_a_confirmer": a_confirmer(niveau),
        "exemple_a_confirmer": a_confirmer(exemple),
    }
