"""What does a practice look like at work, in any size? Rows of every kind that a page shows, made set-based by SQL."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from cadences.models import CadenceVersion, TreatmentType
from practices.models import Location, Practice, Provider
from practices.tenancy import practice_scope

KINDS: Final = 20
"""So many clients are each of another kind; a practice of any multiple has the same share of each."""

# Kinds: 0-5 active, 6-9 due (one message left), 10-12 booked, 13-16 lapsed, 17 opted out, 18 held, 19 paused.
_PEOPLE: Final = """
    CREATE TEMPORARY TABLE crowd ON COMMIT DROP AS
    SELECT g, g %% 20 AS kind, gen_random_uuid() AS client, gen_random_uuid() AS treatment,
        gen_random_uuid() AS sequence, gen_random_uuid() AS message, gen_random_uuid() AS issue,
        CASE WHEN g %% 3 = 0 THEN %(lips)s::uuid ELSE %(botox)s::uuid END AS type,
        (ARRAY['Dana','Björk','Renée','Aisha','Siobhán','Yuki','Camila','José','Ingrid','D’Arcy','Maria','Ana'])
            [1 + g %% 12] AS first,
        (ARRAY['Kim','García','O’Neill','Van-Dyke','Østergaard','Nguyễn','Smith','Łopez','Taylor','Lee','de la Cruz'])
            [1 + (g / 12) %% 11] || CASE WHEN g < 400 THEN '' ELSE ' ' || to_hex(g / 50) END AS last,
        (ARRAY['dana','bjork','renee','aisha','siobhan','yuki','camila','jose','ingrid','darcy','maria','ana'])
            [1 + g %% 12] || ' ' ||
        (ARRAY['kim','garcia','oneill','van dyke','østergaard','nguyen','smith','łopez','taylor','lee','de la cruz'])
            [1 + (g / 12) %% 11] || CASE WHEN g < 400 THEN '' ELSE ' ' || to_hex(g / 50) END AS key,
        %(now)s::timestamptz AS now
    FROM generate_series(%(first)s::int, %(last)s::int) AS g
