"""Sonde du conteneur web : interroge `/sante/` sous le nom d'hôte attendu."""

import http.client
import os
import sys

lien = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
lien.request("GET", "/sante/", headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0]})
sys.exit(0 if lien.getresponse().status == 200 else 1)
