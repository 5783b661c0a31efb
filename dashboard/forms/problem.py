"""What went wrong for a client?"""

from django import forms

LONGEST = 2000


class ProblemForm(forms.Form):
    """A problem in words."""

    use_required_attribute = False

    text = forms.CharField(
        label="What went wrong",
        max_length=LONGEST,
        help_text="In the client’s own words, if you have them.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Say what went wrong, so that whoever calls knows.",
            "max_length": f"Keep it to {LONGEST:,} characters.",
        },
    )
