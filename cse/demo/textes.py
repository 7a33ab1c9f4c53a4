"""Ce que disent les dossiers fictifs : situations médicales, parcours, témoignages. Tout est inventé."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sante:
    """Ce qu'un rapport médical fictif raconte."""

    diagnostics: tuple[tuple[str, str], ...]
    limitations: tuple[tuple[str, str], ...]
    justification: str
    duree: tuple[str, int] = ("indeterminee", 0)
    contrainte: str = "severe"
    effet_cumulatif: bool = False

    def rapport(self) -> dict[str, Any]:
        """Les champs de `signer_sr2100`."""
        type_duree, mois = self.duree
        return {
            "diagnostics": [
                {"libelle": libelle, "code": code, "principal": rang == 0}
                if code
                else {"libelle": libelle, "principal": rang == 0}
                for rang, (libelle, code) in enumerate(self.diagnostics)
            ],
            "limitations": [{"domaine": domaine, "niveau": niveau} for domaine, niveau in self.limitations],
            "duree": {"type": type_duree, "mois": mois} if type_duree == "mois" else {"type": type_duree},
            "contrainte": self.contrainte,
            "effet_cumulatif": self.effet_cumulatif,
            "justification": self.justification,
        }


SANTES: dict[str, Sante] = {
    "depression": Sante(
        (("Trouble dépressif récurrent", "F33.2"), ("Fibromyalgie", "M79.7")),
        (("endurance", "grave"), ("concentration", "grave"), ("organisation", "moderee")),
        "Trois rechutes en quatre ans. La douleur coupe le sommeil, et le manque de sommeil ramène la rechute.",
        effet_cumulatif=True,
    ),
    "discopathie": Sante(
        (("Discopathie dégénérative", "M51.3"),),
        (("bouger", "grave"), ("endurance", "moderee")),
        "Debout plus de dix minutes, la jambe lâche. Deux infiltrations sans effet durable.",
        ("permanente", 0),
    ),
    "bipolaire": Sante(
        (("Trouble bipolaire de type I", "F31.9"),),
        (("emotions", "grave"), ("interactions", "moderee"), ("organisation", "grave")),
        "Quatre hospitalisations en six ans. Stable avec un suivi serré, sans marge pour un horaire imposé.",
    ),
    "sclerose": Sante(
        (("Sclérose en plaques", "G35"),),
        (("bouger", "moderee"), ("endurance", "grave"), ("mains", "moderee")),
        "Poussées imprévisibles, fatigue dès midi. La personne perd l'usage fin de la main droite.",
        ("permanente", 0),
    ),
    "stress": Sante(
        (("État de stress post-traumatique", "F43.1"),),
        (("emotions", "grave"), ("concentration", "moderee"), ("interactions", "grave")),
        "Évite tout lieu clos avec des inconnus. Une thérapie est commencée depuis huit mois.",
        ("mois", 18),
    ),
    "migraine": Sante(
        (("Migraine chronique", "G43.7"),),
        (("concentration", "moderee"), ("endurance", "legere")),
        "Douze jours de crise par mois malgré le traitement de fond.",
        ("mois", 12),
    ),
    "entorse": Sante(
        (("Entorse lombaire", "S33.5"),),
        (("bouger", "moderee"),),
        "Chute au travail de rénovation; physiothérapie en cours, retour attendu.",
        ("mois", 3),
        "temporaire",
    ),
    "chirurgie": Sante(
        (("Suites d'une chirurgie du genou", "Z54.0"),),
        (("bouger", "grave"),),
        "Appui interdit pendant six semaines, puis réadaptation.",
        ("mois", 5),
        "temporaire",
    ),
    "cecite": Sante(
        (("Cécité des deux yeux", ""),),
        (("sens", "grave"),),
        "Perte complète de la vision, confirmée.",
        ("permanente", 0),
    ),
    "alzheimer": Sante(
        (("Maladie d'Alzheimer", ""),),
        (("concentration", "grave"), ("organisation", "grave")),
        "Aide constante d'une proche pour les repas et les déplacements.",
        ("permanente", 0),
    ),
    "cancer": Sante(
        (("Cancer du sein en chimiothérapie", ""),),
        (("endurance", "grave"),),
        "Traitement en cours jusqu'au printemps.",
        ("mois", 10),
        "temporaire",
    ),
    "tda": Sante(
        (("Trouble du déficit de l'attention", "F90.0"), ("Trouble d'anxiété généralisée", "F41.1")),
        (("concentration", "moderee"), ("emotions", "moderee")),
        "L'anxiété prend toute la place les jours de semaine; les deux troubles se nourrissent.",
        effet_cumulatif=True,
    ),
    "itinerance": Sante(
        (("Trouble lié à l'usage de substances", "F19.2"), ("Hépatite C chronique", "B18.2")),
        (("organisation", "grave"), ("endurance", "moderee"), ("interactions", "moderee")),
        "Suivi à la clinique de rue depuis deux ans; sans adresse fixe la moitié du temps.",
        effet_cumulatif=True,
    ),
}  # fmt: skip

