"""Aucune page ne lit un dossier par `.objects` : tout passe par `entrer`, `visibles_par` ou une lecture.

L'arbre syntaxique des vues, tâches, réglages, formulaires et balises est lu; une requête n'y est permise que
bornée par un dossier déjà ouvert, ou nommée ici avec sa raison. Source : `conception.md` §5; `epreuves.md` E2.4.
"""

from __future__ import annotations

import ast
from pathlib import Path

from tests.acces.test_droits import RACINE, fichiers_de_la_maison

GARDES = {
    "Dossier", "Demande", "Piece", "RapportMedical", "SR2105", "Lettre", "OctetsLettre", "Avis", "BrouillonAvis",
    "Revision", "Decision", "RetourClinicien", "Observation", "Entrevue", "Echange", "Fil", "Brouillon", "Mandat",
    "Consentement", "DemandeRenseignement", "Occasion", "Entree", "RecoursTAQ", "Signature", "SignatureRevision",
    "Plainte", "Rencontre", "Creneau", "Desaccord", "EntrevuePrevue", "EtapeTAQ", "JugementTAQ", "CahierTAQ",
}  # fmt: skip
# Filtres qui tiennent la requête dans un dossier, une demande ou une décision déjà ouverts, ou dans une sous-requête.
BORNES = (
    "dossier", "demande", "decision", "revision", "visibles_par", "OuterRef", "lisibles", "prestataire=personne",
    "intervenant=personne", "intervenant=vise", "intervenant__in=membres", "mandats.filter", "vivants.filter",
)  # fmt: skip
PERMIS: dict[tuple[str, str], str] = {
    ("dossiers/pages.py", "entrer"): "la porte elle-même : la visibilité est jugée à la ligne suivante",
    ("espaces/views/connexion.py", "trouver"): "avant toute connexion : le numéro et la naissance, sans rien montrer",
    (
        "espaces/views/organisme_mandats.py",
        "_proposer",
    ): "un mandat se propose sans rien voir; même réponse pour tous",
    ("dossiers/views/nouveau.py", "_deja"): "le dossier que la même soumission vient de créer",
    ("decisions/views_csems.py", "_confirmation"): "bornée par une condition nommée, sur la demande déjà ouverte",
    ("dossiers/tasks.py", "verifier_piece"): "tâche du système : l'antivirus ne lit que le fichier",
    ("dossiers/tasks.py", "preparer_pages"): "tâche du système : les pages d'une pièce reçue, que personne n'y lit",
    ("dossiers/tasks.py", "verifier_pieces"): "tâche du système : les pièces qui attendent l'antivirus",
    ("revision/tasks.py", "fabriquer_cahier"): "tâche du système : le cahier qu'un réviseur a demandé",
    ("revision/tasks.py", "fabriquer_cahiers"): "tâche du système : les cahiers que personne ne fabrique",
    ("dossiers/tasks.py", "purger_quarantaine"): "tâche du système : les originaux dont la garde est passée",
    ("dossiers/views/fichiers.py", "etat"): "des nombres et des dates pour l'administrateur; aucun dossier n'y paraît",
    ("dossiers/views/ouverture.py", "par_jeton"): "un jeton signé, d'une minute; l'accès au dossier y est rejugé",
    ("correspondance/views.py", "courrier"): "bac à courrier de la démonstration seule",
}


def surveilles() -> list[Path]:
    """Modules qui servent une page, une tâche, un réglage, un formulaire ou une balise."""
    noms = ("views", "tasks", "admin", "forms", "templatetags")
    return [
        fichier
        for fichier in fichiers_de_la_maison()
        if fichier.relative_to(RACINE) == Path("dossiers/pages.py")
        or any(partie.removesuffix(".py").startswith(noms) for partie in fichier.relative_to(RACINE).parts[1:])
    ]


def _fonctions(arbre: ast.AST) -> list[ast.FunctionDef]:
    return [noeud for noeud in ast.walk(arbre) if isinstance(noeud, ast.FunctionDef)]


def _requetes(fonction: ast.AST) -> list[tuple[str, ast.expr]]:
    """(modèle, chaîne d'appels entière) de chaque `Modele.objects…` de la fonction."""
    parents = {enfant: parent for parent in ast.walk(fonction) for enfant in ast.iter_child_nodes(parent)}
    trouvees: list[tuple[str, ast.expr]] = []
    for noeud in ast.walk(fonction):
        if not (isinstance(noeud, ast.Attribute) and noeud.attr == "objects" and isinstance(noeud.value, ast.Name)):
            continue
        if noeud.value.id not in GARDES:
            continue
        entiere: ast.AST = noeud
        while isinstance(parents.get(entiere), ast.Attribute | ast.Call):
            entiere = parents[entiere]
        assert isinstance(entiere, ast.expr)
        trouvees.append((noeud.value.id, entiere))
    return trouvees


def _bornee(chaine: ast.expr) -> bool:
    """Vrai si un filtre de la chaîne nomme le dossier ouvert; un simple `select_related` ne borne rien."""
    for appel in [noeud for noeud in ast.walk(chaine) if isinstance(noeud, ast.Call)]:
        fonction = appel.func
        if isinstance(fonction, ast.Attribute) and fonction.attr in ("visibles_par", "none"):
            return True
        texte = " ".join(f"{un.arg}={ast.unparse(un.value)}" for un in appel.keywords)
        if any(borne in texte for borne in BORNES):
            return True
    return False


def fautes(source: str, chemin: str) -> list[str]:
    """Requêtes non bornées d'un module, hors de celles permises."""
    arbre = ast.parse(source)
    return [
        f"{chemin}:{chaine.lineno} {fonction.name} lit {modele} sans passer par un dossier ouvert"
        for fonction in _fonctions(arbre)
        for modele, chaine in _requetes(fonction)
        if not _bornee(chaine) and (chemin, fonction.name) not in PERMIS
    ]


def test_aucune_page_ne_lit_hors_des_portes() -> None:
    trouvees = [
        faute for fichier in surveilles() for faute in fautes(fichier.read_text(), str(fichier.relative_to(RACINE)))
    ]
    assert not trouvees, "Passer par entrer, visibles_par ou une lecture :\n" + "\n".join(trouvees)


def test_les_permissions_ecrites_servent_encore() -> None:
    """Une ligne permise dont la requête n'existe plus se retire."""
    for chemin, nom in PERMIS:
        fichier = RACINE / chemin
        assert fichier.exists(), chemin
        assert any(f.name == nom and _requetes(f) for f in _fonctions(ast.parse(fichier.read_text()))), (chemin, nom)


def test_le_controle_voit_une_faute() -> None:
    """Un contrôle qui ne voit rien ne vaut rien."""
    faute = "def vue(request):\n    return Dossier.objects.filter(reference=request.GET['r']).first()\n"
    assert fautes(faute, "espaces/views/x.py")
    toutes = "def vue(request):\n    return list(Piece.objects.all())\n"
    assert fautes(toutes, "espaces/views/x.py")
    bornee = "def vue(request, dossier):\n    return Piece.objects.filter(dossier=dossier)\n"
    assert not fautes(bornee, "espaces/views/x.py")
