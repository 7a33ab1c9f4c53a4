"""Formulaires de l'agent au triage et à la signature."""

from __future__ import annotations

from typing import Any

from django import forms

from comptes.models import Compte
from decisions import effet, lecture, mois_temporaires, phrases
from decisions.forms_csems import date_proposee, proposer
from decisions.forms_motifs import DATE_OU_CASE, SANS_MOTIF, FormulaireMotive, champ_orientation, champ_sans_reexamen
from decisions.models import Issue
from decisions.triage import diagnostics_de_la_liste
from dossiers.etats import Voie
from dossiers.forms import FormulaireGeste, radios, zone
from dossiers.models import Demande
from formulaires.lecture import dernier_rapport, elements_releves
from formulaires.regles import mois_de
from referentiels import echeances
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate

PHRASE_EVIDENT = "Avec ce diagnostic, aucune autre évaluation n'est nécessaire."


class FormulaireDemande(FormulaireGeste):
    """Formulaire qui lit la demande courante du dossier."""

    def __init__(self, *args: Any, demande: Demande, **kwargs: Any) -> None:
        self.demande = demande
        super().__init__(*args, **kwargs)


class FormulaireReconnaitre(FormulaireDemande):
    diagnostic = radios(
        "Quel diagnostic de la liste?",
        aide="Liste de démonstration, inventée. Le libellé du rapport doit être identique.",
    )
    sans_travail_depuis_annees = forms.IntegerField(
        label="Depuis combien d'années la personne ne travaille-t-elle plus?",
        required=False,
        min_value=0,
        max_value=100,
        help_text="Seulement si la liste l'exige.",
    )

    def preparer(self) -> None:
        self.offrir("diagnostic", diagnostics_de_la_liste(self.demande))

    def donnees(self) -> dict[str, Any]:
        annees = self.cleaned_data.get("sans_travail_depuis_annees")
        criteres = {} if annees is None else {"sans_travail_depuis_annees": annees}
        return {"diagnostic": self.cleaned_data["diagnostic"], "criteres": criteres}


class FormulaireTemporaire(FormulaireDemande):
    mois = forms.IntegerField()
    orientation = champ_orientation()

    def preparer(self) -> None:
        self.fields["mois"] = mois_temporaires.champ("Pour combien de mois?", self.demande.jour_depot, requis=True)
        rapport = dernier_rapport(self.demande)
        self.fields["mois"].initial = mois_de(rapport.contenu) if rapport is not None else None


class FormulaireReconnaissance(FormulaireMotive, FormulaireDemande):
    """Signature d'une reconnaissance évidente par l'agent."""

    issue = Issue.RECONNUE
    date_effet = ChampDate(label="À partir de quelle date?", validators=[effet.valider])
    justification_date = zone(
        "Pourquoi cette date?", maximum=300, rangs=2, aide="Par exemple : « Date de la demande »."
    )
    motifs = forms.MultipleChoiceField(
        label="Motifs", widget=forms.CheckboxSelectMultiple, error_messages={"required": SANS_MOTIF}
    )
    reexamen_le = ChampDate(label="Réexamen le", required=False)
    sans_reexamen = champ_sans_reexamen()

    def preparer(self) -> None:
        jour = horloge.aujourd_hui()
        proposee = date_proposee(self.demande)
        self.fields["date_effet"].initial = proposee
        self.fields["justification_date"].initial = "Date de la demande." if proposee is not None else ""
        motifs = referentiels.motifs(self.demande.jour_depot, "favorable")
        favorables = [(un.code, un.libelle) for un in motifs]
        self.offrir_phrases(motifs, {"diagnostic_evident": PHRASE_EVIDENT})
        self.offrir("motifs", favorables)
        if any(code == "diagnostic_evident" for code, _ in favorables):
            self.fields["motifs"].initial = ["diagnostic_evident"]
        projet = lecture.projet_du_tour(self.demande)
        exige = projet is not None and bool(projet.reexamen_mois)
        self.fields["reexamen_le"].required = exige
        self.fields["reexamen_le"].help_text = DATE_OU_CASE
        if exige:
            del self.fields["sans_reexamen"]
        if exige and projet is not None:
            self.fields["reexamen_le"].help_text = f"La liste prévoit un réexamen dans {projet.reexamen_mois} mois."
            self.fields["reexamen_le"].initial = echeances.reexamen_contraintes(
                jour, int(projet.reexamen_mois or 0)
            ).date

    def donnees(self) -> dict[str, Any]:
        return {"issue": str(self.issue), **self.sans_les_phrases(super().donnees())}


