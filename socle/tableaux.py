"""Le tableau de travail, rendu d'un trait.

Une file compte des centaines de cellules : les rendre une à une par des gabarits inclus coûtait plus que
tout le reste de la page. Tout texte passe par `conditional_escape`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from socle.composants import Balle, Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau
from socle.dates_en_mots import dans_combien, date_courte, est_en_retard

RIEN = SafeString("")


def _coller(morceaux: Iterable[SafeString]) -> SafeString:
    """Joint des morceaux sûrs; un texte qui ne le serait pas est échappé."""
    return SafeString("".join(conditional_escape(morceau) for morceau in morceaux))


def rendre_balle(qui: Balle) -> SafeString:
    """Balle pleine « à vous », creuse sinon; le nom suit toujours (`ValueError` sans nom)."""
    if not qui.nom and not qui.a_vous:
        raise ValueError("Une balle creuse porte toujours un nom.")
    return format_html('<span class="{}">{}</span>', "balle balle-pleine" if qui.a_vous else "balle", qui.nom or "Vous")


def _etiquettes(cellule: Cellule) -> SafeString:
    if not cellule.etiquettes:
        return RIEN
    lignes = ((une.ton, une.texte) for une in cellule.etiquettes if isinstance(une, Etiquette))
    dessin = format_html_join("", '<span class="etiquette ton-{}">{}</span>', lignes)
    return format_html('<span class="etiquettes">{}</span>', dessin)


def _precision(cellule: Cellule) -> SafeString:
    """La seconde ligne : le détail donné, sinon ce que l'échéance veut dire."""
    if cellule.detail:
        classe = SafeString(' class="fort"') if cellule.detail_fort else RIEN
        return format_html(" <small{}>{}</small>", classe, cellule.detail)
    if cellule.echeance is None:
        return RIEN
    classe = SafeString(' class="retard"') if est_en_retard(cellule.echeance) else RIEN
    return format_html(" <small{}>{}</small>", classe, dans_combien(cellule.echeance))


def rendre_cellule(cellule: Cellule) -> SafeString:
    """Contenu d'une cellule : texte ou lien, date, référence, balle, précision, étiquettes."""
    morceaux = [RIEN]
    if cellule.texte:
        texte = conditional_escape(cellule.texte)
        morceaux.append(format_html('<a href="{}">{}</a>', cellule.url, texte) if cellule.url else texte)
    if cellule.echeance is not None:
        jour = cellule.echeance
        morceaux.append(format_html('<time datetime="{}">{}</time>', f"{jour:%Y-%m-%d}", date_courte(jour)))
    if cellule.reference:
        morceaux.append(format_html(' <small class="reference">{}</small>', cellule.reference))
    if cellule.balle is not None:
        morceaux.append(format_html(" <small>{}</small>", rendre_balle(cellule.balle)))
    morceaux += [_precision(cellule), _etiquettes(cellule), cellule.contenu or RIEN]
    return _coller(morceaux)


def _suivante(cellule: Cellule, colonne: Colonne) -> SafeString:
    classes = " ".join(nom for nom, porte in (("nombre", colonne.nombre), ("vide", cellule.vide)) if porte)
    return format_html(
        '<td role="cell"{}{}><div>{}</div></td>',
        RIEN if colonne.muette else format_html(' data-nom="{}"', colonne.titre),
        format_html(' class="{}"', classes) if classes else RIEN,
        rendre_cellule(cellule),
    )


def _rangee(rangee: Rangee, colonnes: tuple[Colonne, ...]) -> SafeString:
    premiere, *autres = rangee.cellules
    return format_html(
        '<tr role="row"{}><th role="rowheader" scope="row">{}</th>{}</tr>\n',
        SafeString(' class="en-retard"') if rangee.en_retard else RIEN,
        rendre_cellule(premiere),
        _coller(_suivante(cellule, colonnes[rang]) for rang, cellule in enumerate(autres, start=1)),
    )


def _groupe(groupe: Groupe, colonnes: tuple[Colonne, ...]) -> SafeString:
    if not groupe.rangees:
        return RIEN
    titre = RIEN
    if groupe.titre:
        titre = format_html(
            '<tr role="row" class="groupe"><th role="rowheader" scope="rowgroup" colspan="{}">{}</th></tr>',
            len(colonnes),
            groupe.titre,
        )
    lignes = _coller(_rangee(rangee, colonnes) for rangee in groupe.rangees)
    return format_html('<tbody role="rowgroup">\n{}\n{}</tbody>', titre, lignes)


def rendre(tableau: Tableau) -> SafeString:
    """Le tableau entier; l'état vide est l'affaire de la balise."""
    colonnes = tuple(tableau.colonnes)
    entetes = format_html_join(
        "",
        '<th role="columnheader" scope="col"{}>{}</th>',
        ((SafeString(' class="nombre"') if colonne.nombre else RIEN, colonne.titre) for colonne in colonnes),
    )
    return format_html(
        '<table class="tableau" role="table">\n<caption>{}</caption>\n'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead>\n{}</table>',
        tableau.legende,
        entetes,
        _coller(_groupe(groupe, colonnes) for groupe in tableau.groupes),
    )
