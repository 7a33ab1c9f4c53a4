"""Le registre daté des programmes et services vers qui orienter une personne.

Source : `domaine.md` §4 (obstacles 25 à 27) : orienter plutôt que refuser sans suite.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from .lignes import Certitude, EntreeDeListe


class ProgrammeAide(EntreeDeListe):
    """Une autre aide : ce qu'elle fait, pour qui, comment la joindre. En parler ne change aucun droit.

    `verifiee_le` : dernier appel ou dernière lecture qui l'a confirmée; vide, l'écran dit « à vérifier ».
    """

    description = models.CharField("ce qu'elle fait", max_length=240)
    description_en = models.CharField("ce qu'elle fait, en anglais", max_length=240, blank=True)
    pour_qui = models.CharField("pour qui", max_length=200)
    pour_qui_en = models.CharField("pour qui, en anglais", max_length=200, blank=True)
    telephone = models.CharField("téléphone", max_length=30)
    verifiee_le = models.DateField("vérifiée le", null=True, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "programme d'aide"
        verbose_name_plural = "programmes d'aide"
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["en_vigueur_au", "remplacee_le", "verifiee_le"]),
        ]

    @property
    def demonstration(self) -> bool:
        """Vrai si l'entrée est inventée : l'écran doit le dire."""
        return self.certitude == Certitude.DEMONSTRATION
