"""What is wired: the site, its circuits, its loads, how they are controlled."""
