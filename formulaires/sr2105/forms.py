"""Les pages du SR-2105 : un thème, un groupe de personnes, la signature. Ce qui est écrit est gardé, même invalide."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from dossiers.pages import FormulaireActe
from formulaires.sr2105 import lignes, textes
from formulaires.sr2105.textes import FR, GROUPES, PERMIS, PERSONNES, Colonne, Groupe, Theme, dire

LIBRE_MAX = 4000
CASE_MAX = 160
CHIFFRES_MIN = 7


class TexteDit(forms.CharField):
    """Un texte dont les erreurs se lisent dans la langue de la personne.

    En français, la maison dit déjà la longueur et le signe nul (`socle.pages`); en anglais, le champ le dit.
    """

    def __init__(self, *, langue: str, maximum: int, **options: Any) -> None:
        self.langue, self.maximum = langue, maximum
        super().__init__(max_length=maximum if langue == FR else None, required=False, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Sans `maxlength` : un texte collé serait coupé sans le dire."""
        return {nom: dit for nom, dit in super().widget_attrs(widget).items() if nom != "maxlength"}

    def clean(self, value: Any) -> Any:
        """Le texte propre, ou l'erreur dans sa langue."""
        if self.langue == FR:
            return super().clean(value)
        dites = textes.mots(self.langue)
        ecrit = str(value or "")
        if "\x00" in ecrit:
            raise forms.ValidationError(dites["e_nul"])
        if len(ecrit.strip()) > self.maximum:
            compte = textes.nombre_dit(len(ecrit.strip()), self.langue)
            permis = textes.nombre_dit(self.maximum, self.langue)
            raise forms.ValidationError(dites["e_trop_long"].format(n=compte, max=permis))
        return super().clean(value)


class OuiNon(forms.ChoiceField):
    """Un oui ou un non; tout autre envoi se dit dans la langue de la personne."""

    def __init__(self, *, langue: str, **options: Any) -> None:
        self.langue = langue
        super().__init__(**options)

    def validate(self, value: Any) -> None:
        """Sans code : la phrase est entière, la maison n'y ajoute pas le nom du champ en français."""
        if value and not self.valid_value(value):
            raise forms.ValidationError(textes.mots(self.langue)["e_choix"])


def _case(theme: Theme, colonne: Colonne, rang: int, langue: str) -> forms.Field:
    """La case d'une ligne."""
    nom = colonne.nom
    if theme is PERSONNES and colonne.code == "lien":
        nom = lignes.groupe_du_rang(rang).liens
    if colonne.code == "permis":
        choix = [(code, dire(textes.MOTS[code], langue)) for code in PERMIS]
        return OuiNon(langue=langue, label=dire(nom, langue), choices=choix, widget=forms.RadioSelect, required=False)
    saisie = forms.TextInput(attrs={"autocomplete": "off"})
    if colonne.code == "telephone":
        saisie = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"})
    return TexteDit(langue=langue, maximum=CASE_MAX, label=dire(nom, langue), widget=saisie)


class Rangee:
    """Une ligne à l'écran : son rang, ses cases, si elle est remplie."""

    def __init__(self, rang: int, cases: list[forms.BoundField], groupe: Groupe | None, langue: str) -> None:
        self.rang, self.groupe = rang, groupe
        self.saisies = [une for une in cases if une.widget_type != "radioselect"]
        self.choix = [une for une in cases if une.widget_type == "radioselect"]
        self.remplie = any(une.value() or une.errors for une in cases)
        self.nom = dire(groupe.noms, langue) if groupe is not None else ""


