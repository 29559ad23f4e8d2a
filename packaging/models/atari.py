"""Renders Atari 2600 games with ale-py: frames of more games, without a screen.

    python packaging/models/atari.py --to DIRECTORY [GAME…]

Two sessions a game, of random play (the same whenever this runs); pillarboxed to 16:9 as an emulator in fullscreen
shows them, 416 px wide, JPEG 87. The wheel of ale-py holds the cartridges. Rows are as ``record.py`` writes them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import ale_py
from PIL import Image

WIDTH, HEIGHT = 416, 234
QUALITY = 87
FRAMES = 12
BETWEEN = 75
"""Frames of the console between two that are kept: 1.25 seconds."""
GAMES = [
    "adventure", "atlantis", "battle_zone", "blackjack", "carnival", "casino", "crazy_climber", "darkchambers",
    "demon_attack", "donkey_kong", "double_dunk", "flag_capture", "frostbite", "galaxian", "gravitar",
    "hangman", "haunted_house", "human_cannonball", "ice_hockey", "kaboom", "kangaroo", "krull", "laser_gates",
    "mario_bros", "miniature_golf", "mr_do", "phoenix", "pitfall2", "riverraid", "robotank", "tic_tac_toe_3d",
    "turmoil", "up_n_down", "venture", "video_cube", "wizard_of_wor",
]  # fmt: skip
"""Of the cartridges whose frames were not there yet, the first 36 in the order of their names' sha256."""


def boxed(screen: Image.Image) -> Image.Image:
    """As a wide screen shows a picture of four to three."""
    wide = Image.new("RGB", (WIDTH, HEIGHT))
    picture = screen.resize((HEIGHT * 4 // 3, HEIGHT), Image.Resampling.NEAREST)
    wide.paste(picture, ((WIDTH - picture.width) // 2, 0))
    return wide


def rendered(game: str, session: str, to: Path) -> dict[str, object]:
    """One session: its row for the manifest."""
    chance = random.Random(session)
    console = ale_py.ALEInterface()
    console.setInt("random_seed", chance.randrange(1 << 20))
    console.setFloat("repeat_action_probability", 0.0)
    console.loadROM(Path(ale_py.__file__).parent / "roms" / f"{game}.bin")
    actions = console.getMinimalActionSet()
    place = to / "frames" / session
    place.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(FRAMES):
        action = actions[0]
        for step in range(BETWEEN):
            if step % 8 == 0:
                action = chance.choice(actions)
            console.act(action)
            if console.game_over():
                console.reset_game()
        path = place / f"{number:03d}.jpg"
        boxed(Image.fromarray(console.getScreenRGB())).save(path, "JPEG", quality=QUALITY)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(
            {"file": path.name, "t": 1.25 * number, "window": [0, 0, 0, 0], "title": "Stella", "sha256": digest}
        )
    return {"session": session, "name": f"atari_{game}", "class": "game", "family": f"atari_{game}", "frames": rows}


def main() -> None:
    """Render, write the manifest."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("games", nargs="*")
    ask.add_argument("--to", type=Path, required=True)
    chosen = ask.parse_args()
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    done = [rendered(game, f"atari_{game}{again}", chosen.to) for game in chosen.games or GAMES for again in ("", "@2")]
    (chosen.to / "manifest.json").write_text(json.dumps(done, indent=1) + "\n")
    print(f"{len(done)} sessions")


if __name__ == "__main__":
    main()
