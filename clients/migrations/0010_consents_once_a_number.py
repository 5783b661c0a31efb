"""Keeps a word of the consent ledger once for each number it was said for; drops what its kind says already."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rewrites no row, so that the ledger's trigger is not asked; the ledger is locked while its index is built.

    `covers` was filled in with "promotion" for every veto that was older than the column, and nobody could correct
    it since: a flag speaks of every kind of message, a client's own word of promotion.
    """

    dependencies: ClassVar = [("clients", "0009_consents_stand")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="consent", name="consent_once"),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("practice", "client", "scope", "kind", "at", "address"), name="consent_once"
            ),
        ),
        migrations.RemoveField(model_name="consent", name="covers"),
    ]
