"""Les lignes du SR-2105 : des cases à l'écran, un texte lisible au dossier, et retour sans rien perdre.

Le contrat de `deposer_sr2105` garde un texte par thème. Une ligne s'y écrit « • Livreuse · quand : 2005 à 2018 ·
fin : mal de dos »; ce qui suit les lignes est le texte libre. Un texte qui n'a pas de lignes reste entier.
Pur : ni base, ni horloge. Source : `cas/LISEZMOI.md`, `deposer_sr2105`.
"""

from __future__ import annotations

from collections.abc import Mapping

from formulaires.sr2105.textes import FR, GROUPES, NE_SAIT_PAS, PERMIS, PERSONNES, THEMES, Colonne, Groupe, Theme, dire

Brut = Mapping[str, str]
Ligne = dict[str, str]
PUCE = "• "
ENTRE = " · "
DOUTE = "?"


def nom_de(code: str, rang: int, colonne: str) -> str:
    """Nom de la case d'une ligne."""
    return f"l_{code}_{rang}_{colonne}"


def colonnes(theme: Theme) -> tuple[Colonne, ...]:
    """Les cases que la personne écrit : le groupe d'une personne à joindre vient de son rang."""
    return tuple(une for une in theme.colonnes if une.code != "groupe")


def groupe_du_rang(rang: int) -> Groupe:
    """Le groupe des personnes à joindre de ce rang."""
    return next(groupe for groupe in GROUPES if rang in groupe.rangs)


def noms(theme: Theme) -> list[str]:
    """Noms de toutes les cases des lignes d'un thème."""
    return [nom_de(theme.code, rang, une.code) for rang in range(1, theme.rangs + 1) for une in colonnes(theme)]


def noms_du_groupe(groupe: Groupe) -> list[str]:
    """Noms des cases des personnes de ce groupe."""
    return [nom_de(PERSONNES.code, rang, une.code) for rang in groupe.rangs for une in colonnes(PERSONNES)]


def _propre(valeur: str) -> str:
    """Une case tient sur une ligne; le séparateur des cases y devient une virgule."""
    return " ".join(valeur.replace("\x00", "").split()).replace("·", ",")


def lignes_de(theme: Theme, brut: Brut) -> dict[int, Ligne]:
    """Les lignes écrites, par rang; une ligne vide n'y est pas."""
    trouvees: dict[int, Ligne] = {}
    for rang in range(1, theme.rangs + 1):
        ligne = {une.code: _propre(brut.get(nom_de(theme.code, rang, une.code), "")) for une in colonnes(theme)}
        if any(ligne.values()):
            if theme is PERSONNES:
                ligne["groupe"] = groupe_du_rang(rang).code
            trouvees[rang] = ligne
    return trouvees


def _dit(colonne: Colonne, valeur: str, langue: str) -> str:
    """La valeur d'une case en mots : le groupe et l'accord sont des codes."""
    if colonne.code == "groupe":
        return next(dire(groupe.noms, langue) for groupe in GROUPES if groupe.code == valeur)
    if colonne.code == "permis":
        return dire(PERMIS[valeur], langue) if valeur in PERMIS else valeur
    return valeur


def ecrire_ligne(theme: Theme, ligne: Ligne, langue: str = FR) -> str:
    """Une ligne en mots, sans sa puce."""
    morceaux = []
    for colonne in theme.colonnes:
        if valeur := ligne.get(colonne.code, ""):
            mot = dire(colonne.mot, langue)
            entre = ": " if langue != FR else " : "
            morceaux.append(f"{mot}{entre}{_dit(colonne, valeur, langue)}" if mot else valeur)
    return ENTRE.join(morceaux)


def texte_de(theme: Theme, brut: Brut, langue: str = FR) -> str:
    """Ce que dit la personne sur ce thème : les lignes, puis le texte libre."""
    dites = [PUCE + ecrire_ligne(theme, ligne, langue) for ligne in lignes_de(theme, brut).values()]
    libre = brut.get(f"texte_{theme.code}", "").replace("\x00", "").strip()
    return "\n".join([*dites, libre] if libre else dites)


