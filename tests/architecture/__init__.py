"""Do the walls between the parts stand?"""