PARCOURS: tuple[dict[str, str], ...] = (
    {
        "scolarite": "3e secondaire",
        "emplois": "Caissière de 2009 à 2017; plus rien depuis",
        "hospitalisations": "Six semaines en 2019",
        "suivis": "ne_sait_pas",
        "situation": "Vit seule, troisième logement en deux ans",
    },
    {
        "scolarite": "Diplôme d'études professionnelles en soudage",
        "emplois": "Soudeur pendant dix-huit ans, deux entreprises",
        "hospitalisations": "aucune",
        "suivis": "Physiothérapeute aux deux semaines",
        "situation": "En couple, deux enfants à la maison",
    },
    {
        "scolarite": "Baccalauréat non terminé",
        "emplois": "Contrats de quelques mois, le dernier en 2021",
        "hospitalisations": "Trois, la plus longue de onze semaines",
        "suivis": "Équipe de santé mentale, chaque semaine",
        "situation": "En chambre, avec le soutien d'un organisme",
    },
    {
        "scolarite": "ne_sait_pas",
        "emplois": "Travaux saisonniers, jamais plus de trois mois",
        "hospitalisations": "Une, à l'automne",
        "suivis": "Infirmier de la clinique de rue",
        "situation": "Sans adresse fixe; courrier reçu à l'organisme",
    },
    {
        # La voie courte : des personnes nommées, le reste inconnu.
        "scolarite": "ne_sait_pas",
        "emplois": "ne_sait_pas",
        "hospitalisations": "ne_sait_pas",
        "suivis": "ne_sait_pas",
        "situation": "ne_sait_pas",
        "personnes_a_joindre": (
            "• Maude Fictive · qui : intervenant · lien : maison d'entraide fictive · téléphone : 418 555-0123"
            " · moment : le matin · appel permis : oui\n"
            "• Rose Fictive · qui : proche · lien : soeur · téléphone : 514 555-0142 · appel permis : non"
        ),
    },
)

TEMOIGNAGES: tuple[tuple[str, str], ...] = (
    (
        "Lettre de ma sœur",
        (
            "Je fais l'épicerie de mon frère depuis trois ans. Les bons jours, il m'accompagne jusqu'au camion. "
            "Les autres jours, les rideaux restent fermés et il ne répond pas avant le soir."
        ),
    ),
    (
        "Journal de douleur, deux semaines",
        (
            "Lundi : debout 20 minutes. Mardi : lit tout le jour. Mercredi : marché jusqu'au coin, retour en larmes. "
            "Jeudi : rien noté, trop de brouillard. Vendredi : vaisselle en trois fois."
        ),
    ),
    (
        "Ce que je voudrais qu'on sache",
        (
            "On me dit que j'ai l'air bien. C'est que je me repose quatre heures avant chaque rendez-vous. "
            "Personne ne voit le lendemain."
        ),
    ),
    (
        "Note de mon ancien employeur",
        (
            "Elle a essayé trois retours progressifs. La troisième fois, elle s'est effondrée à la deuxième heure. "
            "Ce n'était pas un manque de volonté, l'équipe entière peut le dire."
        ),
    ),
)
NATURES = ("Témoignage", "Rapport de spécialiste", "Résultat d'examen")
AVIS: dict[str, tuple[str, str]] = {
    "reconnaitre": (
        "Les problèmes s'aggravent l'un l'autre; un effort soutenu n'est pas tenable, et rien n'annonce de reprise.",
        "Peu de scolarité, longtemps hors emploi; les métiers déjà faits demandent ce que la personne ne peut plus.",
    ),
    "ne_pas_reconnaitre": (
        "L'atteinte est réelle, mais le rapport n'établit ni sa durée ni ce qui a été essayé.",
        "Expérience récente en bureau; un poste assis à temps partiel n'a pas été écarté.",
    ),
}
