"""Les personnes fictives qui travaillent : bureaux, équipes, cliniques, organismes.

Aucune n'existe. Les courriels finissent par `exemple.invalid`, domaine réservé qui n'existera jamais (RFC 2606).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from comptes.lecture import compte_systeme
from comptes.models import Bureau, Clinique, Compte, Delegation, Organisme, Permis, Role, Unite
from socle import horloge

BUREAUX = (
    ("capitale", "Bureau fictif de la Capitale", "03"),
    ("metropole", "Bureau fictif de la Métropole", "06"),
    ("estuaire", "Bureau fictif de l'Estuaire", "01"),
)
CLINIQUES = (
    ("Clinique du Fleuve (fictive)", "Ville-Fictive"),
    ("GMF des Érables (fictif)", "Sainte-Invention"),
    ("Clinique de rue Point d'appui (fictive)", "Métropole-Fictive"),
)
ORGANISMES = (
    ("Maison des Rives (fictive)", "Ville-Fictive", "03"),
    ("Entraide du Marais (fictive)", "Sainte-Invention", "06"),
)
GESTIONNAIRES = ("nadia",)


@dataclass(frozen=True)
class Fiche:
    """Une personne à inscrire; les rangs renvoient aux listes ci-dessus."""

    cle: str
    prenom: str
    nom: str
    role: Role
    unite: str = ""
    bureau: int | None = None
    organisme: int | None = None
    clinique: int | None = None
    titre: str = ""


R = Role
PERSONNEL = (
    Fiche("alizee", "Alizée", "Exemple-Tremblay", R.AGENT, bureau=0),
    Fiche("octave", "Octave", "Modèle", R.AGENT, bureau=0),
    Fiche("bertille", "Bertille", "Spécimen", R.AGENT, bureau=1),
    Fiche("cyprien", "Cyprien", "Gabarit-Roy", R.AGENT, bureau=2),
    Fiche("flavie", "Flavie", "Maquette", R.CHEF_EQUIPE, Unite.BUREAU, bureau=0),
    Fiche("gontran", "Gontran", "Prototype", R.CHEF_EQUIPE, Unite.CSEMS),
    Fiche("hermine", "Hermine", "Échantillon", R.CHEF_EQUIPE, Unite.DRRA),
    Fiche("dre_fictive", "Dre Ève", "Fictive", R.MEDECIN_CSEMS),
    Fiche("dr_hypothese", "Dr Ludger", "Hypothèse", R.MEDECIN_CSEMS),
    Fiche("dre_supposition", "Dre Maude", "Supposition", R.MEDECIN_CSEMS),
    Fiche("irenee", "Irénée", "Canevas", R.SPECIALISTE_CSEMS),
    Fiche("josephine", "Joséphine", "Ébauche", R.SPECIALISTE_CSEMS),
    Fiche("dr_essai", "Dr Anatole", "Essai-Gagnon", R.MEDECIN_DRRA),
    Fiche("dre_epreuve", "Dre Philomène", "Épreuve", R.MEDECIN_DRRA),
    Fiche("kevin", "Kévin", "Brouillon", R.SPECIALISTE_DRRA),
    Fiche("lucienne", "Lucienne", "Croquis", R.SPECIALISTE_DRRA),
    Fiche("dre_imaginaire", "Dre Rosalie", "Imaginaire", R.CLINICIEN, clinique=0, titre="medecin"),
    Fiche("dr_inventee", "Dr Séraphin", "Inventé", R.CLINICIEN, clinique=1, titre="medecin"),
    Fiche("dr_factice", "Dr Tancrède", "Factice", R.CLINICIEN, clinique=0, titre="medecin"),
    Fiche("dre_illusion", "Dre Ursule", "Illusion", R.CLINICIEN, clinique=1, titre="psychiatre"),
    Fiche("valentine", "Valentine", "Chimère", R.CLINICIEN, clinique=0, titre="ips"),
    Fiche("wilfrid", "Wilfrid", "Mirage", R.CLINICIEN, clinique=2, titre="infirmiere_clinique_desaffiliee"),
    Fiche("xaviere", "Xavière", "Songe", R.CLINICIEN, clinique=1, titre="ergotherapeute"),
    Fiche("yolande", "Yolande", "Adjointe-Fictive", R.CLINICIEN, clinique=0),
    Fiche("nadia", "Nadia", "Exemple-Rivest", R.INTERVENANT, organisme=0),
    Fiche("zenon", "Zénon", "Personnage", R.INTERVENANT, organisme=0),
    Fiche("abigael", "Abigaël", "Figurante", R.INTERVENANT, organisme=1),
    Fiche("denise", "Denise", "Réglage-Fictif", R.ADMINISTRATEUR),
    Fiche("eusebe", "Eusèbe", "Clavier-Fictif", R.ADMINISTRATEUR),
    Fiche("me_symbole", "Me Firmin", "Symbole", R.REPRESENTANT),
    Fiche("solange", "Solange", "Parabole", R.REPRESENTANT),
)
DELEGUEE, DELEGANTE = "yolande", "dre_imaginaire"


@dataclass
class Equipe:
    """Les comptes de la démonstration, par clé, et ses bureaux dans l'ordre."""

    comptes: dict[str, Compte] = field(default_factory=dict)
    bureaux: list[Bureau] = field(default_factory=list)

    def du_role(self, role: str, **egal: Any) -> list[Compte]:
        """Comptes d'un rôle, dans l'ordre d'inscription, dont les attributs valent ceux-là."""
        return [
            compte
            for compte in self.comptes.values()
            if compte.role == role and all(getattr(compte, champ) == valeur for champ, valeur in egal.items())
        ]

    def cliniciens(self, titre: str) -> list[Compte]:
        """Cliniciens de ce titre, dans l'ordre d'inscription."""
        return [self.comptes[fiche.cle] for fiche in PERSONNEL if fiche.titre == titre]


