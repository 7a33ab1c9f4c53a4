"""Fabriques des essais : une scène (des personnes et un dossier), amenée à l'état voulu par les actes."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from comptes.lecture import compte_systeme
from comptes.models import Bureau, Compte, Organisme, Permis, Role
from correspondance import composition
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier
from dossiers.porte import executer
from socle import horloge
from socle.refus import Refus

DEPART = horloge.heure_locale(date(2026, 2, 2), 9, 0)
RAPPORT: dict[str, Any] = {
    "diagnostics": [{"libelle": "Discopathie dégénérative", "code": "M51.3", "principal": True}],
    "limitations": [{"domaine": "bouger", "niveau": "grave"}],
    "duree": {"type": "permanente"},
    "contrainte": "severe",
}
RAPPORT_TEMPORAIRE = {**RAPPORT, "duree": {"type": "mois", "mois": 4}, "contrainte": "temporaire"}
RAPPORT_EVIDENT = {**RAPPORT, "diagnostics": [{"libelle": "Cécité des deux yeux", "principal": True}]}
SR2105 = {"scolarite": "4e secondaire", "emplois": "Livreuse, 2005 à 2018", "situation": "Vit seule"}
NON = {"atteinte": "oui", "duree": "oui", "socioprofessionnel": "non"}
REFUS = {"motifs": ["contraintes_non_severes"], "ce_qui_changerait": ["evaluation_complementaire"]}
RECONNUE = {
    "motifs": ["atteinte_et_duree_etablies"],
    "date_effet": date(2026, 2, 2),
    "justification_date": "date de la demande",
}
_numeros = itertools.count(1)
ROLES: dict[str, dict[str, Any]] = {
    "prestataire": {"role": Role.PRESTATAIRE},
    "agent": {"role": Role.AGENT},
    "collegue": {"role": Role.AGENT},
    "agent_ailleurs": {"role": Role.AGENT},
    "chef_bureau": {"role": Role.CHEF_EQUIPE, "unite": "bureau"},
    "chef_csems": {"role": Role.CHEF_EQUIPE, "unite": "csems"},
    "chef_drra": {"role": Role.CHEF_EQUIPE, "unite": "drra"},
    "medecin": {"role": Role.MEDECIN_CSEMS},
    "medecin2": {"role": Role.MEDECIN_CSEMS},
    "specialiste": {"role": Role.SPECIALISTE_CSEMS},
    "specialiste2": {"role": Role.SPECIALISTE_CSEMS},
    "reviseur": {"role": Role.MEDECIN_DRRA},
    "reviseur2": {"role": Role.MEDECIN_DRRA},
    "reviseuse": {"role": Role.SPECIALISTE_DRRA},
    "clinicien": {"role": Role.CLINICIEN},
    "clinicien_ailleurs": {"role": Role.CLINICIEN},
    "ressource": {"role": Role.INTERVENANT},
    "ressource_ailleurs": {"role": Role.INTERVENANT},
    "representant": {"role": Role.REPRESENTANT},
    "administrateur": {"role": Role.ADMINISTRATEUR},
}


def personne(cle: str, numero: int, bureau: Bureau, ailleurs: Bureau) -> Compte:
    """Une personne fictive de la scène, avec titre et permis s'il s'agit d'un clinicien."""
    fiche = dict(ROLES[cle])
    if fiche["role"] == Role.AGENT or fiche.get("unite") == "bureau":
        fiche["bureau"] = ailleurs if cle.endswith("ailleurs") else bureau
    if fiche["role"] == Role.INTERVENANT:
        fiche["organisme"] = Organisme.objects.create(nom=f"Organisme fictif {cle} {numero}")
    compte = Compte.objects.create_user(
        email=f"{cle}.scene{numero}@exemple.invalid", prenom=cle.capitalize(), nom=f"Fictif{numero}", **fiche
    )
    if fiche["role"] == Role.CLINICIEN:
        Permis.objects.create(compte=compte, titre="medecin", numero="00000")
    return compte


