; What the installer says, in its two languages.

!define CONSOLE_ENGLISH "gamedetectd command line"
!define CONSOLE_GERMAN "gamedetectd Befehlszeile"

!macro Text name english german
  LangString ${name} ${LANG_ENGLISH} "${english}"
  LangString ${name} ${LANG_GERMAN} "${german}"
!macroend

!insertmacro Text menu_console "${CONSOLE_ENGLISH}" "${CONSOLE_GERMAN}"
!insertmacro Text start_now "Start gamedetectd now" "gamedetectd jetzt starten"
!insertmacro Text stopping "Asking gamedetectd to stop; what is being played goes on to be counted afterwards." \
  "gamedetectd wird beendet; was gerade gespielt wird, zählt danach weiter."
!insertmacro Text in_use "gamedetectd is still running. Close it and all its commands, then try again." \
  "gamedetectd läuft noch. Bitte beenden, auch alle seine Befehle, und dann wiederholen."
!insertmacro Text not_written "Not every file could be written. Is the disk full, or may you not write to this folder?" \
  "Nicht alle Dateien ließen sich schreiben. Ist der Datenträger voll, oder fehlt das Recht für diesen Ordner?"
!insertmacro Text not_at_login "It cannot start at login; `gamedetectd autostart on` says why." \
  "Der Start beim Anmelden lässt sich nicht einrichten; `gamedetectd autostart on` sagt, warum."
!insertmacro Text too_old "gamedetectd needs Windows 8.1 or newer." "gamedetectd braucht Windows 8.1 oder neuer."
!insertmacro Text section_vision "Looking at the screen" "Blick auf den Bildschirm"
!insertmacro Text section_login "Start at login" "Beim Anmelden starten"
!insertmacro Text section_menu "Start menu" "Startmenü"
!insertmacro Text section_forget "Delete history and settings" "Verlauf und Einstellungen löschen"
!insertmacro Text about_program "The program, with an icon in the tray and a command line." \
  "Das Programm, mit einem Symbol im Infobereich und einer Befehlszeile."
!insertmacro Text about_vision \
  "What looks at a picture of the window in front where nothing else tells a game. It looks only once you allow it." \
  "Was sich ein Bild des vorderen Fensters ansieht, wo sonst nichts ein Spiel verrät. Es schaut erst hin, wenn das erlaubt ist."
!insertmacro Text about_login "Start it when you log in. `gamedetectd autostart off` or Task Manager change that." \
  "Beim Anmelden starten. `gamedetectd autostart off` oder der Task-Manager ändern das."
!insertmacro Text about_menu "Entries in the start menu: the program, and a command line that finds it." \
  "Einträge im Startmenü: das Programm, und eine Befehlszeile, die es findet."
!insertmacro Text about_unprogram "The program, and its start at login." "Das Programm, und sein Start beim Anmelden."
!insertmacro Text about_forget \
  "Your play-time history, settings, rules and logs. This cannot be undone. Without it, a later installation goes on where this one ends." \
  "Spielzeiten, Einstellungen, Regeln und Protokolle. Das lässt sich nicht rückgängig machen. Ohne dies macht eine spätere Installation dort weiter, wo diese aufhört."