def courriel(cle: str) -> str:
    """Courriel fictif d'une personne."""
    return f"{cle.replace('_', '.')}@exemple.invalid"


def inscrire_equipe(jour: date) -> Equipe:
    """Inscrit bureaux, cliniques, organismes et personnel; relit ceux qui existent déjà."""
    compte_systeme()
    bureaux = [
        Bureau.objects.get_or_create(
            code=f"demo-{code}", defaults={"nom": nom, "region": region, "telephone": f"555 555-01{rang:02}"}
        )[0]
        for rang, (code, nom, region) in enumerate(BUREAUX)
    ]
    cliniques = [
        Clinique.objects.get_or_create(nom=nom, defaults={"ville": ville, "telephone": f"555 555-02{rang:02}"})[0]
        for rang, (nom, ville) in enumerate(CLINIQUES)
    ]
    organismes = [
        Organisme.objects.get_or_create(
            nom=nom,
            defaults={
                "ville": ville,
                "region": region,
                "telephone": f"555 555-03{rang:02}",
                "clientele": "Clientèles multiples",
                # Le premier garde le courrier de qui n'a pas d'adresse.
                "adresse_postale": "" if rang else f"100, rue de l'Essai, {ville} (Québec)  G0X 0X0",
            },
        )[0]
        for rang, (nom, ville, region) in enumerate(ORGANISMES)
    ]
    equipe = Equipe(bureaux=bureaux)
    for rang, fiche in enumerate(PERSONNEL):
        equipe.comptes[fiche.cle] = _inscrire(fiche, rang, bureaux, cliniques, organismes, jour)
    Delegation.objects.get_or_create(
        delegue=equipe.comptes[DELEGUEE],
        clinicien=equipe.comptes[DELEGANTE],
        defaults={"du": jour - timedelta(days=400)},
    )
    return equipe


def _inscrire(
    fiche: Fiche,
    rang: int,
    bureaux: list[Bureau],
    cliniques: list[Clinique],
    organismes: list[Organisme],
    jour: date,
) -> Compte:
    existant = Compte.objects.filter(email=courriel(fiche.cle)).first()
    if existant is not None:
        return existant
    administre = fiche.role == Role.ADMINISTRATEUR
    compte = Compte.objects.create_user(
        email=courriel(fiche.cle),
        prenom=fiche.prenom,
        nom=fiche.nom,
        role=fiche.role,
        unite=fiche.unite,
        bureau=None if fiche.bureau is None else bureaux[fiche.bureau],
        clinique=None if fiche.clinique is None else cliniques[fiche.clinique],
        organisme=None if fiche.organisme is None else organismes[fiche.organisme],
        gestionnaire_organisme=fiche.cle in GESTIONNAIRES,
        telephone=f"555 555-04{rang:02}",
        canal_prefere=Compte.Canal.PORTAIL,
        is_staff=administre,
        is_superuser=administre,
        cree_le=horloge.heure_locale(jour - timedelta(days=430), 8),
    )
    if fiche.titre:
        Permis.objects.create(
            compte=compte, titre=fiche.titre, numero=f"000{rang:02}", verifie_le=jour - timedelta(days=200)
        )
    return compte
