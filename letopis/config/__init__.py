"""Settings, root urls, wsgi and the command line."""
