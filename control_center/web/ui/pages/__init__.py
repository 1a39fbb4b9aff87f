"""The web page on the API's port: one module a page, each with `register(desk)`."""
