"""The configuration that ships: 256x256, at most 25 ms a picture with three sources on one core in bf16.

Hardware and duration: see `MODEL_CARD.md` for those of the shipped weights. Two CPU cores take 0.9 s for a step of 8 samples; the stages `keypoints` and `attention`, a good beginning, are some times as fast.
To expect: what the model card says, LPIPS (AlexNet) on the test clips.
"""
from config.base import Configuration, Training

configuration = Configuration()
training = Training()
