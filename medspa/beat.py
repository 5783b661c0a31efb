"""What does the clock start? Beat only ticks: each tick looks into PostgreSQL for what is due."""

from typing import Any

# name -> {"task": dotted name, "schedule": seconds, "options": {"expires": seconds}}
SCHEDULE: dict[str, dict[str, Any]] = {
    "deliver what is due": {"task": "reminders.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "send answers": {"task": "reminders.tasks.send_answers", "schedule": 5.0, "options": {"expires": 5}},
    "settle attempts left open": {"task": "reminders.tasks.recover", "schedule": 30.0, "options": {"expires": 30}},
    "plan what waits before going live": {
        "task": "reminders.tasks.catch_up",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "sum up what pages count": {
        "task": "reminders.tasks.fold_tallies",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget ended sessions": {"task": "practices.tasks.forget_old", "schedule": 3600.0, "options": {"expires": 3600}},
    "apply what arrived": {"task": "integrations.tasks.apply_events", "schedule": 5.0, "options": {"expires": 5}},
    "try failing accounts again": {
        "task": "integrations.tasks.retry_accounts",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "apply what carriers reported": {
        "task": "integrations.tasks.apply_callbacks",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "forget old callbacks": {
        "task": "integrations.tasks.forget_callbacks",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "count passed visits": {
        "task": "clients.tasks.count_passed_visits",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}
