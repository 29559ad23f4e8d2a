/* A Windows program with a window and nothing else that tells it is a game: x86_64-w64-mingw32-gcc -municode -mwindows */
#include <windows.h>

static LRESULT CALLBACK answer(HWND window, UINT message, WPARAM w, LPARAM l)
{
    if (message == WM_DESTROY)
        PostQuitMessage(0);
    return DefWindowProcW(window, message, w, l);
}

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE before, PWSTR command, int show)
{
    WNDCLASSW kind = {.lpfnWndProc = answer, .hInstance = instance, .lpszClassName = L"ToyQuest"};
    MSG message;

    RegisterClassW(&kind);
    HWND window = CreateWindowW(kind.lpszClassName, L"Toy Quest", WS_OVERLAPPEDWINDOW | WS_VISIBLE, 40, 40, 400, 300, 0, 0,
                                instance, 0);
    SetForegroundWindow(window);
    while (GetMessageW(&message, 0, 0, 0) > 0)
        DispatchMessageW(&message);
    return 0;
}
