"""La demande et sa machine à états : la table des transitions de `conception.md` §3."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, FSMModelMixin, transition

from dossiers.etats import APRES_RECOURS, AVANT_DECISION, DECIDES, STATUT_PUBLIC, SUSPENDABLES, Etat, Voie
from dossiers.models.dossier import Dossier
from socle import horloge


class Demande(ConcurrentTransitionMixin, FSMModelMixin, models.Model):
    """Une demande de reconnaissance et son état. Ses transitions sont la table de `conception.md` §3."""

    class Type(models.TextChoices):
        INITIALE = "initiale", "Initiale"
        NOUVELLE = "nouvelle", "Nouvelle demande"
        REEXAMEN = "reexamen_contraintes", "Réexamen des contraintes"

    class Canal(models.TextChoices):
        EN_LIGNE = "en_ligne", "En ligne"
        PAPIER = "papier", "Papier"
        TELEPHONE = "telephone", "Téléphone"
        COMPTOIR = "comptoir", "Au comptoir"
        CLINIQUE = "clinique", "En clinique, la personne présente"

        @classmethod
        def du_bureau(cls) -> list[tuple[str, str]]:
            """Les canaux qu'un agent consigne; celui de la clinique vient du dépôt qui s'y fait."""
            return [(code, nom) for code, nom in cls.choices if code != cls.CLINIQUE]

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="demandes")
    rang = models.PositiveSmallIntegerField()
    type = models.CharField(max_length=24, choices=Type.choices)
    canal = models.CharField(max_length=12, choices=Canal.choices)
    deposee_le = models.DateTimeField()
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ouverte_le = models.DateTimeField("ouverte au traitement le", null=True, blank=True)
    etat: FSMField = FSMField(max_length=40, choices=Etat.choices, default=Etat.RECUE, protected=True)
    etat_depuis = models.DateTimeField(default=horloge.maintenant)
    etat_retenu = models.CharField(max_length=40, choices=Etat.choices, blank=True, default="")
    etat_avant_revision = models.CharField(max_length=40, choices=Etat.choices, blank=True, default="")
    voie = models.CharField(max_length=12, choices=Voie.choices, blank=True, default="")
    transmise_le = models.DateTimeField(null=True, blank=True)
    tour = models.PositiveSmallIntegerField(
        "tour de signature", default=1, help_text="Une réouverture ouvre un tour : les signatures passées tombent."
    )
    decision_emise_le = models.DateField("lettre de décision émise le", null=True, blank=True)
    revision_emise_le = models.DateField("lettre de révision émise le", null=True, blank=True)
    recours_depuis = models.DateField("recours ouvert depuis le", null=True, blank=True)
    fermee_le = models.DateTimeField(null=True, blank=True)
    motif_fermeture = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ("dossier", "rang")
        constraints = (
            models.UniqueConstraint(fields=("dossier", "rang"), name="rang_unique"),
            models.UniqueConstraint(
                fields=("dossier",), name="une_demande_en_attente", condition=Q(ouverte_le__isnull=True)
            ),
            models.UniqueConstraint(
                fields=("dossier",),
                name="une_demande_sans_decision",
                condition=Q(etat__in=AVANT_DECISION) & Q(ouverte_le__isnull=False),
            ),
            models.CheckConstraint(name="demande_etat_connu", condition=Q(etat__in=Etat.values)),
            models.CheckConstraint(
                name="a_completer_retient_un_etat",
                condition=(Q(etat=Etat.A_COMPLETER) & Q(etat_retenu__in=SUSPENDABLES))
                | (~Q(etat=Etat.A_COMPLETER) & Q(etat_retenu="")),
            ),
            models.CheckConstraint(
                name="fermee_est_datee",
                condition=Q(etat=Etat.FERMEE, fermee_le__isnull=False)
                | (~Q(etat=Etat.FERMEE) & Q(fermee_le__isnull=True)),
            ),
            models.CheckConstraint(
                name="csems_apres_transmission",
                condition=~Q(etat__in=(Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION, Etat.EN_CONCERTATION))
                | Q(transmise_le__isnull=False, voie=Voie.EVALUEE),
            ),
            models.CheckConstraint(name="decidee_a_une_voie", condition=~Q(etat__in=DECIDES) | ~Q(voie="")),
            models.CheckConstraint(
                name="en_attente_reste_recue", condition=Q(ouverte_le__isnull=False) | Q(etat=Etat.RECUE)
            ),
            models.CheckConstraint(
                name="revision_retient_un_etat",
                condition=~Q(etat=Etat.EN_REVISION) | Q(etat_avant_revision__in=DECIDES),
            ),
        )
        indexes = (models.Index(fields=("dossier", "-rang"), name="demande_courante"),)

    def __str__(self) -> str:
        return f"demande {self.rang} du dossier {self.dossier}"

    @property
    def jour_depot(self) -> date:
        """Date civile du dépôt, celle qui fixe les règles en vigueur et l'âge."""
        return horloge.jour_civil(self.deposee_le)

    @property
    def statut_public(self) -> str:
        return STATUT_PUBLIC.get(self.etat, "")

    @property
    def etat_de_fond(self) -> str:
        """État réel du traitement : celui que retient `a_completer`, sinon l'état lui-même."""
        return self.etat_retenu or str(self.etat)

    # Transitions. Une transition change l'état et ses champs jumeaux; les effets sont dans les actes.
    @transition(field=etat, source=SUSPENDABLES, target=Etat.A_COMPLETER, custom={"acte": "demander_renseignement"})
    def suspendre(self) -> None:
        self.etat_retenu = str(self.etat)

    @transition(
        field=etat,
        source=Etat.A_COMPLETER,
        target=RETURN_VALUE(*SUSPENDABLES),
        custom={"acte": "dernière réponse ou clore_renseignement"},
    )
    def reprendre(self) -> str:
        retenu, self.etat_retenu = self.etat_retenu, ""
        return retenu

    @transition(field=etat, source=Etat.RECUE, target=Etat.COMPLETE, custom={"acte": "declarer_complet"})
    def completer(self) -> None:
        pass

    @transition(field=etat, source=Etat.COMPLETE, target=Etat.TRANSMISE_CSEMS, custom={"acte": "transmettre_csems"})
    def transmettre(self, instant: datetime) -> None:
        self.transmise_le = instant
        self.voie = Voie.EVALUEE

    @transition(
        field=etat,
        source=Etat.TRANSMISE_CSEMS,
        target=Etat.EN_EVALUATION,
        custom={"acte": "prendre_en_evaluation (le premier)"},
    )
    def commencer_evaluation(self) -> None:
        pass

    @transition(
        field=etat, source=Etat.EN_EVALUATION, target=Etat.EN_CONCERTATION, custom={"acte": "le second rendre_avis"}
    )
    def concerter(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.EN_CONCERTATION,
        target=Etat.EN_ATTENTE_SIGNATURE,
        custom={"acte": "conclure_concertation, accord oui"},
    )
    def conclure(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.COMPLETE,
        target=Etat.EN_ATTENTE_SIGNATURE,
        custom={"acte": "reconnaitre_evident, reconduire_refus"},
    )
    def preparer(self, voie: str) -> None:
        self.voie = voie

    @transition(
        field=etat,
        source=Etat.EN_ATTENTE_SIGNATURE,
        target=RETURN_VALUE(Etat.EN_CONCERTATION, Etat.COMPLETE),
        custom={"acte": "rouvrir_evaluation"},
    )
    def rouvrir(self) -> str:
        self.tour += 1
        return Etat.EN_CONCERTATION if self.voie == Voie.EVALUEE else Etat.COMPLETE

    @transition(field=etat, source=Etat.COMPLETE, target=Etat.TEMPORAIRE, custom={"acte": "accorder_temporaire"})
    def accorder_temporaire(self) -> None:
        self.voie = Voie.TEMPORAIRE

    @transition(
        field=etat,
        source=Etat.EN_ATTENTE_SIGNATURE,
        target=RETURN_VALUE(Etat.RECONNUES, Etat.NON_RECONNUES),
        custom={"acte": "dernière signature"},
    )
    def decider(self, issue: str) -> str:
        return Etat.RECONNUES if issue == "reconnue" else Etat.NON_RECONNUES

    @transition(field=etat, source=DECIDES, target=Etat.EN_REVISION, custom={"acte": "demander_revision"})
    def reviser(self) -> None:
        self.etat_avant_revision = str(self.etat)
        self.recours_depuis = horloge.aujourd_hui()

    @transition(
        field=etat,
        source=Etat.EN_REVISION,
        target=Etat.REVISION_RENDUE,
        custom={"acte": "irrecevabilité, ou second rendre_revision"},
    )
    def rendre_revision(self) -> None:
        pass

    @transition(
        field=etat,
        source=(Etat.REVISION_RENDUE, Etat.EN_REVISION),
        target=Etat.DEVANT_TAQ,
        custom={"acte": "saisir_taq"},
    )
    def saisir_taq(self) -> None:
        # Du bureau de révision au Tribunal, c'est le même recours; après une révision rendue, c'en est un autre.
        if self.etat != Etat.EN_REVISION or self.recours_depuis is None:
            self.recours_depuis = horloge.aujourd_hui()

    @transition(field=etat, source=Etat.DEVANT_TAQ, target=Etat.JUGEMENT_TAQ, custom={"acte": "consigner_taq"})
    def juger(self) -> None:
        pass

    @transition(
        field=etat, source=Etat.DEVANT_TAQ, target=Etat.EN_REVISION, custom={"acte": "consigner_taq, issue renvoi"}
    )
    def renvoyer(self) -> None:
        pass

    @transition(
        field=etat,
        source=Etat.EN_REVISION,
        target=RETURN_VALUE(*DECIDES),
        custom={"acte": "se_desister de la révision"},
    )
    def abandonner_revision(self) -> str:
        return self.etat_avant_revision

    @transition(field=etat, source=AVANT_DECISION, target=Etat.FERMEE, custom={"acte": "fermer, se_desister"})
    def fermer(self, instant: datetime, motif: str) -> None:
        self.etat_retenu = ""
        self.fermee_le = instant
        self.motif_fermeture = motif[:120]


ETATS_PERMETTANT_UN_DEPOT = (*DECIDES, *APRES_RECOURS, Etat.FERMEE, Etat.EN_REVISION)
