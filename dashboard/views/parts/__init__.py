"""Of which parts are pages made?"""
