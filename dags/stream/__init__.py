"""What stream_users is made of: the cluster as it is, what to do about it, the submission."""
