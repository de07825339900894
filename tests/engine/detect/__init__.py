"""The detection of mistakes of the installation."""
