"""Of which messages does nobody know whether they arrived?"""
