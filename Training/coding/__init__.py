"""How keypoints become bits: what `keypoint_tables.py` trains for `Sources/KeypointCoding` (Protocol/keypoints.md)."""