@dataclass
class Scene:
    """Des personnes, un dossier, et l'heure qui avance d'une minute par acte."""

    personnes: dict[str, Compte] = field(default_factory=dict)
    dossier: Dossier = field(init=False)
    instant: datetime = DEPART
    avec_pdf: bool = False

    def __post_init__(self) -> None:
        numero = next(_numeros)
        bureau = Bureau.objects.create(code=f"essai-{numero}", nom=f"Bureau fictif {numero}", region="06")
        ailleurs = Bureau.objects.create(code=f"ailleurs-{numero}", nom=f"Autre bureau {numero}", region="03")
        self.personnes = {cle: personne(cle, numero, bureau, ailleurs) for cle in ROLES}
        self.personnes["systeme"] = compte_systeme()
        with horloge.figer(self.instant):
            self.dossier = ouvrir_dossier(
                self["prestataire"],
                acteur=self["prestataire"],
                bureau_id=bureau.pk,
                region="06",
                naissance=date(1980, 5, 5),
                nam=f"FICT800505{numero % 100:02}",
            )

    def __getitem__(self, cle: str) -> Compte:
        return self.personnes[cle]

    @property
    def demande(self) -> Demande:
        """La demande courante, relue."""
        demande = Dossier.objects.get(pk=self.dossier.pk).courante
        assert demande is not None
        return demande

    def attendre(self, **duree: float) -> None:
        """Avance l'horloge de la scène."""
        self.instant += timedelta(**duree)

    def joue(self, par: str, acte: str, **donnees: Any) -> Any:
        """Joue un acte une minute plus tard; un refus remonte."""
        self.attendre(minutes=1)
        with horloge.figer(self.instant):
            if acte == "emettre_lettres" and not self.avec_pdf:
                with composition.sans_pdf():
                    return executer(acte, acteur=self[par], dossier=self.dossier, **donnees)
            return executer(acte, acteur=self[par], dossier=self.dossier, **donnees)

    def refuse(self, par: str, acte: str, **donnees: Any) -> str:
        """Code du refus d'un acte, ou chaîne vide s'il est accepté."""
        try:
            self.joue(par, acte, **donnees)
        except Refus as refus:
            return refus.code
        return ""

    # Étapes, dans l'ordre; chacune suppose la précédente.
    def deposee(self) -> Scene:
        self.joue("prestataire", "deposer_demande", canal="en_ligne", type="initiale")
        self.joue("prestataire", "consentir", objet="joindre_clinicien")
        self.joue("prestataire", "consentir", objet="communiquer_decision_clinicien")
        self.joue("agent", "inviter_clinicien", clinicien=self["clinicien"])
        return self

    def complete(self, rapport: dict[str, Any] = RAPPORT) -> Scene:
        self.deposee()
        self.joue("clinicien", "signer_sr2100", **rapport)
        self.joue("prestataire", "deposer_sr2105", **SR2105)
        self.joue("agent", "declarer_complet")
        return self

    def transmise(self) -> Scene:
        self.complete().joue("agent", "transmettre_csems")
        return self

    def en_evaluation(self) -> Scene:
        self.transmise().joue("medecin", "prendre_en_evaluation")
        self.joue("specialiste", "prendre_en_evaluation")
        return self

    def avis(self, par: str, recommandation: str = "ne_pas_reconnaitre") -> None:
        self.joue(
            par,
            "rendre_avis",
            questions=NON,
            texte=f"Avis de {par}.",
            pieces_citees=["sr2100"],
            recommandation=recommandation,
        )

    def en_concertation(self) -> Scene:
        self.en_evaluation().avis("medecin")
        self.avis("specialiste")
        return self

    def a_signer(self) -> Scene:
        self.en_concertation().joue("medecin", "conclure_concertation", accord="oui")
        self.joue(
            "specialiste",
            "offrir_occasion",
            elements=["evaluation_complementaire"],
            jusqu_au=self.instant.date() + timedelta(days=8),
            appel_note="Appel fait.",
        )
        self.joue("prestataire", "repondre_occasion", texte="Rien à ajouter.")
        return self

    def decidee(self) -> Scene:
        self.a_signer().joue("medecin", "signer_decision", issue="non_reconnue", **REFUS)
        self.joue("specialiste", "signer_decision", issue="non_reconnue")
        return self

    def emise(self) -> Scene:
        self.decidee().joue("systeme", "emettre_lettres")
        return self

    def en_revision(self) -> Scene:
        self.emise().attendre(days=2)
        self.joue("prestataire", "demander_revision", motifs="Je conteste.")
        self.joue("chef_drra", "affecter_reviseur", medecin=self["reviseur"], specialiste=self["reviseuse"])
        return self

    def revision_rendue(self) -> Scene:
        self.en_revision().joue("reviseuse", "juger_recevabilite", recevable="oui")
        self.joue("reviseur", "rendre_revision", issue="confirmee")
        self.joue("reviseuse", "rendre_revision", issue="confirmee")
        self.joue("systeme", "emettre_lettres")
        return self

    def devant_taq(self) -> Scene:
        self.revision_rendue().joue("prestataire", "saisir_taq", motifs="Je conteste.")
        return self

    def jugee(self) -> Scene:
        self.devant_taq().joue("agent", "consigner_taq", issue="rejetée")
        return self

    def a_completer(self) -> Scene:
        self.deposee().joue("clinicien", "signer_sr2100", **RAPPORT)
        self.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=self["clinicien"])
        return self

    def temporaire(self) -> Scene:
        self.complete(RAPPORT_TEMPORAIRE).joue("agent", "accorder_temporaire", mois=4)
        self.joue("systeme", "emettre_lettres")
        return self

    def evidente_a_signer(self) -> Scene:
        self.complete(RAPPORT_EVIDENT).joue("agent", "reconnaitre_evident", diagnostic="DEMO-01")
        return self

    def reconnue(self) -> Scene:
        self.evidente_a_signer().joue("agent", "signer_decision", issue="reconnue", **RECONNUE)
        self.joue("systeme", "emettre_lettres")
        return self

    def fermee(self) -> Scene:
        self.deposee().joue("agent", "fermer", motif="inactivite")
        return self


ETAPES: dict[str, Callable[[Scene], Scene]] = {
    Etat.RECUE: Scene.deposee,
    Etat.A_COMPLETER: Scene.a_completer,
    Etat.COMPLETE: Scene.complete,
    Etat.TRANSMISE_CSEMS: Scene.transmise,
    Etat.EN_EVALUATION: Scene.en_evaluation,
    Etat.EN_CONCERTATION: Scene.en_concertation,
    Etat.EN_ATTENTE_SIGNATURE: Scene.a_signer,
    Etat.RECONNUES: Scene.reconnue,
    Etat.NON_RECONNUES: Scene.emise,
    Etat.TEMPORAIRE: Scene.temporaire,
    Etat.EN_REVISION: Scene.en_revision,
    Etat.REVISION_RENDUE: Scene.revision_rendue,
    Etat.DEVANT_TAQ: Scene.devant_taq,
    Etat.JUGEMENT_TAQ: Scene.jugee,
    Etat.FERMEE: Scene.fermee,
}


def scene(etat: str, **options: Any) -> Scene:
    """Une scène dont la demande courante est dans cet état."""
    jouee = ETAPES[etat](Scene(**options))
    assert jouee.demande.etat == etat
    return jouee
