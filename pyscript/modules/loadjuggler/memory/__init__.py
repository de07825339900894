"""What is remembered from run to run and, most of it, over restarts: frozen records."""
