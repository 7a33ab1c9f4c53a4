"""Ce que le cahier contient : chaque document du dossier, écrit dans un fichier, avec son empreinte.

N'y sont pas : les brouillons, les échanges et les notes internes, les mandats, les lettres à un tiers ou qui portent
un code, les coordonnées de tierces personnes du SR-2105. Le choix est à confirmer (`docs/a-verifier.md`).
Les droits sont ceux du réviseur qui a demandé le cahier, jugés à la fabrication.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from correspondance import registre
from correspondance.models import Lettre, OctetsLettre
from decisions.models import Decision
from dossiers.acces import Droits
from dossiers.models import Demande, Piece
from evaluation import documents
from evaluation import grille as grilles
from evaluation.citations import en_mots
from evaluation.citations import lire as lire_citations
from evaluation.lecture import avis_courants
from evaluation.lecture_rapport import NON_FOURNI, Section
from evaluation.models import Avis, Concertation
from evaluation.regles import QUESTIONS
from evaluation.views.lus import accords_en_mots
from referentiels import lecture as referentiels
from revision.cahier import rendu
from revision.lecture import desaccords_de
from revision.models import CahierTAQ, Desaccord, RecoursTAQ, Revision
from socle.dates_en_mots import date_heure, date_moyenne

# Le SR-2105 y nomme d'autres personnes, et comment les joindre.
SECTIONS_DE_TIERS = frozenset({"Personnes à joindre"})
FORMULAIRES = frozenset({"sr2100", "sr2105", "contribution", "substitut"})
FAMILLES_EXCLUES = frozenset({"echange"})
REPONSES = {"oui": "Oui", "non": "Non", "inconnu": "Renseignement insuffisant"}
RECEVABLE = {True: "Oui", False: "Non", None: "Non jugée"}
IMAGES = frozenset({"jpg", "jpeg", "png"})
NON_JOINTE = {
    Piece.Verification.EN_COURS: "Le fichier est en vérification : il n'est pas joint à ce cahier.",
    Piece.Verification.SANS_FICHIER: "Consignée sans fichier.",
}


@dataclass(frozen=True)
class Joint:
    """Un document écrit pour le cahier. `sha256` : ce qui est joint; `sha256_recu` : le fichier tel que reçu."""

    groupe: str
    titre: str
    auteur: str
    le: datetime
    fichier: Path
    sha256: str
    sha256_recu: str = ""


@dataclass(frozen=True)
class Source:
    """Un document à joindre; `ecrire(base)` l'écrit et rend son chemin et l'empreinte du fichier reçu."""

    groupe: str
    titre: str
    auteur: str
    le: datetime
    ecrire: Callable[[Path], tuple[Path, str]]


def rassembler(cahier: CahierTAQ, lieu: Path, avance: Callable[[int, int], None]) -> list[Joint]:
    """Écrit dans `lieu` chaque document du dossier, dans l'ordre du cahier. Lève `RenduImpossible`, `OSError`."""
    sources = list(_sources(cahier))
    joints = []
    avance(0, len(sources))
    for rang, source in enumerate(sources):
        fichier, recu = source.ecrire(lieu / f"{rang:04}")
        empreinte = _empreinte(fichier)
        joints.append(Joint(source.groupe, source.titre, source.auteur, source.le, fichier, empreinte, recu))
        avance(rang + 1, len(sources))
    return joints


def _empreinte(fichier: Path) -> str:
    with fichier.open("rb") as ouvert:
        return hashlib.file_digest(ouvert, "sha256").hexdigest()


def _sources(cahier: CahierTAQ) -> Iterator[Source]:
    demande = cahier.recours.demande
    droits = Droits(cahier.par, demande.dossier)
    yield from _recours(cahier.recours)
    yield from _revisions(demande)
    yield from _decisions(demande)
    yield from _lettres(demande)
    yield from _documents(demande, droits)


def _texte(groupe: str, titre: str, auteur: str, le: datetime, sections: list[Section]) -> Source:
    def ecrire(base: Path) -> tuple[Path, str]:
        chemin = base.with_suffix(".pdf")
        chemin.write_bytes(rendu.texte(titre, auteur, le, sections))
        return chemin, ""

    return Source(groupe, titre, auteur, le, ecrire)


