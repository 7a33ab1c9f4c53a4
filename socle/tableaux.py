"""Le tableau de travail, rendu d'un trait.

Une file compte des centaines de cellules : les rendre une à une par des gabarits inclus, ou par
`format_html`, coûtait plus que tout le reste de la page. Toute valeur passe donc par `_sur`, ici et nulle
part ailleurs; seul ce qui sort du module est déclaré sûr.
"""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString

from socle.composants import Balle, Cellule, Colonne, Etiquette, Groupe, Rangee, Tableau
from socle.dates_en_mots import dans_combien, date_courte, est_en_retard

_CLASSE_NOMBRE = ' class="nombre"'


def _sur(valeur: object) -> str:
    """La valeur, échappée à moins d'être déjà sûre, comme `conditional_escape`."""
    if hasattr(valeur, "__html__"):
        return str(valeur.__html__())
    return escape(str(valeur))


def rendre_balle(qui: Balle) -> SafeString:
    """Balle pleine « à vous », creuse sinon; le nom suit toujours (`ValueError` sans nom)."""
    if not qui.nom and not qui.a_vous:
        raise ValueError("Une balle creuse porte toujours un nom.")
    classe = "balle balle-pleine" if qui.a_vous else "balle"
    return SafeString(f'<span class="{classe}">{_sur(qui.nom or "Vous")}</span>')


def _etiquettes(cellule: Cellule) -> str:
    if not cellule.etiquettes:
        return ""
    dessin = "".join(
        f'<span class="etiquette ton-{_sur(une.ton)}">{_sur(une.texte)}</span>'
        for une in cellule.etiquettes
        if isinstance(une, Etiquette)
    )
    return f'<span class="etiquettes">{dessin}</span>'


def _precision(cellule: Cellule) -> str:
    """La seconde ligne : le détail donné, sinon ce que l'échéance veut dire."""
    if cellule.detail:
        classe = ' class="fort"' if cellule.detail_fort else ""
        return f" <small{classe}>{_sur(cellule.detail)}</small>"
    if cellule.echeance is None:
        return ""
    classe = ' class="retard"' if est_en_retard(cellule.echeance) else ""
    return f" <small{classe}>{_sur(dans_combien(cellule.echeance))}</small>"


def _contenu(cellule: Cellule) -> str:
    morceaux = []
    if cellule.texte:
        texte = _sur(cellule.texte)
        morceaux.append(f'<a href="{_sur(cellule.url)}">{texte}</a>' if cellule.url else texte)
    if cellule.echeance is not None:
        jour = cellule.echeance
        morceaux.append(f'<time datetime="{jour:%Y-%m-%d}">{_sur(date_courte(jour))}</time>')
    if cellule.reference:
        morceaux.append(f' <small class="reference">{_sur(cellule.reference)}</small>')
    if cellule.balle is not None:
        morceaux.append(f" <small>{rendre_balle(cellule.balle)}</small>")
    morceaux += [_precision(cellule), _etiquettes(cellule), _sur(cellule.contenu or "")]
    return "".join(morceaux)


def _suivante(cellule: Cellule, colonne: Colonne) -> str:
    nom = "" if colonne.muette else f' data-nom="{_sur(colonne.titre)}"'
    classes = " ".join(classe for classe, porte in (("nombre", colonne.nombre), ("vide", cellule.vide)) if porte)
    classe = f' class="{classes}"' if classes else ""
    return f'<td role="cell"{nom}{classe}><div>{_contenu(cellule)}</div></td>'


def _rangee(rangee: Rangee, colonnes: tuple[Colonne, ...]) -> str:
    premiere, *autres = rangee.cellules
    classe = ' class="en-retard"' if rangee.en_retard else ""
    suite = "".join(_suivante(cellule, colonnes[rang]) for rang, cellule in enumerate(autres, start=1))
    return f'<tr role="row"{classe}><th role="rowheader" scope="row">{_contenu(premiere)}</th>{suite}</tr>\n'


def _groupe(groupe: Groupe, colonnes: tuple[Colonne, ...]) -> str:
    if not groupe.rangees:
        return ""
    titre = ""
    if groupe.titre:
        titre = (
            '<tr role="row" class="groupe"><th role="rowheader" scope="rowgroup"'
            f' colspan="{len(colonnes)}">{_sur(groupe.titre)}</th></tr>'
        )
    lignes = "".join(_rangee(rangee, colonnes) for rangee in groupe.rangees)
    return f'<tbody role="rowgroup">\n{titre}\n{lignes}</tbody>'


def rendre(tableau: Tableau) -> SafeString:
    """Le tableau entier; l'état vide est l'affaire de la balise."""
    colonnes = tuple(tableau.colonnes)
    entetes = "".join(
        f'<th role="columnheader" scope="col"{_CLASSE_NOMBRE if colonne.nombre else ""}>{_sur(colonne.titre)}</th>'
        for colonne in colonnes
    )
    groupes = "".join(_groupe(groupe, colonnes) for groupe in tableau.groupes)
    return SafeString(
        f'<table class="tableau" role="table">\n<caption>{_sur(tableau.legende)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{entetes}</tr></thead>\n{groupes}</table>'
    )
