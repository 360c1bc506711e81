"""Writes the vectors of this folder: an implementation of ../packets.md, ../feedback.md, ../keypoints.md and
../sources.md that shares no code with the Swift one. Run: python3 Protocol/vectors/make.py
"""
from keypoint_vectors import keypoints, sources
from packet_vectors import datagrams
from writing import HERE

for section in (datagrams, keypoints, sources):
    section()
print("wrote", len(list(HERE.glob("*/*.hex"))), "vectors")
