"""Les lignes de chaque table, au format texte de `COPY`; aucune valeur ne porte de tabulation ni de saut de ligne."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from comptes.models import Role
from correspondance.models import ALPHABET_REFERENCE as ALPHABET_LETTRE
from correspondance.models import LONGUEUR_REFERENCE
from cse.demo.personnes import nam
from cse.peuplement import faits
from cse.peuplement.faits import fait, instant
from dossiers.etats import APRES_DECISION, DECIDES, Etat
from socle.champs import chiffrer, empreinte

NUL = r"\N"
COURRIEL = "exemple.invalid"
ALPHABET_NAM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRESOMPTION = timedelta(days=7)
HISTOIRE = (
    "ouvrir_dossier",
    "deposer_demande",
    "consentir",
    "consentir",
    "prendre_dossier",
    "inviter_clinicien",
    "signer_sr2100",
    "deposer_sr2105",
)


@dataclass(frozen=True)
class Base:
    """Premiers numéros libres, et le jour du chargement."""

    jour: date
    bureaux: int
    agents: int
    comptes: int
    dossiers: int
    demandes: int


@dataclass(frozen=True)
class Table:
    """Une table à charger : colonnes et lignes."""

    nom: str
    colonnes: tuple[str, ...]
    lignes: Iterator[tuple[Any, ...]]


def _vrai(valeur: bool) -> str:
    return "t" if valeur else "f"


COLONNES_COMPTE = (
    "id", "password", "is_superuser", "email", "prenom", "nom", "role", "unite", "langue", "motif_langue", "telephone",
    "telephone_texto", "canal_prefere", "adresse", "is_active", "is_staff", "cree_le", "bureau_id",
)  # fmt: skip


def _compte(
    pk: int, courriel: str, prenom: str, nom: str, role: str, langue: str, ne: str, bureau: Any
) -> tuple[Any, ...]:
    return (
        pk, "!", "f", courriel, prenom, nom, role, "", langue, "", "", "", "poste", "", "t", "f", ne, bureau,
    )  # fmt: skip


def comptes(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Les agents de chaque bureau, puis un prestataire par dossier."""
    ne = instant(base.jour - timedelta(days=1500))
    for rang in range(faits.BUREAUX * faits.AGENTS_PAR_BUREAU):
        bureau = base.bureaux + rang // faits.AGENTS_PAR_BUREAU
        courriel = f"agent.{rang}@{COURRIEL}"
        yield _compte(base.agents + rang, courriel, "Agent", f"Fictif-{rang}", Role.AGENT, "fr", ne, bureau)
    for i in range(volume):
        f = fait(i, base.jour)
        langue = "en" if i % 12 == 0 else "fr"
        yield _compte(base.comptes + i, f"personne.{i}@{COURRIEL}", f.prenom, f.nom, Role.PRESTATAIRE, langue, ne, NUL)


COLONNES_DOSSIER = (
    "id", "reference", "prestataire_id", "bureau_id", "region", "naissance", "nam", "nam_empreinte", "nas",
    "nas_empreinte", "cle_tri", "ouvert_le", "etat", "etat_depuis", "depose_le", "agent_id", "balle",
    "prochaine_etape", "avant_le", "a_expliquer", "version",
)  # fmt: skip


