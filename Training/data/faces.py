"""Finds faces and their landmarks: by MediaPipe (also a mesh), or by MTCNN. Each has `name`, `find` for crops and `mark` for training's teachers."""
from importlib.metadata import version

import numpy as np

from data.crop import Face, face_of
from data.mesh import MeshDetector, landmarks


class MediaPipeFaces:
    """MediaPipe's face detectors (Bazarevsky et al., "BlazeFace", 2019) and Face Mesh."""

    def __init__(self):
        self.mesh = MeshDetector()
        from mediapipe.python.solutions.face_detection import FaceDetection

        # One is made for near faces and one for those at up to five metres; each misses some that the other finds.
        self.finders = [FaceDetection(min_detection_confidence=0.5, model_selection=model) for model in (0, 1)]
        self.name = f"MediaPipe {version('mediapipe')}"

    def find(self, picture: np.ndarray) -> list[Face]:
        """The faces of a picture [h, w, 3], 8-bit RGB."""
        found: list[Face] = []
        for finder in self.finders:
            for detection in finder.process(np.ascontiguousarray(picture)).detections or []:
                points = np.array([(p.x, p.y) for p in detection.location_data.relative_keypoints]) * picture.shape[1::-1]
                face = face_of(points[0], points[1], points[3])
                if not any(face.near(other) for other in found):
                    found.append(face)
        return found

    def mark(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Five `landmarks` [n, 5, 2] and the `mesh` [n, 478, 3] of pictures [n, h, w, 3], in pixels; NaN without a face."""
        mesh = self.mesh(pictures)
        return {"landmarks": landmarks(mesh), "mesh": mesh}


class MTCNNFaces:
    """MTCNN (`landmarks.py`): needs only torch and a file of weights, but knows no mesh."""

    def __init__(self, path: str):
        # Only here: torch is large, and MediaPipe lives in an environment without it.
        from landmarks import LandmarkDetector

        self.near, self.far = LandmarkDetector(path, smallest=56), LandmarkDetector(path, smallest=28)
        self.name = "MTCNN"

    @staticmethod
    def _tensor(pictures: np.ndarray):
        import torch

        return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 255

    def find(self, picture: np.ndarray) -> list[Face]:
        """See `MediaPipeFaces`."""
        return [face_of(points[0], points[1], (points[3] + points[4]) / 2) for points in self.far.all(self._tensor(picture[None]))[0]]

    def mark(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Five `landmarks` [n, 5, 2] of pictures [n, h, w, 3], in pixels; NaN without a face."""
        return {"landmarks": self.near(self._tensor(pictures)).numpy()}
