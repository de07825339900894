"""What lives between runs: controller, services, stored file, and the host in Home Assistant."""
