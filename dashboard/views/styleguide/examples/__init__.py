"""What does the styleguide show? Invented people in every state; a new component adds its line here."""
