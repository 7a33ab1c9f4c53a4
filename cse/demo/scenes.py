"""Les récits de la démonstration : tous les états, toutes les issues, et ce qui fait une journée d'équipe."""

from __future__ import annotations

from cse.demo import etapes as e
from cse.demo.documents import dossier_d_hopital
from cse.demo.personnes import personne
from cse.demo.recit import Jour, Moments, Recit

BUREAUX: tuple[dict[str, str], ...] = (
    {"bureau": "0", "agent": "alizee", "clinicien": "dre_imaginaire", "ressource": "nadia"},
    {"bureau": "0", "agent": "octave", "clinicien": "dr_inventee", "ressource": "zenon"},
    {"bureau": "1", "agent": "bertille", "clinicien": "dre_illusion", "ressource": "abigael"},
    {"bureau": "2", "agent": "cyprien", "clinicien": "valentine", "ressource": "nadia"},
)
PAIRES: tuple[dict[str, str], ...] = (
    {"medecin": "dre_fictive", "specialiste": "irenee", "med_drra": "dr_essai", "soc_drra": "kevin"},
    {"medecin": "dr_hypothese", "specialiste": "josephine", "med_drra": "dre_epreuve", "soc_drra": "lucienne"},
)
COMMUNS = {
    "chef_csems": "gontran",
    "chef_drra": "hermine",
    "chef_bureau": "flavie",
    "ips": "valentine",
    "rue": "wilfrid",
    "ergo": "xaviere",
    "tiers": "dre_supposition",
}


class _Suite:
    """Ouvre des récits l'un après l'autre, en faisant tourner bureaux et paires d'évaluateurs."""

    def __init__(self) -> None:
        self.recits: list[Recit] = []

    def nouveau(self, repos: int, bureau: int | None = None, **places: str) -> Recit:
        rang = len(self.recits)
        tenu = BUREAUX[(rang if bureau is None else bureau) % len(BUREAUX)]
        recit = Recit(
            f"D{rang + 1:02}",
            personne(rang),
            repos,
            {**COMMUNS, **tenu, **PAIRES[rang % len(PAIRES)], **places},
        )
        self.recits.append(recit)
        return recit


def recits() -> list[Recit]:
    """Tous les récits, dans l'ordre où leurs personnes se montrent."""
    suite = _Suite()
    _vitrine(suite)
    _avant_transmission(suite)
    _au_csems(suite)
    _decides(suite)
    _recours(suite)
    _fermes(suite)
    _suites(suite)
    return suite.recits


def _vitrine(s: _Suite) -> None:
    """Les premières personnes de la page : une par situation qu'on veut essayer tout de suite."""
    r = e.demande_a(
        e.parcours(e.rapport(e.invite(e.depot(s.nouveau(5, 0))), "depression"), 0),
        "personne",
        ["hospitalisations", "traitements_essayes"],
    )
    e.temoigne(r, 0)
    e.temoigne(e.refusee(s.nouveau(12, 0), "stress", 1), 2)
    e.reconnue(s.nouveau(4, 1), "depression", 2)
    r = e.en_revision(e.refusee(s.nouveau(6, 0), "discopathie", 1), 15)
    e.mandate(
        r,
        "voir_etat",
        "recevoir_lettres",
        "verser_pieces",
        "repondre",
        "demander_revision",
        jusqu_au=r.dans(300),
        medical=True,
    )
    e.temoigne(r, 1, "ressource")
    e.depot(s.nouveau(1, 0), pris=False)
    r = e.depot(s.nouveau(3, 1), canal="telephone")
    r.fait("agent", "signaler_alerte", code="urgence_financiere", precision="Loyer dû le premier; frigo vide")
    r.fait("personne", "demander_appel", "13:05", texte="L'après-midi. Ma sœur sera avec moi.", accompagnant="Sa sœur")
    r.fait("agent", "proposer_rencontre", "15:40", creneaux=Moments(r.n + 8, (10, 13, 15)), mode="telephone")
    r = e.invite(e.depot(s.nouveau(2, 2)))
    r.fait("agent", "signaler_alerte", code="interprete", precision="Langue des signes québécoise")
    r.fait("agent", "noter_besoin", genre="lsq", precision="Par vidéo de préférence")


