"""Formulaires des gestes d'un dossier. Chacun rend, par `donnees()`, ce que l'acte attend.

Un formulaire ne juge que la forme; le reste est dit par l'acte, près du champ.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from comptes.models import Compte, Role
from dossiers import affectations, choix
from dossiers.charges import avec_charge, charges
from dossiers.models import Demande, Dossier, Mandat, Tache
from dossiers.pages import FormulaireActe
from referentiels import lecture as referentiels
from socle import horloge
from socle.champs_formulaire import ChampDate, ChampTelephone
from socle.composants import ChampConflit

TEXTE_MAX = 4000
QUI = {
    "clinique": "La clinique peut le donner.",
    "personne": "La personne peut le donner.",
    "personne_ressource": "La personne-ressource peut le donner.",
}


def zone(
    label: str, *, requis: bool = True, aide: str = "", maximum: int = TEXTE_MAX, rangs: int = 4
) -> forms.CharField:
    """Zone de texte d'une longueur bornée, comptée à l'écran."""
    return forms.CharField(
        label=label,
        required=requis,
        help_text=aide,
        max_length=maximum,
        widget=forms.Textarea(attrs={"rows": rangs, "data-compte": maximum}),
    )


def ligne(label: str, *, requis: bool = True, aide: str = "", maximum: int = 200) -> forms.CharField:
    """Une ligne de texte."""
    return forms.CharField(label=label, required=requis, help_text=aide, max_length=maximum)


def radios(label: str, requis: bool = True, aide: str = "") -> forms.ChoiceField:
    """Un choix parmi quelques-uns; ses valeurs sont posées à la construction du formulaire."""
    return forms.ChoiceField(label=label, required=requis, help_text=aide, widget=forms.RadioSelect)


class FormulaireGeste(FormulaireActe):
    """Formulaire d'un geste sur un dossier, par une personne."""

    def __init__(self, *args: Any, dossier: Dossier, personne: Compte, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dossier, self.personne = dossier, personne
        self.comptes: dict[str, Compte] = {}
        self.preparer()

    def preparer(self) -> None:
        """Pose les choix qui dépendent du dossier."""

    def offrir(self, champ: str, paires: list[tuple[str, str]]) -> None:
        """Donne ses choix à un champ; un seul choix est déjà coché."""
        vise = self.fields[champ]
        if isinstance(vise, forms.ChoiceField):
            vise.choices = paires
            if len(paires) == 1 and not isinstance(vise, forms.MultipleChoiceField):
                vise.initial = paires[0][0]

    def offrir_comptes(self, champ: str, comptes: list[Compte]) -> None:
        """Offre des personnes; `donnees` les rend telles quelles."""
        self.comptes = {str(compte.pk): compte for compte in comptes}
        self.offrir(champ, [(str(compte.pk), choix.en_mots(compte)) for compte in comptes])

    def donnees(self) -> dict[str, Any]:
        """Arguments de l'acte; un champ vide n'est pas transmis."""
        lues = {
            nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "cle" and valeur not in ("", None, [])
        }
        for nom in ("a", "pour", "intervenant", "agent"):
            if nom in lues and nom in self.fields and str(lues[nom]) in self.comptes:
                lues[nom] = self.comptes[str(lues[nom])]
        return lues


class SansChamp(FormulaireGeste):
    """Un geste qui ne demande rien d'autre qu'une confirmation."""


class FormulaireConsentement(FormulaireGeste):
    objet = radios("À quoi la personne consent-elle?")
    preuve = ligne(
        "Comment le savez-vous?", aide="Par exemple : « Dit au téléphone le 18 août » ou « Formulaire signé »."
    )

    def preparer(self) -> None:
        objets = referentiels.objets_consentement(horloge.aujourd_hui())
        self.offrir("objet", [(objet.code, objet.libelle) for objet in objets])


class FormulaireRetrait(FormulaireConsentement):
    objet = radios("Quel consentement la personne retire-t-elle?")


class FormulaireInvitation(FormulaireGeste):
    """Choisit un professionnel par courriel, numéro de permis ou nom; la personne choisit, non l'agent."""

    clinicien = ligne(
        "Professionnel de la santé",
        aide="Son courriel, son numéro de permis ou son nom. Le choix est celui de la personne.",
    )

    def clean_clinicien(self) -> Compte:
        """Rend le compte nommé, ou dit comment le nommer sans équivoque."""
        saisie = self.cleaned_data["clinicien"].strip()
        nom = Q()
        for mot in saisie.split():
            nom &= Q(nom__icontains=mot) | Q(prenom__icontains=mot)
        trouves = list(
            Compte.objects.filter(role=Role.CLINICIEN, is_active=True)
            .filter(Q(email__iexact=saisie) | Q(permis__numero=saisie) | nom)
            .distinct()
            .select_related("clinique")[:6]
        )
        if not trouves:
            raise forms.ValidationError(
                "Personne n'a ce nom, ce courriel ni ce permis. Vérifiez, ou joignez la clinique."
            )
        if len(trouves) > 1:
            noms = "; ".join(f"{choix.en_mots(un)} ({un.email or 'sans courriel'})" for un in trouves)
            raise forms.ValidationError(f"Plusieurs professionnels répondent : {noms}. Écrivez le courriel.")
        return trouves[0]


class FormulaireElements(FormulaireGeste):
    """Éléments du dictionnaire : quoi, pourquoi, qui peut le donner."""

    elements = forms.MultipleChoiceField(label="Que manque-t-il?", widget=forms.CheckboxSelectMultiple)

    def preparer(self) -> None:
        lus = referentiels.elements(horloge.aujourd_hui())
        self.offrir("elements", [(un.code, f"{un.libelle}. {un.pourquoi} {QUI.get(un.qui, '')}".strip()) for un in lus])


class FormulaireDemander(FormulaireElements):
    """Si la clinique peut tout donner et que la personne consent qu'on la joigne, c'est à elle qu'on demande."""

    AU_PLUS_SIMPLE = "au_plus_simple"
    a = radios("À qui le demander?")

    field_order = ("elements", "a")

    def preparer(self) -> None:
        super().preparer()
        self.offrir_comptes("a", choix.destinataires(self.dossier))
        self.clinique = next((un for un in self.comptes.values() if un.role == Role.CLINICIEN), None)
        if self.clinique is not None:
            simple = (
                f"Au plus simple : {choix.en_mots(self.clinique)} si tout peut venir de la clinique; sinon la personne"
            )
            champ = self.fields["a"]
            self.offrir("a", [(self.AU_PLUS_SIMPLE, simple), *getattr(champ, "choices", [])])
            champ.initial = self.AU_PLUS_SIMPLE

    def tout_de_la_clinique(self) -> bool:
        """Vrai si chaque élément coché peut venir d'une clinique que l'on peut joindre."""
        jour, coches = horloge.aujourd_hui(), self.cleaned_data.get("elements", [])
        return self.clinique is not None and all(referentiels.element(code, jour).qui == "clinique" for code in coches)

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        if lues.get("a") == self.AU_PLUS_SIMPLE:
            lues["a"] = self.clinique if self.tout_de_la_clinique() else self.dossier.prestataire
        return lues


class FormulaireClore(FormulaireGeste):
    a = radios("Quelle demande?", requis=False, aide="Sans choix, toutes les demandes en cours sont closes.")
    appel_note = zone(
        "Qu'a dit la personne à l'appel?", aide="Rien ne se refuse pour un silence : l'appel doit avoir eu lieu."
    )

    def preparer(self) -> None:
        vivantes = {faite.destinataire_id: faite.destinataire for faite in choix.demandes_vivantes(self.dossier)}
        self.offrir_comptes("a", list(vivantes.values()))


class FormulaireRepondre(FormulaireGeste):
    """L'agent consigne la réponse d'une personne; une case par élément attendu."""

    pour = radios("Qui a répondu?")
    preuve = ligne("Comment l'avez-vous reçue?", aide="Appel, lettre, comptoir, avec la date.")

    def preparer(self) -> None:
        vivantes = choix.demandes_vivantes(self.dossier)
        self.offrir_comptes("pour", list({f.destinataire_id: f.destinataire for f in vivantes}.values()))
        self.elements: list[str] = []
        for faite in vivantes:
            for code in faite.elements:
                if code not in self.elements:
                    self.elements.append(code)
                    lu = referentiels.element(code, horloge.jour_civil(faite.demandee_le))
                    self.fields[f"reponse_{code}"] = zone(lu.libelle, requis=False, aide=lu.quoi)
        self.order_fields(["pour", *(f"reponse_{code}" for code in self.elements), "preuve"])

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or self.cleaned_data
        if not self.errors and not any(lues.get(f"reponse_{code}") for code in self.elements):
            raise forms.ValidationError("Écrivez au moins une réponse.")
        return lues

    def donnees(self) -> dict[str, Any]:
        lues = super().donnees()
        reponses = {code: lues.pop(f"reponse_{code}") for code in self.elements if lues.get(f"reponse_{code}")}
        return {**lues, "reponses": reponses}


class FormulaireOccasion(FormulaireElements):
    jusqu_au = ChampDate(
        label="Jusqu'à quand la personne peut-elle répondre?", help_text="Laissez le temps à la lettre d'arriver."
    )
    appel_note = zone("Qu'avez-vous dit à l'appel?", aide="L'occasion se donne par lettre et de vive voix.")


class FormulaireTexte(FormulaireGeste):
    texte = zone("Ce que la personne a dit", aide="« Je n'ai rien d'autre » est une réponse.")
    preuve = ligne("Comment l'avez-vous reçu?", requis=False)


class FormulaireAppel(FormulaireGeste):
    appel_note = zone("Que dit la personne de sa situation?", aide="A-t-elle changé depuis la dernière décision?")


class FormulaireMandat(FormulaireGeste):
    intervenant = radios("De qui s'agit-il?")
    preuve = ligne(
        "Comment la personne l'a-t-elle confirmé?", aide="Par exemple : « Dit au téléphone, identité vérifiée »."
    )
    etat_voulu = Q(confirme_le__isnull=True)

    def preparer(self) -> None:
        non_echus = Mandat.objects.non_echus(horloge.aujourd_hui()).filter(self.etat_voulu, dossier=self.dossier)
        mandats = non_echus.select_related("intervenant__organisme")
        self.offrir_comptes("intervenant", list({m.intervenant_id: m.intervenant for m in mandats}.values()))


class FormulaireRevocation(FormulaireMandat):
    etat_voulu = Q()
    motif = ligne("Pourquoi?", requis=False)
    field_order = ("intervenant", "motif", "preuve")


class FormulaireRetraitInvitation(FormulaireGeste):
    """À qui la personne ne veut plus demander le rapport."""

    clinicien = radios("Qui ne remplira pas le rapport?")

    def preparer(self) -> None:
        invites = Compte.objects.filter(
            invitations__demande__dossier=self.dossier, invitations__declinee_le__isnull=True
        ).distinct()
        self.offrir_comptes("clinicien", list(invites.order_by("nom", "prenom", "pk")[:50]))

    def donnees(self) -> dict[str, Any]:
        return super().donnees() | {"clinicien": self.comptes[str(self.cleaned_data["clinicien"])]}


class FormulaireReception(FormulaireGeste):
    """Preuve de réception de la dernière lettre émise d'un modèle."""

    lettre = radios("Quelle lettre?")
    recue_le = ChampDate(label="Quel jour l'a-t-elle reçue?")
    preuve = ligne("Quelle preuve?", aide="Par exemple : « Avis de livraison » ou « Dit par la personne ».")

    def preparer(self) -> None:
        from dossiers.views.lettres import titre_de

        emises = self.dossier.lettres.filter(emise_le__isnull=False, copie_de__isnull=True).order_by("-pk")[:100]
        titres: dict[str, str] = {}
        for lettre in emises:
            titres.setdefault(lettre.modele, f"{titre_de(lettre)}, {lettre.jour_emission:%Y-%m-%d}")
        self.offrir("lettre", list(titres.items()))


class FormulaireFermeture(FormulaireGeste):
    """Une raison écrite; un décès, un transfert et un silence ont leur propre geste, et ne se ferment pas d'ici."""

    RESERVES = frozenset({"deces", "transfert", "inactivite", "desistement"})
    motif = ligne(
        "Pourquoi fermer la demande?",
        aide="Par exemple : « Demande déposée deux fois ». La personne lira cette raison.",
        maximum=120,
    )

    def clean_motif(self) -> str:
        lu = str(self.cleaned_data["motif"]).strip()
        if lu.casefold() in self.RESERVES:
            raise forms.ValidationError("Cette raison a son propre geste au sommaire. Employez-le.")
        return lu


class FormulaireDelai(FormulaireGeste):
    jusqu_au = ChampDate(label="Jusqu'à quand la personne veut-elle du temps?")


class FormulaireObservations(FormulaireGeste):
    texte = zone("Observations de la personne")


class FormulaireTaq(FormulaireGeste):
    motifs = zone("Ce que la personne écrit", requis=False)


class FormulaireCoordonnees(FormulaireGeste):
    adresse = zone("Adresse postale", requis=False, maximum=400, rangs=3)
    telephone = ChampTelephone(label="Téléphone")
    telephone_texto = ChampTelephone(
        label="Téléphone pour les textos", help_text="Un texto dit seulement qu'il y a du nouveau."
    )
    email = forms.EmailField(
        label="Courriel", required=False, help_text="Un courriel dit seulement qu'il y a du nouveau."
    )
    canal_prefere = forms.ChoiceField(
        label="Comment recevoir les lettres?", choices=Compte.Canal.choices, widget=forms.RadioSelect
    )
    contact_sur = zone("Précautions pour la joindre", requis=False, maximum=300, rangs=2)

    def preparer(self) -> None:
        personne = self.dossier.prestataire
        for nom in self.fields:
            if nom != "cle":
                self.fields[nom].initial = getattr(self.dossier if nom == "contact_sur" else personne, nom)

    def clean_email(self) -> str:
        """Un courriel n'ouvre qu'un compte."""
        courriel = str(self.cleaned_data["email"] or "")
        pris = Compte.objects.filter(email__iexact=courriel).exclude(pk=self.dossier.prestataire_id)
        if courriel and pris.exists():
            raise forms.ValidationError("Ce courriel est déjà celui d'un autre compte. Vérifiez-le avec la personne.")
        return courriel

    def donnees(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "cle"}


class FormulaireTache(FormulaireGeste):
    tache = radios("Quel geste est fait?")
    note = ligne("Ce qui a été fait", requis=False, maximum=300)

    def preparer(self) -> None:
        vivantes = Tache.objects.filter(dossier=self.dossier, close_le__isnull=True).exclude(
            code=Tache.Code.DECISION_A_EXPLIQUER
        )
        self.offrir("tache", [(str(une.pk), f"{une}{f' : {une.note}' if une.note else ''}") for une in vivantes])


class FormulaireAffectation(FormulaireGeste):
    """Une affectation, et celle que la page a lue : périmée, elle ne s'écrit pas par-dessus l'autre."""

    affectation_lue = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def preparer(self) -> None:
        self.fields["affectation_lue"].initial = self.marque()

    def marque(self) -> str:
        """La marque de l'affectation en cours (`dossiers.affectations`)."""
        raise NotImplementedError

    def affectes(self) -> list[Compte]:
        """Les personnes affectées maintenant."""
        raise NotImplementedError

    def conflit(self) -> list[ChampConflit]:
        """Qui la page voulait affecter, et qui l'est maintenant."""
        voulus = [un.nom_complet for un in self.donnees().values() if isinstance(un, Compte)]
        actuels = [un.nom_complet for un in self.affectes()]
        return [ChampConflit("Personnes affectées", "\n".join(voulus), "\n".join(actuels))]


class FormulaireAttribuer(FormulaireAffectation):
    agent = radios("À quel agent?")
    motif = ligne("Pourquoi?", requis=False)

    def preparer(self) -> None:
        super().preparer()
        agents = choix.agents_du_bureau(self.dossier)
        self.offrir_comptes("agent", agents)
        portees = charges(self.dossier.bureau_id)
        self.offrir("agent", [(str(un.pk), avec_charge(un, portees.get(un.pk, 0))) for un in agents])

    def marque(self) -> str:
        return affectations.marque_agent(self.dossier)

    def affectes(self) -> list[Compte]:
        self.dossier.refresh_from_db(fields=["agent"])
        return [self.dossier.agent] if self.dossier.agent is not None else []


class FormulaireSubstitut(FormulaireGeste):
    NATURES = (
        ("rapport_autre_organisme", "Rapport fait pour un autre organisme"),
        ("exemption", "Exemption du rapport médical"),
    )
    nature = forms.ChoiceField(label="Qu'avez-vous reçu?", choices=NATURES, widget=forms.RadioSelect)
    date = ChampDate(label="Date du document")
    justification = zone("Pourquoi tient-il lieu de SR-2100?")

    def preparer(self) -> None:
        """Dit l'âge habituel d'un tel rapport; plus ancien, il se justifie, il ne se refuse pas."""
        mois = int(referentiels.regle("substitut_age_max_mois", horloge.aujourd_hui()))
        self.fields["date"].help_text = f"D'ordinaire, moins de {mois} mois. Sinon, dites pourquoi il vaut encore."


class FormulaireReouverture(FormulaireGeste):
    motif = zone("Pourquoi rouvrir?", maximum=600)


class FormulaireAnnonce(FormulaireGeste):
    comment = ligne(
        "Comment la personne veut-elle apprendre le résultat?",
        aide="Par exemple : « Par un appel, l'avant-midi, avec Mme Prototype ».",
    )


class FormulaireDepot(FormulaireGeste):
    canal = forms.ChoiceField(
        label="Comment la demande est-elle reçue?", choices=Demande.Canal.du_bureau(), widget=forms.RadioSelect
    )
    type = forms.ChoiceField(
        label="Quelle demande?",
        choices=Demande.Type.choices,
        widget=forms.RadioSelect,
        help_text="Pendant un réexamen, les prestations continuent : dites-le à la personne.",
    )
