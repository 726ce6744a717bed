"""What gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")

application = get_wsgi_application()
