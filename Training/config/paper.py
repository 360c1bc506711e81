"""The paper's own network (Mallya, Wang, Liu, NeurIPS 2022), against which the departures of `realtime` are weighed; it is not exported and does not ship.

64x64 attention grid for 256x256, dot product, one Gaussian of variance 0.01, residual branch, extra keys of 5 % of a source's, eight residual blocks in the decoder, VGG-19, GAN and equivariance losses, no other teachers. Sizes that
the paper leaves open are FOMM's (detector) or chosen (U-Nets).

Hardware: made for GPUs; not trained yet (8 samples take some 40 times as long as of `realtime`, so weeks on two CPU cores; the paper trained on eight GPUs). To expect, as the paper reports for TalkingHead-1KH: LPIPS 0.130 / 0.089 / 0.081 with 1 / 2 / 3 sources.
Without --vgg the perceptual loss is LPIPS with SqueezeNet: set weights.vgg=0 and weights.lpips=10.
"""
from config.base import Configuration, LossWeights, Training

configuration = Configuration(
    name="paper", keypoints=20, gaussians=(0.1,), query_size=256, extra_keys=205, widths=(256, 128, 64), detector_widths=(64, 128, 256, 512, 1024), attention_widths=(64, 128, 256, 512),
    decoder="paper", values="attended", cell=4, detector_sees="means", score="dot", temperature=0.5 / 256 ** 0.5, shared_map=False, offsets=False,
    motion_widths=(), settle=0.0, sharpness=1.0, doubled=False,
)
nothing = dict.fromkeys(("l1", "l1_warped", "lpips", "lpips_half", "lpips_warped", "l1_grid", "mesh", "mesh_attended", "mesh_fine", "flow", "flow_attended", "flow_fine", "keypoints", "opening", "repulsion"), 0.0)
training = Training(weights=LossWeights(**nothing | {"vgg": 10.0, "gan": 1.0, "features": 10.0, "equivariance": 20.0}), rate=2e-4, batch=16, teachers=(), nested=0.0, window_share=0.0, discriminator_alone=0, equivariance_every=1)
