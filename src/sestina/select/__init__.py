"""Frame selection: which frames of a video are looked at, one method a file."""
