"""Une vraie lettre de refus, contre WeasyPrint nu sur le même HTML."""

from __future__ import annotations

from unittest import mock

from django.db import transaction

from bench.chrono import REPETITIONS, centile, durees
from correspondance import composition
from correspondance.models import Lettre
from cse.demo import charge
from socle import horloge

CODE = "D02"


class _Annuler(Exception):
    """Défait la transaction de la mesure."""


def mesurer(repetitions: int = REPETITIONS) -> tuple[float, float]:
    """p50 d'une lettre complète et p50 de WeasyPrint nu, en millisecondes; rien ne reste en base."""
    prises: tuple[float, float] = (0.0, 0.0)
    try:
        with transaction.atomic():
            prises = _mesurer(repetitions)
            raise _Annuler
    except _Annuler:
        return prises


def _mesurer(repetitions: int) -> tuple[float, float]:
    from weasyprint import HTML

    jour = horloge.aujourd_hui()
    equipe = charge.preparer(jour)
    recit = next(un for un in charge.programme(jour) if un.code == CODE)
    with composition.sans_pdf():
        charge.jouer_un(recit, equipe)
    lettre = Lettre.objects.filter(dossier__reference=recit.reference, modele="refus").get()
    with mock.patch.object(composition.pdf, "rendre", wraps=composition.pdf.rendre) as rendu:
        composition.composer(lettre, [])
    html: str = rendu.call_args.args[0]
    notre = durees(lambda: composition.composer(lettre, []), repetitions)
    nu = durees(lambda: HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"), repetitions)
    return centile(notre, 0.5), centile(nu, 0.5)