class PageSR2105(forms.Form):
    """Ce que toute page du SR-2105 partage : la version du brouillon lu, la langue, les lignes."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, langue: str = FR, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.langue = langue
        self.dites = textes.mots(langue)

    @property
    def brut(self) -> dict[str, str]:
        """Ce qui est envoyé, tel quel, pour les seules cases de cette page."""
        return {nom: str(self.data.get(nom) or "") for nom in self.fields if nom != "version"}

    def _ajouter_lignes(self, theme: Theme, rangs: Collection[int], sans: Collection[str] = ()) -> None:
        for rang in rangs:
            for colonne in lignes.colonnes(theme):
                if colonne.code not in sans:
                    self.fields[lignes.nom_de(theme.code, rang, colonne.code)] = _case(
                        theme, colonne, rang, self.langue
                    )

    def rangee(self, theme: Theme, rang: int) -> Rangee:
        """Une ligne de ce thème, prête à montrer."""
        presents = [lignes.nom_de(theme.code, rang, une.code) for une in lignes.colonnes(theme)]
        groupe = lignes.groupe_du_rang(rang) if theme is PERSONNES else None
        return Rangee(rang, [self[nom] for nom in presents if nom in self.fields], groupe, self.langue)

    def _juger_personnes(self, rangs: Collection[int], *, permis: bool) -> None:
        """Une personne a un nom; un numéro écrit est entier; l'accord se dit oui ou non."""
        for rang, ligne in lignes.lignes_de(PERSONNES, self.brut).items():
            if rang not in rangs:
                continue
            nom, numero, accord = (lignes.nom_de(PERSONNES.code, rang, c) for c in ("nom", "telephone", "permis"))
            if not ligne["nom"] and nom not in self.errors:
                self.add_error(nom, forms.ValidationError(self.dites["e_nom"]))
            ecrit = ligne["telephone"]
            if ecrit and len(re.sub(r"\D", "", ecrit)) < CHIFFRES_MIN and numero not in self.errors:
                self.add_error(numero, forms.ValidationError(self.dites["e_telephone"]))
            if permis and ligne["nom"] and not ligne["permis"] and accord not in self.errors:
                dit = self.dites["e_permis"].format(nom=ligne["nom"])
                self.add_error(accord, forms.ValidationError(dit))


class BlocTheme:
    """Un thème à l'écran : la question, ses lignes, le texte libre, « je ne sais pas »."""

    def __init__(self, theme: Theme, formulaire: ThemeForm, deja: bool) -> None:
        langue = formulaire.langue
        self.theme, self.deja, self.ancre = theme, deja, f"theme-{theme.code.replace('_', '-')}"
        self.titre, self.question, self.aide = theme.titre_dit(langue), theme.question(langue), theme.aide(langue)
        self.lu, self.lu_aide = theme.question(formulaire.lue), theme.aide(formulaire.lue)
        self.texte, self.inconnu = formulaire[f"texte_{theme.code}"], formulaire[f"inconnu_{theme.code}"]
        self.en_lignes = dire(theme.en_lignes, langue)
        self.rangees = [formulaire.rangee(theme, rang) for rang in range(1, theme.rangs + 1)]
        self.de_personnes = theme is PERSONNES
        self.ouvert = any(une.remplie for une in self.rangees)
        # Les deux premières lignes d'un emploi se montrent; les autres, à la demande.
        montrees = [une for une in self.rangees if une.remplie or une.rang <= 2]
        self.premieres, self.suivantes = montrees, [une for une in self.rangees if une not in montrees]
        self.groupes = [
            (dire(groupe.questions, langue), self.rangees[groupe.rangs[0] - 1], self.rangees[groupe.rangs[1] - 1])
            for groupe in (GROUPES if self.de_personnes else ())
        ]


