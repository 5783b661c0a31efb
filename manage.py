#!/usr/bin/env python
"""How does a person run one of the project's commands?"""

import os
import sys

from django.core.management import execute_from_command_line

from medspa.embedded import EmbeddedFailed
from medspa.reader import SettingsRefused

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")
    try:
        execute_from_command_line(sys.argv)
    except (SettingsRefused, EmbeddedFailed) as error:
        sys.exit(str(error))
