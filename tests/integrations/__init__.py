"""Do webhooks, imports and connections do what they promise?"""
