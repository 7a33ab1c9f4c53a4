"""Deux évaluateurs en désaccord, un tiers, une décision, sa lettre, puis la révision qui l'annule; au clavier seul.

La scène de départ (une demande transmise au centre d'évaluation) vient des actes; tout le reste se joue aux écrans.
Source : `ecrans-et-lettres.md` B2 à B5, B8 et D.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser

from dossiers.etats import Etat
from evaluation.models import Avis, Concertation
from revision.models import Revision
from tests.fabriques import Scene
from tests.parcours.clavier import AuClavier
from tests.parcours.parcours import Parcours
from tests.parcours.personnes import MOT_DE_PASSE
from tests.parcours.visite import Releve

TITRES = {"atteinte": "Atteinte", "duree": "Durée", "socioprofessionnel": "Profil socioprofessionnel"}
LIBELLES = {
    "atteinte": "Est-ce que votre santé vous limite de façon importante ?",
    "duree": "Est-ce que cela va durer 12 mois ou plus ?",
    "socioprofessionnel": "Est-ce que votre santé et votre parcours vous empêchent de travailler ?",
}
ACCORD = "Êtes-vous d'accord sur une recommandation commune"
EXTRAIT = "Discopathie dégénérative"
DISSIDENCE = "Le rapport de la clinique écarte tout horaire régulier."
AGE = "À votre âge, changer de métier prend du temps, et nous en avons tenu compte."
PHRASE = "Selon nous, un emploi assis à temps partiel reste possible pour vous."
CHANGE = "L'équipe a relu vos emplois : chacun a pris fin pour la même raison."


@dataclass(frozen=True)
class Analyse:
    """Ce qu'une personne répond aux trois questions, et la raison qu'elle écrit à chacune."""

    reponses: dict[str, str]
    raisons: dict[str, str]
    recommandation: str = ""


def analyse(qui: str, profil: str, recommandation: str = "") -> Analyse:
    """Oui, oui, puis `profil`; des raisons que seule cette personne écrit."""
    reponses = {"atteinte": "Oui", "duree": "Oui", "socioprofessionnel": profil}
    raisons = {question: f"Raison de {qui} pour {TITRES[question].lower()}." for question in TITRES}
    return Analyse(reponses, raisons, recommandation)


ANALYSES = {
    "medecin": analyse("Mireille", "Non", "Ne pas reconnaître"),
    "specialiste": analyse("Simone", "Oui", "Reconnaître"),
    "specialiste2": analyse("Tiphaine", "Non", "Ne pas reconnaître"),
    "reviseur": analyse("Renaud", "Oui"),
    "reviseuse": analyse("Rosine", "Oui"),
}


class Desaccord:
    """Un dossier transmis, joué jusqu'à la révision rendue; un navigateur par personne."""

    def __init__(self, navigateur: Browser, base: str, releve: Releve, scene: Scene) -> None:
        self.navigateur, self.base, self.releve, self.scene = navigateur, base, releve, scene
        self.nom = scene["prestataire"].nom_complet
        self.visites: dict[str, AuClavier] = {}
        for qui in ANALYSES:
            scene[qui].set_password(MOT_DE_PASSE)
            scene[qui].save()

    def jouer(self) -> None:
        """Toute l'histoire, dans l'ordre."""
        self.evaluer()
        self.ne_pas_s_accorder()
        self.affecter_un_tiers()
        self.donner_le_tiers_avis()
        self.offrir_l_occasion()
        self.refuser()
        self.lire_la_lettre()
        self.demander_la_revision()
        self.affecter_les_reviseurs()
        self.infirmer()
        self.lire_ce_qui_a_change()

    def fermer(self) -> None:
        """Fermer les fenêtres ouvertes."""
        for visite in self.visites.values():
            visite.contexte.close()

    @property
    def tabulations(self) -> int:
        """Touches Tab pressées par tout le monde."""
        return sum(visite.tabulations for visite in self.visites.values())

    def chez(self, qui: str, chemin: str) -> AuClavier:
        """La fenêtre de cette personne, à l'adresse qu'elle ouvre; le premier arrêt passe le menu."""
        if qui not in self.visites:
            visite = AuClavier(self.navigateur, qui, self.base, self.releve, self.scene[qui])
            self.visites[qui] = visite
        visite = self.visites[qui]
        visite.ouvrir(chemin)
        visite.passer("Aller au contenu")
        return visite

    def _raisons(self, *qui: str) -> list[str]:
        return [raison for une in qui for raison in ANALYSES[une].raisons.values()]

    # --- Évaluer -----------------------------------------------------------------------
    def evaluer(self) -> None:
        """Chacun prend le dossier, cite, répond et rend son avis, sans lire celui de l'autre."""
        medecin = self.chez("medecin", "/evaluation/")
        medecin.presser("Prendre en évaluation")
        self._citer_un_passage(medecin)
        self._repondre_a_la_grille(medecin, "medecin")
        medecin.voit("Votre avis est rendu")
        specialiste = self.chez("specialiste", "/evaluation/")
        specialiste.presser("Prendre en évaluation")
        specialiste.ne_voit_pas(*self._raisons("medecin"))
        specialiste.presser("Citer cette pièce")
        specialiste.voit("Citation ajoutée")
        self._repondre_a_la_grille(specialiste, "specialiste")
        specialiste.voit("Les avis diffèrent", *self._raisons("medecin", "specialiste"))

    def _citer_un_passage(self, visite: AuClavier) -> None:
        """Un passage du rapport appuie une réponse; la citation le rouvre."""
        visite.deplier("Citer un passage")
        visite.choisir_dans_la_liste("La réponse que ce passage appuie", TITRES["duree"])
        visite.ecrire("Extrait à citer", EXTRAIT)
        visite.presser("Citer ce passage")
        visite.voit("Citation ajoutée")
        visite.passer("Passer aux questions")
        visite.suivre(EXTRAIT)
        assert visite.page.get_by_role("article", name="Rapport médical (SR-2100)").is_visible()

    def _repondre_a_la_grille(self, visite: AuClavier, qui: str, age: str = "") -> None:
        """Les trois questions, leurs raisons, la recommandation; puis relire, rendre et redire son mot de passe."""
        sienne = ANALYSES[qui]
        visite.passer("Passer aux questions")
        self._repondre_aux_questions(visite, sienne)
        if age:
            visite.choisir("L'âge de la personne a-t-il pesé", "Oui")
            visite.ecrire("Comment l'âge a pesé", age)
        visite.choisir("Votre recommandation", sienne.recommandation)
        visite.presser("Rendre mon avis")
        visite.voit("Vérifier et rendre mon avis", sienne.recommandation, *sienne.raisons.values())
        if age:
            visite.voit(f"Votre âge a compté dans notre réponse. {age}")
        visite.presser("Rendre mon avis")
        visite.confirmer(MOT_DE_PASSE)

    @staticmethod
    def _repondre_aux_questions(visite: AuClavier, sienne: Analyse) -> None:
        for question, libelle in LIBELLES.items():
            visite.choisir(libelle, sienne.reponses[question])
            visite.ecrire(f"Raison, telle que la personne la lira : {TITRES[question]}", sienne.raisons[question])

    # --- Se concerter ------------------------------------------------------------------
    def ne_pas_s_accorder(self) -> None:
        """La spécialiste dit sa dissidence sur la question en cause; le désaccord est gardé."""
        specialiste = self.visites["specialiste"]
        specialiste.deplier("Dire votre accord ou votre dissidence")
        specialiste.choisir(LIBELLES["socioprofessionnel"], "Dissidence")
        commentaire = f"Ce que vous en dites, pour le dossier : {TITRES['socioprofessionnel']}"
        specialiste.ecrire(commentaire, DISSIDENCE)
        specialiste.choisir(ACCORD, "Pas d'accord")
        specialiste.ecrire("Note de concertation", "Nous ne concluons pas la même chose de ses emplois.")
        specialiste.presser("Conclure la concertation")
        specialiste.voit("Un tiers avis est attendu", DISSIDENCE)

    def affecter_un_tiers(self) -> None:
        """Le chef du centre voit le désaccord dans sa page et le confie à une autre spécialiste."""
        chef = self.chez("chef_csems", "/equipe/")
        chef.suivre("Voir la liste : Tiers avis à confier")
        chef.suivre(self.nom)
        chef.ne_voit_pas(*self._raisons("medecin", "specialiste"))
        offerts = chef.page.get_by_role("radiogroup", name="À qui?")
        assert self.scene["chef_csems"].prenom not in offerts.inner_text(), "le tiers n'est jamais le chef"
        chef.choisir("À qui?", self.scene["specialiste2"].nom_complet, exact=False)
        chef.ecrire("Pourquoi?", "Désaccord entre les deux avis.")
        chef.presser("Affecter un évaluateur")
        chef.voit("L'affectation est faite")

    def donner_le_tiers_avis(self) -> None:
        """La tierce répond sans lire les deux premiers avis, puis conclut; la dissidence reste au dossier."""
        tierce = self.chez("specialiste2", "/evaluation/")
        tierce.suivre(self.nom)
        tierce.voit("Un tiers avis vous est demandé")
        tierce.ne_voit_pas(DISSIDENCE, *self._raisons("medecin", "specialiste"))
        tierce.presser("Citer cette pièce")
        self._repondre_a_la_grille(tierce, "specialiste2", AGE)
        tierce.voit(DISSIDENCE, *self._raisons("medecin", "specialiste", "specialiste2"))
        tierce.choisir(ACCORD, "D'accord")
        tierce.presser("Conclure la concertation")
        tierce.voit("Dissidence gardée au dossier : le spécialiste", *self._raisons("specialiste2"))
        dite = Concertation.objects.get(accord=False).par_question
        assert dite == {"socioprofessionnel": {"accord": False, "commentaire": DISSIDENCE}}

    def offrir_l_occasion(self) -> None:
        """Avant un refus, la personne apprend ce qui manque, et répond de chez elle."""
        tierce = self.visites["specialiste2"]
        tierce.suivre("Offrir l'occasion de compléter")
        tierce.cocher("Évaluation complémentaire")
        tierce.ecrire("Note de votre appel", "Appel fait, elle écrira.")
        tierce.presser("Offrir l'occasion")
        tierce.voit("L'occasion est offerte")
        Parcours.poster()
        personne = self.chez("prestataire", "/suivi/")
        personne.suivre("Répondre")
        personne.ecrire("Ce que vous voulez nous dire", "J'ai tout envoyé.")
        personne.presser("Envoyer ma réponse")
        personne.voit("Elle sera lue avant la décision")

    # --- Décider -----------------------------------------------------------------------
    def refuser(self) -> None:
        """Le médecin motive et signe; la tierce adopte à la place de la dissidente, et scelle."""
        medecin = self.chez("medecin", "/evaluation/?file=a-signer")
        medecin.suivre(self.nom)
        medecin.choisir("Quelle est votre décision", "Ne pas reconnaître les contraintes")
        medecin.presser("Choisir les motifs")
        medecin.cocher("Contraintes non sévères")
        medecin.cocher("Évaluation complémentaire")
        medecin.presser("Lire ce que dira la lettre")
        # Le foyer est au résumé des erreurs : le champ manquant suit.
        medecin.ecrire("en une phrase simple", PHRASE)
        medecin.presser("Lire ce que dira la lettre")
        medecin.voit("Vous allez refuser", "J'ai tout envoyé.", PHRASE, *self._raisons("specialiste2"))
        medecin.cocher("J'ai pris connaissance")
        medecin.presser("Signer la décision")
        medecin.voit("Votre signature est au dossier")
        tierce = self.chez("specialiste2", "/evaluation/?file=a-signer")
        tierce.suivre(self.nom)
        tierce.voit("Vous allez refuser", f"{self.scene['medecin'].nom_complet} a signé")
        tierce.cocher("J'ai pris connaissance")
        tierce.presser("Signer la décision")
        tierce.voit("La décision est signée par les deux")
        assert self.scene.demande.etat == Etat.NON_RECONNUES
        Parcours.poster()

    def lire_la_lettre(self) -> None:
        """La lettre dit ce que dit la grille qui l'emporte, mot pour mot, et rien de la dissidence."""
        personne = self.chez("prestataire", "/suivi/")
        personne.suivre("Lire la décision")
        personne.suivre("Lire la décision")
        personne.voit("Vous avez trois choix", PHRASE, AGE)
        personne.ne_voit_pas(DISSIDENCE, *self._raisons("medecin", "specialiste"))
        grille = Avis.objects.get(auteur=self.scene["specialiste2"])
        blocs = [_lisible(bloc) for bloc in personne.page.locator(".question-loi").all_inner_texts()]
        assert len(blocs) == len(LIBELLES)
        for bloc, (question, libelle) in zip(blocs, LIBELLES.items(), strict=True):
            assert libelle in bloc
            assert f"{ANALYSES['specialiste2'].reponses[question]}." in bloc
            assert grille.raisons[question] in bloc

    # --- Réviser -----------------------------------------------------------------------
    def demander_la_revision(self) -> None:
        """La personne demande la révision, une question par page."""
        personne = self.chez("prestataire", "/suivi/")
        personne.suivre("demander une révision")
        personne.ecrire("Avec quoi n'êtes-vous pas d'accord", "Je ne garde aucun emploi.")
        personne.presser("Continuer")
        personne.ecrire("Pourquoi", "Chacun a pris fin en quelques semaines.")
        personne.presser("Continuer")
        personne.presser("Demander la révision")
        personne.voit("Nous avons reçu votre demande de révision")
        Parcours.poster()

    def affecter_les_reviseurs(self) -> None:
        """La chef de la révision affecte deux personnes qui n'ont pas touché à la première décision."""
        chef = self.chez("chef_drra", "/equipe/")
        chef.suivre("Affecter des personnes")
        chef.suivre(self.nom)
        for role, qui in (("Médecin réviseur", "reviseur"), ("Spécialiste réviseur", "reviseuse")):
            chef.choisir(role, self.scene[qui].nom_complet, exact=False)
        chef.presser("Affecter les réviseurs")
        chef.voit("L'affectation est faite")

    def infirmer(self) -> None:
        """Recevable; chacun répond d'abord, sans lire la première décision; l'un infirme, l'autre adopte."""
        reviseuse = self.chez("reviseuse", "/revision/")
        reviseuse.suivre(self.nom)
        reviseuse.voit("La demande est arrivée à temps")
        reviseuse.choisir("La demande de révision est-elle recevable", "Recevable")
        reviseuse.presser("Juger la recevabilité")
        reviseuse.confirmer(MOT_DE_PASSE)
        reviseur = self.chez("reviseur", "/revision/")
        reviseur.suivre(self.nom)
        self._analyser(reviseur, "reviseur")
        reviseur.choisir("Décision en révision", "Infirmer la décision")
        reviseur.ecrire("Ce qui diffère de la première décision", CHANGE)
        reviseur.choisir("Cause principale du changement", "Erreur d'appréciation")
        reviseur.presser("Lire ce que dira la lettre")
        reviseur.cocher("J'ai pris connaissance")
        reviseur.presser("Signer la décision")
        reviseur.confirmer(MOT_DE_PASSE)
        reviseur.voit("Votre signature est au dossier")
        self._analyser(reviseuse, "reviseuse")
        reviseuse.voit(f"{self.scene['reviseur'].nom_complet} a signé", CHANGE)
        reviseuse.cocher("J'ai pris connaissance")
        reviseuse.presser("Signer la décision")
        reviseuse.voit("La révision est rendue")
        Parcours.poster()

    def _analyser(self, visite: AuClavier, qui: str) -> None:
        """Les mêmes questions, vierges; la première décision ne s'ouvre pas avant."""
        visite.ne_voit_pas(AGE, DISSIDENCE, *self._raisons("medecin", "specialiste", "specialiste2"))
        assert not visite.page.get_by_role("radio", checked=True).count()
        visite.passer("Passer aux questions")
        self._repondre_aux_questions(visite, ANALYSES[qui])
        visite.presser("Passer à la décision")

    def lire_ce_qui_a_change(self) -> None:
        """La personne voit, point par point, ce que la révision a changé; la qualité lit la même chose."""
        personne = self.chez("prestataire", "/suivi/")
        personne.suivre("Voir ce qui a changé")
        personne.voit("La première décision est annulée", CHANGE, *self._raisons("reviseur"))
        profil = personne.page.locator("section", has_text=LIBELLES["socioprofessionnel"])
        assert [_lisible(dit) for dit in profil.locator("dd").all_inner_texts()] == ["Non", "Oui"]
        assert "Cela a changé." in _lisible(profil.inner_text())
        duree = personne.page.locator("section", has_text=LIBELLES["duree"])
        assert "Cela n'a pas changé." in _lisible(duree.inner_text())
        personne.suivre("Lire la lettre de révision")
        personne.voit("La première décision est annulée. Votre demande est acceptée.")
        chef = self.chez("chef_drra", f"/equipe/{self.scene.dossier.reference}/ce-qui-a-change/")
        chef.voit("La première décision est annulée", "Contredits par la révision", CHANGE)
        assert self.scene.demande.etat == Etat.REVISION_RENDUE
        assert Revision.objects.get().issue == Revision.Issue.INFIRMEE


def _lisible(texte: str) -> str:
    """Le texte d'un bloc, aux espaces simples et à l'apostrophe droite."""
    return " ".join(texte.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