def _section(titre: str, *lignes: tuple[str, Any]) -> Section:
    return Section(titre, tuple((libelle, str(valeur or NON_FOURNI)) for libelle, valeur in lignes))


# --- Recours, révision, décision --------------------------------------------------------------
def _recours(recours: RecoursTAQ) -> Iterator[Source]:
    groupe = "Recours au Tribunal"
    par = recours.saisi_par.nom_complet
    direct = "Oui : la révision n'était pas rendue" if recours.direct else "Non : la révision était rendue"
    sections = [_section("Le recours", ("Motifs", recours.motifs), ("Sans attendre la révision", direct))]
    etapes = [
        (f"{une.get_genre_display()}, {date_moyenne(une.le)}", une.note or "Sans note")
        for une in recours.etapes.order_by("le", "pk")
    ]
    if etapes:
        sections.append(Section("Étapes", tuple(etapes)))
    yield _texte(groupe, "Recours consigné", par, recours.saisi_le, sections)


def _revisions(demande: Demande) -> Iterator[Source]:
    revisions = list(Revision.objects.filter(demande=demande).select_related("demandee_par").order_by("pk"))
    plusieurs = len(revisions) > 1
    for rang, revision in enumerate(revisions, 1):
        groupe = f"Révision {rang}" if plusieurs else "Révision"
        yield from _revision(groupe, revision)
        fin = revisions[rang].consignee_le if rang < len(revisions) else None
        for garde in desaccords_de(revision, fin):
            yield _desaccord(groupe, garde)


def _revision(groupe: str, revision: Revision) -> Iterator[Source]:
    sections = [
        _section(
            "La demande de révision",
            ("Reçue le", date_moyenne(revision.recue_le)),
            ("Forme", revision.get_forme_display() or "Non précisée"),
            ("Écrite par un représentant", _representant(revision.representant) or "Aucun n'est noté"),
            ("Motifs", revision.motifs),
            ("Impossibilité d'agir plus tôt", revision.impossibilite_agir or "Rien d'écrit"),
        )
    ]
    auteur = revision.demandee_par.nom_complet
    yield _texte(groupe, "Demande de révision", auteur, revision.consignee_le, sections)
    for une in revision.observations.select_related("par").order_by("pk"):
        yield _texte(groupe, "Observations", une.par.nom_complet, une.le, [_section("", ("", une.texte))])
    for tenue in revision.entrevues.select_related("par").order_by("pk"):
        yield _texte(groupe, "Entrevue", tenue.par.nom_complet, tenue.le, [_section(tenue.mode, ("", tenue.note))])
    if revision.rendue_le is not None:
        yield _revision_rendue(groupe, revision, revision.rendue_le)


def _representant(lu: dict[str, str]) -> str:
    """Qui écrit pour la personne, à quel titre, avec quelle preuve."""
    return ", ".join(lu[champ] for champ in ("nom", "qualite", "preuve") if lu.get(champ))


def _revision_rendue(groupe: str, revision: Revision, le: datetime) -> Source:
    """La décision en révision, telle qu'elle est signée; l'analyse en brouillon n'y est jamais."""
    analyse = revision.analyse
    lignes: list[tuple[str, Any]] = [
        ("Recevable", RECEVABLE[revision.recevable]),
        ("Justification", revision.justification or "Rien d'écrit"),
        ("Issue", revision.get_issue_display() or "Sans objet"),
        ("Ce qui diffère", revision.ce_qui_differe or "Rien"),
        ("Cause", revision.get_cause_display() or "Sans objet"),
        ("Date d'effet", date_moyenne(revision.date_effet) if revision.date_effet else "Sans changement"),
    ]
    sections = [_section("La décision en révision", *lignes)]
    if analyse["questions"]:
        jour = revision.demande.jour_depot
        sections.append(Section("Les questions de la loi", _reponses(jour, analyse["questions"], analyse["raisons"])))
    signataires = [une.signataire for une in revision.signatures.filter(annulee_le=None).select_related("signataire")]
    if not signataires and revision.recevabilite_par is not None:
        signataires = [revision.recevabilite_par]
    noms = ", ".join(un.nom_complet for un in signataires)
    return _texte(groupe, "Décision en révision", noms, le, sections)