def dossiers(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Un dossier par personne."""
    for i in range(volume):
        f = fait(i, base.jour)
        numero = faits.reference(i, 8)
        assurance = nam(f.naissance, faits.reference(i, 4, ALPHABET_NAM))
        yield (
            base.dossiers + i, f"{numero[:4]}-{numero[4:]}", base.comptes + i, base.bureaux + f.bureau, f.region,
            f.naissance, chiffrer(assurance), empreinte(assurance), "", "", faits.cle(f.prenom, f.nom),
            instant(f.depose), f.etat.value, instant(f.depuis), f.depose,
            NUL if f.agent is None else base.agents + f.agent,
            str(f.balle), f.etape, f.avant or NUL, _vrai(f.a_expliquer), faits.LIGNES,
        )  # fmt: skip


COLONNES_DEMANDE = (
    "id", "dossier_id", "rang", "type", "canal", "deposee_le", "deposee_par_id", "ouverte_le", "etat", "etat_depuis",
    "etat_retenu", "etat_avant_revision", "voie", "transmise_le", "tour", "decision_emise_le", "revision_emise_le",
    "fermee_le", "motif_fermeture",
)  # fmt: skip


def demandes(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Une demande par dossier, dans un état que ses contraintes permettent."""
    for i in range(volume):
        f = fait(i, base.jour)
        voie = faits.voie(f.etat)
        decidee = f.etat in APRES_DECISION
        apres_revision = f.etat in APRES_DECISION and f.etat not in DECIDES
        rendue = f.depuis if f.etat in (Etat.REVISION_RENDUE, Etat.DEVANT_TAQ, Etat.JUGEMENT_TAQ) else NUL
        yield (
            base.demandes + i, base.dossiers + i, 1, "initiale", "en_ligne", instant(f.depose), base.comptes + i,
            instant(f.depose), f.etat.value, instant(f.depuis), "recue" if f.etat == Etat.A_COMPLETER else "",
            "contraintes_non_reconnues" if apres_revision else "", voie,
            instant(f.depuis) if voie == "evaluee" else NUL,
            1, f.depuis if decidee else NUL, rendue, instant(f.depuis) if f.etat == Etat.FERMEE else NUL,
            "inactivite" if f.etat == Etat.FERMEE else "",
        )  # fmt: skip


COLONNES_ENTREE = (
    "instant", "nature", "acte", "acteur_id", "role", "dossier_id", "demande_id", "etat", "code_refus", "details",
)  # fmt: skip


def entrees(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Huit lignes d'histoire par dossier; deux cents de plus aux deux dossiers repères."""
    for i in range(volume):
        f = fait(i, base.jour)
        personne, dossier, demande = base.comptes + i, base.dossiers + i, base.demandes + i
        quand = instant(f.depose)[:11]
        for rang, acte in enumerate(HISTOIRE):
            moment = f"{quand}{14 + rang // 4:02}:{rang * 7 % 60:02}:00+00:00"
            yield (moment, "acte", acte, personne, "prestataire", dossier, demande, "recue", "", "{}")
        if i in (faits.DOSSIER_LOURD, faits.DOSSIER_ORDINAIRE):
            for rang in range(faits.LIGNES_LOURDES):
                moment = instant(f.depose, rang * 5)
                yield (
                    moment,
                    "acte",
                    "verser_piece",
                    personne,
                    "prestataire",
                    dossier,
                    demande,
                    "a_completer",
                    "",
                    "{}",
                )


COLONNES_PIECE = (
    "dossier_id", "demande_id", "nature", "titre", "versee_par_id", "versee_le", "texte", "fichier", "sha256",
    "verification", "raison_refus",
)  # fmt: skip


def pieces(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Trois pièces sans fichier par dossier; 400 et 40 aux dossiers repères."""
    repere = {faits.DOSSIER_LOURD: faits.PIECES_LOURDES, faits.DOSSIER_ORDINAIRE: faits.PIECES_ORDINAIRES}
    for i in range(volume):
        quand = instant(fait(i, base.jour).depose)
        for rang in range(repere.get(i, faits.PIECES)):
            titre = f"Document fictif {rang + 1}"
            yield (
                base.dossiers + i, base.demandes + i, "Témoignage", titre, base.comptes + i, quand, "", "", "",
                "sans_fichier", "",
            )  # fmt: skip


COLONNES_LETTRE = (
    "reference", "modele", "version_gabarit", "dossier_id", "demande_id", "destinataire_id", "cause_type", "cause_id",
    "version", "contenu", "langue", "nee_le", "emise_le", "jour_emission", "recue_presumee_le", "sha256",
    "motif_annulation",
)  # fmt: skip


def lettres(base: Base, volume: int) -> Iterator[tuple[Any, ...]]:
    """Une lettre aux dossiers pairs, deux aux impairs; émises, sans octets, le contenu chiffré comme ailleurs."""
    contenu = json.dumps(chiffrer("{}"))
    for i in range(volume):
        f = fait(i, base.jour)
        envois = [("accuse_reception", "dossiers.demande", f.depose)]
        if i % 2:
            envois.append(("demande_renseignement", "dossiers.demanderenseignement", f.depuis))
        for rang, (modele, cause, jour) in enumerate(envois):
            numero = faits.reference(2 * i + rang, LONGUEUR_REFERENCE, ALPHABET_LETTRE)
            quand = instant(jour)
            yield (
                numero, modele, 1, base.dossiers + i, base.demandes + i, base.comptes + i, cause, base.demandes + i, 1,
                contenu, "fr", quand, quand, jour, jour + PRESOMPTION, sha256(numero.encode()).hexdigest(), "",
            )  # fmt: skip


def tables(base: Base, volume: int) -> list[Table]:
    """Toutes les tables à charger, celles qu'on cite avant celles qui citent."""
    return [
        Table("comptes_compte", COLONNES_COMPTE, comptes(base, volume)),
        Table("dossiers_dossier", COLONNES_DOSSIER, dossiers(base, volume)),
        Table("dossiers_demande", COLONNES_DEMANDE, demandes(base, volume)),
        Table("journal_entree", COLONNES_ENTREE, entrees(base, volume)),
        Table("dossiers_piece", COLONNES_PIECE, pieces(base, volume)),
        Table("correspondance_lettre", COLONNES_LETTRE, lettres(base, volume)),
    ]
