"""Small programs on toolkits of the package index, as people write them: ``python packaging/models/toolkits.py NAME``.

Needs the packages that ``content-requirements.txt`` names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

SEED = 5


def matplotlib_waves() -> None:
    """Four plots that move, on a dark ground."""
    import matplotlib.pyplot as plt
    from matplotlib.animation import FuncAnimation

    plt.style.use("dark_background")
    figure = plt.figure(figsize=(11, 6.5))
    solid, lines, bars, image = (
        figure.add_subplot(2, 2, 1, projection="3d"),
        *(figure.add_subplot(2, 2, n) for n in (2, 3, 4)),
    )
    x, y = np.meshgrid(np.linspace(-3, 3, 40), np.linspace(-3, 3, 40))

    def step(t: int) -> list[Any]:
        for axes in (solid, lines, bars, image):
            axes.clear()
        solid.plot_surface(x, y, np.sin(x * x + y * y - t / 3), cmap="plasma")
        for n in range(5):
            lines.plot(np.sin(np.linspace(0, 9, 200) * (n + 1) / 2 + t / 4))
        bars.bar(
            range(20), np.abs(np.sin(np.arange(20) / 3 + t / 5)), color=plt.get_cmap("viridis")(np.arange(20) / 20)
        )
        image.imshow(np.sin(x * 2 + t / 4) * np.cos(y * 2), cmap="inferno")
        return []

    kept = FuncAnimation(figure, step, interval=200, cache_frame_data=False)
    plt.show()
    del kept


def vispy_points() -> None:
    """Points of many colours that turn."""
    from vispy import app, scene

    canvas = scene.SceneCanvas(show=True, size=(1100, 680), bgcolor="black", title="Clusters")
    view = canvas.central_widget.add_view()
    chance = np.random.default_rng(SEED)
    places = np.concatenate([chance.normal(chance.uniform(-4, 4, 3), 0.7, (900, 3)) for _ in range(9)])
    tint = np.repeat(chance.uniform(0.2, 1, (9, 4)), 900, axis=0)
    tint[:, 3] = 1
    markers = scene.visuals.Markers(parent=view.scene)
    markers.set_data(places, face_color=tint, edge_width=0, size=6)
    view.camera = scene.TurntableCamera(distance=18)
    timer = app.Timer(0.05, connect=lambda _: view.camera.orbit(2, 0.3), start=True)
    app.run()
    del timer


def pyvista_earth() -> None:
    """The Earth in a viewer of scientific data."""
    import pyvista as pv
    from pyvista import examples

    plot = pv.Plotter(window_size=(1100, 680))
    ball = pv.Sphere(radius=1, theta_resolution=120, phi_resolution=120, start_theta=270.001, end_theta=270)
    ball.active_texture_coordinates = np.zeros((ball.points.shape[0], 2))
    ball.active_texture_coordinates[:, 0] = 0.5 + np.arctan2(-ball.points[:, 0], ball.points[:, 1]) / (2 * np.pi)
    ball.active_texture_coordinates[:, 1] = 0.5 + np.arcsin(ball.points[:, 2]) / np.pi
    plot.add_mesh(ball, texture=pv.read_texture(examples.mapfile))
    plot.set_background("black")
    plot.show(auto_close=False)


def pyvista_aeroplane() -> None:
    """An aeroplane's surface, coloured by height, with axes and scale."""
    import pyvista as pv
    from pyvista import examples

    plot = pv.Plotter(window_size=(1100, 680))
    mesh = pv.read(examples.planefile)
    mesh["height"] = mesh.points[:, 2]
    plot.add_mesh(mesh, scalars="height", cmap="jet", show_edges=True)
    plot.show_grid()
    plot.set_background("white", top="lightblue")
    plot.show()