def _reponses(jour: Any, questions: dict[str, str], raisons: dict[str, str]) -> tuple[tuple[str, str], ...]:
    lignes = []
    for question in QUESTIONS:
        libelle = referentiels.vocabulaire(f"question_{question}", jour, "fr")
        dite = REPONSES.get(questions.get(question, ""), "Sans réponse")
        raison = raisons.get(question, "")
        lignes.append((libelle, f"{dite}. {raison}" if raison else dite))
    return tuple(lignes)


def _decisions(demande: Demande) -> Iterator[Source]:
    groupe = "Décision contestée"
    for avis in avis_courants(demande):
        yield _avis(groupe, avis, demande)
    concertations = Concertation.objects.filter(demande=demande).select_related("par").order_by("pk")
    for une in concertations:
        accord = "Accord" if une.accord else "Désaccord"
        libelles = {q: referentiels.vocabulaire(f"question_{q}", demande.jour_depot, "fr") for q in QUESTIONS}
        dits = tuple(("", dit) for dit in accords_en_mots(une.par_question, libelles))
        lignes = (("Issue", accord), *dits, ("Note", une.note or "Sans note"))
        yield _texte(groupe, "Concertation", une.par.nom_complet, une.le, [_section("Concertation", *lignes)])
    scellees = (
        Decision.objects.filter(demande=demande, scellee_le__isnull=False).select_related("demande").order_by("pk")
    )
    for decision in scellees:
        if decision.scellee_le is not None:
            yield _decision(groupe, decision, decision.scellee_le)
    gardes = Desaccord.objects.filter(demande=demande, objet=Desaccord.Objet.DECISION).select_related("par", "premier")
    for garde in gardes.order_by("pk"):
        yield _desaccord(groupe, garde)


def _desaccord(groupe: str, garde: Desaccord) -> Source:
    """Ce que qui devait signer en second a gardé au dossier; l'écran lui a dit que le Tribunal peut le lire."""
    lignes = ((f"Sur la signature de {garde.premier.nom_complet}", garde.texte),)
    return _texte(groupe, "Désaccord d'un signataire", garde.par.nom_complet, garde.le, [_section("", *lignes)])


def _avis(groupe: str, avis: Avis, demande: Demande) -> Source:
    metier = "Tiers avis" if avis.tiers else avis.get_metier_display()
    citations = [("", en_mots(une)) for une in lire_citations(avis.citations)]
    sections = [
        Section("Les questions de la loi", _reponses(demande.jour_depot, avis.questions, avis.raisons)),
        *_grille(avis),
        *([Section("Pages citées", tuple(citations))] if citations else []),
        _section(
            "Avis",
            ("", avis.texte),
            ("Recommandation", avis.get_recommandation_display()),
            ("Documents cités", ", ".join(documents.titres_cites(avis.pieces_citees))),
        ),
    ]
    return _texte(groupe, f"Avis : {metier.lower()}", avis.auteur.nom_complet, avis.rendu_le, sections)


def _grille(avis: Avis) -> Iterator[Section]:
    """La grille de l'avis, dans les mots de sa définition d'alors."""
    for volet in grilles.en_mots(avis.grille):
        lignes = [(une["libelle"], ". ".join(filter(None, (une["reponse"], une["phrase"])))) for une in volet["lignes"]]
        yield Section(volet["titre"], tuple(lignes))


