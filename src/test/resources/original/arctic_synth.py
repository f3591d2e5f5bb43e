# The command line of the Python client, without the rest of its package: that would need PyTorch.
import importlib.util
import sys
import types
from pathlib import Path

package = Path(importlib.util.find_spec("arctic_training").origin).parent
for name, path in (("arctic_training", package), ("arctic_training.synth", package / "synth")):
    module = types.ModuleType(name)
    module.__path__ = [str(path)]
    sys.modules[name] = module

from arctic_training.synth.cli import main

main()
