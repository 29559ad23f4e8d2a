"""Words that collections of ROMs and disc images add to the names of games."""

from __future__ import annotations

from gamedetectd.detection.tables.phrases import alternatives

REGIONS = alternatives(
    r"""
    usa; us; europe; eur; eu; japan; jpn; jp; world; korea; china; taiwan; asia; australia; brazil; canada; france; germany; italy; spain;
    sweden; netherlands; uk; russia; en(,\w\w)*; pal; ntsc(-[ujc])?; rev; disc; disk; unl; proto; beta; demo; sample; pirate; hack; translation
    """
)
"""How the note behind a title begins."""

SCENE = alternatives(
    r"""
    nsw; nsp; xci; ps[12345x]; psp; psv(ita)?; vita; xbox(360)?; x360; wii(u|ware)?; ngc; gcn?; gamecube; nds; 3ds; gba; ntsc(-?[ujc])?; pal; usa; eur?;
    jpn?; jap; multi\d*; m\d; proper; repack; read ?nfo; internal; iso; dvd\d?; dvdrip; cd\d?; rf; region ?free; update; incl; dlc; fix; rip; region; free;
    gog; windows; linux; english; patched; undub; v\d[\d.]*; eshop; switch; complete; retail; scrubbed; nkit; dsi; cia
    """
)
"""What scenes add behind a title: machine, region, language, kind of release."""
