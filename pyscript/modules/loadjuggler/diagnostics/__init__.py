"""What can not be right: wiring, meters, forms."""
