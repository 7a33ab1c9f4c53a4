"""Le relais : vide la boîte d'envoi, chaque ligne une fois, sans rien perdre en silence.

Réserver (`FOR UPDATE SKIP LOCKED`, état `en_cours`, validé), appeler le fournisseur hors
transaction avec la clé d'idempotence, noter l'issue. Un relais tué entre l'appel et la
note laisse une ligne `en_cours` : reprise après le bail, avec la même clé.
Source : `conception.md` §6; `epreuves.md` E2-1, E2-2, F01, F04, F08, F09.
"""

from __future__ import annotations

import logging

from django.db import models, transaction

from correspondance import actes, fournisseurs, regles
from correspondance.models import Canal, Envoi, TacheHumaine
from socle import horloge

journal_technique = logging.getLogger(__name__)
LOT = 20
LOTS_MAX = 50


def relayer() -> int:
    """Remettre tout ce qui est dû; rend le nombre d'envois traités.

    S'arrête quand rien n'est dû, ou après mille envois : le passage suivant continue.
    """
    traites = 0
    for _ in range(LOTS_MAX):
        reserves = reserver(LOT)
        for envoi in reserves:
            remettre(envoi)
        traites += len(reserves)
        if len(reserves) < LOT:
            break
    return traites


def reserver(combien: int) -> list[Envoi]:
    """Réserver des envois dus, ou dont le bail est échu; deux relais n'ont jamais le même."""
    maintenant = horloge.maintenant()
    du = models.Q(etat=Envoi.Etat.A_ENVOYER, prochain_essai_le__lte=maintenant)
    abandonne = models.Q(etat=Envoi.Etat.EN_COURS, en_cours_depuis__lte=maintenant - regles.BAIL)
    with transaction.atomic():
        lot = list(
            Envoi.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(du | abandonne)
            .select_related("lettre__destinataire")
            .order_by("prochain_essai_le", "pk")[:combien]
        )
        for envoi in lot:
            envoi.etat, envoi.en_cours_depuis, envoi.prochain_essai_le = Envoi.Etat.EN_COURS, maintenant, None
            envoi.essais += 1
        Envoi.objects.bulk_update(lot, ["etat", "en_cours_depuis", "prochain_essai_le", "essais"])
    return lot


def remettre(envoi: Envoi) -> None:
    """Appeler le fournisseur, puis noter l'issue."""
    try:
        fournisseurs.fournisseur(envoi.canal).remettre(envoi, envoi.cle)
    except fournisseurs.RemiseRefusee as erreur:
        _confier(envoi, str(erreur))
    except fournisseurs.EchecRemise as erreur:
        _reporter(envoi, str(erreur))
    except Exception as erreur:  # noqa: BLE001 - un fournisseur fautif ne retient pas les autres envois
        journal_technique.error("envoi %s : %s", envoi.pk, type(erreur).__name__)
        _reporter(envoi, type(erreur).__name__)
    else:
        _noter(envoi, etat=Envoi.Etat.REMIS, remis_le=horloge.maintenant(), erreur="")


def _noter(envoi: Envoi, **champs: object) -> bool:
    """Écrire l'issue, si la réservation est encore la nôtre."""
    miens = Envoi.objects.filter(pk=envoi.pk, etat=Envoi.Etat.EN_COURS, en_cours_depuis=envoi.en_cours_depuis)
    return bool(miens.update(en_cours_depuis=None, **champs))


def _reporter(envoi: Envoi, erreur: str) -> None:
    """Espacer le prochain essai, ou confier à une personne si les 72 h sont passées."""
    prochain = regles.prochain_essai(envoi.cree_le, envoi.essais, horloge.maintenant())
    if prochain is None:
        _confier(envoi, erreur)
    else:
        _noter(envoi, etat=Envoi.Etat.A_ENVOYER, prochain_essai_le=prochain, erreur=erreur[:200])


def _confier(envoi: Envoi, erreur: str) -> None:
    """Ouvrir la tâche humaine, dans la même transaction que l'état de l'envoi."""
    sans_adresse = envoi.canal == Canal.POSTE and not envoi.lettre.destinataire.adresse.strip()
    genre = TacheHumaine.Genre.ADRESSE if sans_adresse else TacheHumaine.Genre.AVISER
    with transaction.atomic():
        if _noter(envoi, etat=Envoi.Etat.TACHE_HUMAINE, erreur=erreur[:200]):
            actes.ouvrir_tache(envoi.lettre, genre, script(envoi), envoi)


def script(envoi: Envoi) -> str:
    """Quoi faire et quoi dire, en mots simples; aucune donnée de la personne."""
    if envoi.canal == Canal.POSTE:
        return (
            f"La lettre {envoi.lettre.reference} n'a pas pu partir par la poste. Appelez la personne. "
            "Vérifiez son identité. Dites : « Une lettre vous attend. Je peux vous la lire maintenant. » "
            "Lisez la lettre, demandez l'adresse à jour, puis relancez l'envoi."
        )
    return (
        f"Le signal de la lettre {envoi.lettre.reference} n'a pas pu être envoyé. Appelez la personne. "
        "Vérifiez son identité. Dites : « Une lettre vous attend dans votre dossier. » "
        "Demandez par quel moyen la joindre, puis notez l'appel."
    )
