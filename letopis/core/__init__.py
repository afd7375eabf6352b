"""Django plumbing with no school meaning: files, print forms, jobs with progress, web components."""
