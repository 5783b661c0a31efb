"""Where do other systems post what happened?"""
