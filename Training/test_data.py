"""Tests of preparing videos: scene cuts, crops, arrays, and what is skipped."""
import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from data import prepare as program
from data.crop import Face, choose_crop, face_of
from data.mesh import MeshDetector, landmarks, openness, visible
from data.prepare import Manifest, names, overview, parse, plan, prepare
from data.scenes import SceneCuts, stretches
from data.video import ClipError, Picture, decode, through_av1, through_vp8, videos

WIDTH, HEIGHT = 160, 96
EYES, MOUTH = np.array([[-0.19, -0.19], [0.19, -0.19]]), np.array([0, 0.19])
"""Of a painted face, from its middle, as shares of its height."""


def paint(x: float, y: float, height: float, tint: int = 0, width: int = WIDTH, tall: int = HEIGHT) -> np.ndarray:
    """A picture [tall, width, 3] of a bright disc, the face, on a dark texture; `tint` changes all colours."""
    down, across = np.mgrid[:tall, :width].astype(np.float32)
    ground = 60 + 25 * np.sin(across / 9 + tint) + 20 * np.cos(down / 7)
    picture = np.stack([ground, ground * 0.7 + tint, ground * 0.5 + 2 * tint], -1)
    picture[np.hypot(across - x, down - y) < height / 2] = [235, 205, 190]
    return picture.clip(0, 255).astype(np.uint8)