def ne_sait_pas(theme: Theme, brut: Brut) -> bool:
    """Vrai si la case est cochée, ou si la seule chose écrite est « ? », le raccourci du comptoir."""
    ecrit = texte_de(theme, brut)
    return (bool(brut.get(f"inconnu_{theme.code}")) and not ecrit) or ecrit == DOUTE


def reponse_de(theme: Theme, brut: Brut) -> str:
    """La réponse à ce thème, telle que l'acte la reçoit; vide s'il n'y en a pas encore."""
    return NE_SAIT_PAS if ne_sait_pas(theme, brut) else texte_de(theme, brut)


def _lire_ligne(theme: Theme, ecrite: str) -> Ligne:
    """Les cases d'une ligne; un morceau sans mot connu continue la case d'avant."""
    ligne: Ligne = {}
    courante = theme.colonnes[0].code
    for rang, morceau in enumerate(ecrite.split(ENTRE)):
        connue = next((une for une in theme.colonnes if une.mot[0] and morceau.startswith(f"{une.mot[0]} : ")), None)
        if connue is not None:
            courante = connue.code
            ligne[courante] = morceau.removeprefix(f"{connue.mot[0]} : ").strip()
        elif rang == 0 and not theme.colonnes[0].mot[0]:
            ligne[courante] = morceau.strip()
        else:
            ligne[courante] = f"{ligne[courante]}, {morceau.strip()}" if ligne.get(courante) else morceau.strip()
    return ligne


def _codes(ligne: Ligne) -> Ligne:
    """Le groupe et l'accord redeviennent des codes; un mot inconnu s'efface : la personne le redira."""
    groupe = next((un.code for un in GROUPES if un.noms[0] == ligne.get("groupe")), "")
    permis = ligne.get("permis", "")
    return {**ligne, "groupe": groupe, "permis": permis if permis in PERMIS else ""}


def lire_texte(theme: Theme, texte: str) -> tuple[list[Ligne], str]:
    """Les lignes en tête d'un texte gardé (au plus `theme.rangs`), et le texte libre qui les suit."""
    lues: list[Ligne] = []
    reste = texte.split("\n")
    while theme.rangs and reste and reste[0].startswith(PUCE) and len(lues) < theme.rangs:
        ligne = _lire_ligne(theme, reste.pop(0).removeprefix(PUCE))
        lues.append(_codes(ligne) if theme is PERSONNES else ligne)
    return lues, "\n".join(reste).strip()


def _rangs(theme: Theme, lignes: list[Ligne]) -> list[int]:
    """Le rang de chaque ligne; une personne à joindre reprend un rang de son groupe, sinon un rang libre."""
    if theme is not PERSONNES:
        return list(range(1, len(lignes) + 1))
    libres, choisis = list(range(1, theme.rangs + 1)), []
    for ligne in lignes:
        siens = [rang for rang in libres if groupe_du_rang(rang).code == ligne.get("groupe")]
        choisis.append((siens or libres)[0])
        libres.remove(choisis[-1])
    return choisis


def brut_du_theme(theme: Theme, texte: str) -> dict[str, str]:
    """Les cases d'écran qui redisent ce texte gardé."""
    if texte == NE_SAIT_PAS:
        return {f"inconnu_{theme.code}": "on"}
    lignes, libre = lire_texte(theme, texte)
    brut = {f"texte_{theme.code}": libre} if libre else {}
    for rang, ligne in zip(_rangs(theme, lignes), lignes, strict=True):
        for une in colonnes(theme):
            if ligne.get(une.code):
                brut[nom_de(theme.code, rang, une.code)] = ligne[une.code]
    return brut


def brut_du_contenu(contenu: Mapping[str, object]) -> dict[str, str]:
    """Les cases d'écran qui redisent un SR-2105 déposé."""
    brut: dict[str, str] = {}
    for code, theme in THEMES.items():
        if texte := str(contenu.get(code) or ""):
            brut |= brut_du_theme(theme, texte)
    return brut
