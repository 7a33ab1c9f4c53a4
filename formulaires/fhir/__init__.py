"""Porte des dossiers médicaux électroniques : le SR-2100 en FHIR R4, engendré des champs de l'écran.

La bibliothèque `fhir.resources` n'est chargée qu'à l'usage : l'importer coûte près d'une seconde et 35 Mo.
"""
