"""Rendu des formulaires : `{{ form.champ.as_field_group }}` et `{{ form }}` donnent nos composants."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class RenduFormulaire(TemplatesSetting):
    """Moteur de gabarits du site; les champs et les formulaires prennent le balisage de la maison.

    Réglage : `FORM_RENDERER = "socle.rendu.RenduFormulaire"` et `django.forms` dans `INSTALLED_APPS`.
    """

    field_template_name = "composants/champ_django.html"
    form_template_name = "composants/formulaire_django.html"
