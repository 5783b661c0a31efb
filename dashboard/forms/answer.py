"""What does staff write to answer a client's reply?"""

from typing import Any

from django import forms


class AnswerForm(forms.Form):
    """The words. How long they may be and whether they may be sent, the operation says."""

    use_required_attribute = False

    words = forms.CharField(
        label="Answer",
        strip=False,
        error_messages={"required": "Write the answer first."},
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
    )

    def __init__(self, *args: Any, preview_url: str, by: str, **kwargs: Any) -> None:
        """`preview_url`: what answers with the words as they would leave. `by`: "text" or "email"."""
        super().__init__(*args, **kwargs)
        field = self.fields["words"]
        field.label = f"Answer by {by}"
        field.widget.attrs |= {
            "hx-post": preview_url,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#answer-preview",
            "hx-swap": "outerHTML",
            "hx-sync": "this:replace",
        }

    def only_show(self) -> None:
        """Have the words stand there to be read and copied: nothing can be sent here any more."""
        self["words"].label = "What you wrote"
        self.fields["words"].widget.attrs = {"class": "input", "rows": 4, "readonly": True}
