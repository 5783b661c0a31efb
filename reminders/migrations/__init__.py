"""How did the tables come about?"""
