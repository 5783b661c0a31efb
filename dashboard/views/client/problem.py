"""How does staff say that something went wrong for a client, and that it is settled? (SEQ-8, R29)"""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clients.models import Client, ServiceIssue
from clients.operations.issues import open_issue, resolve_issue
from dashboard.forms.problem import ProblemForm
from dashboard.views.access import Staff, staff_page
from dashboard.views.parts.toasts import said
from dashboard.views.wording.calls import in_sentence
from dashboard.views.wording.people import client_name
from practices.queries.abilities import Ability


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Ability.STEER_REMINDERS)
def problem(request: HttpRequest, staff: Staff, client_id: UUID) -> HttpResponse:
    """Report a problem: reminders pause and the client goes on the call list."""
    found = Client.objects.filter(practice_id=staff.practice_id, pk=client_id, erased_at=None)
    client = found.select_related("merged_into").first()
    if client is None:
        raise Http404("No such client in this practice.")
    client = client.merged_into or client
    form = ProblemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        origin = ServiceIssue.Origin.STAFF
        open_issue(staff.practice_id, client.pk, origin, text, staff.now, staff.now, opened_by=staff.actor)
        said(request, f"Problem reported. {client_name(client)} is on the call list, and reminders are paused.")
        return redirect("dashboard:client", staff.slug, client.pk)
    today = staff.today
    issues = ServiceIssue.objects.filter(practice_id=staff.practice_id, client=client, resolved_at=None)
    context = {
        "staff": staff,
        "here": "clients",
        "client": client,
        "name": client_name(client),
        "form": form,
        "open_issues": [
            {
                "text": each.text,
                "holds_texts": each.origin == ServiceIssue.Origin.WISH,
                "since": in_sentence(each.opened_at.astimezone(ZoneInfo(staff.time_zone)).date(), today),
                "settle_url": reverse("dashboard:problem_settled", args=[staff.slug, each.pk]),
            }
            for each in issues.order_by("opened_at", "pk")
        ],
        "client_url": reverse("dashboard:client", args=[staff.slug, client.pk]),
    }
    return render(request, "dashboard/client/problem.html", context)


@require_POST
@staff_page(Ability.STEER_REMINDERS)
def settled(request: HttpRequest, staff: Staff, issue_id: UUID) -> HttpResponse:
    """Settle a problem: reminders go on, what was due meanwhile is left out."""
    try:
        issue = resolve_issue(staff.practice_id, issue_id, staff.actor, staff.now)
    except ServiceIssue.DoesNotExist as error:
        raise Http404("No such problem in this practice.") from error
    said(request, "It is settled. Reminders go on.")
    return redirect("dashboard:client", staff.slug, issue.client_id)