class ThemeForm(PageSR2105):
    """Un ou plusieurs thèmes : des lignes, un texte, ou « Je ne sais pas »."""

    def __init__(
        self,
        *args: Any,
        themes: Mapping[str, Theme],
        requis: bool = False,
        lue: str = FR,
        deja: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.themes, self.requis, self.lue, self.deja = themes, requis, lue, deja
        for code, theme in themes.items():
            self._ajouter_lignes(theme, range(1, theme.rangs + 1))
            attributs = {"rows": 3, "data-compte": LIBRE_MAX} if self.langue == FR else {"rows": 3}
            self.fields[f"texte_{code}"] = TexteDit(
                langue=self.langue,
                maximum=LIBRE_MAX,
                label=theme.question(self.langue),
                help_text=theme.aide(self.langue),
                widget=forms.Textarea(attrs=attributs),
            )
            self.fields[f"inconnu_{code}"] = forms.BooleanField(label=self.dites["inconnu"], required=False)

    @property
    def blocs(self) -> list[BlocTheme]:
        """Chaque thème, prêt à montrer."""
        return [BlocTheme(theme, self, code in self.deja) for code, theme in self.themes.items()]

    def clean(self) -> dict[str, Any]:
        """Une réponse ou la case, jamais les deux; une page seule attend une réponse."""
        lues = super().clean() or {}
        if PERSONNES.code in self.themes:
            self._juger_personnes(range(1, PERSONNES.rangs + 1), permis=True)
        for code, theme in self.themes.items():
            nom = f"texte_{code}"
            ecrit = lignes.texte_de(theme, self.brut)
            inconnu = bool(self.brut[f"inconnu_{code}"])
            if ecrit and inconnu and ecrit != lignes.DOUTE:
                self.add_error(nom, forms.ValidationError(self.dites["e_deux"]))
            elif self.requis and not ecrit and not inconnu and nom not in self.errors:
                self.add_error(nom, forms.ValidationError(self.dites["e_vide"]))
        return lues

    def themes_en_erreur(self) -> list[str]:
        """Thèmes dont une case est fautive ou vide, dans l'ordre du formulaire."""
        noms = {code: {f"texte_{code}", f"inconnu_{code}", *lignes.noms(theme)} for code, theme in self.themes.items()}
        return [code for code, siens in noms.items() if siens & set(self.errors)]


class GroupeForm(PageSR2105):
    """Voie courte : les personnes d'un groupe, deux au plus; l'accord se dira à la signature."""

    def __init__(self, *args: Any, groupe: Groupe, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groupe = groupe
        self._ajouter_lignes(PERSONNES, groupe.rangs, sans=("permis",))

    @property
    def rangees(self) -> list[Rangee]:
        """Les deux lignes du groupe."""
        return [self.rangee(PERSONNES, rang) for rang in self.groupe.rangs]

    def clean(self) -> dict[str, Any]:
        """Une personne écrite a un nom, et un numéro entier s'il est écrit."""
        lues = super().clean() or {}
        self._juger_personnes(self.groupe.rangs, permis=False)
        return lues


class SignerSR2105Form(FormulaireActe):
    """Verser au dossier; l'autorisation d'appeler est une case à cocher, jamais cochée d'avance."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, langue: str = FR, a_autoriser: str = "", permis: Mapping[int, str], **kwargs: Any
    ) -> None:
        """`a_autoriser` : texte de l'autorisation à donner, vide s'il n'y a rien à autoriser ici.

        `permis` : nom de chaque personne (par rang) dont l'accord se dit sur cette page.
        """
        super().__init__(*args, **kwargs)
        self.dites, self.langue = textes.mots(langue), langue
        self.rangs = list(permis)
        for rang, nom in permis.items():
            champ = _case(PERSONNES, PERSONNES.colonnes[-1], rang, langue)
            champ.label = self.dites["puis_appeler"].format(nom=nom)
            self.fields[lignes.nom_de(PERSONNES.code, rang, "permis")] = champ
        self.noms = dict(permis)
        self.a_autoriser = a_autoriser
        if a_autoriser:
            self.fields["autorise"] = forms.BooleanField(label=a_autoriser, required=False)

    @property
    def version_lue(self) -> int | None:
        """La version du brouillon que la page montrait; rien si elle n'est pas dite, et alors rien ne part."""
        dite = str(self.data.get("version") or "")
        return int(dite) if dite.isascii() and dite.isdigit() and len(dite) < 9 else None

    @property
    def permis_dits(self) -> dict[str, str]:
        """Les oui et les non choisis, par case, même si le reste de la page n'est pas fini."""
        noms = [lignes.nom_de(PERSONNES.code, rang, "permis") for rang in self.rangs]
        return {nom: str(self.data[nom]) for nom in noms if self.data.get(nom) in PERMIS}

    @property
    def accords(self) -> list[forms.BoundField]:
        """Les choix oui ou non, dans l'ordre des rangs."""
        return [self[lignes.nom_de(PERSONNES.code, rang, "permis")] for rang in self.rangs]

    def clean(self) -> dict[str, Any]:
        """Un oui ou un non par personne; un oui demande l'autorisation."""
        lues = super().clean() or {}
        dits = {rang: lues.get(lignes.nom_de(PERSONNES.code, rang, "permis")) for rang in self.rangs}
        for rang, dit in dits.items():
            nom = lignes.nom_de(PERSONNES.code, rang, "permis")
            if not dit and nom not in self.errors:
                phrase = self.dites["e_permis"].format(nom=self.noms[rang])
                self.add_error(nom, forms.ValidationError(phrase))
        un_oui = "oui" in dits.values() if self.rangs else True
        if self.a_autoriser and un_oui and not lues.get("autorise"):
            self.add_error("autorise", forms.ValidationError(self.dites["e_autorise"]))
        return lues
