"""A dense face mesh of pictures, by MediaPipe's Face Mesh (Apache-2.0; Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019; Grishchenko et al., "Attention Mesh", 2020).

Only training sees it, as a teacher: it says which place of one face is which place of another. The package brings its own weights; none of them become part of this repository.
"""
import os

import numpy as np

VERTICES = 478
"""Vertices of a mesh: 468 of the face, then five of each iris."""
LEFT, RIGHT = (33, 133), (362, 263)
"""Corners of the eye that is on the left of the picture, and of the one on the right."""
LANDMARKS = (LEFT, RIGHT, (4,), (61,), (291,))
"""Vertices whose means are what MTCNN calls left eye, right eye, nose, left and right corner of the mouth."""


class MeshDetector:
    """Finds the mesh of the one face in a picture."""

    def __init__(self):
        os.environ.setdefault("GLOG_minloglevel", "2")
        advice = "pip install -r requirements-prepare.txt in an environment of its own, or name MTCNN's weights by --mtcnn"
        try:
            from mediapipe.python.solutions.face_mesh import FaceMesh
        except ImportError as error:
            raise SystemExit(f"the face mesh needs MediaPipe: {advice}") from error
        try:
            self.finder = FaceMesh(static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.3)
        except AttributeError as error:
            # What protobuf 5 and newer make of it.
            raise SystemExit(f"MediaPipe does not work with the packages installed beside it ({error}): {advice}") from error

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """Vertices [n, 478, 3] of pictures [n, h, w, 3], 8-bit RGB: x, y and depth (smaller is nearer) in pixels; NaN where no face is found."""
        height, width = pictures.shape[1:3]
        result = np.full((len(pictures), VERTICES, 3), np.nan, np.float32)
        for i, picture in enumerate(pictures):
            found = self.finder.process(np.ascontiguousarray(picture)).multi_face_landmarks
            if found:
                result[i] = [(p.x * width, p.y * height, p.z * width) for p in found[0].landmark]
        return result


def landmarks(mesh: np.ndarray) -> np.ndarray:
    """The five landmarks [n, 5, 2] of meshes [n, 478, 3], in MTCNN's order."""
    return np.stack([mesh[:, list(vertices), :2].mean(1) for vertices in LANDMARKS], 1)


# Vertices with a name. Left and right are those of the picture.
IRISES, NOSE, MOUTH_CORNERS = (468, 473), 4, (61, 291)
UPPER_LIDS, LOWER_LIDS, BROWS = (159, 386), (145, 374), (105, 334)
UPPER_LIP, LOWER_LIP, CHIN, FOREHEAD = 13, 14, 152, 10
EARS = (234, 454)
KEYPOINT_VERTICES = {
    0: IRISES[0], 1: IRISES[1], 2: NOSE, 3: MOUTH_CORNERS[0], 4: MOUTH_CORNERS[1],
    5: UPPER_LIDS[0], 6: LOWER_LIP, 7: UPPER_LIDS[1], 8: UPPER_LIP, 9: CHIN,
    10: LOWER_LIDS[0], 11: LOWER_LIDS[1], 12: FOREHEAD, 15: BROWS[0], 16: BROWS[1],
}
"""The vertex that each of fifteen keypoints is drawn to; the others find their own places. The first five tell the pose, the first ten the expression too."""
MIRRORED = {0: 1, 1: 0, 3: 4, 4: 3, 5: 7, 7: 5, 10: 11, 11: 10, 15: 16, 16: 15}
"""Which of these keypoints change places when a picture is flipped."""


def visible(mesh: np.ndarray) -> np.ndarray:
    """Whether each vertex of meshes [n, 478, 3] faces the camera, [n, 478]: seen from a point between the ears it lies towards the camera."""
    outwards = mesh - mesh[:, EARS, :].mean(1, keepdims=True)
    return outwards[..., 2] < -0.2 * np.linalg.norm(outwards, axis=-1)


def openness(mesh: np.ndarray) -> np.ndarray:
    """How far mouth, left and right eye are open, [n, 3] in 0...1, of meshes [n, 478, 3]; NaN without a face."""
    distance = lambda a, b: np.linalg.norm(mesh[:, a] - mesh[:, b], axis=-1)
    span = distance(LEFT[0], RIGHT[0]) + 1e-6
    eyes = [distance(upper, lower) / span * 7 for upper, lower in zip(UPPER_LIDS, LOWER_LIDS)]
    return np.clip(np.stack([distance(UPPER_LIP, LOWER_LIP) / span * 2.5, *eyes], 1), 0, 1)
