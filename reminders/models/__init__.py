"""What does medspa plan, say and hand over?"""

from reminders.models.call import Call
from reminders.models.client_plan import ClientPlan
from reminders.models.message import Delivery, Message
from reminders.models.reply import Reply
from reminders.models.sequence import Reminder, Sequence
from reminders.models.tally import ReminderTally, StandingTally
from reminders.models.template import Template, TemplateVersion
from reminders.models.tracked_link import LinkRoute, TrackedLink

__all__ = [
    "Call",
    "ClientPlan",
    "Delivery",
    "LinkRoute",
    "Message",
    "Reminder",
    "ReminderTally",
    "Reply",
    "Sequence",
    "StandingTally",
    "Template",
    "TemplateVersion",
    "TrackedLink",
]
