"""Users, sign-in and roles by appointment."""
