"""What is asked before a client is erased for good? (REC-5)"""

from django import forms


class EraseForm(forms.Form):
    """Whether she shall be kept out, and that whoever erases knows what that means."""

    use_required_attribute = False

    keep_out = forms.BooleanField(
        label="Also never contact this person again",
        required=False,
        initial=True,
        help_text="A code made from the phone, the email and the ids stays on the suppression list. Nobody can read "
        "them from it; it stops messages if the records bring the person in again.",
    )
    is_sure = forms.BooleanField(
        label="I know that this cannot be undone",
        error_messages={"required": "Tick this first: what is erased is gone."},
    )

    def __init__(self, *args: object, is_out: bool, **kwargs: object) -> None:
        """Ask about keeping out only where it is not settled: who opted out stays out."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if is_out:
            del self.fields["keep_out"]