def panda3d_viewer() -> None:
    """A model viewer: a panda that turns on a stand, before a grid, with sliders."""
    from direct.gui.DirectGui import DirectLabel, DirectSlider
    from direct.showbase.ShowBase import ShowBase

    base = ShowBase(windowType="onscreen")
    base.set_background_color(0.55, 0.6, 0.66)
    base.disable_mouse()
    base.camera.set_pos(0, -32, 9)
    base.camera.look_at(0, 0, 4)
    panda = base.loader.load_model("models/panda")
    panda.reparent_to(base.render)
    panda.hprInterval(8, (360, 0, 0)).loop()
    for n, name in enumerate(("Exposure", "Roughness", "Zoom")):
        DirectLabel(text=name, scale=0.06, pos=(-1.0, 0, 0.8 - 0.2 * n))
        DirectSlider(pos=(-0.95, 0, 0.72 - 0.2 * n), scale=0.3, value=0.2 + 0.3 * n)
    base.run()


def customtkinter_player() -> None:
    """A dark settings window with switches, sliders and bars."""
    import customtkinter as ctk

    ctk.set_appearance_mode("dark")
    window = ctk.CTk()
    window.geometry("1000x620")
    window.title("Studio settings")
    side = ctk.CTkFrame(window, width=180)
    side.pack(side="left", fill="y")
    for text in ("Audio", "Video", "Stream", "Hotkeys", "About"):
        ctk.CTkButton(side, text=text).pack(padx=16, pady=10)
    tabs = ctk.CTkTabview(window)
    tabs.pack(fill="both", expand=True, padx=12, pady=12)
    for text in ("General", "Mixer", "Look"):
        page = tabs.add(text)
        for n in range(6):
            row = ctk.CTkFrame(page)
            row.pack(fill="x", pady=6)
            ctk.CTkLabel(row, text=f"{text} {n + 1}", width=120).pack(side="left")
            ctk.CTkSlider(row).pack(side="left", padx=10)
            ctk.CTkSwitch(row, text="on").pack(side="left")
            bar = ctk.CTkProgressBar(row, progress_color=("green", "orange", "red", "cyan", "magenta", "gold")[n])
            bar.pack(side="left", padx=10)
            bar.start()
    window.mainloop()


def ttkbootstrap_shop() -> None:
    """A till: many coloured buttons, a list, meters."""
    import ttkbootstrap as ttk

    window = ttk.Window(themename="superhero", title="Till", size=(1100, 660))
    kinds = ("primary", "success", "info", "warning", "danger", "secondary")
    grid = ttk.Frame(window, padding=10)
    grid.pack(side="left", fill="both", expand=True)
    for n in range(36):
        button = ttk.Button(grid, text=f"Item {n + 1}\n€ {2 + n % 7}.90", bootstyle=kinds[n % 6], width=12)
        button.grid(row=n // 6, column=n % 6, padx=5, pady=5, ipady=14)
    side = ttk.Frame(window, padding=10)
    side.pack(side="right", fill="y")
    for n, kind in enumerate(kinds[:3]):
        ttk.Meter(side, amountused=25 + 20 * n, bootstyle=kind, metersize=160, subtext=kind, interactive=True).pack(
            pady=4
        )
    window.mainloop()


def tk_clock() -> None:
    """A canvas with the planets as a clock."""
    import math
    import time
    import tkinter as tk

    window = tk.Tk()
    window.title("Planets today")
    canvas = tk.Canvas(window, width=1100, height=680, bg="#080818")
    canvas.pack()
    tints = ("gray", "orange", "deepskyblue", "red", "tan", "gold", "cyan", "blue")

    def draw() -> None:
        canvas.delete("all")
        canvas.create_oval(520, 310, 580, 370, fill="yellow")
        for n, tint in enumerate(tints):
            r, turn = 60 + 36 * n, time.time() * 2 / (n + 1)
            canvas.create_oval(550 - r, 340 - r, 550 + r, 340 + r, outline="#334")
            x, y, own = 550 + r * math.cos(turn), 340 + r * math.sin(turn), 6 + (n * 5) % 13
            canvas.create_oval(x - own, y - own, x + own, y + own, fill=tint)
        window.after(60, draw)

    draw()
    window.mainloop()


PROGRAMS: tuple[Callable[[], None], ...] = (
    matplotlib_waves,
    vispy_points,
    pyvista_earth,
    pyvista_aeroplane,
    panda3d_viewer,
    customtkinter_player,
    ttkbootstrap_shop,
    tk_clock,
)

if __name__ == "__main__":
    {program.__name__: program for program in PROGRAMS}[sys.argv[1]]()
