"""Fournisseurs d'essai : celui qui meurt après avoir imprimé, celui qui échoue, celui qui refuse."""

from __future__ import annotations

import os
import signal
from typing import ClassVar

from correspondance.fournisseurs import Bac, EchecRemise, RemiseRefusee
from correspondance.models import Envoi


class TueApres:
    """Imprime, puis tue le processus sans préavis, avant que l'issue soit notée (F01)."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        Bac().remettre(envoi, cle)
        os.kill(os.getpid(), signal.SIGKILL)


class AccepteEtExpire:
    """Imprime, puis fait croire que rien n'est parti (F09)."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        Bac().remettre(envoi, cle)
        raise EchecRemise("délai dépassé")


class Compteur:
    """Compte les clés présentées, sans rien imprimer."""

    cles: ClassVar[list[str]] = []

    def remettre(self, envoi: Envoi, cle: str) -> None:
        self.cles.append(cle)


class EnPanne:
    """N'accepte jamais."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        raise EchecRemise("serveur absent")


class Refuse:
    """Refuse pour de bon."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        raise RemiseRefusee("adresse refusée")


class Fautif:
    """Se trompe d'une façon imprévue; son message contient une donnée qui ne doit pas fuir."""

    def remettre(self, envoi: Envoi, cle: str) -> None:
        raise KeyError("CANARI-7731")