def write_video(path: Path, pictures: list[np.ndarray], rate: int = 25) -> Path:
    """A video of pictures, MPEG-4."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 4_000_000
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def talk(count: int = 40, x: float = 70, tint: int = 0) -> list[np.ndarray]:
    """A face that moves a little."""
    return [paint(x + 2 * np.sin(i / 5), 46, 30, tint) for i in range(count)]


class Painted:
    """Stands for a finder of faces: knows that faces are bright discs."""

    name = "painted"

    def find(self, picture: np.ndarray) -> list[Face]:
        bright, found = picture.min(-1) > 160, []
        for half in (slice(0, picture.shape[1] // 2), slice(picture.shape[1] // 2, None)):
            down, across = np.nonzero(bright[:, half])
            if len(down) > 40:
                found.append(Face(across.mean() + (half.start or 0), down.mean(), 2 * np.sqrt(len(down) / np.pi)))
        # A disc that lies on both halves is one face.
        if len(found) == 2 and found[1].x - found[0].x < 30:
            down, across = np.nonzero(bright)
            found = [Face(across.mean(), down.mean(), 2 * np.sqrt(len(down) / np.pi))]
        return found

    def mark(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        found = [max(self.find(p), key=lambda f: f.height, default=None) for p in pictures]
        points = [[(f.x + u * f.height, f.y + v * f.height) for u, v in [*EYES, (0, 0), MOUTH, MOUTH]] if f else np.full((5, 2), np.nan) for f in found]
        return {"landmarks": np.array(points, np.float32), "mesh": np.zeros((len(pictures), 478, 3), np.float32)}


def options(folder: Path, **changes) -> argparse.Namespace:
    """Options of the command for a folder, with some changed."""
    (folder / "out").mkdir(exist_ok=True)
    result = parse(["--clips", str(folder), "--out", str(folder / "out"), "--side", "64", "--pictures", "8", "--shortest", "0.5"])
    for name, value in changes.items():
        setattr(result, name, value)
    return result


def looks(*faces: Face, count: int = 20) -> list[list[Face]]:
    """The same faces in each of `count` pictures."""
    return [list(faces)] * count


def test_bad_videos_are_told_apart(tmp_path):
    (tmp_path / "noise.mp4").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "empty.mp4").write_bytes(b"")
    for name in ("noise", "empty", "missing"):
        with pytest.raises(ClipError, match="unreadable: cannot be decoded") as caught:
            list(decode(tmp_path / f"{name}.mp4"))
        assert caught.value.reason == "unreadable"


def test_videos_are_found_in_depth(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("z.MP4", "a/x.mkv", "a/b/x.mkv", "a/notes.txt"):
        (tmp_path / name).touch()
    found = videos(tmp_path)
    assert [str(p.relative_to(tmp_path)) for p in found] == ["a/b/x.mkv", "a/x.mkv", "z.MP4"]
    assert sorted(names(found, tmp_path).values()) == ["a-b-x.mkv", "a-x.mkv", "z"], "the same name twice must not overwrite"


def test_pictures_are_cropped_scaled_and_timed(tmp_path):
    pictures = list(decode(write_video(tmp_path / "a.mp4", talk(10))))
    assert [round(p.time, 2) for p in pictures] == [round(0.04 * i, 2) for i in range(10)]
    whole, square, part = pictures[0].shown(WIDTH, HEIGHT), pictures[0].centred_square(64), pictures[0].square((38, 14, 64), 64)
    assert np.abs(whole.astype(int) - talk(1)[0]).mean() < 6
    assert square.shape == (64, 64, 3) and square.dtype == np.uint8
    assert np.abs(part.astype(int) - whole[14:78, 38:102]).mean() < 1


def test_pictures_stand_upright_with_square_pixels():
    frame = av.VideoFrame.from_ndarray(paint(40, 20, 16), format="rgb24")
    assert Picture(frame, 0, 0.5).size == (80, 96) and Picture(frame, 0, 0.5).shown(80, 96).shape == (96, 80, 3)

    class Turned:
        """A frame whose file says that it lies on its side."""

        rotation, width, height = 90, WIDTH, HEIGHT
        reformat = staticmethod(frame.reformat)

    lying = Picture(Turned(), 0)
    assert lying.size == (HEIGHT, WIDTH)
    np.testing.assert_array_equal(lying.shown(HEIGHT, WIDTH), np.rot90(frame.to_ndarray(format="rgb24")))


@pytest.mark.parametrize("through", [through_av1, through_vp8])
def test_compression_changes_a_picture_little(through):
    picture = paint(32, 30, 30, width=64, tall=64)
    fine, coarse = through(picture, 10), through(picture, 60)
    off = [np.abs(p.astype(int) - picture).mean() for p in (fine, coarse)]
    assert 0 < off[0] < off[1] < 30


def cuts(pictures: list[np.ndarray]) -> list[int]:
    """First pictures of the scenes."""
    found = SceneCuts()
    for picture in pictures:
        found.add(Picture(av.VideoFrame.from_ndarray(picture, format="rgb24"), 0))
    return found.firsts()


def test_cuts_are_found():
    assert cuts(talk(12) + talk(9, x=40, tint=70) + talk(12)) == [0, 12, 21]


def test_motion_fades_and_noise_are_no_cuts():
    rng = np.random.default_rng(0)
    fast = [paint(30 + 9 * i, 46, 40) for i in range(12)]
    fade = [(p * (1 - i / 30)).astype(np.uint8) for i, p in enumerate(talk(30))]
    noisy = [(p + rng.normal(0, 25, p.shape)).clip(0, 255).astype(np.uint8) for p in talk(12)]
    assert cuts(fast) == cuts(fade) == cuts(noisy) == cuts([talk(1)[0]] * 5) == [0]


def test_a_jump_among_many_is_no_cut():
    """A camera that is shaken all the time: the colours stay, every picture jumps."""
    rng = np.random.default_rng(1)
    texture = rng.integers(0, 255, (8, 8, 3)).repeat(24, 0).repeat(24, 1).astype(np.uint8)
    shaken = [np.roll(texture, tuple(rng.integers(10, 40, 2)), (0, 1)) for _ in range(20)]
    assert cuts(shaken) == [0]
    assert cuts([texture] * 8 + [np.roll(texture, 40, 1)] * 8) == [0, 8]


def test_stretches_divide_evenly():
    times = [i / 10 for i in range(100)]
    assert stretches([0, 30], times, 99) == [range(0, 30), range(30, 100)]
    assert stretches([0], times, 4) == [range(0, 33), range(33, 67), range(67, 100)]


def test_a_face_is_measured_by_its_landmarks():
    face = face_of(np.array([90.0, 100]), np.array([110.0, 100]), np.array([100.0, 138]))
    assert (face.x, face.y) == (100, 119) and face.height == pytest.approx(100)
    profile = face_of(np.array([99.0, 100]), np.array([101.0, 100]), np.array([100.0, 138]))
    assert profile.height == pytest.approx(100), "eyes that come close make no smaller face"
    assert face.near(Face(120, 119, 80)) and not face.near(Face(180, 119, 80)) and face.scaled(2) == Face(200, 238, 200)


def test_a_crop_is_twice_the_head_and_centred():
    assert choose_crop(looks(Face(600, 300, 150)), 1280, 720, 64) == (450, 150, 300)
    assert choose_crop(looks(Face(40, 300, 150)), 1280, 720, 64) == (0, 150, 300), "it stays inside the picture"
    assert choose_crop(looks(Face(600, 300, 500)), 1280, 720, 64) == (240, 0, 720), "it is no larger than the picture"


def test_a_square_video_with_a_large_head_is_taken_whole():
    assert choose_crop(looks(Face(150, 100, 105)), 256, 256, 64) == (0, 0, 256)
    assert choose_crop(looks(Face(150, 100, 250)), 256, 260, 64) == (0, 0, 256)
    assert choose_crop(looks(Face(150, 100, 60)), 256, 256, 64) == (90, 40, 120), "but a small one is cropped"


def test_a_crop_holds_the_face_in_nearly_all_pictures():
    moving = [[Face(600 + 8 * i, 300, 150)] for i in range(20)]
    left, top, side = choose_crop(moving, 1280, 720, 64)
    assert side == 300 and all(left <= face.x - 60 and face.x + 60 <= left + side for [face] in moving)
    wrong = looks(Face(600, 300, 150), count=40) + [[Face(100, 100, 160)]]
    assert choose_crop(wrong, 1280, 720, 64) == (450, 150, 300), "one wrong find moves nothing"
    with pytest.raises(ClipError, match="moves too far"):
        choose_crop([[Face(200 + 50 * i, 300, 100)] for i in range(20)], 1280, 720, 64)


def test_crops_need_one_face_that_is_seen_and_large_enough():
    with pytest.raises(ClipError, match="no face: in 12 of 20"):
        choose_crop(looks(Face(600, 300, 150), count=8) + looks(count=12), 1280, 720, 64)
    with pytest.raises(ClipError, match="no face"):
        choose_crop([], 1280, 720, 64)
    with pytest.raises(ClipError, match="several faces: in 20 of 20"):
        choose_crop(looks(Face(600, 300, 150), Face(200, 300, 100)), 1280, 720, 64)
    with pytest.raises(ClipError, match="too small: the crop has 60 pixels"):
        choose_crop(looks(Face(600, 300, 30)), 1280, 720, 64)
    side = choose_crop(looks(Face(600, 300, 150), Face(200, 300, 40)) + looks(Face(600, 300, 150), Face(600, 700, 100), count=2), 1280, 720, 64)
    assert side == (450, 150, 300), "a small one in the background, or a rare one, does not count"


def test_prepared_arrays_and_entry(tmp_path):
    path = write_video(tmp_path / "a.mp4", talk(40))
    (tmp_path / "a.licence.txt").write_text("CC-BY-4.0, by the painter\n")
    [entry], skipped = prepare(path, "a", options(tmp_path, least_side=32), Painted())
    assert skipped == [] and entry["source"] == "a.mp4" and entry["licence"] == "CC-BY-4.0, by the painter" and entry["pictures"] == 8
    left, top, side = entry["crop"]
    assert abs(side - 60) <= 4 and abs(left + side / 2 - 70) < 4 and abs(top + side / 2 - 46) < 4, "twice the head, about it"
    arrays = {kind: np.load(tmp_path / "out" / f"a.{kind}.npy") for kind in entry["sha256"]}
    assert arrays["pictures"].shape == arrays["compressed"].shape == (8, 64, 64, 3) and arrays["pictures"].dtype == np.uint8
    assert arrays["landmarks"].shape == (8, 5, 2) and arrays["mesh"].shape == (8, 478, 3)
    assert 0 < np.abs(arrays["pictures"].astype(int) - arrays["compressed"]).mean() < 20
    for kind, digest in entry["sha256"].items():
        assert hashlib.sha256((tmp_path / "out" / f"a.{kind}.npy").read_bytes()).hexdigest() == digest
    first = arrays["pictures"][0]
    assert first[32, 32].min() > 150 and first[4, 4].max() < 140, "the face is in the middle, the ground about it"
    [again], _ = prepare(path, "a", options(tmp_path, least_side=32), Painted())
    assert again == entry, "a second run gives the same bytes"
    assert not list((tmp_path / "out").glob("*.new"))


def test_a_video_is_divided_at_cuts_and_bad_stretches_are_named(tmp_path):
    empty = [paint(0, 0, 0, tint=35)] * 20
    two = [np.maximum(a, b) for a, b in zip(talk(20, x=40, tint=50), talk(20, x=120, tint=50))]
    path = write_video(tmp_path / "a.mp4", talk(30) + talk(6, tint=80) + empty + two + talk(30, x=90, tint=20))
    entries, skipped = prepare(path, "a", options(tmp_path, least_side=32), Painted())
    assert [entry["name"] for entry in entries] == ["a@0.00", "a@3.04"]
    assert entries[0]["seconds"] == (0.0, 1.2) and entries[1]["crop"][0] > entries[0]["crop"][0] + 10
    assert [(skip.place, skip.reason) for skip in skipped] == [("1.2...1.4 s", "too short"), ("1.4...2.2 s", "no face"), ("2.2...3.0 s", "several faces")]
    for entry in entries:
        pictures = np.load(tmp_path / "out" / f"{entry['name']}.pictures.npy").astype(int)
        assert np.abs(np.diff(pictures, axis=0)).mean() < 12, "no scene cut inside a clip"


def test_every_looked_at_picture_is_searched_at_a_small_size(tmp_path):
    sizes = []

    class Noting(Painted):
        def find(self, picture):
            sizes.append(picture.shape)
            return super().find(picture)

    seen = overview(write_video(tmp_path / "a.mp4", [paint(400, 300, 200, width=1280, tall=720)] * 14), Noting())
    assert sizes == [(360, 640, 3)] * 2 and sorted(seen.looks) == [0, 7], "four times a second"
    assert abs(seen.looks[0][0].x - 400) < 4 and abs(seen.looks[0][0].height - 200) < 8, "finds are given in the video's own pixels"
    plans, _ = plan(seen, "a", options(tmp_path))
    assert plans[0].crop[2] == pytest.approx(400, abs=16)


def test_manifest_keeps_what_is_there(tmp_path):
    settings = {"side": 64, "pictures": 8, "faces": "painted"}
    manifest = Manifest(tmp_path / "manifest.json", settings)
    np.save(tmp_path / "b.pictures.npy", np.zeros((8, 64, 64, 3), np.uint8))
    np.save(tmp_path / "old.pictures.npy", np.zeros((7, 64, 64, 3), np.uint8))
    manifest.content["clips"] += [{"name": name, "source": f"{name}.mp4"} for name in ("gone", "b")]
    assert manifest.adopt("old", "old.mp4", "mine") and not manifest.adopt("other", "other.mp4", None)
    manifest.save()
    again = Manifest(tmp_path / "manifest.json", settings)
    assert again.sources() == {"b.mp4", "old.mp4"}, "a clip whose arrays are gone is made anew"
    old = next(clip for clip in again.content["clips"] if clip["name"] == "old")
    assert old["pictures"] == 7 and list(old["sha256"]) == ["pictures"] and old["licence"] == "mine"
    with pytest.raises(SystemExit, match="was prepared with side 64"):
        Manifest(tmp_path / "manifest.json", settings | {"side": 128})


def test_the_program_goes_on_and_sums_up(tmp_path, monkeypatch, capsys):
    (tmp_path / "broken.mp4").write_bytes(b"not a video")
    write_video(tmp_path / "good.mp4", talk(30))
    write_video(tmp_path / "short.mp4", talk(5))
    write_video(tmp_path / "left-out.mp4", talk(30))
    (tmp_path / "leave.txt").write_text("left-out.mp4\n")
    monkeypatch.setattr(program, "start", lambda mtcnn: setattr(program, "FINDER", Painted()))
    command = ["prepare", "--clips", tmp_path, "--out", tmp_path / "out", "--side", "64", "--pictures", "6", "--licence", "CC0", "--exclude", tmp_path / "leave.txt", "--shortest", "0.5"]
    monkeypatch.setattr(sys, "argv", [str(word) for word in command])
    assert program.main() == 0
    out, err = capsys.readouterr()
    assert "skipped broken.mp4: unreadable" in err and "skipped short.mp4: too short: 5 pictures, 0.2 s" in err
    assert "1 clips prepared of 3 videos, 0 videos kept as they were, 2 skipped (1 unreadable, 1 too short)" in out and "[3/3]" in out
    content = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [(clip["name"], clip["licence"], clip["faces"]) for clip in content["clips"]] == [("good", "CC0", "painted")]
    assert [skip["source"] for skip in content["skipped"]] == ["broken.mp4", "short.mp4"]
    written = (tmp_path / "out" / "good.pictures.npy").stat().st_mtime_ns
    assert program.main() == 0
    assert "0 clips prepared of 2 videos, 1 videos kept" in capsys.readouterr().out and (tmp_path / "out" / "good.pictures.npy").stat().st_mtime_ns == written
    (tmp_path / "good.mp4").unlink()
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "none") if word == tmp_path / "out" else str(word) for word in command])
    assert program.main() == 1, "nothing of use is a failure"


def run(*words) -> subprocess.CompletedProcess:
    """Runs the program in a process of its own."""
    return subprocess.run([sys.executable, "-m", "data.prepare", *map(str, words)], cwd=Path(__file__).parent, capture_output=True, text=True)


def test_command_with_mtcnn(tmp_path, mtcnn):
    """The real detector finds no face in a painted disc, and says so; two processes."""
    pytest.importorskip("torch")
    (tmp_path / "broken.mp4").write_bytes(b"not a video")
    write_video(tmp_path / "disc.mp4", talk(30))
    result = run("--clips", tmp_path, "--mtcnn", mtcnn, "--out", tmp_path / "out", "--side", 64, "--processes", 2)
    assert result.returncode == 1, result.stderr
    assert "skipped broken.mp4: unreadable" in result.stderr and "skipped disc.mp4: no face" in result.stderr
    assert "2 skipped (1 unreadable, 1 no face)" in result.stdout


def test_command_without_mediapipe_says_what_to_do(tmp_path):
    try:
        MeshDetector()
        pytest.skip("MediaPipe is installed and works")
    except SystemExit:
        pass
    write_video(tmp_path / "disc.mp4", talk(30))
    result = run("--clips", tmp_path, "--out", tmp_path / "out")
    assert result.returncode == 1 and "requirements-prepare.txt" in result.stderr and "Traceback" not in result.stderr


def real_clip() -> Path:
    """A clip of a person that is not part of the repository; skips the test where it is not at hand."""
    from conftest import SHARED

    found = sorted((SHARED / "clips" / "train").glob("*.mp4"))
    if not found:
        pytest.skip("no clips of people are at hand (set PANTOGRAPH_SHARED)")
    return found[0]


def crops_of(finder, clip: Path, folder: Path) -> tuple[dict, dict]:
    """Entries of a square clip as it is, and of the same shown small in a wide video."""
    [whole], _ = prepare(clip, "whole", options(folder, clips=clip.parent, side=256), finder)
    small = [np.pad(p.shown(256, 256), ((0, 104), (200, 184), (0, 0)), mode="constant", constant_values=90) for p in decode(clip)]
    wide = write_video(folder / "wide.mp4", small[:50])
    [cropped], _ = prepare(wide, "wide", options(folder, side=256), finder)
    return whole, cropped


def check_crops(finder, folder: Path) -> None:
    whole, cropped = crops_of(finder, real_clip(), folder)
    assert whole["crop"] == (0, 0, 256), "a clip that is a square about a head is taken whole"
    points = np.load(folder / "out" / "whole.landmarks.npy")
    eyes, mouth = np.nanmedian(points[:, :2].mean(1), 0), np.nanmedian(points[:, 3:].mean(1), 0)
    head, middle = np.linalg.norm(mouth - eyes) / 0.38, (mouth + eyes) / 2 + [200, 0]
    left, top, side = cropped["crop"]
    assert 0.4 * side < head < 0.7 * side and abs(left + side / 2 - middle[0]) < 0.2 * side


def test_real_clip_with_mtcnn(tmp_path, mtcnn):
    pytest.importorskip("torch")
    from data.faces import MTCNNFaces

    check_crops(MTCNNFaces(mtcnn), tmp_path)


def test_real_clip_with_mediapipe(tmp_path):
    from data.faces import MediaPipeFaces

    try:
        finder = MediaPipeFaces()
    except SystemExit as error:
        pytest.skip(str(error))
    check_crops(finder, tmp_path)
    mesh, points = np.load(tmp_path / "out" / "whole.mesh.npy"), np.load(tmp_path / "out" / "whole.landmarks.npy")
    assert mesh.shape == (8, 478, 3) and np.nanmax(np.abs(points[:, 2] - mesh[:, 4, :2])) == 0


def face_mesh() -> np.ndarray:
    """A mesh [478, 3] of a face that looks into the camera: vertices on the front half of a sphere about the ears, those with a name in their places."""
    rng = np.random.default_rng(0)
    directions = rng.normal(size=(478, 3))
    directions[:, 2] = -np.abs(directions[:, 2]) - 0.5
    mesh = 100 + 50 * directions / np.linalg.norm(directions, axis=1, keepdims=True)
    for vertex, place in {234: (50, 100, 100), 454: (150, 100, 100), 4: (100, 105, 40), 33: (70, 85, 60), 133: (90, 85, 60), 362: (110, 85, 60), 263: (130, 85, 60), 61: (80, 125, 60),
                          291: (120, 125, 60), 13: (100, 125, 55), 14: (100, 125, 55), 159: (80, 85, 58), 145: (80, 85, 58), 386: (120, 85, 58), 374: (120, 85, 58)}.items():
        mesh[vertex] = place
    return mesh.astype(np.float32)


def turned(mesh: np.ndarray, degrees: float) -> np.ndarray:
    """A mesh turned to its side about the middle of the ears."""
    a, centre = np.radians(degrees), np.array([100, 100, 100])
    return ((mesh - centre) @ np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]).T + centre).astype(np.float32)


def test_vertices_on_the_far_side_are_not_visible():
    mesh = face_mesh()
    front, left, right = visible(np.stack([mesh, turned(mesh, 70), turned(mesh, -70)]))
    nose, eyes = 4, (33, 263)
    assert front[nose] and front[eyes[0]] and front[eyes[1]] and not front[234] and front.mean() > 0.9
    assert left[eyes[0]] != left[eyes[1]] and right[eyes[0]] == left[eyes[1]] and right[eyes[1]] == left[eyes[0]], "one eye hides when the head turns"
    assert left.mean() < 0.8 * front.mean()
    assert not visible(turned(mesh, 180)[None]).any(where=front), "nothing of the face is seen from behind"
    assert not visible(np.full((1, 478, 3), np.nan, np.float32)).any()


def test_openness_of_mouth_and_eyes():
    shut, mouth, left = face_mesh(), face_mesh(), face_mesh()
    span = 40                                        # from the outer corner of the left eye to the inner one of the right
    mouth[14, 1] += 0.2 * span
    left[145, 1] += 0.1 * span
    found = openness(np.stack([shut, mouth, left, mouth * 3, turned(left, 40), np.full_like(shut, np.nan)]))
    np.testing.assert_allclose(found[:4], [[0, 0, 0], [0.5, 0, 0], [0, 0.7, 0], [0.5, 0, 0]], atol=1e-3)
    assert found[4, 1] == pytest.approx(0.7, abs=0.01), "a turned head does not open or shut an eye"
    assert np.isnan(found[5]).all()
    mouth[14, 1] += 99
    assert openness(mouth[None])[0, 0] == 1


def test_landmarks_of_a_mesh_in_the_detectors_order():
    np.testing.assert_allclose(landmarks(face_mesh()[None])[0], [[80, 85], [120, 85], [100, 105], [80, 125], [120, 125]])
