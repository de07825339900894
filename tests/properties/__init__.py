"""What must hold for every house, searched with hypothesis and refereed by linear programs."""
