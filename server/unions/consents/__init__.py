"""What people agreed to before their data is used: which version of the privacy policy, when, and until when."""
