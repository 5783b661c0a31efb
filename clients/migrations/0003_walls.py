"""Puts every table that holds a practice's rows behind its wall."""

from typing import ClassVar

from django.db import migrations

from practices.tenancy.walls import raise_wall


class Migration(migrations.Migration):
    """Row-level security on the tables of the app (DESIGN.md 6)."""

    dependencies: ClassVar = [("clients", "0002_initial")]

    operations: ClassVar = [
        raise_wall("clients_appointment"),
        raise_wall("clients_appointmentservice"),
        raise_wall("clients_appointmentchange"),
        raise_wall("clients_client"),
        raise_wall("clients_clientidentity"),
        raise_wall("clients_consent"),
        raise_wall("clients_consentattestation"),
        raise_wall("clients_clientmerge"),
        raise_wall("clients_clientmergedrow"),
        raise_wall("clients_serviceissue"),
        raise_wall("clients_suppression"),
        raise_wall("clients_treatment"),
        raise_wall("clients_treatmentrecord"),
        raise_wall("clients_unmatchedrecord"),
    ]
