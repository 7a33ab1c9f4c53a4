"""Le parcours, acte par acte : chaque méthode est un moment, joué par qui le vit.

Source : `ecrans-et-lettres.md` B1 à B8.
"""

from __future__ import annotations

import re
from datetime import date

from django.core.files.base import ContentFile
from playwright.sync_api import Browser

from comptes.models import Compte, Role
from correspondance import actes as courrier
from correspondance.composition import sans_pdf
from correspondance.models import MessageCode
from correspondance.relais import relayer
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.etats import Etat
from dossiers.models import Dossier
from dossiers.porte import executer
from dossiers.tasks import verifier_piece
from tests.epreuves import fichiers
from tests.parcours import personnes
from tests.parcours.personnes import MOT_DE_PASSE
from tests.parcours.visite import Releve, Visite

RAISONS = {
    "atteinte": "Le rapport décrit des limitations claires et constantes.",
    "duree": "Le rapport dit une durée indéterminée, suivie depuis longtemps.",
    "socioprofessionnel": "Les emplois passés et la formation laissent des possibilités.",
}
PHRASE = "Selon nous, un emploi assis reste possible pour vous."


class Parcours:
    """Une demande, de son dépôt à la décision en révision; un navigateur par personne."""

    def __init__(self, navigateur: Browser, base: str, releve: Releve) -> None:
        self.navigateur, self.base, self.releve = navigateur, base, releve
        self.comptes = personnes.installer()
        self.visites: dict[str, Visite] = {}
        self.reference = ""

    def jouer(self) -> None:
        """Tout le parcours, dans l'ordre."""
        self.deposer()
        self.consentir()
        self.inviter()
        self.remplir_le_rapport()
        self.repondre_au_sr2105()
        self.transmettre()
        self.evaluer()
        self.se_concerter()
        self.offrir_l_occasion()
        self.refuser()
        self.lire_le_refus()
        self.informer_la_clinique()
        self.donner_mandat()
        self.demander_la_revision()
        self.affecter()
        self.reviser()
        self.infirmer()
        self.lire_la_seconde_decision()
        self.verifier_les_raccourcis()

    # --- Entrer ------------------------------------------------------------------------
    def chez(self, qui: str) -> Visite:
        """Le navigateur de cette personne, connectée par le vrai formulaire."""
        if qui not in self.visites:
            visite = self.visites[qui] = Visite(self.navigateur, qui, self.base, self.releve)
            if qui == "personne":
                self._entrer_par_code(visite)
            else:
                self._entrer_par_mot_de_passe(visite, qui)
            visite.photographier(qui)
        return self.visites[qui]

    def _entrer_par_mot_de_passe(self, visite: Visite, qui: str) -> None:
        visite.ouvrir("/compte/login/")
        visite.remplir(login=self.comptes[qui].email, password=MOT_DE_PASSE)
        visite.presser("Se connecter")

    def _entrer_par_code(self, visite: Visite) -> None:
        visite.ouvrir("/suivi/connexion/")
        visite.remplir(
            reference=self.reference.lower().replace("-", " "),
            naissance_jour="5", naissance_mois="mai", naissance_annee="1980",
        )  # fmt: skip
        visite.presser("Recevoir un code")
        visite.remplir(code=self._dernier_code())
        visite.presser("Entrer")

    @staticmethod
    def _dernier_code() -> str:
        trouve = re.search(r"\d{8}", MessageCode.objects.latest("pk").corps)
        assert trouve
        return trouve[0]

    def _confirmer_par_code(self, visite: Visite) -> None:
        """La personne confirme son identité par un code, si on le lui demande."""
        if visite.page.get_by_role("heading", name="Confirmez que c'est bien vous").count():
            visite.presser("Recevoir un code")
            visite.remplir(**{"confirmation_code_recu-code": self._dernier_code()})
            visite.presser("Confirmer mon identité")

    def _signer(self, visite: Visite, bouton: str) -> None:
        visite.presser(bouton)
        visite.confirmer_identite(MOT_DE_PASSE)

    @staticmethod
    def _confirmer_lecture(visite: Visite) -> None:
        """Ce que le signataire n'a pas ouvert se confirme avant de signer."""
        visite.remplir(connaissance=True)

    @staticmethod
    def poster(*, pdf: bool = False) -> None:
        """Émettre le courrier qui attend, puis vider la boîte d'envoi, comme le lot postal."""
        if pdf:
            courrier.emettre_tout()
        else:
            with sans_pdf():
                courrier.emettre_tout()
        relayer()

    # --- Déposer, consentir, inviter ---------------------------------------------------
    def deposer(self) -> None:
        """Au comptoir : l'agente cherche la personne, puis crée sa demande."""
        agente = self.chez("agent")
        agente.suivre("Nouvelle demande")
        agente.presser("Chercher la personne")
        agente.voit("Erreur")
        agente.remplir(prenom="Paule", nom="Fictive", naissance_jour="5", naissance_mois="mai", naissance_annee="1980")
        agente.presser("Chercher la personne")
        agente.remplir(
            adresse="12, rue de l'Essai\nVille-Fictive (Québec)  G0X 0X0", telephone="418 555-0100",
            email="personne@exemple.invalid", canal_prefere="portail", canal="comptoir", type="initiale",
            annonce="Par un appel, avec sa sœur",
        )  # fmt: skip
        agente.presser("Créer la demande")
        agente.voit("La demande est déposée et datée", "Paule Fictive")
        self.reference = Dossier.objects.get().reference
        self.poster()

    def consentir(self) -> None:
        """Chez elle : la personne entre par un code et donne ses deux accords."""
        personne = self.chez("personne")
        personne.voit(self.reference)
        personne.suivre("Donner mon accord")
        for _ in range(2):
            personne.presser("Donner mon accord")
            self._confirmer_par_code(personne)
        personne.voit("Votre accord est noté")

    def inviter(self) -> None:
        """L'agente ouvre le dossier dans sa file, puis invite le médecin que la personne a nommé."""
        agente = self.chez("agent")
        agente.ouvrir("/travail/")
        agente.voit("À vous · 1", "Aucune demande sans responsable")
        agente.suivre("Paule Fictive")
        agente.suivre("Inviter un professionnel de la santé")
        agente.remplir(clinicien="clinicien@exemple.invalid")
        agente.presser("Inviter")
        agente.voit("est invité à remplir le rapport médical")

    # --- Le rapport médical ------------------------------------------------------------
    def remplir_le_rapport(self) -> None:
        """Quatre pages, une contradiction rencontrée et corrigée, puis la signature."""
        medecin = self.chez("clinicien")
        medecin.ouvrir("/clinique/")
        medecin.suivre("Paule Fictive")
        medecin.suivre("Remplir le rapport")
        medecin.remplir(bien_mon_patient=True, suivi_depuis="mars 2020")
        medecin.presser("Continuer vers les diagnostics")
        medecin.remplir(libelle_1="Fibromyalgie", code_1="M79.7", principal="1")
        medecin.presser("Continuer vers les limitations")
        medecin.remplir(niveau_endurance="grave", exemple_endurance="Doit se coucher après vingt minutes.")
        medecin.presser("Continuer vers la durée")
        medecin.remplir(duree_type="mois", duree_mois="6", contrainte="severe", traitements="Deux essais")
        medecin.presser("Continuer vers la vérification")
        medecin.voit("Vous avez écrit 6 mois")
        medecin.suivre("Corriger la durée")
        medecin.remplir(duree_type="indeterminee")
        medecin.presser("Continuer vers la vérification")
        medecin.voit("Fibromyalgie")
        self._signer(medecin, "Signer le rapport")
        medecin.voit("Le rapport est signé")

    def repondre_au_sr2105(self) -> None:
        """La personne répond à six questions, une par page; « je ne sais pas » en est une."""
        personne = self.chez("personne")
        personne.ouvrir("/suivi/")
        personne.suivre("Répondre aux questions")
        personne.suivre("Répondre aux six questions")
        personne.remplir(texte_scolarite="4e secondaire")
        personne.presser("Continuer")
        personne.remplir(texte_emplois="Livreuse, de 2005 à 2018")
        personne.presser("Continuer")
        for theme in ("hospitalisations", "suivis", "situation", "personnes_a_joindre"):
            personne.remplir(**{f"inconnu_{theme}": True})
            personne.presser("Continuer")
        personne.voit("4e secondaire")
        personne.presser("Envoyer mes réponses")

    def transmettre(self) -> None:
        """L'agente déclare le dossier complet, lit la règle de triage et transmet."""
        agente = self.chez("agent")
        agente.ouvrir("/travail/")
        agente.suivre("Paule Fictive")
        for onglet in ("Pièces", "Échanges", "Lettres", "Historique", "Accès", "Sommaire"):
            agente.suivre(onglet)
        agente.suivre("Déclarer complet")
        agente.presser("Déclarer complet")
        agente.voit("Le dossier est complet")
        agente.suivre("Trier la demande")
        agente.suivre("Lire le rapport médical")
        agente.voit("Fibromyalgie")
        agente.page.go_back()
        agente.presser("Transmettre au CSEMS")
        self.poster()

    # --- Évaluer -----------------------------------------------------------------------
    def evaluer(self) -> None:
        """Le médecin puis la spécialiste prennent le dossier, citent et rendent leur avis, sans se lire."""
        for qui in ("medecin", "specialiste"):
            evaluateur = self.chez(qui)
            evaluateur.ouvrir("/evaluation/")
            evaluateur.suivre("À prendre")
            evaluateur.presser("Prendre en évaluation")
            evaluateur.presser("Rendre mon avis")
            evaluateur.voit("Citez au moins une pièce")
            for question, reponse in (("atteinte", "oui"), ("duree", "oui"), ("socioprofessionnel", "non")):
                evaluateur.remplir(**{f"reponse_{question}": reponse, f"raison_{question}": RAISONS[question]})
            evaluateur.remplir(recommandation="ne_pas_reconnaitre", texte=f"Texte de {qui}.")
            evaluateur.ne_voit_pas("Texte de medecin.")
            if not evaluateur.page.get_by_role("button", name="Citer cette pièce").count():
                evaluateur.presser("SR-2100")
            evaluateur.presser("Citer cette pièce")
            evaluateur.voit("Citation ajoutée")
            evaluateur.photographier(f"{qui}-grille")
            evaluateur.presser("Rendre mon avis")
            evaluateur.voit("La lettre dira ceci")
            self._signer(evaluateur, "Rendre mon avis")

    def verifier_les_raccourcis(self) -> None:
        """Chaque touche annoncée par la page des raccourcis agit sur une page vue, et inversement."""
        agente = self.chez("agent")
        autre = Compte.objects.create_user("autre@exemple.invalid", prenom="Anne", nom="Fictive", role=Role.PRESTATAIRE)
        lieu = Dossier.objects.get(reference=self.reference).bureau_id
        dossier = ouvrir_dossier(autre, acteur=autre, bureau_id=lieu, region="06", naissance=date(1980, 5, 5))
        executer("deposer_demande", acteur=autre, dossier=dossier, canal="en_ligne", type="initiale")
        agente.ouvrir("/travail/")
        agente.voit("Prendre le suivant")
        recu = ContentFile(fichiers.pdf(3), "papier.pdf")
        versee = executer(
            "verser_piece", acteur=autre, dossier=dossier, nature="Autre document", titre="Papier", fichier=recu
        )
        assert verifier_piece(versee.pk)
        agente.ouvrir(f"/dossiers/{dossier.reference}/sr2100-papier/?piece={versee.pk}&page=2")
        agente.voit("Page 2 de 3")
        agente.ouvrir("/raccourcis/")
        annoncees = set(agente.page.locator("main dt").all_inner_texts())
        actives = self.releve.raccourcis
        assert annoncees
        assert annoncees == actives, f"annoncées : {sorted(annoncees)}; actives : {sorted(actives)}"

    def se_concerter(self) -> None:
        """Les deux avis concordent; la concertation se conclut par un accord."""
        medecin = self.chez("medecin")
        medecin.ouvrir("/evaluation/")
        medecin.suivre("En concertation")
        medecin.suivre("Paule Fictive")
        medecin.page.get_by_text("Texte de l'avis").nth(1).click()
        medecin.voit("Les avis concordent", "Texte de specialiste.")
        medecin.remplir(accord="oui")
        medecin.presser("Conclure la concertation")

    def offrir_l_occasion(self) -> None:
        """Avant un refus, la personne est appelée, reçoit une lettre et répond."""
        specialiste = self.chez("specialiste")
        specialiste.ouvrir("/evaluation/")
        specialiste.suivre("À signer")
        specialiste.suivre("Paule Fictive")
        specialiste.voit("L'occasion de compléter n'est pas encore acquise")
        specialiste.suivre("Offrir l'occasion de compléter")
        specialiste.remplir(elements=["evaluation_complementaire"], appel_note="Appel fait, elle écrira.")
        specialiste.presser("Offrir l'occasion")
        self.poster()
        personne = self.chez("personne")
        personne.ouvrir("/suivi/")
        personne.photographier("personne-occasion")
        personne.suivre("Répondre")
        personne.remplir(texte="Je n'ai rien d'autre à ajouter.")
        personne.presser("Envoyer ma réponse")
        personne.voit("Elle sera lue avant la décision")

    def refuser(self) -> None:
        """Le médecin motive, relit la lettre et signe; la spécialiste adopte et scelle."""
        medecin = self.chez("medecin")
        medecin.ouvrir("/evaluation/?file=a-signer")
        medecin.suivre("Paule Fictive")
        medecin.remplir(issue="non_reconnue")
        medecin.presser("Choisir les motifs")
        medecin.remplir(motifs=["contraintes_non_severes"], ce_qui_changerait=["evaluation_complementaire"])
        medecin.presser("Lire ce que dira la lettre")
        medecin.voit("Dites ce motif à la personne")
        medecin.remplir(phrase_contraintes_non_severes=PHRASE)
        medecin.presser("Lire ce que dira la lettre")
        medecin.voit("Vous allez refuser", RAISONS["socioprofessionnel"], PHRASE)
        medecin.voit("Je n'ai rien d'autre à ajouter.")
        self._confirmer_lecture(medecin)
        self._signer(medecin, "Signer la décision")
        specialiste = self.chez("specialiste")
        specialiste.ouvrir("/evaluation/?file=a-signer")
        specialiste.suivre("Paule Fictive")
        specialiste.voit("Vous allez refuser", "Marius Esquisse a signé")
        self._confirmer_lecture(specialiste)
        self._signer(specialiste, "Signer la décision")
        self.poster(pdf=True)

    # --- Apprendre ---------------------------------------------------------------------
    def lire_le_refus(self) -> None:
        """L'accueil ne dit pas le résultat; un pas de plus mène à la lettre, aux choix et à la date limite."""
        personne = self.chez("personne")
        personne.ouvrir("/suivi/")
        personne.ne_voit_pas("ne sont pas reconnues", "refus")
        personne.photographier("personne-decision")
        personne.suivre("Lire la décision")
        personne.suivre("Lire la décision")
        personne.voit("Vous avez trois choix", "Demander une révision", "Avant le", RAISONS["socioprofessionnel"])
        personne.photographier("personne-lettre")
        for page in ("lettres/", "lectures/", "documents/", "appel/", "revision/", "coordonnees/"):
            personne.ouvrir(f"/suivi/{page}")

    def informer_la_clinique(self) -> None:
        """Le médecin de la personne, avec son accord, apprend la décision et ce qui manquait."""
        medecin = self.chez("clinicien")
        medecin.ouvrir("/clinique/")
        medecin.suivre("Terminés")
        medecin.suivre("Paule Fictive")
        medecin.suivre("Lire la décision et ce qui manquait")
        medecin.voit("Les contraintes ne sont pas reconnues", "Ce qui pourrait changer la décision", "Exemple utile")

    # --- Réviser -----------------------------------------------------------------------
    def donner_mandat(self) -> None:
        """La personne-ressource propose son aide; la personne l'accepte."""
        ressource = self.chez("ressource")
        ressource.suivre("Demander un mandat")
        ressource.remplir(
            reference=self.reference, naissance_jour="5", naissance_mois="5", naissance_annee="1980",
            portees=["voir_etat", "demander_revision"], mois="6",
        )  # fmt: skip
        ressource.presser("Demander le mandat")
        personne = self.chez("personne")
        personne.ouvrir("/suivi/")
        personne.suivre("Mes personnes-ressources")
        personne.voit("Inès Canevas")
        personne.presser("Accepter son aide")
        self._confirmer_par_code(personne)
        personne.voit("C'est confirmé")

    def demander_la_revision(self) -> None:
        """La personne-ressource demande la révision, avec l'accord de la personne."""
        ressource = self.chez("ressource")
        ressource.ouvrir("/organisme/")
        ressource.suivre("Paule Fictive")
        ressource.photographier("ressource-dossier")
        ressource.suivre("Demander une révision avec la personne")
        ressource.presser("Demander la révision")
        ressource.voit("La personne veut cette révision")
        ressource.remplir(motifs="Les emplois essayés ont tous pris fin.", accord=True)
        ressource.presser("Demander la révision")
        self.poster()

    def affecter(self) -> None:
        """Le chef d'équipe affecte les deux réviseurs, qui n'ont pas vu la première décision."""
        chef = self.chez("chef")
        chef.ouvrir("/equipe/")
        chef.suivre("Affecter des personnes")
        chef.suivre("Paule Fictive")
        chef.remplir(medecin=self.comptes["reviseur"].pk, specialiste=self.comptes["reviseuse"].pk)
        chef.presser("Affecter les réviseurs")
        chef.voit("L'affectation est faite")

    def reviser(self) -> None:
        """La réviseuse juge la recevabilité et tient l'entrevue; chacun écrit sa propre analyse."""
        reviseuse = self.chez("reviseuse")
        reviseuse.ouvrir("/revision/")
        reviseuse.suivre("Paule Fictive")
        reviseuse.voit("arrivée à temps")
        reviseuse.remplir(recevable="oui")
        self._signer(reviseuse, "Juger la recevabilité")
        reviseuse.ouvrir("/revision/?file=entrevue")
        reviseuse.suivre("Paule Fictive")
        reviseuse.presser("Noter une entrevue")
        reviseuse.remplir(mode="Par téléphone, avec une personne-ressource", note="Quarante minutes d'entrevue.")
        reviseuse.presser("Noter l'entrevue")
        reviseur = self.chez("reviseur")
        reviseur.ouvrir("/revision/")
        reviseur.suivre("Paule Fictive")
        reviseur.ne_voit_pas(RAISONS["socioprofessionnel"])
        for question in RAISONS:
            reviseur.remplir(**{f"reponse_{question}": "oui", f"raison_{question}": "Analyse neuve."})
        reviseur.photographier("reviseur-analyse")
        reviseur.presser("Passer à la décision")

    def infirmer(self) -> None:
        """Le réviseur infirme et signe; la réviseuse fait sa propre analyse, puis adopte; la lettre part."""
        reviseur = self.chez("reviseur")
        reviseur.remplir(
            issue="infirmee", cause="preuve_nouvelle",
            ce_qui_differe="L'entrevue a montré que chaque emploi essayé a pris fin pour la même raison.",
        )  # fmt: skip
        reviseur.presser("Lire ce que dira la lettre")
        self._confirmer_lecture(reviseur)
        self._signer(reviseur, "Signer")
        reviseuse = self.chez("reviseuse")
        reviseuse.ouvrir("/revision/?file=a-signer")
        reviseuse.suivre("Paule Fictive")
        for question in RAISONS:
            reviseuse.remplir(**{f"reponse_{question}": "oui", f"raison_{question}": "Seconde analyse neuve."})
        reviseuse.presser("Passer à la décision")
        reviseuse.voit("Raoul Épreuve a signé")
        self._confirmer_lecture(reviseuse)
        self._signer(reviseuse, "Signer")
        reviseuse.voit("La révision est rendue")
        self.poster()

    def lire_la_seconde_decision(self) -> None:
        """La personne lit la seconde décision; son dossier le dit à qui y a droit."""
        personne = self.chez("personne")
        personne.ouvrir("/suivi/")
        personne.suivre("Lire la décision")
        personne.suivre("Lire la décision")
        personne.voit("chaque emploi essayé a pris fin")
        agente = self.chez("agent")
        agente.ouvrir(f"/dossiers/{self.reference}/")
        assert Dossier.objects.get(reference=self.reference).etat == Etat.REVISION_RENDUE
