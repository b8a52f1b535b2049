"""Home-care rostering that keeps the Ethical Care Charter, on real streets."""
