"""The web pages on the API's port: one module for each page, with `register(context)`."""
