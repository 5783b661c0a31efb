"""What does a person live through, from outside?"""