class FormulaireReconduction(FormulaireMotive, FormulaireDemande):
    """Signature d'un refus reconduit par l'agent."""

    issue = Issue.NON_RECONNUE
    motifs = forms.MultipleChoiceField(
        label="Pourquoi?", widget=forms.CheckboxSelectMultiple, error_messages={"required": SANS_MOTIF}
    )
    ce_qui_changerait = forms.MultipleChoiceField(
        label="Ce qui pourrait changer la décision",
        widget=forms.CheckboxSelectMultiple,
        help_text="La lettre le dira en mots simples.",
        error_messages={"required": "Cochez au moins un élément : la personne doit savoir quoi apporter."},
    )
    orientation = champ_orientation()

    def preparer(self) -> None:
        jour = self.demande.jour_depot
        motifs = referentiels.motifs(jour, "defavorable")
        self.offrir("motifs", [(un.code, un.libelle) for un in motifs])
        self.offrir_phrases(motifs)
        self.fields["motifs"].initial = ["situation_inchangee"]
        precedente = lecture.refus_evalue_avant(self.demande)
        muets = phrases.sans_objet(precedente.projet.contenu if precedente and precedente.projet else {})
        elements = [(un.code, un.quoi) for un in referentiels.elements(jour) if un.code not in muets]
        self.offrir("ce_qui_changerait", proposer(elements, elements_releves(self.demande)))

    def donnees(self) -> dict[str, Any]:
        return {"issue": str(self.issue), **self.sans_les_phrases(super().donnees())}


PAR_VOIE: dict[str, type[FormulaireDemande]] = {
    Voie.EVIDENTE: FormulaireReconnaissance,
    Voie.RECONDUITE: FormulaireReconduction,
}


class FormulaireAppelATrois(FormulaireGeste):
    """Avec qui, et quel jour."""

    evaluateur = radios("Avec quel évaluateur?")
    prevu_le = ChampDate(label="Quel jour?")
    note = zone("Ce que la personne veut comprendre", requis=False, maximum=200, rangs=2)

    def __init__(self, *args: Any, evaluateurs: list[Compte], **kwargs: Any) -> None:
        self.evaluateurs = evaluateurs
        super().__init__(*args, **kwargs)

    def preparer(self) -> None:
        self.offrir_comptes("evaluateur", self.evaluateurs)

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        return lues | {"evaluateur": self.comptes[lues["evaluateur"]]}


class FormulaireExplication(FormulaireGeste):
    """Ce qui a été dit à l'appel."""

    DITS = (
        ("decision", "La décision et ses raisons, en mots simples"),
        ("revision", "La révision : gratuite, par écrit, avant la date de la lettre"),
        ("aide", "Où trouver de l'aide pour la demander"),
        ("nouvelle", "Une nouvelle demande reste possible en tout temps"),
        ("trois", "Un appel à trois avec un évaluateur, si elle le veut"),
    )
    dits = forms.MultipleChoiceField(label="Ce que j'ai dit", choices=DITS, widget=forms.CheckboxSelectMultiple)
    note = zone("Note", requis=False, maximum=200, rangs=3, aide="Aucun renseignement médical.")

    def donnees(self) -> dict[str, Any]:
        titres = {
            "decision": "décision",
            "revision": "révision",
            "aide": "aide",
            "nouvelle": "nouvelle demande",
            "trois": "appel à trois",
        }
        dits = ", ".join(titres[code] for code in self.cleaned_data["dits"])
        note = self.cleaned_data["note"].strip()
        return {"note": f"Dit : {dits}.{f' {note}' if note else ''}"[:300]}
