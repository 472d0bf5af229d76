"""GitLab security reports: what the container, dependency and SAST forms have in common."""
