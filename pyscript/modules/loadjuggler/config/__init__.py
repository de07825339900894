"""Forms to a site."""