def _avant_transmission(s: _Suite) -> None:
    for repos, bureau in ((1, 0), (12, 3)):
        e.depot(s.nouveau(repos, bureau), canal="papier" if bureau == 3 else "en_ligne", pris=repos > 5)
    r = e.rapport(e.invite(e.depot(s.nouveau(3, 0))), "bipolaire").fait(
        "clinicien",
        "echanger",
        "12:40",
        a="agent",
        texte="Je peux préciser la date du prochain rendez-vous si cela aide.",
    )
    e.invite(r, "ergo").apres(1).fait(
        "ergo",
        "signer_contribution",
        "15:10",
        nature="fonctionnelle",
        suivi="5 rencontres depuis le printemps, dont une à domicile",
        moyens="Entrevue, mise en situation à la cuisine",
        constats="Commence un repas, puis l'oublie sur le feu. Retrouve le fil si on lui lit chaque étape.",
        limitations=[{"domaine": "organisation", "niveau": "grave", "exemple": "Oublie le repas sur le feu."}],
        aides="Minuterie et liste d'étapes : aident un jour sur deux.",
    )
    r = e.demande_a(
        e.rapport(e.invite(e.depot(s.nouveau(27, 0))), "tda"),
        "clinicien",
        ["duree_limitations", "limitations_fonctionnelles"],
    )
    r = e.depot(s.nouveau(9, 0), canal="comptoir")
    e.mandate(r, "voir_etat", "verser_pieces", "repondre", jusqu_au=r.dans(360))
    e.demande_a(e.rapport(e.invite(r), "migraine"), "ressource", ["parcours_scolaire", "parcours_travail"])
    _fil_vivant(r.apres(1))
    r = e.invite(e.depot(s.nouveau(4, 2)), "ergo").apres(2)
    r.fait(
        "ergo",
        "decliner_rapport",
        "16:00",
        motif="Mon titre ne me permet pas de signer ce rapport; son médecin le peut.",
    )
    r = e.depot(s.nouveau(2, 3, ressource="abigael"), canal="telephone")
    r.fait("agent", "signaler_alerte", code="sans_clinicien", precision="Aucun médecin de famille depuis trois ans")
    r.fait("agent", "signaler_alerte", code="detresse", precision="Phrase inquiétante au téléphone; rappel fait")
    e.mandate(r, "voir_etat", "repondre", jusqu_au=r.dans(200), confirme=False)
    e.rapport(e.invite(e.depot(s.nouveau(1, 2)), "rue"), "itinerance", clinicien="rue")
    e.complet(s.nouveau(1, 0), "sclerose", 4)


def _fil_vivant(r: Recit) -> None:
    """Un fil à trois : l'agent demande, la personne-ressource aide, la clinique répond et demande à son tour."""
    r.fait(
        "agent",
        "echanger",
        "10:15",
        a="clinicien",
        avec=["ressource"],
        sujet="Les jours sans crise",
        question="precision_clinique",
        reponse_avant=r.dans(6),
        texte="Le rapport parle de crises fréquentes. Combien de jours par mois, à peu près?",
    )
    r.fait(
        "ressource",
        "echanger",
        "13:40",
        fil=1,
        texte="Elle tient un calendrier depuis janvier. Je peux l'aider à vous l'apporter.",
    )
    r.apres(1).fait(
        "clinicien",
        "echanger",
        "12:05",
        fil=1,
        a="agent",
        question="organisation",
        reponse_avant=r.dans(12),
        texte="Douze à quinze jours par mois. Le calendrier aiderait : peut-il être versé au dossier?",
    )


def _au_csems(s: _Suite) -> None:
    for repos, sante, bureau in ((2, "bipolaire", 0), (31, "itinerance", 2)):
        e.transmis(s.nouveau(repos, bureau), sante, repos)
    r = e.temoigne(e.en_evaluation(s.nouveau(3, 0), "depression", 3), 3)
    e.numerise(r, "Dossier d'hôpital", dossier_d_hopital())
    r = e.avis(e.en_evaluation(s.nouveau(5, 2), "sclerose", 1), "medecin", "reconnaitre")
    r.fait("specialiste", "echanger", "15:20", a="agent", texte="Savez-vous si un poste adapté a déjà été tenté?")
    r = e.demande_a(e.en_evaluation(s.nouveau(9, 1), "migraine", 2), "clinicien", ["duree_limitations"], "medecin")
    r = e.en_concertation(s.nouveau(2, 3), "bipolaire", 2, "ne_pas_reconnaitre", "reconnaitre").apres(2)
    r.fait("medecin", "conclure_concertation", "10:00", accord="non")
    r.apres(1).fait("chef_csems", "affecter_evaluateur", "09:00", evaluateur="tiers", motif="Désaccord sur la durée")
    e.en_signature(s.nouveau(1, 0), "depression", 0, "reconnaitre")
    r = e.en_signature(s.nouveau(3, 2), "sclerose", 1, "reconnaitre").apres(1)
    r.fait(
        "medecin",
        "signer_decision",
        "10:20",
        issue="reconnue",
        motifs=["atteinte_et_duree_etablies"],
        date_effet=Jour(0),
        justification_date="date de la demande",
    )
    r = e.en_signature(s.nouveau(5, 1), "migraine", 1, "ne_pas_reconnaitre")
    r.fait(
        "specialiste",
        "offrir_occasion",
        "13:30",
        elements=["duree_limitations"],
        jusqu_au=r.dans(16),
        appel_note="Message laissé, puis appel réussi en soirée.",
    )
    r.fait("systeme", "emettre_lettres", "17:30")


