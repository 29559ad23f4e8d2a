; The installer for Windows: for one person, without an administrator. packaging/windows/make_installer.py runs it.
;
; It puts in what lies in the frozen folder and takes out exactly that again, file by file (files.nsh, generated): what
; else lies in its directory stays. Whether gamedetectd starts at login is known in one place only, the program itself,
; which is asked and told here. Settings, history and logs lie elsewhere (%LOCALAPPDATA%\gamedetectd) and outlive upgrades.
;
; Defined by the caller: VERSION, VERSION_QUAD, SIZE (kB), ICON, LICENCE, OUTPUT, LISTS (directory of files.nsh), and
; VISION_SIZE (kB) where the folder holds the program that looks at the screen.
; Switches and exit codes: docs/packaging.md.

Unicode true
Target amd64-unicode
!ifdef FAST
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
!endif

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include StrFunc.nsh
!include WinVer.nsh
!include "${LISTS}\files.nsh"
${StrLoc}

!define NAME gamedetectd
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define APP_PATH "Software\Microsoft\Windows\CurrentVersion\App Paths\${NAME}.exe"
!define IN_USE 3        ; our own exit code: a file is held by a program that does not end
!define WAIT 60         ; half seconds until that is said

Name "${NAME}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${KEY}" InstallLocation
ManifestDPIAware true
ManifestSupportedOS all
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION_QUAD}"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey CompanyName "${NAME}"
VIAddVersionKey FileDescription "Installs ${NAME}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef SIGN
  !uninstfinalize '${SIGN} "%1"' = 0
  !finalize '${SIGN} "%1"' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "$(start_now)"
!define MUI_FINISHPAGE_RUN_FUNCTION StartIt
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_COMPONENTS
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English
!insertmacro MUI_LANGUAGE German
!include "texts.nsh"

Var Ran        ; 1: the daemon ran when we began
Var Started    ; 1: we have started it
Var Upgrade    ; 1: an older or the same version is there
Var AtLogin    ; 1: it started at login when we began

; --- What both programs do ---

!macro Functions un

; Sets $Ran. Ends the daemon and waits until no file of ours is held; says so and gives up where one stays held.
Function ${un}StopIt
  StrCpy $Ran 0
  ${IfNot} ${FileExists} "$INSTDIR\gamedetectd.exe"
    Return
  ${EndIf}
  nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" status --json'
  Pop $0
  Pop $1
  ${If} $0 == 0
    StrCpy $Ran 1
    DetailPrint "$(stopping)"
  ${EndIf}
  again:
  nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" stop'   ; also for one that started in between
  Pop $0
  Pop $1
  StrCpy $2 0
  ${Do}
    Call ${un}IsHeld
    ${If} $0 == 0
      Return
    ${EndIf}
    Sleep 500
    IntOp $2 $2 + 1
  ${LoopUntil} $2 >= ${WAIT}
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(in_use)" /SD IDCANCEL IDRETRY again
  SetErrorLevel ${IN_USE}
  Quit
FunctionEnd

; $0: 1 where a program of ours runs. Windows lets nobody write to the file of a running program.
Function ${un}IsHeld
  StrCpy $0 0
  !insertmacro Held "$INSTDIR\gamedetectd.exe"
  !insertmacro Held "$INSTDIR\gamedetectdw.exe"
  !insertmacro Held "$INSTDIR\gamedetectd-vision.exe"
FunctionEnd

!macroend

!macro Held file
  ${If} ${FileExists} "${file}"
    ClearErrors
    FileOpen $1 "${file}" a
    ${If} ${Errors}
      StrCpy $0 1
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend

!insertmacro Functions ""
!insertmacro Functions "un."

; --- Installing ---

Section "gamedetectd" program
  SectionIn RO
  Call StopIt
  ${If} $Upgrade == 1
  ${AndIf} ${FileExists} "$INSTDIR\uninstall.exe"
    ; what the older one put in, and nothing else of it: its own list knows
    ExecWait '"$INSTDIR\uninstall.exe" /S /UPGRADE _?=$INSTDIR' $0
  ${EndIf}
  ClearErrors
  !insertmacro InstallFiles
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    MessageBox MB_ICONSTOP "$(not_written)" /SD IDOK
    Abort
  ${EndIf}
  WriteRegStr HKCU "${KEY}" DisplayName "${NAME}"
  WriteRegStr HKCU "${KEY}" DisplayVersion "${VERSION}"
  WriteRegStr HKCU "${KEY}" Publisher "${NAME}"
  WriteRegStr HKCU "${KEY}" DisplayIcon '"$INSTDIR\gamedetectd.exe",0'
  WriteRegStr HKCU "${KEY}" InstallLocation "$INSTDIR"
  WriteRegStr HKCU "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" EstimatedSize ${SIZE}
  WriteRegDWORD HKCU "${KEY}" NoModify 1
  WriteRegDWORD HKCU "${KEY}" NoRepair 1
  WriteRegStr HKCU "${APP_PATH}" "" "$INSTDIR\gamedetectd.exe"   ; Windows+R and `start gamedetectd` find it
SectionEnd

!ifdef VISION_SIZE
Section "$(section_vision)" vision
  ClearErrors
  !insertmacro InstallVision
  ${If} ${Errors}
    MessageBox MB_ICONSTOP "$(not_written)" /SD IDOK
    Abort
  ${EndIf}
  ReadRegDWORD $0 HKCU "${KEY}" EstimatedSize
  IntOp $0 $0 + ${VISION_SIZE}
  WriteRegDWORD HKCU "${KEY}" EstimatedSize $0