def _decision(groupe: str, decision: Decision, le: datetime) -> Source:
    jour = decision.demande.jour_depot  # les listes du régime de la demande, comme à la signature
    motifs = [referentiels.motif(code, jour).libelle for code in decision.motifs]
    elements = [referentiels.element(code, jour).libelle for code in decision.ce_qui_changerait]
    signatures = list(decision.signatures.filter(annulee_le=None).select_related("signataire").order_by("pk"))
    lignes: list[tuple[str, Any]] = [
        ("Issue", decision.get_issue_display()),
        ("Motifs", "\n".join(motifs) or "Aucun"),
        ("Ce qui pourrait changer la décision", "\n".join(elements) or "Rien d'écrit"),
        ("Date d'effet", date_moyenne(decision.date_effet) if decision.date_effet else "Sans objet"),
        *((f"Signée, {une.get_metier_display().lower()}", f"{une.signataire.nom_complet}, {date_heure(une.le)}")
          for une in signatures),
    ]  # fmt: skip
    noms = ", ".join(une.signataire.nom_complet for une in signatures)
    return _texte(groupe, "Décision", noms, le, [_section("La décision", *lignes)])


# --- Lettres, documents -------------------------------------------------------------------------
def _lettres(demande: Demande) -> Iterator[Source]:
    """Les lettres émises à la personne, octets conservés; ni copie, ni lettre à un tiers, ni code."""
    emises = Lettre.objects.filter(
        dossier_id=demande.dossier_id,
        destinataire_id=demande.dossier.prestataire_id,
        copie_de__isnull=True,
        emise_le__isnull=False,
    ).order_by("emise_le", "pk")
    for lettre in emises:
        if lettre.emise_le is None or not registre.existe(lettre.modele) or registre.confidentielle(lettre.modele):
            continue
        titre = registre.obtenir(lettre.modele).sujet or "Lettre"
        ecrire = partial(_ecrire_lettre, lettre, titre)
        yield Source("Lettres à la personne", f"{titre} ({lettre.reference})", "Le Ministère", lettre.emise_le, ecrire)


def _ecrire_lettre(lettre: Lettre, titre: str, base: Path) -> tuple[Path, str]:
    octets = OctetsLettre.objects.get(lettre=lettre)
    chemin = base.with_suffix(".pdf")
    chemin.write_bytes(bytes(octets.pdf) or rendu.lettre(titre, octets.html))
    return chemin, lettre.sha256


def _documents(demande: Demande, droits: Droits) -> Iterator[Source]:
    """Rapports, formulaires, pièces et réponses que le réviseur peut lire, du plus ancien au plus récent."""
    lus = [un for un in reversed(documents.lister(demande, droits)) if un.famille not in FAMILLES_EXCLUES]
    formulaires = [un for un in lus if un.famille in FORMULAIRES]
    for document in [*formulaires, *(un for un in lus if un.famille not in FORMULAIRES)]:
        groupe = "Rapports et formulaires" if document.famille in FORMULAIRES else "Pièces et réponses"
        if document.famille == "piece":
            yield _piece(groupe, document)
            continue
        sections = [une for une in documents.sections(document) if une.titre not in SECTIONS_DE_TIERS]
        yield _texte(groupe, document.titre, document.auteur, document.recu_le, sections)


def _extension(piece: Piece) -> str:
    return str(piece.fichier.name or "").lower().rpartition(".")[2]


def _piece(groupe: str, document: documents.DocumentLu) -> Source:
    piece: Piece = document.objet
    jointe = piece.verification == Piece.Verification.RECUE and _extension(piece) in IMAGES | {"pdf"}
    if not jointe:
        dit = NON_JOINTE.get(Piece.Verification(piece.verification), "Ce genre de fichier ne se joint pas.")
        lignes = (("Nature", piece.nature), ("Texte", piece.texte or "Aucun texte"), ("Fichier", dit))
        return _texte(groupe, document.titre, document.auteur, document.recu_le, [_section("Pièce", *lignes)])
    ecrire = partial(_copier, piece)
    return Source(groupe, document.titre, document.auteur, document.recu_le, ecrire)


def _copier(piece: Piece, base: Path) -> tuple[Path, str]:
    """La copie vérifiée, morceau par morceau : le fichier n'est jamais entier en mémoire."""
    chemin = base.with_suffix(f".{_extension(piece)}")
    with piece.fichier.open("rb") as ouvert, chemin.open("wb") as local:
        for morceau in ouvert.chunks():
            local.write(morceau)
    return chemin, piece.sha256