def _decides(s: _Suite) -> None:
    e.evidente(s.nouveau(9, 0), "cecite", "DEMO-01")
    r = s.nouveau(16, 1)
    e.evidente(r, "cancer", "DEMO-04", reexamen_le=Jour(365))
    r = e.refusee(s.nouveau(2, 0), "tda", 1)
    r.apres(9).fait(
        "clinicien", "signer_sr2100", "12:20", **{**e.SANTES["tda"].rapport(), "duree": {"type": "permanente"}}
    )
    r = e.depot(s.nouveau(70, 1))
    e.mandate(r, "voir_etat", "recevoir_lettres", jusqu_au=r.dans(70 + 10))
    e.temporaire(r, "entorse", 3)


def _recours(s: _Suite) -> None:
    e.revisee(e.en_revision(e.refusee(s.nouveau(11, 1), "tda", 1), 12), "confirmee")
    e.revisee(e.en_revision(e.refusee(s.nouveau(21, 3), "discopathie", 1), 12), "modifiee")
    r = e.revisee(e.en_revision(e.refusee(s.nouveau(19, 2), "migraine", 3), 12), "confirmee").apres(20)
    r.fait("personne", "saisir_taq", "15:00", motifs="Je maintiens que la durée est établie.")
    r = e.revisee(e.en_revision(e.refusee(s.nouveau(13, 1), "discopathie", 1), 12), "confirmee").apres(25)
    r.fait("personne", "saisir_taq", "15:00", motifs="Le travail léger proposé n'existe pas.")
    r.apres(90).fait("agent", "consigner_taq", "11:00", issue="Recours accueilli")


def _fermes(s: _Suite) -> None:
    e.depot(s.nouveau(15, 0)).apres(4).fait("personne", "se_desister", "11:30", motif="J'ai trouvé un emploi.").fait(
        "systeme", "emettre_lettres", "17:30"
    )
    e.rapport(e.invite(e.depot(s.nouveau(26, 2))), "cancer").apres(9).fait("agent", "fermer", "10:00", motif="deces")
    e.depot(s.nouveau(30, 3)).apres(60).fait("agent", "fermer", "10:00", motif="inactivite").fait(
        "systeme", "emettre_lettres", "17:30"
    )


def _suites(s: _Suite) -> None:
    """Une contrainte temporaire que la clinique vient de confirmer : à l'agent d'accorder la suite."""
    e.renouvelee(e.temporaire(e.depot(s.nouveau(1, 0)), "entorse", 3), "entorse", 3)
    _mandats_de_toute_sorte(s)
    _entrevue_prevue(s)


def _entrevue_prevue(s: _Suite) -> None:
    """Une révision recevable : l'entrevue est convenue dans quelques jours, la personne la voit à son suivi."""
    r = e.en_revision(e.refusee(s.nouveau(6, 2), "tda", 1), 12).apres(1)
    r.fait("med_drra", "juger_recevabilite", "10:00", recevable="oui")
    r.fait(
        "soc_drra",
        "planifier_entrevue",
        "10:20",
        prevue_le=r.a(12, "13:30"),
        mode="Par téléphone",
        precisions="Une proche sera avec elle.",
    )


def _mandats_de_toute_sorte(s: _Suite) -> None:
    """Un mandat passé à un collègue, un avocat jusqu'à la fin du recours, une tutrice dont la preuve est attendue."""
    r = e.depot(s.nouveau(3, 0, repreneur="zenon"), canal="comptoir")
    e.mandate(r, "voir_etat", "verser_pieces", "repondre", jusqu_au=r.dans(300)).apres(2)
    r.fait("ressource", "transmettre_mandat", "10:45", a="repreneur")
    r = e.refusee(s.nouveau(8, 1, avocat="me_symbole"), "migraine", 2).apres(10)
    r.fait(
        "avocat",
        "proposer_mandat",
        "11:00",
        portees=["voir_etat", "recevoir_lettres", "demander_revision"],
        jusqu_au=r.dans(60),
        titre="avocat",
        jusqu_a_fin_recours=True,
    )
    r.fait("personne", "confirmer_mandat", "18:15")
    r = e.depot(s.nouveau(2, 0, tutrice="solange"), canal="papier")
    r.fait(
        "tutrice",
        "proposer_mandat",
        "11:00",
        portees=["voir_etat", "recevoir_lettres", "repondre"],
        jusqu_au=r.dans(365),
        titre="tuteur",
    )
    r.fait("agent", "verser_piece", "14:00", nature="Autre document", titre="Jugement de tutelle")