"""
_ROWS: Final = (
    """
    INSERT INTO clients_client (id, practice_id, first_name, last_name, name_key, phone, email, postal_code, state,
        status, preferred_channel, stated_time_zone, language, address_zones, phone_zones, phone_state, field_stamps,
        created_at, updated_at)
    SELECT client, %(practice)s, first, last, key, '+1773' || lpad((2000000 + g)::text, 7, '0'),
        'crowd' || g || '@example.com', '60611', 'IL', 'active', '', '', 'en', '{America/Chicago}',
        '{America/Chicago}', 'IL', '{}', now - interval '2 years', now - interval '1 day' FROM crowd
    """,
    """
    INSERT INTO clients_treatment (id, practice_id, client_id, treatment_type_id, performed_on, status, area, quantity,
        unit, price, currency, series_key, recorded_at)
    SELECT CASE past WHEN 0 THEN treatment ELSE gen_random_uuid() END, %(practice)s, client, type,
        (now - make_interval(days => 20 + g %% 50 + 130 * past + 90 * (kind / 13)))::date, 'completed', 'Forehead', 24,
        'units', 336, 'USD', '', now - make_interval(days => 20 + g %% 50)
    FROM crowd, generate_series(0, 2) AS past
    """,
    """
    INSERT INTO reminders_sequence (id, practice_id, client_id, key, kind, state, reason, cycle, treatment_id,
        treatment_type_id, cadence_version_id, family, day_zero, opened_at, ended_at)
    SELECT sequence, %(practice)s, client, 'refill:' || treatment, 'refill',
        CASE WHEN kind < 10 OR kind = 18 THEN 'open' WHEN kind < 13 THEN 'booked' WHEN kind = 19 THEN 'paused'
            ELSE 'ended' END,
        CASE WHEN kind BETWEEN 13 AND 16 THEN 'FINISHED' WHEN kind = 17 THEN 'OPTED_OUT' ELSE '' END, 0, treatment,
        type, CASE WHEN type = %(lips)s::uuid THEN %(lips_version)s::uuid ELSE %(botox_version)s::uuid END,
        'neuromodulator', (now - make_interval(days => 20 + g %% 50))::date, now - make_interval(days => 20 + g %% 50),
        CASE WHEN kind BETWEEN 13 AND 17 THEN now - interval '10 days' END
    FROM crowd
    """,
    """
    INSERT INTO reminders_message (id, practice_id, client_id, kind, touchpoint, decided_at, sent_at, is_void)
    SELECT message, %(practice)s, client, 'promotion', 'first', at, at, false
    FROM (SELECT *, now - make_interval(days => 1 + g %% 400, mins => g %% 500) AS at FROM crowd
        WHERE kind BETWEEN 6 AND 16) sent
    """,
    """
    INSERT INTO reminders_delivery (id, practice_id, message_id, client_id, channel, gateway, number, to_address,
        from_name, subject, text, html, headers, state, attempted_at, settled_at, remote_id, error)
    SELECT gen_random_uuid(), %(practice)s, m.id, m.client_id, CASE WHEN g %% 3 = 0 THEN 'email' ELSE 'sms' END,
        'outbox', 1, 'crowd' || g || '@example.com', 'Lakeview', 'Your next visit', 'It has been ten weeks.', '', '{}',
        CASE WHEN g %% 400 = 7 THEN 'unknown' WHEN g %% 4 = 0 THEN 'delivered' ELSE 'accepted' END, m.decided_at,
        m.decided_at, '', ''
    FROM crowd JOIN reminders_message m ON m.id = crowd.message
    """,
    """
    INSERT INTO reminders_reminder (id, practice_id, client_id, sequence_id, step, cycle, position, state, reason,
        planned_at, allowed_at, due_at, came_due, decided_at, sent_at, message_id)
    SELECT gen_random_uuid(), %(practice)s, client, sequence,
        (ARRAY['first', 'second', 'last'])[1 + step], 0, step, state,
        CASE state WHEN 'waiting' THEN 'NO_CONSENT' WHEN 'cancelled' THEN 'BOOKED' WHEN 'failed' THEN 'REFUSED'
            WHEN 'suppressed' THEN (ARRAY['OPTED_OUT', 'BEFORE_GO_LIVE', 'NO_ADDRESS'])[1 + g %% 3] ELSE '' END,
        at, at, CASE state WHEN 'waiting' THEN now + interval '1 hour' ELSE at END, state = 'cancelled' AND at < now,
        CASE WHEN at < now THEN at END, CASE WHEN state IN ('sent', 'delivered') THEN at END,
        CASE WHEN state IN ('sent', 'delivered', 'unknown') AND kind BETWEEN 6 AND 16 THEN message END
    FROM (
        SELECT *, CASE
            WHEN kind < 6 THEN now + make_interval(days => g %% 60 + 7 * step, mins => g %% 480 + 10)
            WHEN kind < 10 OR kind = 18 THEN now + make_interval(days => 7 * step, mins => g %% 480 - 500)
            WHEN kind < 13 THEN now + make_interval(days => 7 * step - 3, mins => g %% 480)
            ELSE now - make_interval(days => 15 + g %% 380 - 7 * step, mins => g %% 480) END AS at,
            CASE WHEN kind < 6 THEN 'planned'
                WHEN kind < 10 THEN CASE step WHEN 0 THEN
                    CASE WHEN g %% 400 = 7 THEN 'unknown' WHEN g %% 2 = 0 THEN 'sent' ELSE 'delivered' END
                    ELSE 'planned' END
                WHEN kind < 13 THEN CASE step WHEN 0 THEN 'delivered' ELSE 'cancelled' END
                WHEN kind < 17 THEN CASE WHEN g %% 400 = 13 THEN 'failed' ELSE 'delivered' END
                WHEN kind = 17 THEN 'suppressed' WHEN kind = 18 THEN CASE step WHEN 0 THEN 'waiting' ELSE 'planned' END
                ELSE 'planned' END AS state
        FROM crowd, generate_series(0, 2) AS step
    ) steps
    """,
    """
    INSERT INTO reminders_clientplan (id, practice_id, client_id, standing, next_at, name_key, replan_at, sms_word,
        email_word)
    SELECT gen_random_uuid(), %(practice)s, client,
        CASE WHEN kind < 6 THEN 'active' WHEN kind < 10 THEN 'due' WHEN kind < 13 THEN 'booked' WHEN kind < 17 THEN
            'lapsed' WHEN kind = 17 THEN 'opted_out' WHEN kind = 18 THEN 'held' ELSE 'paused' END,
        CASE WHEN kind < 13 THEN now + make_interval(days => g %% 60) END, key, NULL,
        CASE kind WHEN 17 THEN 'opted_out' WHEN 18 THEN 'unsaid' ELSE 'own' END,
        CASE kind WHEN 17 THEN 'opted_out' ELSE 'known' END
    FROM crowd
    """,
    """
    INSERT INTO clients_appointment (id, practice_id, client_id, source, remote_id, status, starts_at, booked_at,
        learned_at, content_hash, field_stamps, provider_id, location_id, duration_minutes, is_cancelled_by_practice)
    SELECT gen_random_uuid(), %(practice)s, client, 'crowd', g::text, 'booked',
        now + make_interval(days => 1 + g %% 40), now - interval '3 days', now - interval '3 days', '', '{}',
        %(provider)s, %(location)s, 30, false
    FROM crowd WHERE kind BETWEEN 10 AND 12
    """,
    """
    INSERT INTO clients_consent (id, practice_id, client_id, scope, kind, at, source, wording, recorded_at)
    SELECT gen_random_uuid(), %(practice)s, client, 'sms', 'granted', now - interval '1 year', 'intake form',
        'I agree to get appointment reminders by text.', now - interval '1 year' FROM crowd WHERE kind <> 18
    """,
    """
    INSERT INTO clients_suppression (id, practice_id, client_id, subject, address, origin, wording, at)
    SELECT gen_random_uuid(), %(practice)s, client, 'phone', '+1773' || lpad((2000000 + g)::text, 7, '0'), 'reply',
        'please stop', now - make_interval(days => g %% 400) FROM crowd WHERE kind = 17
    """,
    """
    INSERT INTO clients_serviceissue (id, practice_id, client_id, origin, remote_id, text, opened_at)
    SELECT issue, %(practice)s, client, 'survey', g::text, 'One side feels uneven.',
        now - make_interval(days => g %% 9) FROM crowd WHERE kind = 19 AND (g < 200 OR g %% 400 = 19)
    """,
    """
    INSERT INTO reminders_call (id, practice_id, client_id, reason, anchor, opened_at, outcome, note)
    SELECT gen_random_uuid(), %(practice)s, client, 'SERVICE_ISSUE', issue::text,
        now - make_interval(days => g %% 9), '', '' FROM crowd WHERE kind = 19 AND (g < 200 OR g %% 400 = 19)
    """,
    """
    INSERT INTO reminders_reply (id, practice_id, client_id, channel, from_address, text, received_at, remote_id,
        message_id, handling)
    SELECT gen_random_uuid(), %(practice)s, client, 'sms', '+1773' || lpad((2000000 + g)::text, 7, '0'),
        'Is it safe while nursing?', now - make_interval(mins => g %% 900), 'crowd' || g, message, ''
    FROM crowd WHERE kind = 9 AND (g < 200 OR g %% 1000 = 9)
    """,
    """
    INSERT INTO cadences_service (id, practice_id, name, name_key, kind, first_seen_at)
    SELECT gen_random_uuid(), %(practice)s, 'Promo ' || g, 'promo ' || g, 'unknown', now - interval '20 days'
    FROM crowd WHERE kind = 3 AND (g < 200 OR g %% 5000 = 3)
    """,
    """
    INSERT INTO practices_auditentry (id, practice_id, at, staff_member_id, action, client_id, subject_id, detail)
    SELECT gen_random_uuid(), %(practice)s, now - make_interval(mins => g), NULL, 'client_viewed', client, NULL, '{}'
    FROM crowd WHERE kind = 7 AND (g < 400 OR g %% 200 = 7)
    """,
)
_BATCH: Final = 20_000


def gather(practice: Practice, count: int, now: datetime, first: int = 0) -> dict[str, UUID]:
    """Give a practice of the default library `count` more clients with all that pages show of them.

    `first`: the number of the first of them; clients of one number are made once. Returns ids of rows that pages
    are opened with.
    """
    for start in range(first, first + count, _BATCH):
        with practice_scope(practice.pk), connection.cursor() as cursor:
            words = _words(practice) | {
                "now": now, "first": start, "last": min(start + _BATCH, first + count) - 1,
            }  # fmt: skip
            cursor.execute(_PEOPLE, words)
            for statement in _ROWS:
                cursor.execute(statement, words)
            cursor.execute("DROP TABLE crowd")
    return _ids(practice)


def _words(practice: Practice) -> dict[str, UUID | datetime | int | None]:
    types = dict(TreatmentType.objects.filter(practice=practice).values_list("slug", "pk"))
    versions = dict(
        CadenceVersion.objects.filter(practice=practice).order_by("number").values_list("treatment_type_id", "pk")
    )
    return {
        "practice": practice.pk,
        "botox": types["botox"],
        "lips": types["lip_filler"],
        "botox_version": versions[types["botox"]],
        "lips_version": versions[types["lip_filler"]],
        "provider": Provider.objects.filter(practice=practice).order_by("pk").values_list("pk", flat=True).first(),
        "location": Location.objects.filter(practice=practice).order_by("pk").values_list("pk", flat=True).first(),
    }


_OPENED_WITH: Final = {
    "client_id": "SELECT id FROM clients_client WHERE merged_into_id IS NULL ORDER BY created_at, id LIMIT 1",
    "call_id": "SELECT id FROM reminders_call WHERE closed_at IS NULL ORDER BY id LIMIT 1",
    "reply_id": "SELECT id FROM reminders_reply WHERE handled_at IS NULL ORDER BY id LIMIT 1",
    "issue_id": "SELECT id FROM clients_serviceissue WHERE resolved_at IS NULL ORDER BY id LIMIT 1",
    "reminder_id": "SELECT id FROM reminders_reminder WHERE state = 'planned' ORDER BY due_at DESC, id LIMIT 1",
    "sequence_id": "SELECT id FROM reminders_sequence WHERE state = 'open' ORDER BY opened_at, id LIMIT 1",
    "service_id": "SELECT id FROM cadences_service WHERE kind = 'unknown' ORDER BY id LIMIT 1",
    "suppression_id": "SELECT id FROM clients_suppression WHERE lifted_at IS NULL ORDER BY id LIMIT 1",
    "delivery_id": "SELECT id FROM reminders_delivery WHERE channel = 'email' ORDER BY attempted_at DESC, id LIMIT 1",
    "member_id": "SELECT id FROM practices_staffmember ORDER BY id LIMIT 1",
    "location_id": "SELECT id FROM practices_location ORDER BY id LIMIT 1",
    "provider_id": "SELECT id FROM practices_provider ORDER BY id LIMIT 1",
}


def _ids(practice: Practice) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    with practice_scope(practice.pk), connection.cursor() as cursor:
        for name, statement in _OPENED_WITH.items():
            cursor.execute(statement)
            row = cursor.fetchone()
            if row is not None:
                found[name] = row[0]
    return found
