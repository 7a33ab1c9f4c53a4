"""Les fournisseurs : qui imprime, qui envoie. Choisis par `CORRESPONDANCE_FOURNISSEURS`.

Un fournisseur reçoit un envoi et sa clé d'idempotence : présentée deux fois, la même clé
n'a qu'un effet. Un canal sans fournisseur n'est pas offert.
"""

from __future__ import annotations

import os
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from correspondance import signaux
from correspondance.models import BacCourrier, Canal, Envoi

DEFAUT = {
    Canal.POSTE: "correspondance.fournisseurs.Bac",
    Canal.COURRIEL: "correspondance.fournisseurs.Courriel",
}


class EchecRemise(Exception):
    """La remise a échoué; un nouvel essai peut réussir."""


class RemiseRefusee(EchecRemise):
    """La remise ne réussira jamais telle quelle (adresse absente ou refusée)."""


class Fournisseur(Protocol):
    """Ce qu'un fournisseur sait faire."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        """Remettre l'envoi; sans effet si `cle` est déjà connue. Lève `EchecRemise`."""


class Bac:
    """Le bac de sortie de la maison : une ligne par clé, que le courrier interne imprime."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        """Déposer au bac; une lettre sans adresse est refusée."""
        if envoi.canal == Canal.POSTE and not envoi.lettre.destinataire.adresse.strip():
            raise RemiseRefusee("adresse postale absente")
        BacCourrier.objects.get_or_create(
            cle=cle, defaults={"canal": envoi.canal, "lettre": envoi.lettre, "corps": envoi.corps}
        )


class DepotImpression:
    """Dépose le PDF dans le dossier `CORRESPONDANCE_DEPOT` qu'un imprimeur relève.

    Le nom est la clé : redéposer récrit le même fichier, d'un seul geste.
    """

    def remettre(self, envoi: Envoi, cle: str) -> None:
        """Écrire `<clé>.pdf`, complet ou absent."""
        if not envoi.lettre.destinataire.adresse.strip():
            raise RemiseRefusee("adresse postale absente")
        lieu = Path(settings.CORRESPONDANCE_DEPOT)
        partiel, final = lieu / f".{cle}.partiel", lieu / f"{cle}.pdf"
        try:
            with partiel.open("wb") as fichier:
                fichier.write(bytes(envoi.lettre.octets.pdf))
                fichier.flush()
                os.fsync(fichier.fileno())
            partiel.replace(final)
        except OSError as erreur:
            raise EchecRemise(f"dépôt d'impression : {type(erreur).__name__}") from erreur


class Courriel:
    """Le signal par courriel, d'un expéditeur fixe.

    Un courriel ne peut pas être unique à coup sûr : un signal répété ne dit rien de plus.
    """

    def remettre(self, envoi: Envoi, cle: str) -> None:
        """Envoyer par le serveur des réglages."""
        adresse = envoi.lettre.destinataire.email
        if not adresse:
            raise RemiseRefusee("courriel absent")
        domaine = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
        message = EmailMessage(
            signaux.sujet(envoi.lettre.langue),
            envoi.corps,
            settings.DEFAULT_FROM_EMAIL,
            [adresse],
            headers={"Message-ID": f"<{cle}@{domaine}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            message.send()
        except SMTPRecipientsRefused as erreur:
            raise RemiseRefusee("adresse refusée par le serveur de courriel") from erreur
        except (OSError, ValueError) as erreur:  # SMTPException est une OSError
            raise EchecRemise(f"serveur de courriel : {type(erreur).__name__}") from erreur


def configures() -> dict[str, str]:
    """Le chemin du fournisseur de chaque canal offert."""
    return dict(getattr(settings, "CORRESPONDANCE_FOURNISSEURS", DEFAUT))


def fournisseur(canal: str) -> Fournisseur:
    """Le fournisseur de ce canal. Lève `RemiseRefusee` si le canal n'est plus offert."""
    chemin = configures().get(canal)
    if not chemin:
        raise RemiseRefusee(f"aucun fournisseur pour le canal {canal}")
    classe: type[Fournisseur] = import_string(chemin)
    return classe()
