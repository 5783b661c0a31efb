"""How is the server under measurement started? As the application is, with one more address."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "bench.webhook_urls"
application = get_wsgi_application()