SectionEnd
!endif

Section "$(section_login)" login
  nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" autostart on'
  Pop $0
  Pop $1
  ${If} $0 != 0
    DetailPrint "$(not_at_login)"
  ${EndIf}
SectionEnd

Section "$(section_menu)" menu
  SetOutPath "$INSTDIR"
  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortCut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\gamedetectdw.exe" "run --supervised" "$INSTDIR\gamedetectdw.exe" 0
  CreateShortCut "$SMPROGRAMS\${NAME}\$(menu_console).lnk" "$SYSDIR\cmd.exe" '/k set "PATH=$INSTDIR;%PATH%"' "$INSTDIR\gamedetectd.exe" 0
SectionEnd

Section -end
  ${If} $AtLogin == 1
  ${AndIfNot} ${SectionIsSelected} ${login}
    nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" autostart off'
    Pop $0
    Pop $1
  ${EndIf}
  ${GetParameters} $0
  ${GetOptions} $0 "/START" $1
  ${IfNot} ${Errors}
    StrCpy $Ran 1
  ${EndIf}
  ${If} $Ran == 1
    Call StartIt
  ${EndIf}
SectionEnd

!macro Switch name section choose
  ClearErrors
  ${GetOptions} $9 "${name}" $0
  ${IfNot} ${Errors}
    !insertmacro ${choose} ${section}
  ${EndIf}
!macroend

Function .onInit
  ${IfNot} ${AtLeastWin8.1}
    MessageBox MB_ICONSTOP "$(too_old)" /SD IDOK
    Abort
  ${EndIf}
  StrCpy $Upgrade 0
  StrCpy $AtLogin 0
  StrCpy $Started 0
  ${GetParameters} $9
  ${If} ${FileExists} "$INSTDIR\gamedetectd.exe"
    StrCpy $Upgrade 1
    nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" autostart status --json'
    Pop $0
    Pop $1
    ${StrLoc} $0 $1 '"on": true' ">"
    ${If} $0 != ""
      StrCpy $AtLogin 1
    ${Else}
      !insertmacro UnselectSection ${login}
    ${EndIf}
    !ifdef VISION_SIZE
      ${IfNot} ${FileExists} "$INSTDIR\gamedetectd-vision.exe"
        !insertmacro UnselectSection ${vision}
      ${EndIf}
    !endif
  ${EndIf}
  !insertmacro Switch "/NOAUTOSTART" ${login} UnselectSection
  !insertmacro Switch "/AUTOSTART" ${login} SelectSection
  !insertmacro Switch "/NOMENU" ${menu} UnselectSection
  !ifdef VISION_SIZE
    !insertmacro Switch "/NOVISION" ${vision} UnselectSection
    !insertmacro Switch "/VISION" ${vision} SelectSection
  !endif
FunctionEnd

; The place of settings and history is none for the program: taking out the one could take the other.
Function .onVerifyInstDir
  ${If} "$INSTDIR" == "$LOCALAPPDATA\${NAME}"
    Abort
  ${EndIf}
FunctionEnd

Function StartIt
  ${If} $Started == 0
    StrCpy $Started 1
    SetOutPath "$INSTDIR"
    Exec '"$INSTDIR\gamedetectdw.exe" run --supervised'
  ${EndIf}
FunctionEnd

; --- Uninstalling ---

Section "un.gamedetectd" unprogram
  SectionIn RO
  Call un.StopIt
  ${GetParameters} $9
  ClearErrors
  ${GetOptions} $9 "/UPGRADE" $0
  ${If} ${Errors}
    nsExec::ExecToStack /TIMEOUT=30000 '"$INSTDIR\gamedetectd.exe" autostart off --all'
    Pop $0
    Pop $1
    DeleteRegKey HKCU "${KEY}"
    DeleteRegKey HKCU "${APP_PATH}"
  ${EndIf}
  Delete "$SMPROGRAMS\${NAME}\${NAME}.lnk"
  Delete "$SMPROGRAMS\${NAME}\${CONSOLE_ENGLISH}.lnk"
  Delete "$SMPROGRAMS\${NAME}\${CONSOLE_GERMAN}.lnk"
  RMDir "$SMPROGRAMS\${NAME}"
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd

Section /o "un.$(section_forget)" unforget
  RMDir /r "$LOCALAPPDATA\${NAME}"
SectionEnd

Function un.onInit
  ${GetParameters} $9
  ClearErrors
  ${GetOptions} $9 "/KEEPHISTORY=" $0
  ${IfNot} ${Errors}
  ${AndIf} $0 == "no"
    !insertmacro SelectSection ${unforget}
  ${EndIf}
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${program} "$(about_program)"
  !ifdef VISION_SIZE
    !insertmacro MUI_DESCRIPTION_TEXT ${vision} "$(about_vision)"
  !endif
  !insertmacro MUI_DESCRIPTION_TEXT ${login} "$(about_login)"
  !insertmacro MUI_DESCRIPTION_TEXT ${menu} "$(about_menu)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END
!insertmacro MUI_UNFUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${unprogram} "$(about_unprogram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${unforget} "$(about_forget)"
!insertmacro MUI_UNFUNCTION_DESCRIPTION_END
