import json
import sys
from importlib import import_module

import django

django.setup()
for line in sys.stdin:
    name, wishes = json.loads(line)
    scene = import_module(f"bench.scenes.{name}")
    print(json.dumps(scene.make(**wishes)), flush=True)
